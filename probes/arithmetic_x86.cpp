// SPDX-License-Identifier: Apache-2.0
// FP16 multiply-add, BF16 and INT8 dot products with accumulation, and AMX tiles. Each function is compiled
// for its instruction set and called only where the CPU and the operating system have it.
#include "probes/arithmetic.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "model/core/random.h"
#include "model/core/text.h"
#include "probes/cycle_chain.h"

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

ArithmeticRun done(std::int64_t rounds, int chains, double operations, double residual) {
  const double steps = static_cast<double>(chains) * static_cast<double>(rounds);
  return {operations * steps, steps, residual};
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
  return done(rounds, kChains, 2 * 32, far / 3.25);
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

constexpr double kExact = 0.5;  // the residual counts wrong lanes

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
  return done(rounds, kChains, 2 * 64, wrong);
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
  return done(rounds, kChains, 2 * 32, wrong);
}

// ---- BF16: small whole numbers, so that the FP32 sums are exact for 2^16 rounds, after which they begin
// anew
constexpr std::int64_t kExactRounds = 1 << 16;

/// -4 ... 4 without 0.
int small_number(std::uint64_t stream, std::size_t k) {
  const int n = static_cast<int>(random_below(stream, k, 8)) - 4;
  return n >= 0 ? n + 1 : n;
}

std::uint16_t bf16(int value) {  // exact: 8 bits are enough
  return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(static_cast<float>(value)) >> 16);
}

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
  return done(rounds, kChains, 2 * 32, wrong);
}

// ---- AMX: four accumulator tiles from two times two input tiles of 16 rows x 64 bytes
struct alignas(64) TileConfig {
  std::uint8_t palette = 1, start_row = 0, reserved[14] = {};
  std::uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};
static_assert(sizeof(TileConfig) == 64);

struct TileData {
  alignas(64) std::array<std::uint8_t, 1024> a, b;
  std::array<std::int64_t, 256> once{};  ///< A x B, row by row
};

/// Element (row, k) of A is at row*depth + k; B is stored in groups of `group` rows side by side (VNNI
/// order).
template <class Put>
TileData tile_data(std::size_t depth, std::size_t group, int (*value)(std::uint64_t, std::size_t), Put put) {
  TileData data;
  std::vector<int> a(16 * depth), b(depth * 16);
  for (std::size_t k = 0; k < a.size(); ++k) {
    a[k] = value(35, k);
    put(data.a, k, a[k]);
  }
  for (std::size_t k = 0; k < depth; ++k)
    for (std::size_t n = 0; n < 16; ++n) {
      b[k * 16 + n] = value(36, k * 16 + n);
      put(data.b, (k / group * 16 + n) * group + k % group, b[k * 16 + n]);
    }
  for (std::size_t m = 0; m < 16; ++m)
    for (std::size_t n = 0; n < 16; ++n)
      for (std::size_t k = 0; k < depth; ++k) data.once[m * 16 + n] += a[m * depth + k] * b[k * 16 + n];
  return data;
}

int any_int8(std::uint64_t stream, std::size_t k) {
  return static_cast<int>(random_below(stream, k, 256)) - 128;
}

// The tile intrinsics are statements, and their tile numbers must be literals: hence macros.
#define RIDGEPOINT_TILES_LOAD(data)      \
  do {                                   \
    _tile_zero(0);                       \
    _tile_zero(1);                       \
    _tile_zero(2);                       \
    _tile_zero(3);                       \
    _tile_loadd(4, (data).a.data(), 64); \
    _tile_loadd(5, (data).a.data(), 64); \
    _tile_loadd(6, (data).b.data(), 64); \
    _tile_loadd(7, (data).b.data(), 64); \
  } while (false)
#define RIDGEPOINT_TILES_MULTIPLY(multiply) \
  do {                                      \
    multiply(0, 4, 6);                      \
    multiply(1, 4, 7);                      \
    multiply(2, 5, 6);                      \
    multiply(3, 5, 7);                      \
  } while (false)

template <class Out, class Right>
double wrong_tile(const std::array<Out, 256>& tile, Right right) {
  double wrong = 0;
  for (std::size_t k = 0; k < 256; ++k) wrong += tile[k] == right(k) ? 0 : 1;
  return wrong;
}

template <int kAdds>
[[gnu::target("amx-tile,amx-int8")]] ArithmeticRun int8_amx(std::int64_t rounds) {
  static const TileData data = tile_data(64, 4, any_int8, [](auto& bytes, std::size_t at, int value) {
    bytes[at] = static_cast<std::uint8_t>(value);
  });
  const TileConfig config;
  _tile_loadconfig(&config);
  RIDGEPOINT_TILES_LOAD(data);
  CycleChain chain;
  for (std::int64_t i = 0; i < rounds; ++i) {
    RIDGEPOINT_TILES_MULTIPLY(_tile_dpbssd);
    chain.add<kAdds>();
  }
  double wrong = 0;
  alignas(64) std::array<std::uint32_t, 256> out;
  const auto right = [&](std::size_t k) {
    return static_cast<std::uint32_t>(data.once[k]) * static_cast<std::uint32_t>(rounds);
  };
  _tile_stored(0, out.data(), 64);
  wrong += wrong_tile(out, right);
  _tile_stored(1, out.data(), 64);
  wrong += wrong_tile(out, right);
  _tile_stored(2, out.data(), 64);
  wrong += wrong_tile(out, right);
  _tile_stored(3, out.data(), 64);
  wrong += wrong_tile(out, right);
  _tile_release();
  return done(rounds, 4, 2 * 16 * 16 * 64, wrong);
}

template <int kAdds>
[[gnu::target("amx-tile,amx-bf16")]] ArithmeticRun bf16_amx(std::int64_t rounds) {
  static const TileData data = tile_data(32, 2, small_number, [](auto& bytes, std::size_t at, int value) {
    const std::uint16_t word = bf16(value);
    std::memcpy(bytes.data() + 2 * at, &word, 2);
  });
  const TileConfig config;
  _tile_loadconfig(&config);
  double wrong = 0;
  CycleChain chain;
  constexpr std::int64_t kTurn = kExactRounds / 2;  // 32 products of at most 16: below 2^24
  for (std::int64_t done = 0; done < rounds; done += kTurn) {
    const std::int64_t turn = std::min(kTurn, rounds - done);
    RIDGEPOINT_TILES_LOAD(data);
    for (std::int64_t i = 0; i < turn; ++i) {
      RIDGEPOINT_TILES_MULTIPLY(_tile_dpbf16ps);
      chain.add<kAdds>();
    }
    alignas(64) std::array<float, 256> out;
    const auto right = [&](std::size_t k) { return static_cast<float>(data.once[k] * turn); };
    _tile_stored(0, out.data(), 64);
    wrong += wrong_tile(out, right);
    _tile_stored(3, out.data(), 64);
    wrong += wrong_tile(out, right);
  }
  _tile_release();
  return done(rounds, 4, 2 * 16 * 16 * 32, wrong);
}

/// Linux gives the tile registers on request only (arch_prctl ARCH_REQ_XCOMP_PERM, XTILEDATA), for the whole
/// process.
bool tiles_granted() {
  constexpr long kRequest = 0x1023, kTileData = 18;
  return syscall(SYS_arch_prctl, kRequest, kTileData) == 0;
}

}  // namespace

/// The clock loops of a function template over the additions a round.
#define RIDGEPOINT_CLOCKS(loop)                                                  \
  {                                                                              \
    {7, loop<7>}, {9, loop<9>}, {13, loop<13>}, {18, loop<18>}, { 27, loop<27> } \
  }
#define RIDGEPOINT_TILE_CLOCKS(loop)                                     \
  {                                                                      \
    {70, loop<70>}, {80, loop<80>}, {100, loop<100>}, { 140, loop<140> } \
  }

void add_x86_loops(std::vector<ArithmeticLoop>& loops) {
  __builtin_cpu_init();
  const auto add = [&](const char* dtype, const char* isa, const std::string& method, double tolerance,
                       ArithmeticRun (*run)(std::int64_t), std::vector<ClockLoop> clocks, double limit = 0) {
    loops.push_back({dtype, isa, starts_with(dtype, "int") ? "op/s" : "flop/s", method, tolerance, run,
                     std::move(clocks), limit});
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
  if (!__builtin_cpu_supports("amx-tile") || !tiles_granted()) return;
  constexpr double kTileLimit = 1.0 / 16;  // a row a cycle: Intel 64 optimization reference manual, AMX
  const std::string tiles = "4 accumulator tiles of 16 x 16, ";
  if (__builtin_cpu_supports("amx-bf16"))
    add("bf16", "amx", tiles + "FP32 sums", kExact, bf16_amx<0>, RIDGEPOINT_TILE_CLOCKS(bf16_amx),
        kTileLimit);
  if (__builtin_cpu_supports("amx-int8"))
    add("int8", "amx", tiles + "INT32 sums", kExact, int8_amx<0>, RIDGEPOINT_TILE_CLOCKS(int8_amx),
        kTileLimit);
}

}  // namespace ridgepoint

#else

namespace ridgepoint {
void add_x86_loops(std::vector<ArithmeticLoop>&) {}
}  // namespace ridgepoint
#endif
