// SPDX-License-Identifier: Apache-2.0
#include "model/compare/compare.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "model/compare/rank_test.h"
#include "model/core/runs.h"

namespace ridgepoint {
namespace {

using Values = std::vector<double>;

double u_of(const Values& a, const Values& b) {
  double u = 0;
  for (const double x : a)
    for (const double y : b) u += y > x ? 1 : y == x ? 0.5 : 0;
  return u;
}

/// By trying every way to deal the values out.
double slow_p(const Values& a, const Values& b) {
  Values all = a;
  all.insert(all.end(), b.begin(), b.end());
  const double mean = static_cast<double>(a.size() * b.size()) / 2;
  const double seen = std::abs(u_of(a, b) - mean);
  double count = 0, far = 0;
  for (unsigned mask = 0; mask < (1u << all.size()); ++mask) {
    Values left, right;
    for (std::size_t i = 0; i < all.size(); ++i) ((mask >> i) & 1 ? right : left).push_back(all[i]);
    if (right.size() != b.size()) continue;
    ++count;
    if (std::abs(u_of(left, right) - mean) >= seen) ++far;
  }
  return far / count;
}

TEST(RankTest, IsTheCountOfAllArrangementsWithAndWithoutTies) {
  const std::vector<std::pair<Values, Values>> cases = {{{1, 2, 3}, {4, 5, 6}},
                                                        {{1, 3, 5, 7}, {2, 4, 6}},
                                                        {{1, 1, 2}, {1, 2, 2, 3}},
                                                        {{5, 5, 5, 5}, {5, 5, 5}},
                                                        {{1, 2, 2, 9, 4}, {2, 2, 7, 8}},
                                                        {{0.1, 0.2}, {0.2, 0.3, 0.4, 0.5, 0.6}},
                                                        {{9, 8, 7, 6, 5}, {1, 2, 3, 4, 5}}};
  for (const auto& [a, b] : cases) {
    const RankTest test = mann_whitney(a, b);
    EXPECT_TRUE(test.exact);
    EXPECT_DOUBLE_EQ(test.u, u_of(a, b));
    EXPECT_NEAR(test.p, slow_p(a, b), 1e-12);
    EXPECT_NEAR(mann_whitney(b, a).p, test.p, 1e-12);
  }
}

/// Arrangements of n and m values without ties that have U = u, by the recursion of Mann and Whitney.
double arrangements(int n, int m, int u, std::map<std::array<int, 3>, double>& known) {
  if (u < 0) return 0;
  if (n == 0 || m == 0) return u == 0 ? 1 : 0;
  const auto [it, fresh] = known.try_emplace({n, m, u}, 0.0);
  if (!fresh) return it->second;
  const double value = arrangements(n - 1, m, u - m, known) + arrangements(n, m - 1, u, known);
  return known[{n, m, u}] = value;
}

TEST(RankTest, TheNormalLawOfLargeSamplesMeetsTheExactCount) {
  Values a(35), b(35);
  std::iota(a.begin(), a.end(), 0.0);
  std::iota(b.begin(), b.end(), 4.5);  // interleaved, shifted
  const RankTest test = mann_whitney(a, b);
  EXPECT_FALSE(test.exact);
  std::map<std::array<int, 3>, double> known;
  double all = 0, far = 0;
  const double seen = std::abs(u_of(a, b) - 35 * 35 / 2.0);
  for (int u = 0; u <= 35 * 35; ++u) {
    const double ways = arrangements(35, 35, u, known);
    all += ways;
    if (std::abs(u - 35 * 35 / 2.0) >= seen) far += ways;
  }
  EXPECT_NEAR(test.p / (far / all), 1, 0.03);
}

TEST(RankTest, TiesNarrowTheNormalLaw) {
  Values a(40, 1.0), b(40, 1.0);
  EXPECT_EQ(mann_whitney(a, b).p, 1);
  for (int i = 0; i < 20; ++i) b[static_cast<std::size_t>(i)] = 2.0;
  // 20 of 80 values are 2 and all of them in b: Fisher's exact chance is 2 C(40,20) / C(80,20) = 8e-8.
  EXPECT_LT(mann_whitney(a, b).p, 1e-5);
}

TEST(RankTest, CliffsDeltaIsTheShareAboveLessTheShareBelow) {
  const Values a = {1, 2, 3}, b = {2, 3, 4, 5};
  EXPECT_NEAR(cliffs_delta(mann_whitney(a, b), 3, 4), (9.0 - 1) / 12, 1e-12);
}

TEST(RankTest, RatioIsTheMedianOfAllPairsWithTheKnownInterval) {
  Values a(10), b(10);
  std::iota(a.begin(), a.end(), 100.0);
  for (std::size_t i = 0; i < 10; ++i) b[i] = 2 * a[i];
  const auto ratio = hodges_lehmann_ratio(a, b, 0.95);
  ASSERT_TRUE(ratio);
  Values pairs;
  for (const double x : a)
    for (const double y : b) pairs.push_back(y / x);
  std::ranges::sort(pairs);
  EXPECT_DOUBLE_EQ(ratio->value, (pairs[49] + pairs[50]) / 2);
  // The tables have the critical value 23 for n = m = 10 at 5 %, two-sided: the 24th pair from each end.
  EXPECT_EQ(ratio->lo, pairs[23]);
  EXPECT_EQ(ratio->hi, pairs[76]);
  EXPECT_FALSE(hodges_lehmann_ratio(Values{1, 0, 2}, b, 0.95)) << "zero has no ratio";
}

TEST(RankTest, TheIntervalOfLargeSamplesHoldsTheTrueRatio) {
  Values a(5000), b(3000);
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = 1 + static_cast<double>(i * 7919 % 5000) / 5000;
  for (std::size_t i = 0; i < b.size(); ++i) b[i] = 1.5 * (1 + static_cast<double>(i * 7919 % 3000) / 3000);
  const auto ratio = hodges_lehmann_ratio(a, b, 0.95);
  ASSERT_TRUE(ratio);
  EXPECT_NEAR(ratio->value, 1.5, 0.01);
  EXPECT_LT(ratio->lo, 1.5);
  EXPECT_GT(ratio->hi, 1.5);
}

// ---- documents ----

Document runs(double factor, int n, const std::string& compiler = "gcc", bool passed = true) {
  RunSet set;
  set.machine_id = "box";
  set.provenance.compiler = compiler;
  KernelRun run;
  run.id = "sparse/spmv";
  run.shape = "grid=10";
  run.dtype = "fp64";
  run.isa = "avx2";
  run.verification.passed = passed;
  for (int i = 0; i < n; ++i) run.wall_s.push_back(factor * (1 + 0.001 * (i * 7 % 11)));
  run.time_s = summarise(run.wall_s);
  run.roof = AdjacentShare{"read", "B/s", 1, {1e9 / factor, 1e9 / factor}, {}};
  set.runs.push_back(run);
  return make_document("runs", set);
}

ComparedSeries only(const Result<Comparison>& c) {
  EXPECT_TRUE(c && c->series.size() == 1);
  return c && c->series.size() == 1 ? c->series.front() : ComparedSeries{};
}

TEST(Compare, AChangeIsNamedWithItsSize) {
  const ComparedSeries slower = only(compare("a", runs(1, 10), "b", runs(1.2, 10), {}));
  EXPECT_EQ(slower.verdict, ChangeVerdict::worse);
  EXPECT_NEAR(slower.ratio->value, 1.2, 0.01);
  EXPECT_EQ(slower.delta, 1);
  EXPECT_EQ(only(compare("a", runs(1.2, 10), "b", runs(1, 10), {})).verdict, ChangeVerdict::better);
  EXPECT_EQ(only(compare("a", runs(1, 10), "b", runs(1, 10), {})).verdict, ChangeVerdict::not_seen);
  EXPECT_EQ(only(compare("a", runs(1, 10), "b", runs(1.04, 10), {})).verdict, ChangeVerdict::negligible);
}

TEST(Compare, EightRepetitionsSupportNoClaim) {
  for (const auto& [n_a, n_b] : {std::pair{8, 20}, std::pair{20, 8}}) {
    const ComparedSeries s = only(compare("a", runs(1, n_a), "b", runs(9, n_b), {}));
    EXPECT_EQ(s.verdict, ChangeVerdict::too_few);
    EXPECT_FALSE(s.p || s.ratio || s.delta || s.p_adjusted);
    EXPECT_TRUE(s.median_a && s.median_b);
  }
  EXPECT_EQ(only(compare("a", runs(1, 9), "b", runs(9, 9), {})).verdict, ChangeVerdict::worse);
}

TEST(Compare, AWrongAnswerIsNoTime) {
  const ComparedSeries s = only(compare("a", runs(1, 10), "b", runs(0.1, 10, "gcc", false), {}));
  EXPECT_EQ(s.verdict, ChangeVerdict::not_comparable);
  EXPECT_FALSE(s.median_b);
}

TEST(Compare, ManySeriesMakeEachClaimHarder) {
  Document a = runs(1, 9), b = runs(1.06, 9);
  EXPECT_EQ(only(compare("a", a, "b", b, {0.05, 1e-4})).verdict, ChangeVerdict::worse);
  for (int i = 0; i < 9; ++i)
    for (Document* d : {&a, &b}) {
      Json copy = runs(1, 9).body["runs"][0];
      copy["id"] = "other/" + std::to_string(i);
      d->body["runs"].push_back(copy);
    }
  const auto c = compare("a", a, "b", b, {0.05, 1e-4});
  ASSERT_TRUE(c);
  ASSERT_EQ(c->series.size(), 10u);
  for (const ComparedSeries& s : c->series) {
    if (!s.subject.starts_with("sparse")) continue;
    EXPECT_NEAR(*s.p_adjusted, 10 * *s.p, 1e-12);
    EXPECT_EQ(s.verdict, ChangeVerdict::not_seen) << "4e-5 times ten is more than 1e-4";
  }
}

TEST(Compare, WhatDiffersAroundIsNamed) {
  const auto c = compare("a", runs(1, 10, "gcc 12"), "b", runs(1.3, 10, "clang 14"), {});
  ASSERT_TRUE(c);
  ASSERT_EQ(c->environment.size(), 1u);
  EXPECT_EQ(c->environment[0].what, "compiler");
  EXPECT_EQ(c->environment[0].a, "gcc 12");
  EXPECT_EQ(c->environment[0].b, "clang 14");
  ASSERT_EQ(c->warnings.size(), 2u);
  EXPECT_EQ(c->warnings[0].code, "environment-differs");
  EXPECT_EQ(c->warnings[1].code, "roof-moved") << "the read roof fell by the same factor";
  EXPECT_EQ(compare("b", runs(1, 10, "clang 14"), "a", runs(1, 10, "gcc 12"), {})->environment.size(), 1u);
  EXPECT_TRUE(compare("a", runs(1, 10), "b", runs(1, 10), {})->warnings.empty());
}

TEST(Compare, WhatOnlyOneSideHasIsNamedAndKindsDoNotMix) {
  Document other = runs(1, 10);
  other.body["runs"][0]["shape"] = "grid=20";
  const auto c = compare("a", runs(1, 10), "b", other, {});
  ASSERT_TRUE(c);
  EXPECT_TRUE(c->series.empty());
  EXPECT_EQ(c->only_a, std::vector<std::string>{"sparse/spmv grid=10 fp64"});
  EXPECT_EQ(c->only_b, std::vector<std::string>{"sparse/spmv grid=20 fp64"});
  EXPECT_EQ(c->warnings.back().code, "nothing-in-common");
  EXPECT_FALSE(compare("a", runs(1, 10), "b", Document{"listing", Json::object()}, {}));
  EXPECT_FALSE(compare("a", Document{"listing", {}}, "b", Document{"listing", {}}, {}));
}

}  // namespace
}  // namespace ridgepoint
