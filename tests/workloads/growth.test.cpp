// SPDX-License-Identifier: Apache-2.0
#include "workloads/growth.h"

#include <gtest/gtest.h>

namespace ridgepoint {
namespace {

TEST(GrowthShapes, TwoADecadeOverFourDecadesAndNothingTwice) {
  const auto texts = [](std::int64_t top) {
    std::string list;
    const auto shapes = growth_shapes(*Shape::parse("rows=" + std::to_string(top), "bits=7 rows=1"), "rows");
    for (const Shape& s : *shapes) list += std::to_string(s["rows"]) + (s["bits"] == 7 ? " " : "?");
    return list;
  };
  EXPECT_EQ(texts(1000000), "100 316 1000 3162 10000 31623 100000 316228 1000000 ");
  EXPECT_EQ(texts(1 << 20), "105 332 1049 3316 10240 32768 104448 331776 1048576 ") << "whole groups of 1024";
  EXPECT_EQ(texts(20), "1 2 6 20 ") << "none below 1, each once";
}

TEST(GrowthShapes, AKeyThatIsNotThereIsRefused) {
  const auto shapes = growth_shapes(*Shape::parse("", "rows=1"), "keys");
  ASSERT_FALSE(shapes);
  EXPECT_EQ(shapes.error().kind, ErrorKind::bad_input);
}

TEST(GrowthOf, MediansStandBesideTheirSizes) {
  std::vector<KernelRun> runs(3);
  for (std::size_t i = 0; i < 3; ++i) {
    const std::int64_t rows = i == 0 ? 10 : i == 1 ? 100 : 1000;
    runs[i].shape = "bits=7 rows=" + std::to_string(rows);
    runs[i].time_s.median = 0.5 * static_cast<double>(rows);
  }
  const SizeGrowth g = growth_of("analytics/sort", "rows", runs);
  EXPECT_EQ(g.size, (std::vector<double>{10, 100, 1000}));
  EXPECT_EQ(g.time_s, (std::vector<double>{5, 50, 500}));
  EXPECT_NEAR(g.exponent.value_or(0), 1, 1e-12);
  runs.resize(2);
  EXPECT_FALSE(growth_of("analytics/sort", "rows", runs).exponent);
}

}  // namespace
}  // namespace ridgepoint
