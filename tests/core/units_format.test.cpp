// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <type_traits>

#include "model/core/format.h"
#include "model/core/units.h"

namespace ridgepoint {
namespace {

static_assert(std::is_same_v<decltype(Bytes(1) / BytesPerSecond(1)), Seconds>);
static_assert(std::is_same_v<decltype(Flops(1) / Bytes(1)), FlopsPerByte>);
static_assert(std::is_same_v<decltype(Watts(1) * Seconds(1)), Joules>);
static_assert(!std::is_convertible_v<double, Bytes>);

TEST(Units, QuotientsCarryTheirDimension) { EXPECT_EQ((Bytes(10) / BytesPerSecond(4)).in_base_units(), 2.5); }

TEST(Format, ThreeSignificantDigitsWithTheRightPrefix) {
  EXPECT_EQ(show_bytes(1536.0 * kGibi), "1.5 TiB");
  EXPECT_EQ(show_bytes(80 * kGibi), "80 GiB");
  EXPECT_EQ(show_rate(76.8e9, "B/s"), "76.8 GB/s");
  EXPECT_EQ(show_rate(989e12, "FLOP/s"), "989 TFLOP/s");
  EXPECT_EQ(show_seconds(1.5e-7), "150 ns");
  EXPECT_EQ(show_seconds(0.0123456), "12.3 ms");
  EXPECT_EQ(show_seconds(90), "90 s");
  EXPECT_EQ(show_seconds(3600), "60 min");
  EXPECT_EQ(show_usd(0.000456), "$0.000456");
  EXPECT_EQ(show_joules(7.2e6), "2 kWh");
  EXPECT_EQ(show_percent(0.8534), "85.3 %");
  EXPECT_EQ(show_number(0), "0");
}

TEST(Format, RoundingNeverShowsFourDigitsBeforeThePrefixChanges) {
  EXPECT_EQ(show_rate(999.6e6, "B/s"), "1 GB/s");
  EXPECT_EQ(show_rate(999.4e6, "B/s"), "999 MB/s");
  EXPECT_EQ(show_seconds(0.9996e-3), "1 ms");
  EXPECT_EQ(show_number(999.6), "1000");
}

TEST(Format, GbIsNotGib) {
  EXPECT_EQ(*parse_bytes("64GiB"), 64 * kGibi);
  EXPECT_EQ(*parse_bytes("64 GB"), 64e9);
  EXPECT_EQ(*parse_bytes("4096"), 4096);
  EXPECT_EQ(*parse_bytes("1.5TB"), 1.5e12);
}

TEST(Format, EachPrefixIsAThousandOr1024OfTheOneBefore) {
  const char* decimal[] = {"kB", "MB", "GB", "TB", "PB"};
  const char* binary[] = {"KiB", "MiB", "GiB", "TiB", "PiB"};
  double d = 1, b = 1;
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(*parse_bytes(std::string("1 ") + decimal[i]), d *= 1000);
    EXPECT_EQ(*parse_bytes(std::string("1 ") + binary[i]), b *= 1024);
  }
}

TEST(Format, WhatIsShownIsReadBackWithinRounding) {
  for (double v = 1; v < 1e15; v *= 7.3) {
    const auto back = parse_bytes(show_bytes(v));
    ASSERT_TRUE(back) << show_bytes(v);
    EXPECT_NEAR(*back / v, 1, 0.006);
  }
}

TEST(Format, NonsenseSizesAreRefused) {
  for (const char* text : {"", "GB", "-1GB", "1 GBps", "1e999", "nan", "12 gib", "0x10"})
    EXPECT_FALSE(parse_bytes(text)) << text;
}

}  // namespace
}  // namespace ridgepoint
