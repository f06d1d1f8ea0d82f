// SPDX-License-Identifier: Apache-2.0
#include "model/validation/observe.h"

#include <algorithm>

#include "model/core/text.h"
#include "model/validation/part.h"
#include "model/validation/shapes.h"

namespace ridgepoint {
namespace {

tl::unexpected<Error> refuse(const std::string& what) { return fail(ErrorKind::unavailable, what, "", ""); }

bool has(const std::string& text, std::string_view word) { return text.find(word) != std::string::npos; }

bool trains(const PublishedRow& row) { return row.phase == "training"; }

struct Unit {
  std::string_view name;
  double scale;
};

constexpr Unit kTimes[] = {{"s", 1}, {"ms", 1e-3}, {"us", 1e-6}, {"min", 60}, {"h", 3600}};
constexpr Unit kFlops[] = {{"FLOP/s", 1},     {"MFLOP/s", 1e6}, {"GFLOP/s", 1e9}, {"TFLOP/s", 1e12},
                           {"PFLOP/s", 1e15}, {"GOP/s", 1e9},   {"TOP/s", 1e12}};
constexpr Unit kBytes[] = {{"B/s", 1}, {"MB/s", 1e6}, {"GB/s", 1e9}, {"TB/s", 1e12}, {"GiB/s", 1073741824.0}};

template <std::size_t N>
std::optional<double> scale_of(const Unit (&units)[N], const std::string& unit) {
  for (const Unit& u : units)
    if (u.name == unit) return u.scale;
  return std::nullopt;
}

double flop(const Workload& w) {
  double sum = 0;
  for (const Stage& s : w.stages)
    if (s.work) sum += s.work->number();
  return sum;
}

double byte(const Workload& w) {
  double sum = 0;
  for (const Stage& s : w.stages) sum += s.read.number() + s.written.number();
  return sum;
}

/// Units of work behind a time: one, a step, a pass over the data, a run to the target.
Result<double> units_behind(const PublishedRow& row, const Workload& w, const Setting& s) {
  const std::string& m = row.metric;
  if (has(m, "epoch")) {
    const auto epoch = epoch_units(w, row.date);
    if (!epoch) return refuse("the definition of '" + w.id + "' has no epoch");
    return *epoch;
  }
  if (has(m, "to train")) {
    const auto epochs = s.batch ? epochs_at(w, *s.batch) : std::nullopt;
    const auto epoch = epoch_units(w, row.date);
    if (!epoch || !epochs) return refuse("the batch, or the epochs that '" + w.id + "' needs, are not known");
    return *epoch * *epochs;
  }
  if (has(m, "iteration") || has(m, "step")) {
    if (!s.batch) return refuse("the batch of the step is not stated");
    return *s.batch;
  }
  return 1.0;
}

Result<Measure> measure_of(const PublishedRow& row, const Workload& w, const Setting& s) {
  if (const auto t = scale_of(kTimes, row.unit)) {
    const auto units = units_behind(row, w, s);
    if (!units) return tl::make_unexpected(units.error());
    return Measure{false, *units / s.devices / *t};
  }
  if (const auto f = scale_of(kFlops, row.unit)) {
    if (flop(w) <= 0) return refuse("'" + w.id + "' counts no floating-point work, the row does");
    return Measure{true, flop(w) * s.devices / *f};
  }
  if (const auto b = scale_of(kBytes, row.unit)) return Measure{true, byte(w) * s.devices / *b};
  if (row.unit.size() > 2 && row.unit.ends_with("/s")) return Measure{true, s.devices};
  return refuse("the unit '" + printable(row.unit) + "' is not known");
}

}  // namespace

RowReader::RowReader(const std::vector<Platform>& platforms, std::vector<Workload> workloads)
    : workloads_(std::move(workloads)) {
  for (const Platform& p : platforms) {
    platforms_.emplace(p.id, resources_of(p));
    ids_.push_back(p.id);
  }
}

const Workload* RowReader::find(const PublishedRow& row) const {
  const Workload* best = nullptr;
  for (const Workload& w : workloads_)
    if (w.id == row.workload_id && (best == nullptr || (w.phase == Phase::training) == trains(row)))
      best = &w;
  return best;
}

Result<Observed> RowReader::observe(const PublishedRow& row) const {
  const auto platform = platforms_.find(named_part(row, ids_));
  if (platform == platforms_.end())
    return refuse("the platform '" + printable(row.platform_id) + "' is not known");
  const Resources& r = platform->second;
  std::optional<Workload> shape;
  const Workload* w = find(row);
  if (w == nullptr) {
    shape = workload_of_shape(row.workload_id);
    if (!shape) return refuse("the workload '" + printable(row.workload_id) + "' is not known");
    w = &*shape;
  }
  if (!row.devices && has(row.notes.value_or(""), "whole system"))
    return refuse("a whole system whose number of devices is not stated");
  const Setting s = setting_of(row, *w, r);
  const auto measure = measure_of(row, *w, s);
  if (!measure) return tl::make_unexpected(measure.error());
  auto stages = law_terms(*w, r, s);
  if (!stages) return tl::make_unexpected(stages.error());
  const bool to_target = has(row.metric, "to train");
  const Occasion occasion = occasion_of(*w, *stages, to_target);
  return Observed{{row.id, std::move(*stages), occasion, r, s, measure->device_seconds(row.value)}, *measure};
}

}  // namespace ridgepoint
