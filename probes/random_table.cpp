// SPDX-License-Identifier: Apache-2.0
#include "probes/random_table.h"

#include <array>
#include <bit>

#include "model/core/random.h"

namespace ridgepoint {
namespace {

constexpr std::uint64_t kWords = kLineByte / sizeof(std::uint64_t), kPayload = 1, kContent = 17;

/// Lines asked for before the first is needed: a load that waits blocks the reorder buffer, a prefetch does
/// not.
constexpr std::uint64_t kAhead = 64;

/// The word `word` of the table, but for those that hold pointers.
std::uint64_t content(std::uint64_t word) { return random_bits(kContent, word); }

}  // namespace

Result<RandomTable> RandomTable::make(double bytes, Team& team) {
  const std::uint64_t lines = std::bit_floor(static_cast<std::uint64_t>(bytes) / kLineByte);
  auto memory = ring_memory(lines * kLineByte);
  if (!memory) return tl::make_unexpected(memory.error());
  char* const base = first_line(*memory);
  auto* const words = reinterpret_cast<std::uint64_t*>(base);
  team.run([&](int i) {
    const Share share = share_of(lines, i, team.size(), 4096);
    for (std::size_t w = share.begin * kWords; w < share.end * kWords; ++w) words[w] = content(w);
  });
  RandomTable table(std::move(*memory), lines, Ring({base}, static_cast<std::uint32_t>(lines), 19));
  team.run([&](int i) {
    if (i == 0) table.ring_.link();
  });
  return table;
}

std::uint64_t RandomTable::sum(std::uint64_t seed, std::uint64_t count) const {
  const auto* const words = reinterpret_cast<const std::uint64_t*>(base());
  const std::uint64_t mask = lines_ - 1;
  std::array<const std::uint64_t*, kAhead> asked{};
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < count + kAhead; ++i) {
    if (i >= kAhead) sum += *asked[i % kAhead];
    if (i >= count) continue;
    const std::uint64_t* const place = words + (random_bits(seed, i) & mask) * kWords + kPayload;
    __builtin_prefetch(place);
    asked[i % kAhead] = place;
  }
  return sum;
}

std::uint64_t RandomTable::expected_sum(std::uint64_t seed, std::uint64_t count) const {
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < count; ++i)
    sum += content((random_bits(seed, i) & (lines_ - 1)) * kWords + kPayload);
  return sum;
}

}  // namespace ridgepoint
