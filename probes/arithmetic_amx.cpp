// SPDX-License-Identifier: Apache-2.0
// AMX: dot products of tiles, INT8 and BF16. Called only where the CPU and the operating system have tiles.
#include "probes/arithmetic.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "model/core/cycle_chain.h"
#include "model/core/text.h"
#include "probes/arithmetic_x86.h"

namespace ridgepoint {
namespace {

// Four accumulator tiles from two times two input tiles of 16 rows x 64 bytes
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
  return arithmetic_done(rounds, 4, 2 * 16 * 16 * 64, wrong);
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
  return arithmetic_done(rounds, 4, 2 * 16 * 16 * 32, wrong);
}

/// Linux gives the tile registers on request only (arch_prctl ARCH_REQ_XCOMP_PERM, XTILEDATA), for the whole
/// process.
bool tiles_granted() {
  constexpr long kRequest = 0x1023, kTileData = 18;
  return syscall(SYS_arch_prctl, kRequest, kTileData) == 0;
}

}  // namespace

/// The tiles take 64 cycles a round; with 70 additions beside them a round took about 74, so the clock seemed
/// 5 % low. Hence a quarter more at least.
#define RIDGEPOINT_TILE_CLOCKS(loop)                     \
  {                                                      \
    {80, loop<80>}, {100, loop<100>}, { 140, loop<140> } \
  }

void add_amx_loops(std::vector<ArithmeticLoop>& loops) {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("amx-tile") || !tiles_granted()) return;
  constexpr double kTileLimit = 1.0 / 16;  // a row a cycle: Intel 64 optimization reference manual, AMX
  const auto add = [&](const char* dtype, const std::string& sums, ArithmeticRun (*run)(std::int64_t),
                       std::vector<ClockLoop> clocks) {
    loops.push_back({dtype, "amx", starts_with(dtype, "int") ? "op/s" : "flop/s",
                     "4 accumulator tiles of 16 x 16, " + sums, kExact, run, std::move(clocks), kTileLimit});
  };
  if (__builtin_cpu_supports("amx-bf16"))
    add("bf16", "FP32 sums", bf16_amx<0>, RIDGEPOINT_TILE_CLOCKS(bf16_amx));
  if (__builtin_cpu_supports("amx-int8"))
    add("int8", "INT32 sums", int8_amx<0>, RIDGEPOINT_TILE_CLOCKS(int8_amx));
}

}  // namespace ridgepoint

#else

namespace ridgepoint {
void add_amx_loops(std::vector<ArithmeticLoop>&) {}
}  // namespace ridgepoint
#endif
