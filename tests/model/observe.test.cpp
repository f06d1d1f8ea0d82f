// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/catalogue.h"
#include "model/validation/observe.h"
#include "tests/model/support.h"

namespace ridgepoint {
namespace {

const std::string kRoot = RIDGEPOINT_SOURCE_DIR;

const RowReader& reader() {
  static const RowReader r(*load_platforms(kRoot + "/configs/platforms"),
                           *load_workload_sets(kRoot + "/configs/published/workloads"));
  return r;
}

PublishedRow row(const std::string& workload, const std::string& platform, double value,
                 const std::string& unit) {
  PublishedRow r;
  r.id = "r";
  r.workload_id = workload;
  r.platform_id = platform;
  r.metric = "throughput";
  r.value = value;
  r.unit = unit;
  r.phase = "inference";
  r.devices = 8;
  r.nodes = 1;
  r.date = "2021-04 (MLPerf v1.0)";
  return r;
}

TEST(Observe, AThroughputIsDeviceSecondsOfAUnit) {
  const auto o =
      reader().observe(row("mlperf-inference/resnet50", "nvidia-a100-sxm-40", 300000, "samples/s"));
  ASSERT_TRUE(o) << o.error().what;
  EXPECT_NEAR(o->observation.device_seconds, 8.0 / 300000, 1e-12);
  EXPECT_NEAR(o->measure.value(o->observation.device_seconds), 300000, 1e-6);
  EXPECT_TRUE(o->measure.is_rate);
  EXPECT_EQ(o->observation.occasion.kernel_class, "conv2d-inference");
}

TEST(Observe, ATimeToTrainIsTheWholeRun) {
  PublishedRow r = row("mlperf-training/3d-unet-kits19", "nvidia-a100-sxm-80", 29, "min");
  r.metric = "time to train";
  r.phase = "training";
  EXPECT_FALSE(reader().observe(r)) << "without a batch the epochs are not known";
  r.scenario = "closed division, global batch 32, 40 runs";
  const auto o = reader().observe(r);
  ASSERT_TRUE(o) << o.error().what;
  EXPECT_NEAR(o->observation.device_seconds, 29 * 60 * 8 / (168.0 * 1880), 1e-9);
  EXPECT_EQ(*o->observation.setting.batch, 32);
  EXPECT_TRUE(o->observation.occasion.to_target);
}

TEST(Observe, AnEpochIsCountedAsItWasAtTheDate) {
  PublishedRow r = row("mlperf-hpc/cosmoflow", "nvidia-v100-sxm2-16", 100, "s");
  r.metric = "time per epoch (median)";
  r.phase = "training";
  r.date = "2020-11 (MLPerf HPC v0.7)";
  const double early = reader().observe(r)->observation.device_seconds;
  r.date = "2021-11 (MLPerf HPC v1.0)";
  EXPECT_NEAR(early / reader().observe(r)->observation.device_seconds, 546133.0 / 283989.0, 0.01);
}

TEST(Observe, WhatIsNotKnownIsRefusedInOneSentence) {
  const auto why = [](const PublishedRow& r) {
    const auto o = reader().observe(r);
    return o ? std::string("observed") : o.error().what;
  };
  EXPECT_EQ(why(row("mlperf-inference/resnet50", "nobody-x1", 1, "samples/s")),
            "the platform 'nobody-x1' is not known");
  EXPECT_EQ(why(row("x/y", "nvidia-t4", 1, "samples/s")), "the workload 'x/y' is not known");
  EXPECT_EQ(why(row("mlperf-inference/resnet50", "nvidia-t4", 1, "furlongs")),
            "the unit 'furlongs' is not known");
  PublishedRow system = row("sparse/hpcg", "nvidia-v100-sxm2-16", 1795, "TFLOP/s");
  system.devices.reset();
  system.notes = "whole system, TFLOP/s; count of nodes used not printed";
  EXPECT_EQ(why(system), "a whole system whose number of devices is not stated");
}

TEST(Observe, RatesOfFlopAndByteUseTheDefinitionsCounts) {
  PublishedRow r = row("sparse/spmv-cage15", "nvidia-v100-sxm2-16", 100, "GFLOP/s");
  r.devices.reset();
  r.precision = "FP64 values, 32-bit indices";
  EXPECT_NEAR(reader().observe(r)->observation.device_seconds, 2 * 99199551 / 100e9, 1e-8);
  PublishedRow stream = row("bandwidth/stream-triad", "intel-xeon-8176", 200, "GB/s");
  stream.devices.reset();
  stream.devices_per_node = 2;
  EXPECT_NEAR(reader().observe(stream)->observation.device_seconds, 2 / 200.0, 1e-12) << "two sockets";
}

TEST(Observe, TheSettingComesFromTheWordsOfTheRow) {
  PublishedRow r = row("bandwidth/likwid-triad-dram", "amd-epyc-7452", 25, "GB/s");
  r.devices.reset();
  r.cores = 8;
  r.scenario = "8 of 32 cores of one socket, 1 thread per core";
  EXPECT_NEAR(reader().observe(r)->observation.setting.core_share, 0.25, 1e-12);
  PublishedRow one = row("sparse/spmv-cage15", "amd-mi250x", 100, "GFLOP/s");
  one.devices.reset();
  EXPECT_TRUE(reader().observe(one)->observation.setting.one_program) << "one of the two dies";
  PublishedRow half = row("dl/resnet50", "nvidia-a100-sxm-80", 900, "images/s");
  half.scenario = "batch 8k per GPU";
  half.precision = "AMP (FP16)";
  EXPECT_EQ(*reader().observe(half)->observation.setting.batch, 8 * 1024 * 8);
  EXPECT_EQ(reader().observe(half)->observation.stages[0].precision, "bf16");
}

TEST(Observe, WordsNameThePartWhereTheIdIsAFamily) {
  const auto part = [](const std::string& id, const std::string& words) {
    PublishedRow r = row("compute/gemm-best", id, 1000, "TFLOP/s");
    r.platform = words;
    r.precision = "BF16";
    return reader().observe(r)->observation.resources.id;
  };
  EXPECT_EQ(part("intel-gaudi", "Intel Gaudi 3"), "intel-gaudi3");
  EXPECT_EQ(part("intel-gaudi", "Habana Gaudi"), "intel-gaudi");
  EXPECT_EQ(part("nvidia-a10", "NVIDIA A10G (g5.4xlarge)"), "nvidia-a10g");
  EXPECT_EQ(part("nvidia-a10", "NVIDIA A10 GPU"), "nvidia-a10") << "a word is taken whole";
  EXPECT_EQ(part("nvidia-l4", "NVIDIA A10"), "nvidia-l4") << "only what goes on from the id";
}

TEST(Observe, SoftwareIsToldApartByFamily) {
  const auto cls = [](const std::string& workload, const std::string& software) {
    PublishedRow r = row(workload, "x", 1, "s");
    r.software = software;
    return software_class(r);
  };
  EXPECT_EQ(cls("analytics/clickbench-q3", "DuckDB 1.3"), "duckdb");
  EXPECT_EQ(cls("analytics/tpch-q1-sf100", "Spark + Gluten 1.4.0 (Velox)"), "gluten");
  EXPECT_EQ(cls("mlperf-inference/resnet50", "OpenVINO 2021"), "openvino");
  EXPECT_EQ(cls("mlperf-inference/resnet50", "TensorRT 8.0"), "tuned");
  EXPECT_EQ(cls("bandwidth/stream-triad", "icc"), "");
}

}  // namespace
}  // namespace ridgepoint
