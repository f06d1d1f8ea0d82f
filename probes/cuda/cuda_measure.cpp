// SPDX-License-Identifier: Apache-2.0
#include "probes/cuda_measure.h"

#include <algorithm>

#include "model/core/text.h"
#include "probes/cuda/cuda_cells.h"
#include "probes/measure.h"

namespace ridgepoint {
namespace {

using namespace cuda;

constexpr const char* kFix = "update the driver; nvidia-smi and dmesg tell more; --skip cuda";

void add_bus(const Host& host, const Listed& d, const std::string& source, Facts& facts) {
  const std::string folder = "sys/bus/pci/devices/" + d.pci + "/";
  if (d.pci.empty()) return;
  // The best speed and width: an idle card lowers its link.
  if (const auto speed = host.read(folder + "max_link_speed"))
    if (const int generation = pcie_generation(*speed); generation > 0)
      facts[d.told.key("pcie.generation")] = measured(generation, "1", source);
  if (const auto width = host.read(folder + "current_link_width"))
    if (const int lanes = pcie_lanes(*width); lanes > 0)
      facts[d.told.key("pcie.lanes")] = measured(lanes, "1", source);
}

/// One device; its trouble, or nothing.
std::string measure_device(const ProbeContext& context, const Listed& listed, const SamplingRule& rule,
                           ProbeOutcome& outcome) {
  Device device(listed);
  const AcceleratorSizes sizes = sizes_for(listed.told, context.level, context.memory_limit_byte);
  const std::string source = "probe cuda: " + listed.told.name + ", ";
  std::vector<Cell> cells;
  const auto add = [&](const std::string& part, const auto& make) {
    if (!any_asked_for(listed.told.key(part), context) || !device.trouble().empty()) return;
    for (Cell& cell : make()) cells.push_back(std::move(cell));
  };
  add("compute.", [&] { return chain_cells(device, source); });
  add("compute.", [&] { return tensor_cells(device, source); });
  add("memory.bandwidth.", [&] { return bandwidth_cells(device, sizes, source); });
  add("launch.", [&] { return launch_cells(device, source); });
  add("link.", [&] { return link_cells(device, sizes, source); });
  ProbeOutcome own;
  if (device.trouble().empty()) (void)sample_cells(cells, rule, own);
  if (!device.trouble().empty()) return listed.told.id + ": " + device.trouble();
  for (Samples& s : own.samples) outcome.samples.push_back(std::move(s));
  return {};
}

}  // namespace

ProbeOutcome identify_cuda(const Host& host) {
  ProbeOutcome outcome;
  const auto devices = list_devices();
  if (!devices) return give_up(std::move(outcome), ProbeStatus::unavailable, devices.error());
  const std::string source = "probe cuda: as the driver tells";
  for (const Listed& d : *devices) {
    add_identity(d.told, source, outcome.facts);
    outcome.facts[d.told.key("capability")] =
        measured_text(std::to_string(d.capability / 10) + "." + std::to_string(d.capability % 10), source);
    add_bus(host, d, "probe cuda: /sys/bus/pci", outcome.facts);
  }
  return outcome;
}

ProbeOutcome measure_cuda(const ProbeContext& context) {
  ProbeOutcome outcome;
  const auto devices = list_devices();
  if (!devices) return give_up(std::move(outcome), ProbeStatus::unavailable, devices.error());
  std::vector<Accelerator> told;
  for (const Listed& d : *devices) told.push_back(d.told);
  const std::vector<bool> chosen = chosen_devices(told, context.level);
  SamplingRule rule = rule_for(context);
  rule.seconds /= static_cast<double>(std::count(chosen.begin(), chosen.end(), true));
  std::vector<std::string> troubles;
  for (std::size_t i = 0; i < chosen.size(); ++i)
    if (chosen[i])
      if (auto trouble = measure_device(context, (*devices)[i], rule, outcome); !trouble.empty())
        troubles.push_back(std::move(trouble));
  judge(troubles, kFix, outcome);
  return outcome;
}

}  // namespace ridgepoint
