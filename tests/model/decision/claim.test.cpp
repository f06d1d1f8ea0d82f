// SPDX-License-Identifier: Apache-2.0
#include "model/decision/claim.h"

#include <gtest/gtest.h>

#include "model/estimate.h"

namespace ridgepoint {
namespace {

Estimate ranked(const std::string& id, double seconds, double sigma) {
  Estimate e;
  e.platform_id = id;
  e.standing = Standing::ranked;
  e.time_s = log_normal(seconds, sigma);
  return e;
}

Estimate unranked(const std::string& id, Standing standing) {
  Estimate e;
  e.platform_id = id;
  e.standing = standing;
  return e;
}

ClaimResult judged(std::vector<Estimate> estimates, double margin = 1) {
  Answer a;
  a.estimates = std::move(estimates);
  std::vector<bool> claimed(a.estimates.size()), against(a.estimates.size(), true);
  claimed[0] = true;
  against[0] = false;
  return judge(a, Objective::time, claimed, against, margin);
}

TEST(Claim, TheRuleFollowsTheProbability) {
  EXPECT_EQ(judged({ranked("a", 1, 0.2), ranked("b", 3, 0.2)}).judgement, Judgement::holds);
  EXPECT_EQ(judged({ranked("a", 3, 0.2), ranked("b", 1, 0.2)}).judgement, Judgement::does_not_hold);
  const ClaimResult tie = judged({ranked("a", 1, 0.2), ranked("b", 1, 0.2)});
  EXPECT_EQ(tie.judgement, Judgement::cannot_tell);
  EXPECT_NEAR(*tie.probability, 0.5, 1e-6);
}

TEST(Claim, TheMarginCountsANearMissAsAWin) {
  const std::vector<Estimate> list = {ranked("a", 1.5, 0.05), ranked("b", 1, 0.05)};
  EXPECT_EQ(judged(list).judgement, Judgement::does_not_hold);
  EXPECT_EQ(judged(list, 2).judgement, Judgement::holds);
  EXPECT_NEAR(*judged(list, 2).ratio, 1.5, 1e-12);
}

TEST(Claim, AtAMarginOfItsRatioTheSetIsLevel) {
  // Property: a set 1.3, 2 or 7 times worse, allowed just that, is as likely the best as not.
  for (const double ratio : {1.3, 2.0, 7.0})
    EXPECT_NEAR(*judged({ranked("a", ratio, 0.2), ranked("b", 1, 0.2)}, ratio).probability, 0.5, 1e-6);
}

TEST(Claim, ASetOfTwoAddsTheChancesOfItsMembers) {
  // Three equals: two of them hold the best in two of three cases. The third alone has one of three.
  Answer a;
  a.estimates = {ranked("a", 1, 0.2), ranked("b", 1, 0.2), ranked("c", 1, 0.2)};
  const auto r = judge(a, Objective::time, {true, true, false}, {false, false, true}, 1);
  EXPECT_NEAR(*r.probability, 2.0 / 3, 1e-4);
  EXPECT_NEAR(*r.ratio, 1, 1e-12);
  EXPECT_EQ(r.judgement, Judgement::cannot_tell);
  // "b" neither claimed nor allowed to oppose: it takes no part, one of two.
  EXPECT_NEAR(*judge(a, Objective::time, {true, false, false}, {false, false, true}, 1).probability, 0.5,
              1e-6);
}

TEST(Claim, GrowthCountsExpectedWins) {
  ClaimResult likely, unlikely;
  likely.probability = 0.8;
  unlikely.probability = 0.4;
  EXPECT_DOUBLE_EQ(expected_wins({likely, unlikely, ClaimResult{}}), 1.2);
  EXPECT_EQ(judge_growth({unlikely}, {likely}), Judgement::cannot_tell) << "0.4 more: below half a workload";
  EXPECT_EQ(judge_growth({unlikely, unlikely}, {likely, likely}), Judgement::holds) << "0.8 more";
}

TEST(Claim, WhatCannotBeBoughtDoesNotHoldAndWhatLacksAFigureCannotBeTold) {
  const Estimate rival = ranked("b", 1, 0.2);
  EXPECT_EQ(judged({unranked("a", Standing::not_on_sale), rival}).judgement, Judgement::does_not_hold);
  EXPECT_EQ(judged({unranked("a", Standing::does_not_fit), rival}).judgement, Judgement::does_not_hold);
  EXPECT_EQ(judged({unranked("a", Standing::no_figure), rival}).judgement, Judgement::cannot_tell);
  EXPECT_EQ(judged({ranked("a", 1, 0.2), unranked("b", Standing::unknown)}).judgement,
            Judgement::cannot_tell);
}

TEST(Claim, AllWorkloadsMustAgree) {
  ClaimResult yes, no;
  yes.judgement = Judgement::holds;
  yes.probability = 1;
  no.judgement = Judgement::does_not_hold;
  EXPECT_EQ(judge_all({yes, yes}), Judgement::holds);
  EXPECT_EQ(judge_all({no, no}), Judgement::does_not_hold);
  EXPECT_EQ(judge_all({yes, no}), Judgement::cannot_tell);
  EXPECT_EQ(judge_all({}), Judgement::cannot_tell);
  EXPECT_EQ(judge_growth({no}, {yes}), Judgement::holds);
  EXPECT_EQ(judge_growth({yes}, {no}), Judgement::does_not_hold);
  EXPECT_EQ(judge_growth({yes}, {yes}), Judgement::cannot_tell);
}

TEST(Claim, PatternsNameSets) {
  Platform p;
  p.id = "intel-xeon-phi-7250";
  p.vendor = "Intel";
  p.kind = PlatformClass::manycore_cpu;
  p.compute_mix = {"scalar", "vector"};
  EXPECT_TRUE(claim_matches("id:intel-xeon-phi-", p));
  EXPECT_FALSE(claim_matches("class:cpu&vendor:Intel", p));
  EXPECT_TRUE(claim_matches("mix:scalar&mix:vector", p));
  EXPECT_FALSE(claim_matches("mix:scalar&mix:tensor", p));
  EXPECT_FALSE(claim_matches("colour:red", p));
  EXPECT_FALSE(claim_matches(std::vector<std::string>{}, p));
}

}  // namespace
}  // namespace ridgepoint
