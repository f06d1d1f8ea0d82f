// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace ridgepoint {

/// Dependent additions of two registers, one cycle each on every core we know of. (Additions of a constant
/// will not do: Golden Cove and later fold those away when they rename registers.)
class CycleChain {
 public:
  template <int kAdds>
  [[gnu::always_inline]] void add() {
    if constexpr (kAdds > 0) {
#if defined(__x86_64__)
      asm volatile(".rept %c2\n\tadd %1, %0\n\t.endr" : "+r"(sum_) : "r"(term_), "i"(kAdds) : "cc");
#elif defined(__aarch64__) || defined(__powerpc64__)
      asm volatile(".rept %c2\n\tadd %0, %0, %1\n\t.endr" : "+r"(sum_) : "r"(term_), "i"(kAdds));
#elif defined(__riscv)
      asm volatile(".rept %2\n\tadd %0, %0, %1\n\t.endr" : "+r"(sum_) : "r"(term_), "i"(kAdds));
#else
#error "say how this processor adds two registers"
#endif
    }
  }

 private:
  std::uint64_t sum_ = 1, term_ = 3;
};

/// Of loops with more and more additions a round, and the clocks they show (additions a second): the first
/// where the additions, not the other work, take the time, so that the next shows no more than a tenth more.
/// (A little more it may: sparser work lets some CPUs clock up, so the densest that will do is wanted.)
inline std::size_t chain_bound(const std::vector<double>& clocks) {
  std::size_t k = 0;
  while (k + 1 < clocks.size() && clocks[k + 1] > 1.1 * clocks[k]) ++k;
  return k;
}

/// The densest of `loops`, each with more `adds` than the one before, whose additions bind. `seconds(loop)`
/// times one; the best of three counts.
template <class Loop, class Seconds>
const Loop& bound_loop(const std::vector<Loop>& loops, Seconds seconds) {
  std::vector<double> clocks;
  for (const Loop& loop : loops) {
    const double a = seconds(loop), b = seconds(loop), c = seconds(loop);
    clocks.push_back(loop.adds / std::min({a, b, c}));
  }
  return loops[chain_bound(clocks)];
}

/// Keeps a value a value of its own: the compiler may not put it into a vector with its neighbours.
template <class T>
[[gnu::always_inline]] inline void keep_scalar(T& value) {
#if defined(__x86_64__)
  asm volatile("" : "+x"(value));
#elif defined(__aarch64__)
  asm volatile("" : "+w"(value));
#else
  asm volatile("" : "+f"(value));
#endif
}

}  // namespace ridgepoint
