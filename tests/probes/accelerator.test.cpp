// SPDX-License-Identifier: Apache-2.0
#include "probes/accelerator.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "model/core/ports.h"
#include "model/core/units.h"
#include "probes/accelerator_cache.h"
#include "probes/measure.h"

namespace ridgepoint {
namespace {

Accelerator device(const std::string& name, AcceleratorType type) {
  Accelerator d;
  d.id = "opencl0";
  d.name = name;
  d.type = type;
  return d;
}

TEST(Accelerators, WhatADeviceDoesNotTellIsAbsentAndNotZero) {
  Accelerator d = device("Card", AcceleratorType::gpu);
  d.clock_hz = 1.5e9;
  Facts facts;
  add_identity(d, "probe test", facts);
  EXPECT_EQ(text(facts, "accelerator.opencl0.name"), "Card");
  EXPECT_EQ(text(facts, "accelerator.opencl0.type"), "gpu");
  EXPECT_EQ(number(facts, "accelerator.opencl0.clock"), 1.5e9);
  EXPECT_EQ(facts.size(), 3u) << "no vendor, driver, units, capacity";
  for (const auto& [key, fact] : facts) EXPECT_TRUE(check_fact(key, fact)) << key;
}

TEST(Accelerators, AProcessorBehindTheInterfaceIsLabelledCpu) {
  Facts facts;
  add_identity(device("pthread", AcceleratorType::cpu), "probe test", facts);
  EXPECT_EQ(text(facts, "accelerator.opencl0.type"), "cpu");
}

TEST(Accelerators, ArraysStayWithinTheDeviceAndWithinTheHostsLimit) {
  Accelerator card = device("Card", AcceleratorType::gpu);
  card.memory_byte = 80 * kGibi;
  card.max_alloc_byte = 20 * kGibi;
  EXPECT_EQ(sizes_for(card, Level::full, 16 * kGibi).array_byte, 512 * kMebi);
  EXPECT_EQ(sizes_for(card, Level::full, 100 * kMebi).array_byte, 512 * kMebi) << "its memory is its own";
  card.max_alloc_byte = 100 * kMebi;
  EXPECT_EQ(sizes_for(card, Level::full, 16 * kGibi).array_byte, 100 * kMebi);
  card.memory_byte = 100 * kMebi;
  EXPECT_EQ(sizes_for(card, Level::full, 16 * kGibi).array_byte, 20 * kMebi) << "three arrays and room";

  Accelerator cpu = device("pthread", AcceleratorType::cpu);
  cpu.memory_byte = 80 * kGibi;
  cpu.host_memory = true;
  for (const Level level : {Level::smoke, Level::quick, Level::standard, Level::full})
    for (const double limit : {8 * kMebi, 100 * kMebi, 16 * kGibi}) {
      const AcceleratorSizes s = sizes_for(cpu, level, limit);
      EXPECT_LE(3 * s.array_byte + 4 * s.transfer_byte, limit) << limit;
      EXPECT_GT(s.array_byte, 0);
      EXPECT_GT(s.transfer_byte, 0);
    }
}

TEST(Accelerators, BelowTheStandardLevelTheFirstOfEachNameIsMeasured) {
  const std::vector<Accelerator> table = {
      device("A", AcceleratorType::gpu), device("A", AcceleratorType::gpu), device("B", AcceleratorType::gpu),
      device("A", AcceleratorType::gpu)};
  EXPECT_EQ(chosen_devices(table, Level::quick), (std::vector<bool>{true, false, true, false}));
  EXPECT_EQ(chosen_devices(table, Level::full), (std::vector<bool>{true, true, true, true}));
  EXPECT_TRUE(chosen_devices({}, Level::quick).empty());
}

TEST(Accelerators, OneBrokenDeviceDoesNotSinkTheOthers) {
  ProbeOutcome out;
  judge({}, "fix", out);
  EXPECT_EQ(out.status, ProbeStatus::ok);
  judge({"opencl0: x", "opencl1: y"}, "fix", out);
  EXPECT_EQ(out.status, ProbeStatus::failed);
  EXPECT_EQ(out.reason, "opencl0: x; opencl1: y");
  out.samples.push_back({"accelerator.opencl2.compute.fp32", "flop/s", "s", {1}});
  judge({"opencl0: x"}, "fix", out);
  EXPECT_EQ(out.status, ProbeStatus::degraded);
}

TEST(Accelerators, ThePcieLinkIsReadAsTheKernelWritesIt) {
  EXPECT_EQ(pcie_generation("2.5 GT/s PCIe\n"), 1);
  EXPECT_EQ(pcie_generation("16.0 GT/s PCIe\n"), 4);
  EXPECT_EQ(pcie_generation("32.0 GT/s PCIe"), 5);
  EXPECT_EQ(pcie_generation("Unknown"), 0);
  EXPECT_EQ(pcie_lanes("16\n"), 16);
  EXPECT_EQ(pcie_lanes("255\n"), 0);
  EXPECT_EQ(pcie_lanes("0"), 0);
  EXPECT_EQ(pcie_lanes(""), 0);
}

TEST(Accelerators, TheAffineMapOfManyStepsIsThatOfWalkingThem) {
  const AffineMap step{1664525, 1013904223};
  for (const std::uint64_t rounds : {0u, 1u, 2u, 7u, 1000u}) {
    std::uint32_t x = 42;
    for (std::uint64_t i = 0; i < rounds; ++i) x = step(x);
    EXPECT_EQ(repeated(step, rounds)(42), x) << rounds;
  }
}

TEST(Accelerators, ADotStepAddsTheProductOfFourSignedBytes) {
  EXPECT_EQ(dot_step(0x01020304, 0x01010101), 0x01020304u + 10);
  EXPECT_EQ(dot_step(0x000000ff, 0x00000080), 0xffu + 128) << "-1 * -128";
  EXPECT_EQ(dot_step(0x7f7f7f7f, 0x80808080), 0x7f7f7f7fu - 4 * 127 * 128);
}

TEST(Drivers, TheAnswerComesThroughWhole) {
  const ProbeOutcome out = with_driver(
      "test",
      [] {
        ProbeOutcome o = give_up({}, ProbeStatus::degraded, {ErrorKind::unavailable, "r", "", "f"});
        o.facts["accelerator.x.clock"] = measured(1.5, "hz", "s");
        o.samples.push_back({"accelerator.x.rate", "flop/s", "s", {1, 2.5}, false});
        return o;
      },
      10);
  EXPECT_EQ(out.status, ProbeStatus::degraded);
  EXPECT_EQ(out.reason + out.fix, "rf");
  EXPECT_EQ(number(out.facts, "accelerator.x.clock"), 1.5);
  ASSERT_EQ(out.samples.size(), 1u);
  EXPECT_EQ(out.samples[0].values, (std::vector<double>{1, 2.5}));
  EXPECT_FALSE(out.samples[0].headline);
}

TEST(Drivers, ACrashIsAFailureThatNamesTheSignal) {
  const ProbeOutcome out = with_driver(
      "test",
      []() -> ProbeOutcome {
        std::signal(SIGABRT, SIG_DFL);
        std::abort();
      },
      10);
  EXPECT_EQ(out.status, ProbeStatus::failed);
  EXPECT_NE(out.reason.find("SIGABRT"), std::string::npos) << out.reason;
  EXPECT_FALSE(out.fix.empty());
}

TEST(Drivers, AHangIsAFailureInTime) {
  const ProbeOutcome out = with_driver(
      "test",
      []() -> ProbeOutcome {
        while (true) ::pause();
      },
      0.2);
  EXPECT_EQ(out.status, ProbeStatus::failed);
  EXPECT_NE(out.reason.find("took too long"), std::string::npos) << out.reason;
}

TEST(Drivers, TheUserMayStopIt) {
  Interrupt::request();
  const ProbeOutcome out = with_driver(
      "test",
      []() -> ProbeOutcome {
        while (true) ::pause();
      },
      60);
  Interrupt::clear();
  EXPECT_EQ(out.status, ProbeStatus::interrupted);
}

TEST(Drivers, TheirKernelCachesGoToAFolderThatIsRemoved) {
  std::string folder;
  {
    const AcceleratorCache cache;
    folder = cache.folder();
    ASSERT_TRUE(std::filesystem::is_directory(folder));
    std::filesystem::create_directories(folder + "/kcache/AB");
    std::ofstream(folder + "/kcache/AB/program.bc") << "x";
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
  const ProbeOutcome out = with_driver(
      "test",
      [] {
        ProbeOutcome o;
        o.reason = std::getenv("POCL_CACHE_DIR");
        return o;
      },
      10);
  EXPECT_EQ(out.reason, AcceleratorCache::of_this_process().folder());
}

}  // namespace
}  // namespace ridgepoint
