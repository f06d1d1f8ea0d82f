// SPDX-License-Identifier: Apache-2.0
#include "model/core/json.h"

#include <gtest/gtest.h>

#include <limits>

namespace ridgepoint {
namespace {

TEST(Json, DeepNestingIsRefusedWithoutUsingTheStack) {
  const auto r = parse_json(std::string(1'000'000, '['), "deep.json");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().kind, ErrorKind::bad_input);
  EXPECT_NE(r.error().why.find("deeper than 64"), std::string::npos);
}

TEST(Json, DepthAtTheLimitIsAccepted) {
  EXPECT_TRUE(parse_json(std::string(64, '[') + std::string(64, ']'), "x"));
  EXPECT_FALSE(parse_json(std::string(65, '[') + std::string(65, ']'), "x"));
}

TEST(Json, NanInfinityAndOverflowAreRefused) {
  for (const char* text : {"NaN", "[NaN]", "Infinity", "-Infinity", "1e999", "[-1e400]"})
    EXPECT_FALSE(parse_json(text, "x")) << text;
}

TEST(Json, DuplicateKeysAreRefused) {
  const auto r = parse_json(R"({"a": 1, "b": {"a": 2}, "a": 3})", "x");
  ASSERT_FALSE(r);
  EXPECT_NE(r.error().why.find("'a' stands twice"), std::string::npos);
  EXPECT_TRUE(parse_json(R"({"a": {"a": 1}})", "x"));
}

TEST(Json, EveryTruncationOfADocumentIsRefused) {
  const std::string text = R"({"a": [1, 2.5, "x\u00e9"], "b": {"c": null, "d": true}})";
  for (std::size_t n = 0; n < text.size(); ++n) EXPECT_FALSE(parse_json(text.substr(0, n), "x")) << n;
  EXPECT_TRUE(parse_json(text, "x"));
}

TEST(Json, TextAfterTheEndIsRefused) { EXPECT_FALSE(parse_json("{} {}", "x")); }

TEST(Json, WritingNanIsRefusedRatherThanWrittenAsNull) {
  EXPECT_FALSE(dump_json(Json{{"a", std::numeric_limits<double>::quiet_NaN()}}));
  EXPECT_FALSE(dump_json(Json{{"a", {1.0, std::numeric_limits<double>::infinity()}}}));
}

TEST(Json, NumbersRoundTripExactly) {
  for (const double v : {0.1, 1.0 / 3.0, 5e-324, 1.7976931348623157e308, 123456789.123}) {
    const auto text = dump_json(Json(v));
    ASSERT_TRUE(text);
    EXPECT_EQ(parse_json(*text, "x")->get<double>(), v);
  }
}

TEST(Json, InvalidUtf8DoesNotStopTheWriter) { EXPECT_TRUE(dump_json(Json(std::string("\xff\xfe")))); }

}  // namespace
}  // namespace ridgepoint
