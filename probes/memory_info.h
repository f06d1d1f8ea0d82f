// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "model/core/ports.h"

namespace ridgepoint {

/// The lines of /proc/meminfo that say what the kernel manages, what a new process could get now, what is set
/// aside as hugetlb pages of the default size, and swap.
struct Meminfo {
  std::optional<double> total_byte, available_byte;
  std::optional<double> hugetlb_byte;
  std::optional<double> swap_byte, swap_free_byte;
};

/// Lines with another unit than kB, or without a plain number, count as absent.
Meminfo parse_meminfo(std::string_view text);

/// Memory as the platform presents it, in hot-plug blocks (sys/devices/system/memory).
struct MemoryBlocks {
  double block_byte = 0;
  int present = 0, online = 0;
  int movable = 0;  ///< online, but only for what can be moved away: such a block may be unplugged again

  double installed_byte() const { return block_byte * present; }
  double online_byte() const { return block_byte * online; }
  /// What may come or go while the system runs: blocks that are offline or movable.
  double hot_pluggable_byte() const { return block_byte * (present - online + movable); }
};

/// Nothing where the kernel has no memory blocks, or their size is not readable.
std::optional<MemoryBlocks> read_memory_blocks(const Host& host);

/// The soft limit of "Max address space" in /proc/self/limits, in bytes; nothing when unlimited or
/// unreadable.
std::optional<double> parse_address_space_limit(std::string_view text);

}  // namespace ridgepoint
