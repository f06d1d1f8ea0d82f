// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "model/core/file_io.h"
#include "model/core/json.h"

namespace ridgepoint::test {

/// The first place where two documents differ, or an empty text.
inline std::string first_difference(const Json& want, const Json& got, const std::string& path = "") {
  if (want.is_object() && got.is_object()) {
    for (const auto& [key, value] : want.items()) {
      if (!got.contains(key)) return path + "." + key + " is missing";
      if (std::string d = first_difference(value, got[key], path + "." + key); !d.empty()) return d;
    }
    for (const auto& [key, value] : got.items())
      if (!want.contains(key)) return path + "." + key + " is new: " + value.dump();
    return {};
  }
  if (want.is_array() && got.is_array() && want.size() == got.size()) {
    for (std::size_t i = 0; i < want.size(); ++i)
      if (std::string d = first_difference(want[i], got[i], path + "[" + std::to_string(i) + "]"); !d.empty())
        return d;
    return {};
  }
  return want == got ? std::string() : path + ": expected " + want.dump() + ", got " + got.dump();
}

/// Compares with the file, or rewrites it when RIDGEPOINT_UPDATE_GOLDENS is set: the diff is then the review.
inline void expect_golden(const Json& got, const std::string& file) {
  const auto bytes = dump_json(got);
  ASSERT_TRUE(bytes) << bytes.error().what;
  if (std::getenv("RIDGEPOINT_UPDATE_GOLDENS") != nullptr) {
    const auto written = write_file_atomically(file, *bytes);
    ASSERT_TRUE(written) << written.error().what;
    return;
  }
  const auto text = read_file(file, kMaxJsonBytes);
  ASSERT_TRUE(text) << text.error().what << "; write it with RIDGEPOINT_UPDATE_GOLDENS=1";
  const auto want = parse_json(*text, file);
  ASSERT_TRUE(want) << want.error().what;
  EXPECT_EQ(first_difference(*want, got), "") << file;
}

}  // namespace ridgepoint::test
