// SPDX-License-Identifier: Apache-2.0
// Every OpenCL device: what it is, peak arithmetic, memory, launch and link. In a helper process, because a
// driver may crash or hang.
#include "probes/measure.h"
#include "probes/opencl_cells.h"
#include "probes/sampler.h"

namespace ridgepoint {
namespace {

constexpr double kPatience_s = 5;  // for the drivers to load and to tell their devices
constexpr double kCompile_s = 20;  // for each visit beyond its budget: a CPU driver compiles with LLVM
constexpr const char* kFix = "update the driver; clinfo tells more; --skip opencl";

/// The devices alone: a driver that hangs here is noticed soon.
ProbeOutcome identify() {
  ProbeOutcome outcome;
  const auto api = load_opencl();
  if (!api) return give_up(std::move(outcome), ProbeStatus::unavailable, api.error());
  const auto devices = list_devices(*api);
  if (!devices) return give_up(std::move(outcome), ProbeStatus::unavailable, devices.error());
  for (const ClListed& d : *devices) add_identity(d.told, "probe opencl: as the driver tells", outcome.facts);
  return outcome;
}

/// One device; its trouble, or nothing.
std::string measure_device(const ProbeContext& context, const OpenClApi& api, const ClListed& listed,
                           const SamplingRule& rule, ProbeOutcome& outcome) {
  ClDevice device(api, listed);
  const AcceleratorSizes sizes = sizes_for(listed.told, context.level, context.memory_limit_byte);
  const std::string source = "probe opencl: " + listed.told.name + ", ";
  std::vector<Cell> cells;
  const auto add = [&](const std::string& part, const auto& make) {
    if (!any_asked_for(listed.told.key(part), context) || !device.trouble().empty()) return;
    for (Cell& cell : make()) cells.push_back(std::move(cell));
  };
  add("compute.",
      [&] { return compute_cells(device, source, context.level != Level::quick || !context.cells.empty()); });
  add("memory.bandwidth.", [&] { return bandwidth_cells(device, sizes, source); });
  add("launch.", [&] { return launch_cells(device, source); });
  add("link.", [&] { return link_cells(device, sizes, source); });
  ProbeOutcome own;
  if (device.trouble().empty()) (void)sample_cells(cells, rule, own);
  if (!device.trouble().empty()) return listed.told.id + ": " + device.trouble();
  for (Samples& s : own.samples) outcome.samples.push_back(std::move(s));
  return {};
}

ProbeOutcome measure(const ProbeContext& context) {
  ProbeOutcome outcome;
  const Stopwatch watch;
  const auto api = load_opencl();
  if (!api) return give_up(std::move(outcome), ProbeStatus::unavailable, api.error());
  const auto devices = list_devices(*api);
  if (!devices) return give_up(std::move(outcome), ProbeStatus::unavailable, devices.error());
  std::vector<Accelerator> told;
  for (const ClListed& d : *devices) told.push_back(d.told);
  const std::vector<bool> chosen = chosen_devices(told, context.level);
  SamplingRule rule = rule_within(context, watch);
  rule.seconds /= static_cast<double>(std::count(chosen.begin(), chosen.end(), true));
  std::vector<std::string> troubles;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (!chosen[i]) continue;
    if (auto trouble = measure_device(context, *api, (*devices)[i], rule, outcome); !trouble.empty())
      troubles.push_back(std::move(trouble));
  }
  judge(troubles, kFix, outcome);
  return outcome;
}

ProbeOutcome run(const ProbeContext& context) {
  if (!any_asked_for("accelerator.opencl", context)) return {};
  ProbeOutcome first;
  if (context.visit == 0) {
    first = with_driver("opencl", identify, kPatience_s);
    if (first.status != ProbeStatus::ok) return first;
  }
  ProbeOutcome outcome = with_driver(
      "opencl", [&] { return measure(context); }, 3 * context.budget_s + kCompile_s);
  if (outcome.status != ProbeStatus::interrupted) outcome.facts.merge(first.facts);
  return outcome;
}

}  // namespace

extern const Probe opencl_probe;
const Probe opencl_probe{
    .id = "opencl",
    .summary = "OpenCL devices: peak arithmetic, memory bandwidth, launch latency, link to the host",
    .method =
        "helper process; per device: 12 multiply-add chains a work item in registers (fixed point or exact "
        "sum "
        "verified in every sample), read, copy and triad over random data (verified once), empty kernels, "
        "blocking "
        "copies from pinned and pageable memory (contents compared); host clock around clFinish; below the "
        "standard "
        "level the first device of each name",
    .measures = true,
    .revisit = true,
    .rank = 60,
    .seconds = {0.4, 6, 40},
    .run = run};

}  // namespace ridgepoint
