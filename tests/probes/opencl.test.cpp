// SPDX-License-Identifier: Apache-2.0
// On the processors' own OpenCL device (PoCL), where it is installed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "model/core/units.h"
#include "probes/accelerator.h"
#include "probes/host.h"
#include "probes/opencl_device.h"
#include "probes/opencl_kernels.h"
#include "probes/sampler.h"
#include "tests/probes/support/map_host.h"

namespace ridgepoint {

extern const Probe opencl_probe;

namespace {

class OpenCl : public testing::Test {
 protected:
  ProbeOutcome visit(const std::vector<std::string>& cells = {}) {
    const ProbeContext context{.host = host_,
                               .topology = topology_,
                               .level = Level::smoke,
                               .memory_limit_byte = 8 * kMebi,
                               .log = log_,
                               .budget_s = 0.02,
                               .cells = cells};
    return opencl_probe.run(context);
  }

  NoHost host_{"test"};
  Topology topology_;
  test::QuietLog log_;
};

TEST_F(OpenCl, EveryDeviceHasIdentityAndASampleOfEachCell) {
  const ProbeOutcome out = visit();
  if (out.status == ProbeStatus::unavailable) GTEST_SKIP() << out.reason << "; apt install pocl-opencl-icd";
  ASSERT_EQ(out.status, ProbeStatus::ok) << out.reason;
  EXPECT_FALSE(text(out.facts, "accelerator.opencl0.name").empty());
  EXPECT_GT(number(out.facts, "accelerator.opencl0.compute_units").value_or(0), 0);
  EXPECT_GT(number(out.facts, "accelerator.opencl0.memory.capacity").value_or(0), 0);
  for (const auto& [key, fact] : out.facts) EXPECT_TRUE(check_fact(key, fact)) << key;
  for (const char* rest :
       {"compute.fp32", "compute.int32", "memory.bandwidth.read", "memory.bandwidth.copy",
        "memory.bandwidth.triad", "launch.latency", "launch.interval", "link.to_device.pinned",
        "link.to_device.pageable", "link.from_device.pinned", "link.from_device.pageable",
        "link.to_device.latency", "link.from_device.latency"}) {
    const auto it = std::ranges::find(out.samples, "accelerator.opencl0." + std::string(rest), &Samples::key);
    ASSERT_NE(it, out.samples.end()) << rest;
    EXPECT_TRUE(std::isfinite(it->values.at(0)) && it->values.at(0) > 0) << rest;
  }
}

TEST_F(OpenCl, ACellNobodyAskedForIsNotSampled) {
  const ProbeOutcome out = visit({"accelerator.opencl0.launch.latency"});
  if (out.status == ProbeStatus::unavailable) GTEST_SKIP() << out.reason;
  ASSERT_EQ(out.samples.size(), 1u);
  EXPECT_EQ(out.samples[0].key, "accelerator.opencl0.launch.latency");
  EXPECT_TRUE(visit({"memory.dram.*"}).facts.empty());
}

TEST(OpenClKernels, TheTextHoldsTheDeclaredWork) {
  const std::string text = float_chains_source("float", 16, true);
  std::size_t steps = 0;
  for (std::size_t at = text.find("STEP(x", text.find("for (")); at != std::string::npos;
       at = text.find("STEP(x", at + 1))
    ++steps;
  EXPECT_EQ(steps, kClChains * kClUnroll);
  EXPECT_NE(text.find("typedef float16 V;"), std::string::npos);
  EXPECT_NE(text.find("MULTIPLY_ADD fma"), std::string::npos);
  EXPECT_EQ(float_chains_source("float", 1, false).find(" fma\n"), std::string::npos);
}

TEST(OpenClKernels, NoChainStartsAtTheFixedPoint) {
  for (std::size_t k = 1; k <= kClChains; ++k) EXPECT_GT(std::abs(0.7 * static_cast<double>(k) - 3.25), 0.2);
}

TEST(OpenClKernels, TheDeviceListKnowsWholeExtensionNamesOnly) {
  ClListed d;
  d.extensions = "cl_khr_fp64 cl_khr_fp16_extra";
  EXPECT_TRUE(d.has("cl_khr_fp64"));
  EXPECT_FALSE(d.has("cl_khr_fp16"));
}

}  // namespace
}  // namespace ridgepoint
