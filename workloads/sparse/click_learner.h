// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "workloads/kernel.h"
#include "workloads/sparse/click_rows.h"
#include "workloads/sparse/click_simd.h"

namespace ridgepoint {

/// What the three learners on ClickRows differ in.
struct ClickLearner {
  std::size_t slot_byte;  ///< of the model for each hashed id
  double row_flop;
  double largest_excess;  ///< of the held-out log-loss over the planted model's that counts as learned
  void (*start)(void* slots, std::size_t first, std::size_t count, std::uint64_t seed);
  void (*train)(void* slots, const ClickView& rows, std::size_t begin, std::size_t end, std::uint64_t first);
  double (*logit)(const void* slots, const ClickView& rows, std::size_t row);
  /// Trains rows [0, count) in FP64 from the same start, one entry at a time; the largest difference of any
  /// number of a touched slot, relative to 1 or to its own size where that is larger.
  double (*slow_difference)(const void* slots, const ClickView& rows, std::size_t count, std::uint64_t seed);
};

/// Shape keys: rows (trained on), step (rows of one execution), bits (log2 of the slots), zipf, epochs
/// (before the check), mode (1: one thread whatever their number, the same answer every time; 2: Hogwild, all
/// threads on one model without locks). Verified twice: the first 2048 rows against FP64, and the log-loss on
/// rows never trained on against the planted model's (from 100,000 rows on; fewer teach too little).
Result<Prepared> prepare_learner(const ClickLearner& learner, const KernelRequest& request);

}  // namespace ridgepoint
