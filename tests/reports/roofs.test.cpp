// SPDX-License-Identifier: Apache-2.0
#include "reports/pages/roofs.h"

#include <gtest/gtest.h>

namespace ridgepoint::report {
namespace {

Facts facts_of(const std::map<std::string, std::pair<double, std::string>>& numbers) {
  Facts facts;
  for (const auto& [key, figure] : numbers) facts[key] = measured(figure.first, figure.second, "test");
  return facts;
}

std::vector<std::string> names_of(const std::vector<Roof>& roofs) {
  std::vector<std::string> names;
  for (const Roof& r : roofs) names.push_back(r.name);
  return names;
}

using Names = std::vector<std::string>;

TEST(Roofs, TheHighestOfEachTierAndEachTypeIsDrawn) {
  const RooflineChart chart = roofs_of(facts_of({{"compute.fp32.avx2", {2e11, "flop/s"}},
                                                 {"compute.fp32.scalar", {2e10, "flop/s"}},
                                                 {"compute.fp64.avx2", {1e11, "flop/s"}},
                                                 {"memory.dram.bandwidth.copy", {3e10, "byte/s"}},
                                                 {"memory.dram.bandwidth.triad", {4e10, "byte/s"}},
                                                 {"memory.l1.bandwidth.read", {3e11, "byte/s"}}}));
  EXPECT_EQ(names_of(chart.bandwidth), (Names{"l1 read", "dram triad"}));
  EXPECT_EQ(names_of(chart.compute), (Names{"fp32 avx2", "fp64 avx2"}));
}

TEST(Roofs, FiguresOfSomeThreadsAreNotTheMachines) {
  const RooflineChart chart = roofs_of(facts_of({{"compute.fp32.avx2.1t", {2e11, "flop/s"}},
                                                 {"compute.fp32.16t", {2e11, "flop/s"}},
                                                 {"memory.dram.bandwidth.copy.1t", {3e10, "byte/s"}},
                                                 {"memory.dram.bandwidth.1t", {3e10, "byte/s"}}}));
  EXPECT_TRUE(chart.compute.empty() && chart.bandwidth.empty());
}

TEST(Roofs, OtherUnitsAndOtherFactsAreNoRoofs) {
  const RooflineChart chart = roofs_of(facts_of({{"compute.int8.avx2", {4e11, "op/s"}},
                                                 {"memory.dram.capacity", {8e9, "byte"}},
                                                 {"memory.dram.latency.read", {8e-8, "s"}},
                                                 {"storage.disk.bandwidth.read", {1e9, "byte/s"}}}));
  EXPECT_TRUE(chart.compute.empty() && chart.bandwidth.empty());
}

TEST(Roofs, AbsurdRatesAreNotDrawn) {
  for (const double rate : {0.0, 0.5, 1e25, 1e300}) {
    const RooflineChart chart = roofs_of(facts_of({{"compute.fp32.avx2", {rate, "flop/s"}}}));
    EXPECT_TRUE(chart.compute.empty()) << rate;
  }
}

TEST(Roofs, TheTableHoldsAlsoWhatIsNotDrawn) {
  const Facts facts =
      facts_of({{"compute.fp32.avx2", {2e11, "flop/s"}}, {"compute.fp32.scalar", {2e10, "flop/s"}}});
  const Table table = roofs_table(facts);
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(words_of(table.rows[0].cells[0]) + " " + words_of(table.rows[0].cells[2]), "fp32 avx2 yes");
  EXPECT_EQ(words_of(table.rows[1].cells[0]) + " " + words_of(table.rows[1].cells[2]), "fp32 scalar no");
}

}  // namespace
}  // namespace ridgepoint::report
