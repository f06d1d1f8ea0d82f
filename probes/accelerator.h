// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "probes/probe.h"

// What the probes `opencl` and `cuda` share. Their keys are accelerator.<i>.*, where <i> is the interface and
// the device's number in it ("opencl0", "cuda0"): one device may be seen through both, and their figures
// differ.
//   accelerator.<i>.name | vendor | driver | type | compute_units | clock | memory.capacity |
//   memory.max_alloc accelerator.<i>.compute.<dtype>            registers only; FMA = 2
//   accelerator.<i>.memory.bandwidth.<pattern> bytes of the loop
//   accelerator.<i>.launch.<latency|interval|queued_to_start>
//   accelerator.<i>.link.<to_device|from_device>.<pinned|pageable|latency>

namespace ridgepoint {

/// cpu: the host's own processors behind a device interface (PoCL). Never counted as a GPU.
enum class AcceleratorType { gpu, accelerator, cpu, other };

constexpr auto names(AcceleratorType) {
  return enum_names<AcceleratorType>({{AcceleratorType::gpu, "gpu"},
                                      {AcceleratorType::accelerator, "accelerator"},
                                      {AcceleratorType::cpu, "cpu"},
                                      {AcceleratorType::other, "other"}});
}

/// What a device tells about itself. Zero or empty = it does not tell.
struct Accelerator {
  std::string id;  ///< "opencl0"
  std::string name, vendor, driver;
  AcceleratorType type = AcceleratorType::other;
  double compute_units = 0, clock_hz = 0, memory_byte = 0, max_alloc_byte = 0;
  bool host_memory = false;  ///< its memory is the host's: a working set counts against the host's limit

  std::string key(const std::string& rest) const { return "accelerator." + id + "." + rest; }
};

/// The identity facts; what the device does not tell is absent.
void add_identity(const Accelerator& device, const std::string& source, Facts& facts);

/// Bytes of one of the three arrays of the bandwidth loops, and of a transfer.
struct AcceleratorSizes {
  double array_byte = 0, transfer_byte = 0;
};
/// Multiples of 64 KiB, within what the device allows and `memory_limit_byte`.
AcceleratorSizes sizes_for(const Accelerator& device, Level level, double memory_limit_byte);

/// Which devices are measured: all at the standard and full level; below, the first of each name.
std::vector<bool> chosen_devices(const std::vector<Accelerator>& devices, Level level);

/// Devices that could not be measured: the others' figures stay (degraded); failed where there are none.
void judge(const std::vector<std::string>& troubles, const std::string& fix, ProbeOutcome& outcome);

/// "16.0 GT/s PCIe" -> 4, "16" -> 16 lanes; 0 for other words ("Unknown", 255 lanes of a hidden link).
int pcie_generation(std::string_view link_speed);
int pcie_lanes(std::string_view link_width);

/// A driver is other people's code and may crash, hang or leave caches: runs `work` in a helper process,
/// whose caches go to a temporary folder that is removed. An end without an answer is `failed`, the signal
/// named.
ProbeOutcome with_driver(const std::string& what, const std::function<ProbeOutcome()>& work, double limit_s);

/// x * a + b, the recurrence of the integer chains modulo 2^32, after `rounds` steps.
struct AffineMap {
  std::uint32_t factor = 1, term = 0;

  std::uint32_t operator()(std::uint32_t x) const { return factor * x + term; }
};
AffineMap repeated(AffineMap step, std::uint64_t rounds);

/// One step of the int8 chain: x + the dot product of the four signed bytes of x and y, modulo 2^32.
std::uint32_t dot_step(std::uint32_t x, std::uint32_t y);

}  // namespace ridgepoint
