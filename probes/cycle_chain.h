// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

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
