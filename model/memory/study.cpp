// SPDX-License-Identifier: Apache-2.0
#include "model/memory/study.h"

#include <algorithm>
#include <cmath>

#include "model/core/format.h"
#include "model/memory/ways.h"
#include "model/roofs.h"

namespace ridgepoint::memory {
namespace {

Fact derived(double value, std::string unit, std::string source) {
  Fact f;
  f.value = value;
  f.unit = std::move(unit);
  f.basis = Basis::derived;
  f.source = std::move(source);
  return f;
}

std::optional<double> largest_tier(const Facts& facts, std::string& name) {
  std::optional<double> most;
  for (const MemoryTier& tier : memory_tiers(facts, 0))
    if (tier.capacity_byte && (!most || *tier.capacity_byte > *most)) {
      most = tier.capacity_byte;
      name = tier.name;
    }
  return most;
}

/// Does a way beat another, or equal it, in everything known of both?
bool dominates(const WayOut& a, const WayOut& b) {
  if (a.here != b.here || !a.time_s || !b.time_s || a.quality > b.quality ||
      a.time_s->value > b.time_s->value)
    return false;
  const bool same_cost = a.cost_usd && b.cost_usd ? a.cost_usd->value == b.cost_usd->value
                                                  : !a.cost_usd && !b.cost_usd && a.devices == b.devices;
  if (same_cost && a.quality == b.quality && a.time_s->value == b.time_s->value)
    return a.formulas.size() < b.formulas.size();  // of equals the simpler
  if (a.cost_usd && b.cost_usd) return a.cost_usd->value <= b.cost_usd->value;
  return !b.cost_usd && a.devices <= b.devices;  // without a price, more devices cost more
}

void add_curves(const FitQuestion& q, FitStudy& s) {
  const auto at = [&](const net::Shape& shape) -> std::optional<double> {
    const auto graph = q.network->build(shape);
    if (!graph) return std::nullopt;
    return footprint(totals_of(*graph), q.setting).expected_byte;
  };
  for (std::int64_t batch = 1; batch <= 64; batch *= 2) {
    net::Shape shape = q.input;
    shape[0] = batch;
    if (const auto byte = at(shape)) s.by_batch.push_back({static_cast<double>(batch), *byte});
  }
  for (const double factor : {0.5, 0.75, 1.0, 1.5, 2.0, 3.0}) {
    net::Shape shape = q.input;
    double voxels = 1;
    for (std::size_t axis = 2; axis < shape.size(); ++axis) {
      shape[axis] =
          std::max<std::int64_t>(32, std::llround(static_cast<double>(shape[axis]) * factor / 32) * 32);
      voxels *= static_cast<double>(shape[axis]);
    }
    if (!s.by_resolution.empty() && s.by_resolution.back().at >= voxels) continue;
    if (const auto byte = at(shape)) s.by_resolution.push_back({voxels, *byte});
  }
}

void add_words(const FitQuestion& q, FitStudy& s) {
  s.sure = {
      "The laws miss published figures by a few per cent in the median (ridgepoint fit --validate); "
      "the safe total is " +
          show_percent(safety_factor() - 1) + " above the expected one.",
      "Times come from the roofline model with one efficiency for all operators: compare ways by their "
      "ratio."};
  if (!s.capacity_byte) return;
  const double state = state_byte_per_parameter(q.setting);
  s.changes.push_back("A card of " + show_bytes(s.footprint.safe_byte) +
                      " holds the job with margin; this one has " + show_bytes(*s.capacity_byte) + ".");
  if (s.largest_batch)
    s.changes.push_back("The largest batch that fits with margin is " + show_number(*s.largest_batch) + ".");
  s.changes.push_back("Parameters take " + show_number(state) +
                      " B each whatever the batch; all else grows with batch and voxels.");
}

}  // namespace

Result<Workload> workload_of(const FitQuestion& q, const net::Shape& input, const Setting& setting) {
  const auto graph = q.network->build(input);
  if (!graph) return tl::make_unexpected(graph.error());
  const std::int64_t size = setting.mixed ? 2 : 4;
  const net::Totals m = net::measure(*graph, {size, size});
  const bool training = setting.phase == Phase::training;
  const std::string source = q.network->source + ", layer arithmetic at " + net::shape_text(input);
  Workload w;
  w.id = "fit/" + q.network->name;
  w.name = q.network->name;
  w.family = "medical";
  w.phase = setting.phase;
  w.unit_of_work = (training ? "training step of " : "inference of ") + net::shape_text(input);
  w.footprint = derived(footprint(totals_of(*graph), setting).safe_byte, "byte", "model/memory/footprint");
  Stage stage;
  stage.id = "network";
  stage.kernel_class = std::string(input.size() > 4 ? "conv3d-" : "conv2d-") +
                       std::string(training ? "training" : "inference");
  stage.precisions =
      setting.mixed ? std::vector<std::string>{"bf16", "fp16"} : std::vector<std::string>{"fp32", "tf32"};
  stage.work = derived(2 * static_cast<double>(training ? m.macs_training : m.macs_forward), "flop", source);
  stage.read =
      derived(static_cast<double>(training ? m.training_read_bytes : m.fused_read_bytes), "byte", source);
  stage.written = derived(static_cast<double>(training ? m.training_written_bytes : m.fused_written_bytes),
                          "byte", source);
  w.stages.push_back(std::move(stage));
  return w;
}

std::int64_t keep_pareto(std::vector<WayOut>& ways) {
  std::ranges::stable_sort(
      ways, {}, [](const WayOut& w) { return w.formulas.size(); });  // the simplest of equals stays
  std::vector<bool> keep(ways.size(), true);
  for (std::size_t i = 0; i < ways.size(); ++i)
    for (std::size_t j = 0; j < ways.size() && keep[i]; ++j)
      if (i != j && keep[j] && dominates(ways[j], ways[i])) keep[i] = false;
  std::vector<WayOut> left;
  for (std::size_t i = 0; i < ways.size(); ++i)
    if (keep[i]) left.push_back(std::move(ways[i]));
  const auto dropped = static_cast<std::int64_t>(ways.size() - left.size());
  ways = std::move(left);
  return dropped;
}

Result<FitStudy> study(const FitQuestion& q) {
  const auto graph = q.network->build(q.input);
  if (!graph) return tl::make_unexpected(graph.error());
  const Totals totals = totals_of(*graph);
  FitStudy s;
  s.as_of = q.context.as_of;
  s.network = q.network->name;
  s.network_source = q.network->source;
  s.input = net::shape_text(q.input);
  s.batch = static_cast<double>(q.input[0]);
  s.phase = q.setting.phase;
  s.precision = q.setting.mixed ? "mixed" : "fp32";
  s.optimizer = std::string(name_of(q.setting.optimizer));
  s.framework = std::string(name_of(q.setting.framework));
  s.platform_id = q.platform.id;
  s.platform_name = q.platform.name;
  s.footprint = footprint(totals, q.setting);
  s.binds = std::ranges::max_element(s.footprint.items, {}, &MemoryItem::byte)->name;
  s.capacity_byte = largest_tier(q.platform.facts, s.tier);
  if (s.capacity_byte) {
    s.verdict = s.footprint.safe_byte <= *s.capacity_byte       ? FitVerdict::fits
                : s.footprint.expected_byte <= *s.capacity_byte ? FitVerdict::tight
                                                                : FitVerdict::too_large;
    for (double batch = 1; batch <= 4096; ++batch) {
      const Totals one = scaled(totals, batch / s.batch);
      if (footprint(one, q.setting).safe_byte > *s.capacity_byte) break;
      s.largest_batch = batch;
    }
  }
  if (s.verdict == FitVerdict::fits) {
    const auto w = workload_of(q, q.input, q.setting);
    if (!w) return tl::make_unexpected(w.error());
    const Estimate e = estimate(*w, q.platform, q.context);
    s.tier = e.fit.tier.empty() ? s.tier : e.fit.tier;
    s.time_s = e.time_s;
    s.cost_usd = e.cost_usd;
  } else {
    if (const auto priced = price_ways(q, totals, s); !priced) return tl::make_unexpected(priced.error());
    s.dominated = keep_pareto(s.ways);
    std::ranges::stable_sort(
        s.ways, {}, [](const WayOut& w) { return std::pair(!w.here, w.time_s ? w.time_s->value : 1e300); });
  }
  add_curves(q, s);
  add_words(q, s);
  return s;
}

}  // namespace ridgepoint::memory
