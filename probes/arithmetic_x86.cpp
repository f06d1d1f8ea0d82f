// SPDX-License-Identifier: Apache-2.0
// FP16 multiply-add, BF16 and INT8 dot products with accumulation. Each function is compiled
// for its instruction set and called only where the CPU and the operating system have it.
#include "probes/arithmetic.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "model/core/cycle_chain.h"
#include "model/core/text.h"
#include "probes/arithmetic_x86.h"

namespace ridgepoint {
namespace {

/// kRoundUnit rounds of `step` on each of `chains` registers, and the additions of a clock loop among them.
#define RIDGEPOINT_ROUNDS(rounds, chains, step)                                    \
  for (std::int64_t i = 0; i < (rounds); i += kRoundUnit) {                        \
    _Pragma("GCC unroll 8") for (int u = 0; u < kRoundUnit; ++u) {                 \
      _Pragma("GCC unroll 32") for (int k = 0; k < (chains) / 2; ++k) step;        \
      chain.add<kAdds>();                                                          \
      _Pragma("GCC unroll 32") for (int k = (chains) / 2; k < (chains); ++k) step; \
    }                                                                              \
  }

// ---- FP16: as the FP32 chains, to the rounding of 11 bits
template <int kAdds>
[[gnu::target("avx512fp16,avx512bw,avx512vl")]] ArithmeticRun fp16_avx512(std::int64_t rounds) {
  constexpr int kChains = 12;
  CycleChain chain;
  const __m512h a = _mm512_set1_ph(static_cast<_Float16>(0.75F)),
                b = _mm512_set1_ph(static_cast<_Float16>(0.8125F));
  __m512h x[kChains];
#pragma GCC unroll 32
  for (int k = 0; k < kChains; ++k)
    x[k] = _mm512_set1_ph(static_cast<_Float16>(0.11F + 0.83F * static_cast<float>(k)));
  RIDGEPOINT_ROUNDS(rounds, kChains, x[k] = _mm512_fmadd_ph(x[k], a, b));
  double far = 0;
#pragma GCC unroll 32
  for (int k = 0; k < kChains; ++k) {
    alignas(64) _Float16 lanes[32];
    _mm512_store_ph(lanes, x[k]);
    for (const _Float16 lane : lanes) far = std::max(far, std::abs(static_cast<double>(lane) - 3.25));
  }
  return arithmetic_done(rounds, kChains, 2 * 32, far / 3.25);
}

// ---- INT8: four unsigned times signed products added to each 32-bit lane, modulo 2^32, exact
struct Int8Data {
  alignas(64) std::array<std::uint8_t, 64> u;
  alignas(64) std::array<std::int8_t, 64> s;
  std::array<std::uint32_t, 16> once{};  ///< what one instruction adds to each lane
};

Int8Data int8_data() {
  Int8Data data;
  for (std::size_t k = 0; k < 64; ++k) {
    data.u[k] = static_cast<std::uint8_t>(random_below(31, k, 256));
    data.s[k] = static_cast<std::int8_t>(static_cast<int>(random_below(32, k, 256)) - 128);
    data.once[k / 4] += static_cast<std::uint32_t>(data.u[k] * data.s[k]);
  }
  return data;
}

// The instruction is written out, because GCC 12 copies and spills the sums of the intrinsic. Each chain
// starts from its own number k: from a common one they would be equal, and the compiler would see it and run
// one chain for all.

/// 0 if every lane holds its start and `rounds` times its sum.
template <std::size_t N>
double wrong_lanes(const std::array<std::uint32_t, N>& lanes, const Int8Data& data, int start,
                   std::int64_t rounds) {
  double wrong = 0;
  for (std::size_t k = 0; k < N; ++k)
    wrong += lanes[k] == static_cast<std::uint32_t>(start) + data.once[k] * static_cast<std::uint32_t>(rounds)
                 ? 0
                 : 1;
  return wrong;
}

template <int kAdds>
[[gnu::target("avx512vnni,avx512bw,avx512vl")]] ArithmeticRun int8_avx512(std::int64_t rounds) {
  constexpr int kChains = 12;
  CycleChain chain;
  const Int8Data data = int8_data();
  const __m512i left = _mm512_load_si512(data.u.data()), right = _mm512_load_si512(data.s.data());
  __m512i x[kChains];
#pragma GCC unroll 32
  for (int k = 0; k < kChains; ++k) x[k] = _mm512_set1_epi32(k);
  RIDGEPOINT_ROUNDS(rounds, kChains,
                    asm volatile("vpdpbusd %2, %1, %0"
                                 : "+v"(x[k])
                                 : "v"(left), "v"(right)));
  double wrong = 0;
#pragma GCC unroll 32
  for (int k = 0; k < kChains; ++k) {
    alignas(64) std::array<std::uint32_t, 16> lanes;
    _mm512_store_si512(lanes.data(), x[k]);
    wrong += wrong_lanes(lanes, data, k, rounds);
  }
  return arithmetic_done(rounds, kChains, 2 * 64, wrong);
}

template <int kAdds>
[[gnu::target("avxvnni,avx2")]] ArithmeticRun int8_avx2(std::int64_t rounds) {
  constexpr int kChains = 13;
  CycleChain chain;
  const Int8Data data = int8_data();
  const __m256i left = _mm256_load_si256(reinterpret_cast<const __m256i*>(data.u.data()));
  const __m256i right = _mm256_load_si256(reinterpret_cast<const __m256i*>(data.s.data()));
  __m256i x[kChains];
#pragma GCC unroll 32
  for (int k = 0; k < kChains; ++k) x[k] = _mm256_set1_epi32(k);
  RIDGEPOINT_ROUNDS(rounds, kChains,
                    asm volatile("%{vex%} vpdpbusd %2, %1, %0"
                                 : "+x"(x[k])
                                 : "x"(left), "x"(right)));
  double wrong = 0;
#pragma GCC unroll 32
  for (int k = 0; k < kChains; ++k) {
    alignas(32) std::array<std::uint32_t, 8> lanes;
    _mm256_store_si256(reinterpret_cast<__m256i*>(lanes.data()), x[k]);
    wrong += wrong_lanes(lanes, data, k, rounds);
  }
  return arithmetic_done(rounds, kChains, 2 * 32, wrong);
}

// ---- BF16: the sums begin anew before they could round
template <int kAdds>
[[gnu::target("avx512bf16,avx512bw,avx512vl")]] ArithmeticRun bf16_avx512(std::int64_t rounds) {
  constexpr int kChains = 12;
  CycleChain chain;
  alignas(64) std::array<std::uint16_t, 32> left, right;
  std::array<float, 16> once{};
  for (std::size_t k = 0; k < 32; ++k) {
    const int l = small_number(33, k), r = small_number(34, k);
    left[k] = bf16(l), right[k] = bf16(r);
    once[k / 2] += static_cast<float>(l * r);
  }
  __m512bh l, r;
  std::memcpy(&l, left.data(), 64), std::memcpy(&r, right.data(), 64);
  double wrong = 0;
  for (std::int64_t done = 0; done < rounds; done += kExactRounds) {
    const std::int64_t turn = std::min(kExactRounds, rounds - done);
    __m512 x[kChains];
#pragma GCC unroll 32
    for (int k = 0; k < kChains; ++k) x[k] = _mm512_set1_ps(static_cast<float>(k));
    RIDGEPOINT_ROUNDS(turn, kChains, x[k] = _mm512_dpbf16_ps(x[k], l, r));
#pragma GCC unroll 32
    for (int k = 0; k < kChains; ++k) {
      alignas(64) std::array<float, 16> lanes;
      _mm512_store_ps(lanes.data(), x[k]);
      for (std::size_t n = 0; n < 16; ++n)
        wrong += lanes[n] == static_cast<float>(k) + once[n] * static_cast<float>(turn) ? 0 : 1;
    }
  }
  return arithmetic_done(rounds, kChains, 2 * 32, wrong);
}

}  // namespace

/// The clock loops of a function template over the additions a round.
#define RIDGEPOINT_CLOCKS(loop)                                                  \
  {                                                                              \
    {7, loop<7>}, {9, loop<9>}, {13, loop<13>}, {18, loop<18>}, { 27, loop<27> } \
  }
void add_x86_loops(std::vector<ArithmeticLoop>& loops) {
  __builtin_cpu_init();
  const auto add = [&](const char* dtype, const char* isa, const std::string& method, double tolerance,
                       ArithmeticRun (*run)(std::int64_t), std::vector<ClockLoop> clocks) {
    loops.push_back({dtype, isa, starts_with(dtype, "int") ? "op/s" : "flop/s", method, tolerance, run,
                     std::move(clocks)});
  };
  const std::string dot = " chains of dot products with accumulation";
  if (__builtin_cpu_supports("avx512fp16"))
    add("fp16", "avx512", "12 chains of multiply-add in registers", 2e-3, fp16_avx512<0>,
        RIDGEPOINT_CLOCKS(fp16_avx512));
  if (__builtin_cpu_supports("avx512bf16"))
    add("bf16", "avx512", "12" + dot + " in FP32", kExact, bf16_avx512<0>,
        {{13, bf16_avx512<13>}, {27, bf16_avx512<27>}, {40, bf16_avx512<40>}});
  if (__builtin_cpu_supports("avxvnni"))
    add("int8", "avx2", "13" + dot + " in INT32", kExact, int8_avx2<0>, RIDGEPOINT_CLOCKS(int8_avx2));
  if (__builtin_cpu_supports("avx512vnni"))
    add("int8", "avx512", "12" + dot + " in INT32", kExact, int8_avx512<0>, RIDGEPOINT_CLOCKS(int8_avx512));
  add_amx_loops(loops);
}

}  // namespace ridgepoint

#else

namespace ridgepoint {
void add_x86_loops(std::vector<ArithmeticLoop>&) {}
}  // namespace ridgepoint
#endif
