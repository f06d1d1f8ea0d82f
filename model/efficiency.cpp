// SPDX-License-Identifier: Apache-2.0
#include "model/efficiency.h"

#include <algorithm>
#include <cmath>

#include "model/core/format.h"
#include "model/law/law.h"
#include "model/roofs.h"

namespace ridgepoint {
namespace {

// A class efficiency carried to a platform where it was not measured: model.md's "datasheet" tier, 0.25.
constexpr double kTransferSigma = 0.25;
// Used when a class was not run. Centres from the literature's usual ranges, wide on purpose.
constexpr double kDefaultSigma = 0.40;

std::map<std::string, Efficiency> defaults() {
  const auto assumed = [](double value, const std::string& why) {
    return Efficiency{value, kDefaultSigma, kDefaultSigma, Basis::assumed, why};
  };
  const std::string convolutions = "assumed: convolution layers of a U-Net at 0.4 to 0.9 of the roof";
  return {{"conv3d-inference", assumed(0.60, convolutions)},
          {"conv3d-training", assumed(0.60, convolutions)},
          {"column-scan", assumed(0.80, "assumed: streaming scans at 0.6 to 0.95 of the roof")},
          {"spmv", assumed(0.75, "assumed: CSR on regular matrices at 0.5 to 0.95 of the roof")}};
}

/// The best tier's bandwidth of a measured machine (it has one measured tier today).
std::optional<Roof> memory_roof(const Machine& machine, const KernelCost& cost) {
  std::optional<Roof> best;
  for (const MemoryTier& tier :
       memory_tiers(machine.platform.facts, write_share(cost.read_byte, cost.written_byte)))
    if (tier.bandwidth && (!best || tier.bandwidth->sustained > best->sustained)) best = tier.bandwidth;
  return best;
}

std::optional<KernelPoint> place(const KernelRun& run, const Machine& machine) {
  const auto memory = memory_roof(machine, run.cost);
  const auto compute = compute_roof(machine.platform.facts, {run.dtype}, is_dense(run.kernel_class));
  const double bytes = run.cost.read_byte + run.cost.written_byte;
  if (!memory || (run.cost.work_flop > 0 && !compute) || run.time_s.median <= 0 || bytes <= 0)
    return std::nullopt;
  const double memory_s = bytes / memory->sustained;
  const double compute_s = run.cost.work_flop > 0 ? run.cost.work_flop / compute->sustained : 0;
  const double ideal = std::max(memory_s, compute_s);
  const double slow = quantile(run.wall_s, 0.9), fast = quantile(run.wall_s, 0.1);
  KernelPoint p;
  p.id = run.id;
  p.kernel_class = run.kernel_class;
  p.dtype = run.dtype;
  p.intensity_flop_per_byte = run.cost.work_flop / bytes;
  p.rate_flop_per_s = run.cost.work_flop / run.time_s.median;
  p.bandwidth_byte_per_s = bytes / run.time_s.median;
  p.utilisation = {ideal / run.time_s.median, ideal / slow, ideal / fast};
  p.samples = run.time_s.n;
  p.bound_by = compute_s > memory_s ? "compute (" + run.dtype + ")" : "memory (dram)";
  return p;
}

// A kernel that shared its processors says how busy the neighbours were, not how good the kernel is.
constexpr double kOwnProcessors = 0.85;

/// Process CPU time over wall time and threads, over all samples.
double processor_share(const KernelRun& run) {
  double cpu = 0, wall = 0;
  for (const double v : run.cpu_s) cpu += v;
  for (const double v : run.wall_s) wall += v;
  return run.cpu_s.empty() || wall <= 0 ? 1 : cpu / (wall * static_cast<double>(run.threads));
}

}  // namespace

bool is_dense(const std::string& kernel_class) { return is_matrix_like(kernel_class); }

std::vector<KernelPoint> kernel_points(const Machine& machine, const RunSet& runs,
                                       std::vector<Warning>& warnings) {
  std::vector<KernelPoint> points;
  for (const KernelRun& run : runs.runs) {
    if (!run.verification.passed || run.wall_s.empty()) {
      warnings.push_back(
          {"unverified-run", "the run of '" + run.id + "' was not verified and is not used", "run it again"});
      continue;
    }
    auto point = place(run, machine);
    if (!point) {
      warnings.push_back({"no-roof", "the machine document lacks a roof that '" + run.id + "' needs",
                          "probe the machine without --skip, then run again"});
      continue;
    }
    if (const double share = processor_share(run); share < kOwnProcessors) {
      point->not_used = "the kernel had only " + show_percent(share) + " of its processors' time";
      warnings.push_back({"busy-machine",
                          "'" + run.id + "' is not used to calibrate: it had only " + show_percent(share) +
                              " of its processors' time, other work was running",
                          "repeat on a quiet machine: " + run.repro});
    }
    if (point->utilisation.value > 1.05)
      warnings.push_back({"exceeds-roof",
                          "'" + run.id + "' ran at " + show_percent(point->utilisation.value) +
                              " of its roof, which cannot be",
                          "the machine was noisier during the probe than during the run: repeat both"});
    points.push_back(*point);
  }
  return points;
}

std::map<std::string, Efficiency> efficiencies(const std::vector<KernelPoint>& points) {
  std::map<std::string, Efficiency> table = defaults();
  for (const KernelPoint& p : points) {
    if (p.not_used) continue;
    const double noise =
        std::log(std::max(p.utilisation.hi / p.utilisation.lo, 1.0)) / 2.5632;  // 10 % to 90 %
    table[p.kernel_class] = {
        p.utilisation.value, std::hypot(kTransferSigma, noise), noise, Basis::measured,
        "measured on this machine by " + p.id + ", " + std::to_string(p.samples) + " samples"};
    // One forward layer is what can be run today; the backward pass is the same kind of loop.
    if (p.kernel_class == "conv3d-inference") table["conv3d-training"] = table[p.kernel_class];
  }
  return table;
}

}  // namespace ridgepoint
