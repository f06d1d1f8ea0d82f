// SPDX-License-Identifier: Apache-2.0
#include "probes/stream_data.h"

#include <cmath>
#include <cstring>

#include "model/core/random.h"

namespace ridgepoint {
namespace {

float float_at(std::uint64_t seed, std::size_t index) {
  const std::uint64_t word = stream_word(random_bits(seed, index / 2));
  const auto half = static_cast<std::uint32_t>(index % 2 == 0 ? word : word >> 32);
  float value = 0;
  std::memcpy(&value, &half, sizeof value);
  return value;
}

}  // namespace

std::uint64_t stream_sum(std::uint64_t seed, std::size_t words) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < words; ++i) sum += stream_word(random_bits(seed, i));
  return sum;
}

bool stream_pages_right(std::size_t bytes, const StreamWant& want,
                        const std::function<void(float*, std::size_t, std::size_t)>& fetch) {
  constexpr std::size_t kPage = 1024;
  constexpr std::uint64_t kPages = 66;
  const std::size_t pages = bytes / (kPage * sizeof(float));
  const float tolerance = want.factor > 0 ? 1e-6F : 0;
  std::vector<float> page(kPage);
  for (std::uint64_t k = 0; k < kPages; ++k) {
    const std::size_t p = k == 0   ? 0
                          : k == 1 ? pages - 1
                                   : random_below(5, k, static_cast<std::uint32_t>(pages));
    fetch(page.data(), p * kPage * sizeof(float), kPage * sizeof(float));
    for (std::size_t i = 0; i < kPage; ++i) {
      const std::size_t at = p * kPage + i;
      const float expected = float_at(want.first, at) + want.factor * float_at(want.second, at);
      if (!(std::abs(page[i] - expected) <= tolerance * expected)) return false;
    }
  }
  return true;
}

void random_fill(std::vector<unsigned char>& bytes, std::uint64_t seed) {
  for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
    const std::uint64_t word = random_bits(seed, i);
    std::memcpy(bytes.data() + i, &word, sizeof word);
  }
}

}  // namespace ridgepoint
