// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "workloads/analytics/run_merge.h"
#include "workloads/analytics/sort.h"
#include "workloads/block_io.h"

namespace ridgepoint {

/// Sorts a file of KeyPayload items with a bounded memory in two passes: runs that fit are read, sorted on
/// all members and spilled, the write of one and the read of the next under way while another is sorted; then
/// all runs are merged, each member a range of keys (loser tree), reading some blocks of each run ahead. Cost
/// of n items of 16 B: 32 n B read from storage, 32 n B written.
class ExternalSort {
 public:
  static constexpr std::size_t kChunk = 1U << 20;  ///< request of the first pass; sizes are multiples of it
  static constexpr std::size_t kLeastBlock = 64U << 10;  ///< of the merge

  /// Three files of `bytes` each. Errors: unavailable where the budget is too small for one merge pass.
  static Result<std::unique_ptr<ExternalSort>> make(std::shared_ptr<Team> team, std::size_t bytes,
                                                    std::size_t budget_byte);

  /// From `input` by `spill` to `output`. Ends early, all requests back, on an error or an interrupt.
  std::optional<Error> run(int input, int spill, int output);

  std::size_t runs() const { return (bytes_ + run_byte_ - 1) / run_byte_; }
  /// Memory held: the arena of both passes and what each member's sort owns.
  std::size_t memory_byte() const;
  const MergeBlocks& merge_blocks() const { return blocks_; }

 private:
  ExternalSort(std::shared_ptr<Team> team, std::size_t bytes, std::size_t run_byte, const MergeBlocks& blocks,
               int parts, Buffer arena);
  std::size_t length_of(std::size_t run) const { return std::min(run_byte_, bytes_ - run * run_byte_); }
  std::optional<Error> make_runs(int input, int spill);

  std::shared_ptr<Team> team_;
  std::size_t bytes_, run_byte_;
  MergeBlocks blocks_;
  int parts_;                                          ///< of the merge
  std::vector<std::vector<std::uint64_t>> keys_ = {};  ///< every kKeyStride-th of each run
  Buffer arena_;
  ParallelSort<KeyPayload> sort_;
};

}  // namespace ridgepoint
