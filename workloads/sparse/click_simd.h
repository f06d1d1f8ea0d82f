// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace ridgepoint {

/// Rows for a learner, see ClickRows.
struct ClickView {
  const std::uint32_t* ids;
  const float* values;
  const std::uint8_t* labels;
};

/// Training on rows [begin, end), one row at a time: its gradient is taken with the weights at its start;
/// where two of its entries share a slot, the later update stands. Slots may be shared with other threads
/// (Hogwild): they are read and written word by word without order, so updates may be lost, never torn.
/// Slots of the row 8 rows later are prefetched. The step of plain descent falls with the row's number:
/// sgd_step(first + row).

/// w -= step (p - y) x. A slot is one fp32. Cost of a row: 4 flop an entry + some 20; 212 B of the row; a
/// line read and written for each slot that no cache holds.
void sgd_rows(std::uint32_t* slots, const ClickView& rows, std::size_t begin, std::size_t end,
              std::uint64_t first);

/// FTRL-Proximal (McMahan et al. 2013) with z and n of one weight side by side in 8 B. Cost of a row: 18
/// flop an entry + some 20, among them two square roots and a division an entry; else as above.
void ftrl_rows(std::uint64_t* slots, const ClickView& rows, std::size_t begin, std::size_t end);

/// Factorization machine by plain descent: a slot is one line, w and 15 factors. Cost of a row: 9 flop an
/// entry and lane + some 60; 39 lines read and written. An entry that shares its slot with an earlier one
/// of its row works on what that one left.
void fm_rows(float* slots, const ClickView& rows, std::size_t begin, std::size_t end, std::uint64_t first);

std::string click_isa();

constexpr std::size_t kFmLanes = 16;  ///< w, then 15 factors

float sgd_step(std::uint64_t row);
float fm_step(std::uint64_t row);

struct FtrlRates {
  float alpha = 0.05F, beta = 1, l1 = 1, l2 = 1;
};
/// The weight that a slot stands for.
double ftrl_weight(double z, double n, const FtrlRates& rates = {});

}  // namespace ridgepoint
