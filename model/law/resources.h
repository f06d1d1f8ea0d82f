// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/platform.h"
#include "model/roofs.h"

namespace ridgepoint {

/// One compute roof, sustained (roofs.h), op/s.
struct ComputeRoof {
  std::string key, precision;
  bool matrix = false;  ///< serves matrix-like work only
  double rate = 0, sigma = 0;
};

/// What the law needs of a platform, read from its facts once. One device or socket, unless said otherwise;
/// absent = not known.
struct Resources {
  PlatformClass kind = PlatformClass::cpu;
  std::string id;
  std::string microarchitecture;  ///< its class where the catalogue does not name one
  std::vector<ComputeRoof> compute;
  std::vector<MemoryTier> memory;             ///< for streams of two reads and a write
  std::optional<double> cache_byte;           ///< last level, or all on-chip memory where software manages it
  double cores = 1;                           ///< cores, multiprocessors, tiles
  std::optional<double> clock_hz;             ///< base for a CPU, boost for a device
  std::optional<double> link_byte_per_s;      ///< host to device, one direction
  std::optional<double> scale_up_byte_per_s;  ///< device to device, one direction
  double memory_domains = 1;                  ///< parts of a socket with their own channels
  double partitions = 1;                      ///< devices that the part shows to a program
  std::optional<std::string> launched;        ///< YYYY-MM or YYYY

  /// The fastest roof for one of `precisions`; empty precisions: any. FP16 counts for training only where it
  /// comes with a wide accumulator, which is taken to be so where it is three times faster than FP32.
  const ComputeRoof* roof(const std::vector<std::string>& precisions, bool dense, bool training) const;

  /// The fastest tier with a known bandwidth, of those that hold `footprint_byte` (0: any).
  const MemoryTier* tier(double footprint_byte) const;
};

/// A processor, not a device beside one.
inline bool is_host(const Resources& r) {
  return r.kind == PlatformClass::cpu || r.kind == PlatformClass::manycore_cpu;
}

Resources resources_of(const Platform& platform);

}  // namespace ridgepoint
