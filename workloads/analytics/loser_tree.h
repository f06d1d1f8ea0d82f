// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace ridgepoint {

/// Which of several ascending sequences has the smallest key next: each node holds the loser of its two
/// sides, so that an answer costs one comparison a level and no branch that could be guessed wrong.
class LoserTree {
 public:
  static constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();

  /// `keys`: the first of each sequence; at least one.
  explicit LoserTree(const std::vector<std::uint64_t>& keys)
      : width_(std::bit_ceil(keys.size())), node_(width_) {
    std::vector<Entry> winner(2 * width_, Entry{kLargest, 0});
    for (std::size_t i = 0; i < keys.size(); ++i) winner[width_ + i] = {keys[i], i};
    for (std::size_t i = keys.size(); i < width_; ++i) winner[width_ + i] = {kLargest, i};
    for (std::size_t n = width_ - 1; n > 0; --n) {
      const Entry &a = winner[2 * n], &b = winner[2 * n + 1];
      const bool right = b.key < a.key;
      winner[n] = right ? b : a;
      node_[n] = right ? a : b;
    }
    top_ = winner[1];
  }

  /// The sequence with the smallest key. Where that key is the largest there is, the answer may be one that
  /// has ended: the others then hold nothing but that key.
  std::size_t top() const { return top_.sequence; }
  std::uint64_t key() const { return top_.key; }

  /// The top's next key; kLargest when it has ended.
  void replace(std::uint64_t key) {
    Entry e{key, top_.sequence};
    for (std::size_t n = (e.sequence + width_) / 2; n > 0; n /= 2) {
      const Entry other = node_[n];
      const bool lost = other.key < e.key;
      node_[n] = lost ? e : other;
      e = lost ? other : e;
    }
    top_ = e;
  }

 private:
  struct Entry {
    std::uint64_t key;
    std::size_t sequence;
  };
  std::size_t width_;
  std::vector<Entry> node_;
  Entry top_{};
};

}  // namespace ridgepoint
