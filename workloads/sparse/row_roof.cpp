// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/row_roof.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <utility>

#include "model/core/random.h"

namespace ridgepoint {
namespace {

constexpr double kRate_s = 0.02;
constexpr std::size_t kWords = 64 / sizeof(std::uint64_t), kAhead = 64;  ///< lines prefetched ahead
std::atomic<std::uint64_t> sink;

struct Rows {
  const std::uint64_t* words;
  std::size_t mask, lines;
};

std::uint64_t sum_of_rows(const Rows& rows, std::uint64_t seed, std::size_t count) {
  std::array<const std::uint64_t*, kAhead> asked{};
  const std::size_t ahead = std::bit_floor(std::max<std::size_t>(kAhead / rows.lines, 2)), turn = ahead - 1;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < count + ahead; ++i) {
    if (i >= ahead)
      for (std::size_t k = 0; k < rows.lines; ++k) sum += asked[i & turn][k * kWords];
    if (i >= count) continue;
    const std::uint64_t* const place = rows.words + (random_bits(seed, i) & rows.mask) * rows.lines * kWords;
    for (std::size_t k = 0; k < rows.lines; ++k) __builtin_prefetch(place + k * kWords);
    asked[i & turn] = place;
  }
  return sum;
}

}  // namespace

AdjacentRoof random_row_roof(std::shared_ptr<Team> team, Area table, std::size_t lines, double quantity) {
  const Rows rows{static_cast<const std::uint64_t*>(table.data), std::bit_floor(table.bytes / 64 / lines) - 1,
                  lines};
  const std::size_t count = (std::size_t{1} << 19) / lines;
  const double units = static_cast<double>(count * lines) * team->size();
  return {"random-line", "1/s", quantity, [team = std::move(team), rows, count, units] {
            static std::atomic<std::uint64_t> round{0};  // other random places in every round
            double seconds = 0, done = 0;
            while (seconds < kRate_s) {
              const std::uint64_t r = ++round;
              seconds += team->timed_run(
                  [&](int i) { sink += sum_of_rows(rows, r * 1024 + static_cast<std::uint64_t>(i), count); });
              done += units;
            }
            return done / seconds;
          }};
}

}  // namespace ridgepoint
