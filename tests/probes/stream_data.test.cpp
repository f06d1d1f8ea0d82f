// SPDX-License-Identifier: Apache-2.0
#include "probes/stream_data.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "model/core/random.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kBytes = 4096 * 1024;

/// What a right triad would leave in memory.
std::vector<float> written(float factor) {
  std::vector<float> a(kBytes / 4), b(kBytes / 4);
  for (std::size_t i = 0; i < kBytes / 8; ++i) {
    const std::uint64_t x = stream_word(random_bits(1, i)), y = stream_word(random_bits(2, i));
    std::memcpy(&a[2 * i], &x, 8);
    std::memcpy(&b[2 * i], &y, 8);
  }
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += factor * b[i];
  return a;
}

bool right(const std::vector<float>& memory, float factor) {
  return stream_pages_right(kBytes, {.first = 1, .second = 2, .factor = factor},
                            [&](float* to, std::size_t offset, std::size_t bytes) {
                              std::copy_n(memory.data() + offset / 4, bytes / 4, to);
                            });
}

TEST(StreamData, AreFloatsBetweenOneAndTwo) {
  for (const std::uint64_t random : {0ULL, ~0ULL, 0x123456789abcdef0ULL}) {
    const std::uint64_t word = stream_word(random);
    float halves[2];
    std::memcpy(halves, &word, sizeof word);
    for (const float x : halves) EXPECT_TRUE(x >= 1 && x < 2) << x;
  }
}

TEST(StreamData, TheSumIsThatOfTheWords) {
  EXPECT_EQ(stream_sum(3, 0), 0u);
  EXPECT_EQ(stream_sum(3, 2), stream_word(random_bits(3, 0)) + stream_word(random_bits(3, 1)));
}

TEST(StreamData, ARightCopyAndTriadPass) {
  EXPECT_TRUE(right(written(0), 0));
  EXPECT_TRUE(right(written(3), 3));
}

TEST(StreamData, AWrongFactorASpoiltPageAndANanAreSeen) {
  EXPECT_FALSE(right(written(3), 2.9999F));
  EXPECT_FALSE(right(written(0), 3));
  for (const std::size_t at : {std::size_t{0}, kBytes / 4 - 1}) {
    std::vector<float> memory = written(3);
    memory[at] = -1;
    EXPECT_FALSE(right(memory, 3)) << at;
    memory[at] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_FALSE(right(memory, 3)) << at;
  }
  std::vector<float> copy = written(0);
  copy[0] = std::nextafter(copy[0], 2.0F);
  EXPECT_FALSE(right(copy, 0)) << "a copy is exact";
}

}  // namespace
}  // namespace ridgepoint
