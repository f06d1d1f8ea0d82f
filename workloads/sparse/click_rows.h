// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "model/core/buffer.h"
#include "model/core/result.h"
#include "model/core/team.h"

namespace ridgepoint {

/// Rows like those of the Criteo click logs: 13 numbers and 26 categories, all hashed into one space of
/// 2^bits slots, so 39 entries a row; the value of a category is 1.
constexpr std::size_t kNumericFields = 13, kHashedFields = 26, kRowEntries = kNumericFields + kHashedFields;

struct ClickRows {
  std::size_t rows = 0;
  int bits = 0;
  Buffer ids;      ///< uint32[rows][39], the numeric fields first
  Buffer values;   ///< float[rows][13], mean 0, variance 1
  Buffer labels;   ///< uint8[rows], 1 with the planted model's probability
  Buffer planted;  ///< float[rows]: its logit
};

/// Categories of field f are Zipf-distributed (`exponent`) over 10 to 10^6 values, log-uniform over the
/// fields. The planted model is linear and sparse: half of the numbers and of the 32 most frequent values of
/// each field have a weight; the field of fewest values carries the intercept.
Result<ClickRows> click_rows(std::size_t rows, int bits, double exponent, std::uint64_t seed, Team& team);

/// Mean log-loss of rows [begin, end) under the planted model: no model is better on average.
double planted_loss(const ClickRows& rows, std::size_t begin, std::size_t end);

/// -log of the probability that a logit gives to the label.
double log_loss(double logit, bool label);

}  // namespace ridgepoint
