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
  std::string microarchitecture;  ///< with its die; its class where the catalogue does not name one
  std::string generation;         ///< what it shares with other dies of the design
  std::vector<ComputeRoof> compute;
  std::vector<MemoryTier> memory;             ///< for streams of two reads and a write
  std::optional<double> cache_byte;           ///< last level, or all on-chip memory where software manages it
  double cores = 1;                           ///< cores, multiprocessors, tiles
  std::optional<double> clock_hz;             ///< base for a CPU, boost for a device
  std::optional<double> link_byte_per_s;      ///< host to device, one direction
  std::optional<double> scale_up_byte_per_s;  ///< device to device, one direction
  std::optional<double> scale_up_devices;     ///< how many that link joins (a bridge two); absent: all
  std::optional<double> watt;                 ///< power limit of the board or socket
  double memory_domains = 1;                  ///< parts of a socket with their own channels
  double partitions = 1;                      ///< devices that the part shows to a program
  std::optional<std::string> launched;        ///< YYYY-MM or YYYY
  std::optional<double> launch_year;          ///< the same as a number

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

/// 2021-04 -> 2021.25; a bare year counts as its middle. Empty when there is no year in it.
std::optional<double> year_of_date(const std::string& date);

/// What platforms of one design share: "Ampere GA102" -> "Ampere", "Zen 2 (Rome)" -> "Zen 2".
std::string generation_of(const std::string& microarchitecture);

Resources resources_of(const Platform& platform);

}  // namespace ridgepoint
