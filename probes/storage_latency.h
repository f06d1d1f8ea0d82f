// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace ridgepoint {

/// How long requests took: counts in buckets that are at most 1.6 % wide, up to 18 minutes.
class LatencyHistogram {
 public:
  LatencyHistogram();
  void add(double seconds);
  void add(const LatencyHistogram& other);
  std::uint64_t count() const { return count_; }
  /// The latency that the share `q` of the requests kept, at the middle of its bucket. Nothing where fewer
  /// than five requests took longer: such a figure would be luck.
  std::optional<double> percentile(double q) const;

 private:
  std::vector<std::uint32_t> buckets_;
  std::uint64_t count_ = 0;
};

}  // namespace ridgepoint
