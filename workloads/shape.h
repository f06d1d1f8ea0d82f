// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "model/core/result.h"

namespace ridgepoint {

/// The size of a case as text data: "ic=64 oc=32 d=64 h=64 w=64". A shape is complete: every key of the
/// kernel's default stands in it.
class Shape {
 public:
  /// `text` overrides keys of `defaults` (which must itself parse). Refuses unknown keys with the nearest
  /// known one, and values that are not whole numbers in 1 .. 2^40.
  static Result<Shape> parse(std::string_view text, std::string_view defaults);

  /// Precondition: the key stands in the kernel's default shape.
  std::int64_t operator[](const std::string& key) const { return values_.at(key); }
  bool has(const std::string& key) const { return values_.contains(key); }
  /// "d=64 h=64 ..." sorted by key.
  std::string text() const;

 private:
  std::map<std::string, std::int64_t> values_;
};

}  // namespace ridgepoint
