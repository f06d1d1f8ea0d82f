// SPDX-License-Identifier: Apache-2.0
#include "probes/parse.h"

#include <gtest/gtest.h>

namespace ridgepoint {
namespace {

using Cpus = std::vector<int>;

TEST(ParseCount, TakesDigitsAndNothingElse) {
  EXPECT_EQ(parse_count(" 42\n"), 42u);
  EXPECT_EQ(parse_count("18446744073709551615"), 18446744073709551615u);
  for (const char* bad : {"", " ", "-1", "+1", "1.5", "0x10", "12 kB", "18446744073709551616", "\xff", "1e3"})
    EXPECT_FALSE(parse_count(bad)) << "'" << bad << "'";
  EXPECT_FALSE(parse_count(std::string_view("4\0", 2)));
}

TEST(ParseHex, TakesTheKernelsBlockSize) {
  EXPECT_EQ(parse_hex("8000000\n"), 0x8000000u);
  EXPECT_EQ(parse_hex("0x10"), 16u);
  for (const char* bad : {"", "0x", "-1", "g", "10000000000000000"}) EXPECT_FALSE(parse_hex(bad)) << bad;
}

TEST(ParseCpuList, ExpandsRanges) {
  EXPECT_EQ(parse_cpu_list("0-3,8,10-11\n"), (Cpus{0, 1, 2, 3, 8, 10, 11}));
  EXPECT_EQ(parse_cpu_list("7"), Cpus{7});
  EXPECT_EQ(parse_cpu_list("\n"), Cpus{});
}

TEST(ParseCpuList, RefusesWhatNoKernelWrites) {
  for (const char* bad : {"3-1", "0-", "-3", "a", "0,,1", "0-4294967295", "65536", "1-99999999999999999999"})
    EXPECT_FALSE(parse_cpu_list(bad)) << bad;
}

TEST(Bracketed, FindsTheChoiceInForce) {
  EXPECT_EQ(bracketed("always [madvise] never\n"), "madvise");
  EXPECT_EQ(bracketed("always madvise never"), "");
  EXPECT_EQ(bracketed("always [madvise"), "");
  EXPECT_EQ(bracketed("] ["), "");
}

TEST(FirstLine, HoldsNoControlBytesAndIsShort) {
  EXPECT_EQ(first_line("  AMD   EPYC \x1b[31m\nsecond"), "AMD EPYC ?[31m");
  EXPECT_EQ(first_line(std::string(1000, 'x')).size(), 200u);
  EXPECT_EQ(first_line(""), "");
}

TEST(ParseColonLines, KeepsTheFirstOfEqualKeysAndStopsAtTheFirstBlock) {
  const auto all = parse_colon_lines("processor : 0\nmodel : a:b\n\nprocessor : 1\nonly later : x\n");
  EXPECT_EQ(all.at("processor"), "0");
  EXPECT_EQ(all.at("model"), "a:b");
  EXPECT_TRUE(all.contains("only later"));
  EXPECT_FALSE(parse_colon_lines("processor : 0\n\nonly later : x\n", true).contains("only later"));
  EXPECT_TRUE(parse_colon_lines("no colon here\n\xff\xfe\n").empty());
}

TEST(Lines, CountNoLineAfterTheLastLineEnd) {
  EXPECT_EQ(lines("a\nb\n"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(lines("a\nb"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(lines("").empty());
  EXPECT_TRUE(lines("\n").empty());
}

}  // namespace
}  // namespace ridgepoint
