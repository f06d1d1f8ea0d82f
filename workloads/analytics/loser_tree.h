// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace ridgepoint {

/// Which of several ascending sequences has the smallest key next: each node holds the loser of its two
/// sides, so that an answer costs one comparison a level.
class LoserTree {
 public:
  static constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();

  /// `keys`: the first of each sequence; at least one and fewer than 2^31.
  explicit LoserTree(const std::vector<std::uint64_t>& keys)
      : width_(std::bit_ceil(keys.size())), key_(width_), sequence_(width_) {
    std::vector<std::uint64_t> best(2 * width_, kLargest);
    std::vector<std::uint32_t> whose(2 * width_);
    for (std::size_t i = 0; i < width_; ++i) whose[width_ + i] = static_cast<std::uint32_t>(i);
    for (std::size_t i = 0; i < keys.size(); ++i) best[width_ + i] = keys[i];
    for (std::size_t n = width_ - 1; n > 0; --n) {
      const std::size_t right = best[2 * n + 1] < best[2 * n] ? 1 : 0;
      best[n] = best[2 * n + right];
      whose[n] = whose[2 * n + right];
      key_[n] = best[2 * n + 1 - right];
      sequence_[n] = whose[2 * n + 1 - right];
    }
    top_key_ = best[1];
    top_ = whose[1];
  }

  /// The sequence with the smallest key. Where that key is the largest there is, the answer may be one that
  /// has ended: the others then hold nothing but that key.
  std::size_t top() const { return top_; }
  std::uint64_t key() const { return top_key_; }

  /// The top's next key; kLargest when it has ended.
  void replace(std::uint64_t key) {
    std::uint32_t sequence = top_;
    for (std::size_t n = (sequence + width_) / 2; n > 0; n /= 2) {
      // Exchanged by masks, in two arrays: of "?:" the compiler made a branch that is guessed wrong every
      // other time, of pairs a vector that waits for its halves; either took twice as long.
      const std::uint64_t other = key_[n];
      const std::uint32_t others = sequence_[n];
      const std::uint64_t lost = -static_cast<std::uint64_t>(other < key);
      const std::uint64_t keys = (other ^ key) & lost;
      const std::uint32_t sequences = (others ^ sequence) & static_cast<std::uint32_t>(lost);
      key_[n] = other ^ keys;
      sequence_[n] = others ^ sequences;
      key ^= keys;
      sequence ^= sequences;
    }
    top_key_ = key;
    top_ = sequence;
  }

 private:
  std::size_t width_;
  std::vector<std::uint64_t> key_;       ///< of the loser at each node
  std::vector<std::uint32_t> sequence_;  ///< and whose it is
  std::uint64_t top_key_ = 0;
  std::uint32_t top_ = 0;
};

}  // namespace ridgepoint
