// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/core/doctor.h"
#include "probes/probe.h"
#include "probes/storage_device.h"

namespace ridgepoint {

// One function a finding, in the order of the report. What a probe already knows is asked from the probe;
// what must be tried is tried, on the live machine only.

Finding check_counters(const ProbeContext& context);
Finding check_huge_pages(const ProbeContext& context);
Finding check_pinning(const ProbeContext& context);
Finding check_frequency(const ProbeContext& context);
Finding check_memory(const ProbeContext& context);
Finding check_cgroup(const ProbeContext& context);
Finding check_storage(const ProbeContext& context);
Finding check_accelerators(const ProbeContext& context);
Finding check_virtualisation(const ProbeContext& context);
Finding check_smt(const ProbeContext& context);
Finding check_shared_memory(const ProbeContext& context);
Finding check_mitigations(const ProbeContext& context);

/// The finding for what only the live machine can answer.
Finding needs_live_machine(const std::string& id, const std::string& what);

/// What was seen under the current directory; enough to judge a storage figure taken here.
struct StorageSeen {
  StorageDevice device;
  std::optional<bool> direct_io;  ///< did O_DIRECT open? nothing: could not be tried
  std::string direct_io_trouble;
};
Finding judge_storage(const StorageSeen& seen);

struct AcceleratorsSeen {
  std::vector<std::string> pci;    ///< "nvidia (10de)" of display, 3D and accelerator classes
  std::vector<std::string> nodes;  ///< device nodes: "nvidia0", "kfd", "dri/renderD128", "accel/accel0"
  std::vector<std::string> icds;   ///< names below etc/OpenCL/vendors
};
AcceleratorsSeen see_accelerators(const Host& host);
Finding judge_accelerators(const AcceleratorsSeen& seen);

/// Share of all CPU time since boot that the hypervisor gave to others, from /proc/stat.
std::optional<double> steal_share(std::string_view stat);

/// avg60 of "some" in /proc/pressure/cpu, as a ratio.
std::optional<double> cpu_pressure(std::string_view pressure);

}  // namespace ridgepoint
