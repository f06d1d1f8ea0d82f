// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "model/core/buffer.h"

namespace ridgepoint {

/// A random order of 0..n-1 without a table: the place of `i` is computed. A four-round Feistel network over
/// just enough bits (Luby and Rackoff 1988), walked again where it leaves [0, n) (Black and Rogaway 2002).
/// Precondition: 0 < n < 2^31.
class Shuffle {
 public:
  Shuffle(std::uint64_t seed, std::uint32_t n);
  std::uint32_t operator()(std::uint32_t i) const;
  std::uint32_t size() const { return n_; }

 private:
  std::uint64_t seed_;
  std::uint32_t n_, low_bits_ = 0, high_bits_ = 0;
};

/// The pointer of one line of a ring: the first word at its place.
struct Link {
  const Link* next;
};

inline constexpr std::size_t kLineByte = 64;

/// Where the lines of a ring lie: line j is `stride` bytes behind line j-1, and (j + turn) mod `spread` lines
/// further. {base} is dense; {base, 4096, 64} is one line a page, each in another place of its page, so that
/// they spread over the sets of the caches.
struct Layout {
  char* base = nullptr;
  std::size_t stride = kLineByte, spread = 1, turn = 0;

  char* line(std::size_t j) const { return base + j * stride + (j + turn) % spread * kLineByte; }
};

/// One cycle of dependent loads through n lines in random order, so that no prefetcher can guess the next
/// one. Where a walk must end is known without walking, so every walk is checked.
class Ring {
 public:
  Ring(Layout layout, std::uint32_t lines, std::uint64_t seed);
  /// Writes the pointers: the first touch, so by the thread that will walk.
  void link();
  /// Follows the cycle from where the last walk ended: no line of a ring beyond the caches is met while it is
  /// still cached.
  void walk(std::uint64_t steps);
  /// Seconds a step, after an untimed walk of `warm` steps.
  double time(std::uint64_t warm, std::uint64_t steps);
  /// Seconds a step of `chains` walks at once, spread over the ring (1, 2, 4, 8, 16, 24 or 32 chains).
  double time_chains(int chains, std::uint64_t steps);
  /// Did every walk so far end where it must?
  bool right() const { return right_; }
  std::uint32_t lines() const { return order_.size(); }
  const Link* at(std::uint64_t step) const;

 private:
  Layout layout_;
  Shuffle order_;
  const Link* position_;
  std::uint64_t step_ = 0;
  bool right_ = true;
};

/// Memory of which all of `bytes` from first_line() on can lie in huge pages.
Result<Buffer> ring_memory(std::size_t bytes);
char* first_line(const Buffer& buffer);

/// Steps for a sample of about `seconds`, judged by a short walk; at least `least`.
std::uint64_t steps_for(Ring& ring, double seconds, std::uint64_t least);

}  // namespace ridgepoint
