// SPDX-License-Identifier: Apache-2.0
#include "probes/noise_control.h"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace ridgepoint {
namespace {

constexpr int kRepeats = 3;
constexpr int kSteps = 250'000;        // a dependent multiplication and addition each: about 0.5 ms
constexpr std::size_t kLineWords = 8;  // one word of each 64-byte line is enough to move the line

double chain(double start) {
  volatile double factor = 0.999999;  // unknown to the compiler, so nothing folds
  const double a = factor;
  double x = start;
  for (int i = 0; i < kSteps; ++i) x = x * a + 1e-6;
  return x;
}

double sweep(const std::uint64_t* words, Share share) {
  std::uint64_t sum = 0;
  for (std::size_t i = share.begin; i < share.end; i += kLineWords) sum += words[i];
  return static_cast<double>(sum);
}

/// The best of a few timed runs.
template <class Work>
double best(Team& team, const Work& work) {
  double seconds = std::numeric_limits<double>::infinity();
  for (int i = 0; i < kRepeats; ++i) seconds = std::min(seconds, team.timed_run(work));
  return seconds;
}

}  // namespace

NoiseControl::NoiseControl(const std::vector<int>& cpus, double memory_byte)
    : team_(cpus), results_(cpus.size()) {
  auto made = Buffer::make(static_cast<std::size_t>(memory_byte));
  if (!made) return;
  memory_.emplace(std::move(*made));
  auto* words = memory_->as<std::uint64_t>();
  const std::size_t n = memory_->bytes() / sizeof *words;
  team_.run([&](int i) {  // first touch by the thread that reads it later; data no memory can compress away
    const Share share = share_of(n, i, team_.size(), kLineWords);
    for (std::size_t w = share.begin; w < share.end; ++w) words[w] = w * 0x9E3779B97F4A7C15u;
  });
}

NoiseControl::Times NoiseControl::sample() {
  Times times;
  times.compute_s = best(team_, [&](int i) {
    double& result = results_[static_cast<std::size_t>(i)];
    result = chain(result);
  });
  if (!memory_) return times;
  const auto* words = memory_->as<std::uint64_t>();
  const std::size_t n = memory_->bytes() / sizeof *words;
  times.memory_s = best(team_, [&](int i) {
    results_[static_cast<std::size_t>(i)] = sweep(words, share_of(n, i, team_.size(), kLineWords));
  });
  return times;
}

}  // namespace ridgepoint
