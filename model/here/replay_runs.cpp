// SPDX-License-Identifier: Apache-2.0
#include "model/here/replay_runs.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "model/here/roof_time.h"
#include "model/roofs.h"
#include "model/validation/score.h"

namespace ridgepoint {
namespace {

// Spread of ln time where nothing nearer was seen, and the least spread of a run beside its neighbours.
constexpr double kSame = 0.06, kKernel = 0.15, kClass = 0.35, kAll = 0.8;

// The least part of a run that counts as work when its threads' start is taken off.
constexpr double kLeast = 0.1;

struct Point {
  const KernelRun* run = nullptr;
  double ideal_s = 0;
  double start_s = 0;  ///< of its threads: adds, and is no matter of utilisation
  double ln_use = 0;   ///< ln(ideal / (measured - start))
};

struct Guess {
  double ln_use = 0, sigma = 0;
  Tier tier = Tier::assumed;
};

std::optional<Guess> mean_of(const std::vector<const Point*>& points, double least, Tier tier) {
  if (points.empty()) return std::nullopt;
  double sum = 0, squares = 0;
  for (const Point* p : points) sum += p->ln_use;
  const double mean = sum / static_cast<double>(points.size());
  for (const Point* p : points) squares += (p->ln_use - mean) * (p->ln_use - mean);
  const double spread = std::sqrt(squares / static_cast<double>(points.size()));
  return Guess{mean, std::hypot(least, spread), tier};
}

/// Along the logarithm of the working set: between the two neighbours, beyond the ends as at the end.
std::optional<Guess> between(std::vector<const Point*> points, double bytes) {
  if (points.empty()) return std::nullopt;
  std::ranges::stable_sort(points, {}, [](const Point* p) { return p->run->working_set_byte; });
  const Point *below = nullptr, *above = nullptr;
  for (const Point* p : points) {
    if (p->run->working_set_byte <= bytes) below = p;
    if (p->run->working_set_byte >= bytes && above == nullptr) above = p;
  }
  if (below == nullptr) return Guess{above->ln_use, 2 * kSame, Tier::calibrated};
  if (above == nullptr) return Guess{below->ln_use, 2 * kSame, Tier::calibrated};
  const double a = std::log(below->run->working_set_byte), b = std::log(above->run->working_set_byte);
  const double share = b > a ? (std::log(bytes) - a) / (b - a) : 0.5;
  const double gap = above->ln_use - below->ln_use;
  return Guess{below->ln_use + share * gap, std::hypot(kSame, gap / 4), Tier::calibrated};
}

std::vector<const Point*> others(const std::vector<Point>& all, const Point& left_out,
                                 const std::function<bool(const KernelRun&)>& keep) {
  std::vector<const Point*> out;
  for (const Point& p : all)
    if (&p != &left_out && keep(*p.run)) out.push_back(&p);
  return out;
}

std::optional<Guess> guess(const std::vector<Point>& all, const Point& p) {
  const KernelRun& r = *p.run;
  const auto kernel = [&](const KernelRun& o) {
    return o.id == r.id && o.dtype == r.dtype && o.isa == r.isa;
  };
  if (auto g =
          between(others(all, p, [&](const KernelRun& o) { return kernel(o) && o.threads == r.threads; }),
                  r.working_set_byte))
    return g;
  if (auto g = mean_of(others(all, p, kernel), kKernel, Tier::same_family)) return g;
  if (auto g = mean_of(others(all, p, [&](const KernelRun& o) { return o.kernel_class == r.kernel_class; }),
                       kClass, Tier::datasheet))
    return g;
  return mean_of(others(all, p, [](const KernelRun&) { return true; }), kAll, Tier::assumed);
}

PublishedRow row_of(const KernelRun& r, const std::string& machine) {
  PublishedRow row;
  row.id = r.id + " " + r.shape + " " + std::to_string(r.threads) + "t";
  row.workload_id = r.id;
  row.platform_id = machine;
  row.metric = "time";
  row.value = r.time_s.median;
  row.unit = "s";
  return row;
}

Result<Predicted> predict(const std::vector<Point>& all, const Point& p) {
  if (p.ideal_s <= 0)
    return fail(ErrorKind::unavailable, "the machine has no roof for what the kernel declares", "", "");
  const auto g = guess(all, p);
  if (!g) return fail(ErrorKind::unavailable, "there is no other run to learn from", "", "");
  const double seconds = p.start_s + p.ideal_s / std::exp(g->ln_use), wide = std::exp(kQuantile90 * g->sigma);
  return Predicted{seconds, seconds / wide, seconds * wide, g->tier, p.run->kernel_class};
}

}  // namespace

Validation replay_runs(const Machine& machine, const RunSet& runs) {
  Validation v;
  std::vector<Point> all, known;
  for (const KernelRun& r : runs.runs) {
    if (!r.verification.passed || r.time_s.median <= 0) continue;
    const double ideal = here_seconds(here_terms(r, machine.platform.facts));
    const double start = r.start_s.value_or(0),
                 rest = std::max(r.time_s.median - start, kLeast * r.time_s.median);
    all.push_back({&r, ideal, start, ideal > 0 ? std::log(ideal / rest) : 0});
  }
  // Only what has a roof teaches, but its place in the list must be the one that is left out.
  known = all;
  std::erase_if(known, [](const Point& p) { return p.ideal_s <= 0; });
  for (const Point& p : all) {
    const auto self = std::ranges::find(known, p.run, &Point::run);
    v.rows.push_back(
        score_row(row_of(*p.run, machine.platform.id), predict(known, self == known.end() ? p : *self)));
  }
  v.summary = summarise_rows(v.rows);
  v.leave_out = LeaveOut::run;
  v.inputs.push_back({"runs of this machine", std::ssize(all), std::ssize(runs.runs) - std::ssize(all), 0});
  v.method = {
      "each run of a kernel is predicted from the machine's measured roofs and the utilisation of its other "
      "runs: the same kernel at the next working sets, else at other thread counts, else of its class, else "
      "of "
      "all",
      "time at the roofs = 2-norm of arithmetic, bytes at the level of the working set, random lines, "
      "storage"};
  return v;
}

}  // namespace ridgepoint
