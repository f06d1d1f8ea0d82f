// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "workloads/analytics/sort_simd.h"
#include "workloads/block_io.h"

namespace ridgepoint {

/// Sorted runs one behind the other in a file, all of `run_byte` but the last; lengths are whole pages.
struct SortedRuns {
  int descriptor = -1;
  std::size_t bytes = 0, run_byte = 0;
  std::size_t count() const { return (bytes + run_byte - 1) / run_byte; }
};

inline constexpr std::size_t kPageItems = 4096 / sizeof(KeyPayload);
/// Of every so many items of a run the key of the first is kept in memory, to split merges by.
inline constexpr std::size_t kKeyStride = 4096;

/// One thread's part of a merge: of each run the items [begin, end), counted from the start of the file.
struct MergePart {
  std::vector<std::uint64_t> begin = {}, end = {};
  std::uint64_t first = 0;  ///< its first item in the output
};

/// Cuts a merge into parts of about the same size by key. `keys` holds every kKeyStride-th key of each run.
/// Reads one stretch of kKeyStride items a run and cut. One part where the runs are short or the keys too
/// alike.
Result<std::vector<MergePart>> split_merge(const SortedRuns& runs,
                                           const std::vector<std::vector<std::uint64_t>>& keys, int parts);

/// A page of the output that two parts share: what this one knows of it, at its place.
struct SharedPage {
  std::vector<KeyPayload> items = std::vector<KeyPayload>(kPageItems);
  std::size_t from = 0, to = 0;  ///< which of them
};

/// How one part of a merge divides its memory. Random keys use up the blocks of all runs at about the same
/// time: with two blocks a run the device gets all its reads at once, writes wait behind them, and then it
/// has nothing to do.
struct MergeBlocks {
  static constexpr std::size_t kMostEach = 8;
  std::size_t byte = 0;           ///< of a block, a multiple of 4 KiB
  std::size_t each = 2, out = 3;  ///< blocks of each run (2 to kMostEach) and of the output (2 or more)
  constexpr std::size_t count(std::size_t runs) const { return each * runs + out; }
};

/// Merges one part into `output`, reading ahead and writing behind; whole pages only: the ends are left to
/// the caller. `memory` holds blocks.count(runs) blocks. Cost an item: log2(runs) comparisons, 16 B read and
/// written in memory.
std::optional<Error> merge_part(const SortedRuns& runs, const MergePart& part, int output, std::byte* memory,
                                const MergeBlocks& blocks, SharedPage& head, SharedPage& tail);

/// All parts on the members of a team (no more parts than members), then the pages they share. `memory` holds
/// the blocks of all parts.
std::optional<Error> merge_runs(const SortedRuns& runs, const std::vector<MergePart>& parts, Team& team,
                                int output, std::byte* memory, const MergeBlocks& blocks);

}  // namespace ridgepoint
