// SPDX-License-Identifier: Apache-2.0
#include "probes/chase.h"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>

#include "model/core/contract.h"
#include "model/core/random.h"

namespace ridgepoint {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::uintptr_t kHugePage = 2u * 1024 * 1024;

double since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

/// `Chains` walks of `steps` steps each, one step of each in turn.
template <std::size_t Chains>
double follow(std::array<const Link*, 32>& at, std::uint64_t steps) {
  std::array<const Link*, Chains> p;
  std::copy_n(at.begin(), Chains, p.begin());
  const auto begin = Clock::now();
  for (std::uint64_t i = 0; i < steps; ++i)
    for (std::size_t c = 0; c < Chains; ++c) p[c] = p[c]->next;
  const double seconds = since(begin);
  std::copy_n(p.begin(), Chains, at.begin());
  return seconds;
}

double follow(int chains, std::array<const Link*, 32>& at, std::uint64_t steps) {
  switch (chains) {
    case 1:
      return follow<1>(at, steps);
    case 2:
      return follow<2>(at, steps);
    case 4:
      return follow<4>(at, steps);
    case 8:
      return follow<8>(at, steps);
    case 16:
      return follow<16>(at, steps);
    case 24:
      return follow<24>(at, steps);
    default:
      return follow<32>(at, steps);
  }
}

}  // namespace

Shuffle::Shuffle(std::uint64_t seed, std::uint32_t n) : seed_(seed), n_(n) {
  RIDGEPOINT_EXPECT(n > 0 && n < (1u << 31));
  const auto bits = static_cast<std::uint32_t>(std::bit_width(n - 1));
  low_bits_ = bits / 2;
  high_bits_ = bits - low_bits_;
}

std::uint32_t Shuffle::operator()(std::uint32_t i) const {
  const std::uint32_t low_mask = (1u << low_bits_) - 1, high_mask = (1u << high_bits_) - 1;
  do {
    std::uint32_t low = i & low_mask, high = i >> low_bits_;
    for (std::uint64_t round = 0; round < 4; round += 2) {
      high ^= static_cast<std::uint32_t>(random_bits(seed_ + round, low) >> 32) & high_mask;
      low ^= static_cast<std::uint32_t>(random_bits(seed_ + round + 1, high) >> 32) & low_mask;
    }
    i = high << low_bits_ | low;
  } while (i >= n_);
  return i;
}

Ring::Ring(Layout layout, std::uint32_t lines, std::uint64_t seed)
    : layout_(layout), order_(seed, lines), position_(nullptr) {
  position_ = at(0);
}

const Link* Ring::at(std::uint64_t step) const {
  return reinterpret_cast<const Link*>(layout_.line(order_(static_cast<std::uint32_t>(step % lines()))));
}

void Ring::link() {
  auto* here = reinterpret_cast<Link*>(layout_.line(order_(0)));
  Link* const first = here;
  for (std::uint32_t i = 1; i < lines(); ++i) {
    auto* const there = reinterpret_cast<Link*>(layout_.line(order_(i)));
    here->next = there;
    here = there;
  }
  here->next = first;
}

void Ring::walk(std::uint64_t steps) { time(0, steps); }

double Ring::time(std::uint64_t warm, std::uint64_t steps) {
  std::array<const Link*, 32> p{position_};
  follow<1>(p, warm);
  const double seconds = follow<1>(p, steps);
  position_ = p[0];
  step_ = (step_ + warm + steps) % lines();
  right_ = right_ && position_ == at(step_);
  return seconds / static_cast<double>(steps);
}

double Ring::time_chains(int chains, std::uint64_t steps) {
  const auto n = static_cast<std::uint64_t>(chains);
  std::array<const Link*, 32> p{};
  const auto start = [&](std::uint64_t c) { return step_ + c * lines() / n; };
  for (std::uint64_t c = 0; c < n; ++c) p[c] = at(start(c));
  const double seconds = follow(chains, p, steps);
  for (std::uint64_t c = 0; c < n; ++c) right_ = right_ && p[c] == at(start(c) + steps);
  step_ = (step_ + steps) % lines();
  position_ = at(step_);
  return seconds / static_cast<double>(steps);
}

Result<Buffer> ring_memory(std::size_t bytes) { return Buffer::make(bytes + 2 * kHugePage); }

char* first_line(const Buffer& buffer) {
  const auto address = reinterpret_cast<std::uintptr_t>(buffer.as<char>());
  return buffer.as<char>() + ((address + kHugePage - 1) / kHugePage * kHugePage - address);
}

std::uint64_t steps_for(Ring& ring, double seconds, std::uint64_t least) {
  const double pace = ring.time(std::min<std::uint64_t>(ring.lines(), 2000), 2000);
  constexpr double kMost = 4e6;
  return std::max(least, static_cast<std::uint64_t>(std::min(seconds / pace, kMost)));
}

}  // namespace ridgepoint
