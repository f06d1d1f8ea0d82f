// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "model/law/combine.h"
#include "model/law/leave_out.h"
#include "model/validation/shapes.h"
#include "tests/model/support.h"

namespace ridgepoint {
namespace {

StageTerms stage_of(std::vector<LawTerm> terms) {
  return {"s", "conv2d-training", "fp16", "hbm", std::move(terms)};
}

LawTerm term_of(TermKind kind, double seconds) { return {kind, "conv2d-training", seconds, 0, "r", {}}; }

std::vector<std::vector<double>> logs_of(const std::vector<StageTerms>& stages) {
  std::vector<std::vector<double>> out;
  for (const StageTerms& s : stages) {
    auto& list = out.emplace_back();
    for (const LawTerm& t : s.terms) list.push_back(std::log(t.seconds));
  }
  return out;
}

TEST(Combine, OverlappingTermsGoByThe2NormAndOthersAdd) {
  const std::vector<StageTerms> stages = {
      stage_of({term_of(TermKind::compute, 3), term_of(TermKind::memory, 4), term_of(TermKind::launch, 1)})};
  const CombinedTime c = combine(stages, logs_of(stages));
  EXPECT_NEAR(std::exp(c.log_seconds), 6, 1e-12);  // 5 + 1
  EXPECT_NEAR(c.share[0][0], 5.0 * 9 / 25 / 6, 1e-12);
  EXPECT_NEAR(c.share[0][2], 1.0 / 6, 1e-12);
}

TEST(Combine, SharesAreTheDerivativesAndSumToOne) {
  std::vector<StageTerms> stages = {stage_of({term_of(TermKind::compute, 2), term_of(TermKind::memory, 5)}),
                                    stage_of({term_of(TermKind::on_chip, 1), term_of(TermKind::link, 0.5)})};
  const CombinedTime c = combine(stages, logs_of(stages));
  double sum = 0;
  for (const auto& s : c.share)
    for (const double x : s) sum += x;
  EXPECT_NEAR(sum, 1, 1e-12);
  auto logs = logs_of(stages);
  logs[0][1] += 1e-6;
  EXPECT_NEAR((combine(stages, logs).log_seconds - c.log_seconds) / 1e-6, c.share[0][1], 1e-5);
}

Platform device(const std::string& id, double flops, double bandwidth) {
  Platform p;
  p.id = id;
  p.kind = PlatformClass::gpu;
  p.microarchitecture = "Testa";
  const auto add = [&](const std::string& key, double v, const std::string& unit) {
    Fact f;
    f.value = v;
    f.unit = unit;
    f.basis = Basis::measured;
    f.source = "test";
    p.facts[key] = f;
  };
  add("compute.fp32.peak", flops / 10, "flop/s");
  add("compute.fp16.peak", flops, "flop/s");
  add("memory.hbm.bandwidth.peak", bandwidth, "byte/s");
  add("memory.hbm.capacity", 1e12, "byte");
  add("topology.cores", 100, "1");
  add("clock.boost", 1e9, "hz");
  add("cache.llc.capacity", 1e6, "byte");
  return p;
}

Fact number_fact(double v, const std::string& unit) {
  Fact f;
  f.value = v;
  f.unit = unit;
  f.basis = Basis::assumed;
  f.source = "test";
  return f;
}

Workload network() {
  Workload w;
  w.id = "t/net";
  w.phase = Phase::training;
  w.footprint = number_fact(1e6, "byte");
  Stage s;
  s.id = "network";
  s.kernel_class = "conv2d-training";
  s.precisions = {"fp32", "fp16"};
  s.work = number_fact(1e12, "flop");
  s.read = s.written = number_fact(0, "byte");
  s.elements = number_fact(1e9, "1");
  s.launches = number_fact(256, "1");
  w.stages = {s};
  w.parameters = number_fact(1e6, "1");
  w.epoch = number_fact(1000, "1");
  w.convergence = {{1, 10}, {100, 40}};
  return w;
}

double seconds_of(const std::vector<StageTerms>& stages, TermKind kind) {
  double sum = 0;
  for (const StageTerms& s : stages)
    for (const LawTerm& t : s.terms)
      if (t.kind == kind) sum += t.seconds;
  return sum;
}

TEST(Law, ComputeIsWorkOverTheFastestAllowedRoof) {
  const Resources r = resources_of(device("a", 1e14, 1e12));
  Setting s;
  EXPECT_NEAR(seconds_of(*law_terms(network(), r, s), TermKind::compute), 1e12 / 1e14, 1e-9);
  s.precisions = {"fp32"};
  EXPECT_NEAR(seconds_of(*law_terms(network(), r, s), TermKind::compute), 1e12 / 1e13, 1e-9);
  s.core_share = 0.5;
  EXPECT_NEAR(seconds_of(*law_terms(network(), r, s), TermKind::compute), 2e12 / 1e13, 1e-9);
}

TEST(Law, ElementsMoveInThePrecisionUsed) {
  const Resources r = resources_of(device("a", 1e14, 1e12));
  Setting half, single;
  half.batch = single.batch = 1e9;  // weights do not matter then
  single.precisions = {"fp32"};
  EXPECT_NEAR(seconds_of(*law_terms(network(), r, half), TermKind::memory), 2e9 / 1e12, 1e-8);
  EXPECT_NEAR(seconds_of(*law_terms(network(), r, single), TermKind::memory), 4e9 / 1e12, 1e-8);
}

TEST(Law, PlainHalfPrecisionDoesNotTrain) {
  Platform p = device("a", 1e14, 1e12);
  p.facts["compute.fp32.peak"].value = 0.5e14;  // FP16 is merely twice as fast: no wide accumulator
  const Resources r = resources_of(p);
  EXPECT_NEAR(seconds_of(*law_terms(network(), r, {}), TermKind::compute), 1e12 / 0.5e14, 1e-9);
}

TEST(Law, LaunchesAndGradientsAreSharedByTheBatch) {
  const Resources r = resources_of(device("a", 1e14, 1e12));
  Setting small, large;
  small.batch = 64;
  large.batch = 128;
  EXPECT_NEAR(seconds_of(*law_terms(network(), r, small), TermKind::launch),
              2 * seconds_of(*law_terms(network(), r, large), TermKind::launch), 1e-12);
  EXPECT_EQ(seconds_of(*law_terms(network(), r, small), TermKind::reduce), 0)
      << "one device has nobody to ask";
  small.devices = 8;
  EXPECT_GT(seconds_of(*law_terms(network(), r, small), TermKind::reduce), 0);
}

TEST(Law, ABridgeJoinsTwoAndMoreTalkOverTheBus) {
  Platform p = device("a", 1e14, 1e12);
  p.facts["link.pcie.bandwidth"] = number_fact(20e9, "byte/s");
  p.facts["link.scale_up.bandwidth"] = number_fact(200e9, "byte/s");
  Workload w = network();
  w.stages[0].exchange = number_fact(1e9, "byte");
  const auto exchange = [&](double devices) {
    Setting s;
    s.devices = devices;
    return seconds_of(*law_terms(w, resources_of(p), s), TermKind::exchange);
  };
  EXPECT_NEAR(exchange(8), 1e9 / 100e9, 1e-12) << "one direction of a fabric that joins all";
  p.facts["link.scale_up.devices"] = number_fact(2, "1");
  EXPECT_NEAR(exchange(2), 1e9 / 100e9, 1e-12);
  EXPECT_NEAR(exchange(8), 1e9 / 10e9, 1e-12) << "half of the bus";
}

TEST(Law, CrowdingIsTheWorkAskedOfAJouleOverWhatWasUsual) {
  Platform p = device("a", 1e14, 1e12);
  const auto crowding = [&] { return (*law_terms(network(), resources_of(p), {}))[0].terms[0].crowding; };
  EXPECT_FALSE(crowding()) << "no power limit is known";
  p.facts["power.tdp"] = number_fact(200, "w");
  p.facts["date.launch"] = Fact{};
  p.facts["date.launch"].value = std::string("2023-01");
  // 1e14 flop/s x 2 byte / 200 W = 1e12; usual three years after 2020: 2e12.
  ASSERT_TRUE(crowding());
  EXPECT_NEAR(*crowding(), -std::log(2), 1e-9);
  p.kind = PlatformClass::cpu;
  EXPECT_FALSE(crowding());
}

TEST(Law, DiesAndCodeNamesShareAGeneration) {
  EXPECT_EQ(generation_of("Ampere GA102"), "Ampere");
  EXPECT_EQ(generation_of("Ampere GA10B"), "Ampere");
  EXPECT_EQ(generation_of("Zen 2 (Rome)"), "Zen 2");
  EXPECT_EQ(generation_of("Hopper + Grace"), "Hopper");
  EXPECT_EQ(generation_of("AI 100"), "AI 100");
  EXPECT_EQ(generation_of("Cascade Lake-SP"), "Cascade Lake-SP");
  EXPECT_NEAR(*year_of_date("2021-04"), 2021.25, 1e-9);
  EXPECT_FALSE(year_of_date("soon"));
}

TEST(Law, ACacheKeepsTrafficFromMemory) {
  const Resources r = resources_of(device("a", 1e14, 1e12));
  Workload w = network();
  w.phase = Phase::solver;
  Stage& s = w.stages[0];
  s.kernel_class = "spmv";
  s.elements.reset();
  s.read = number_fact(1e9, "byte");
  s.working_set = number_fact(1.4e6, "byte");  // half of it fits in 70 % of 1 MB
  const auto terms = *law_terms(w, r, {});
  double memory = 0, cached = 0;
  for (const LawTerm& t : terms[0].terms) {
    if (t.kernel_class == "spmv" && t.kind == TermKind::memory) memory = t.seconds;
    if (t.kernel_class == "spmv-cached") cached = t.seconds;
  }
  EXPECT_NEAR(memory, 0.5e9 / 1e12, 1e-5);
  EXPECT_NEAR(cached, 0.5e9 / 3e12, 1e-5);
}

TEST(Law, WhatIsNotKnownIsRefused) {
  Platform p = device("a", 1e14, 1e12);
  p.facts.erase("memory.hbm.bandwidth.peak");
  EXPECT_FALSE(law_terms(network(), resources_of(p), {}));
  Setting s;
  s.precisions = {"int8"};
  const auto terms = law_terms(network(), resources_of(device("a", 1e14, 1e12)), s);
  ASSERT_FALSE(terms);
  EXPECT_EQ(terms.error().kind, ErrorKind::unavailable);
}

TEST(Law, EpochsFollowTheTableAndHoldOutsideIt) {
  const Workload w = network();
  EXPECT_NEAR(*epochs_at(w, 1), 10, 1e-12);
  EXPECT_NEAR(*epochs_at(w, 10), 20, 1e-9);  // half way in the logarithm
  EXPECT_NEAR(*epochs_at(w, 5000), 40, 1e-12);
  EXPECT_FALSE(epochs_at(Workload{}, 1));
}

TEST(Law, AnEpochIsTheOneOfItsDate) {
  Workload w = network();
  w.epoch_revisions = {{"2021-01", number_fact(500, "1")}};
  EXPECT_EQ(*epoch_units(w, "2020-11 (round)"), 500);
  EXPECT_EQ(*epoch_units(w, "2021-11"), 1000);
}

TEST(Shapes, AConvolutionIsCountedFromItsName) {
  const auto w = workload_of_shape("deepbench/conv-n16c64h56w56-k64-f3x3-s1");
  ASSERT_TRUE(w);
  EXPECT_EQ(w->stages[0].work->number(), 2.0 * 16 * 64 * 64 * 9 * 56 * 56);
  const auto strided = workload_of_shape("deepbench/conv-n1c3h224w224-k64-f7x7-s2");
  EXPECT_EQ(strided->stages[0].work->number(), 2.0 * 3 * 64 * 49 * 112 * 112);
}

TEST(Shapes, AMatrixProductAndAStreamToo) {
  EXPECT_EQ(workload_of_shape("deepbench/gemm-1760x128x1760")->stages[0].work->number(),
            2.0 * 1760 * 128 * 1760);
  const auto triad = workload_of_shape("bandwidth/likwid-triad-dram");
  ASSERT_TRUE(triad);
  EXPECT_NEAR(triad->stages[0].written.number(), 1e9 / 3, 1);
  EXPECT_EQ(triad->stages[0].kernel_class, "stream-allocate");
  EXPECT_EQ(workload_of_shape("bandwidth/likwid-load-l2")->stages[0].kernel_class, "cache-l2");
}

TEST(Shapes, NothingElseIsGuessed) {
  for (const char* id : {"", "/", "deepbench/conv-", "deepbench/gemm-1x2", "deepbench/gemm-1x2x3x4",
                         "bandwidth/x", "deepbench/conv-n1c1h1w1-k1-f1x1-s0", "compute/other", "gemm-1x2x3",
                         "deepbench/gemm-99999999999999999999x1x1"})
    EXPECT_FALSE(workload_of_shape(id)) << id;
}

/// Observations of one class on `platforms` devices whose real efficiency is `efficiency`.
std::vector<Observation> measured(int platforms, double efficiency, int each = 3) {
  std::vector<Observation> out;
  for (int p = 0; p < platforms; ++p)
    for (int k = 0; k < each; ++k) {
      const Resources r = resources_of(device("d" + std::to_string(p), 1e14 * (1 + p), 1e15));
      const Workload w = network();
      Observation o{"row", *law_terms(w, r, {}), {}, r, {}, 0};
      o.occasion = occasion_of(w, o.stages, false);
      o.device_seconds = 1e12 / (1e14 * (1 + p)) / efficiency;
      out.push_back(std::move(o));
    }
  return out;
}

double predicted_on(const Calibration& c, const std::string& id, double flops) {
  const Resources r = resources_of(device(id, flops, 1e15));
  const auto stages = *law_terms(network(), r, {});
  return predict_time(stages, occasion_of(network(), stages, false), r, {}, c).seconds;
}

TEST(Fit, FindsTheEfficiencyAndCarriesItToAnotherPlatform) {
  const Calibration c = fit_calibration(measured(4, 0.4));
  EXPECT_NEAR(predicted_on(c, "d0", 1e14), 0.01 / 0.4, 0.0015);
  EXPECT_NEAR(predicted_on(c, "new", 5e14), 0.002 / 0.4, 0.0003);
}

TEST(Fit, OneWildRowDoesNotBendTheRest) {
  auto rows = measured(6, 0.4);
  rows.front().device_seconds *= 50;
  EXPECT_NEAR(predicted_on(fit_calibration(rows), "d3", 4e14), 0.0025 / 0.4, 0.0005);
}

TEST(Fit, AnUnseenPlatformIsLessSureAndSaysWhy) {
  const Calibration c = fit_calibration(measured(4, 0.4));
  const auto at = [&](Platform p) {
    const Resources r = resources_of(p);
    const auto stages = *law_terms(network(), r, {});
    return predict_time(stages, occasion_of(network(), stages, false), r, {}, c);
  };
  Platform relative = device("new", 1e14, 1e15), stranger = device("strange", 1e14, 1e15);
  stranger.microarchitecture = "Otherwise";
  EXPECT_EQ(at(device("d0", 1e14, 1e15)).tier, Tier::calibrated);
  EXPECT_EQ(at(relative).tier, Tier::same_family);
  EXPECT_EQ(at(stranger).tier, Tier::datasheet);
  EXPECT_LT(at(device("d0", 1e14, 1e15)).sd, at(relative).sd);
  EXPECT_LT(at(relative).sd, at(stranger).sd);
}

TEST(Fit, SameRowsSameNumbers) {
  EXPECT_EQ(encode(calibrate(measured(3, 0.5))).dump(), encode(calibrate(measured(3, 0.5))).dump());
}

TEST(Fit, ErrorsAreThoseOfPlatformsLeftOut) {
  auto rows = measured(8, 0.4, 4);
  for (std::size_t i = 0; i < 4; ++i) rows[i].device_seconds *= 2;  // one platform is off by two
  const Calibration c = calibrate(rows);
  ASSERT_FALSE(c.leave_platform_out.empty());
  EXPECT_EQ(c.leave_platform_out[0].kernel_class, "all");
  EXPECT_EQ(c.leave_platform_out[0].rows, 32);
  EXPECT_LT(c.leave_platform_out[0].median, 0.2);
  EXPECT_GT(c.leave_platform_out[0].p90, 0.6);
}

}  // namespace
}  // namespace ridgepoint
