// SPDX-License-Identifier: Apache-2.0
#include "probes/storage_latency.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace ridgepoint {
namespace {

// Nanoseconds below 128 have a bucket each; every further octave has 64.
constexpr int kParts = 64, kBits = 40;
constexpr std::size_t kBuckets = kParts * (kBits - 6) + kParts;
constexpr double kLongest = 0x1.0p40 - 1;

std::size_t bucket_of(double seconds) {
  const auto ns = static_cast<std::uint64_t>(std::clamp(std::round(seconds * 1e9), 0.0, kLongest));
  const int shift = std::max(0, static_cast<int>(std::bit_width(ns)) - 7);
  return static_cast<std::size_t>(kParts * shift) + static_cast<std::size_t>(ns >> shift);
}

double middle_of(std::size_t bucket) {
  const std::size_t shift = bucket < 2 * kParts ? 0 : bucket / kParts - 1;
  const double low = std::ldexp(static_cast<double>(bucket - kParts * shift), static_cast<int>(shift));
  return (low + (std::ldexp(1.0, static_cast<int>(shift)) - 1) / 2) * 1e-9;
}

}  // namespace

LatencyHistogram::LatencyHistogram() : buckets_(kBuckets) {}

void LatencyHistogram::add(double seconds) {
  ++buckets_[bucket_of(seconds)];
  ++count_;
}

void LatencyHistogram::add(const LatencyHistogram& other) {
  for (std::size_t i = 0; i < kBuckets; ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
}

std::optional<double> LatencyHistogram::percentile(double q) const {
  constexpr double kBeyond = 5;
  const auto n = static_cast<double>(count_);
  if ((1 - q) * n < kBeyond - 1e-6) return std::nullopt;
  double seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += buckets_[i];
    if (seen >= q * n && seen > 0) return middle_of(i);
  }
  return std::nullopt;
}

}  // namespace ridgepoint
