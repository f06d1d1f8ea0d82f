// SPDX-License-Identifier: Apache-2.0
#include "reports/pages/measured.h"

#include <gtest/gtest.h>

#include "reports/curve_chart.h"
#include "reports/pages/measured_latency.h"
#include "reports/pages/parts.h"

namespace ridgepoint::testing_reports {
namespace {

using namespace report;

Fact figure(double value, const std::string& unit) { return measured(value, unit, "probe test"); }

Table table_of(const Section& section) { return std::get<Table>(section.blocks.at(0)); }

std::vector<std::string> words_of_row(const Row& row) {
  std::vector<std::string> out;
  for (const Text& cell : row.cells) out.push_back(words_of(cell));
  return out;
}

TEST(Measured, StarsMatchOnePartEachAndNumbersOnly) {
  Facts facts;
  facts["compute.fp32.avx2"] = figure(1, "flop/s");
  facts["compute.fp32.avx2.1t"] = figure(1, "flop/s");
  facts["compute.fp32.name"] = measured_text("x", "probe test");
  const auto found = matching(facts, "compute.*.*");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].words, (std::vector<std::string>{"fp32", "avx2"}));
}

TEST(Measured, ArithmeticShowsOneThreadAndAllThreads) {
  Facts facts;
  facts["compute.fp64.avx512"] = figure(2e11, "flop/s");
  facts["compute.fp64.avx512.1t"] = figure(1e11, "flop/s");
  facts["compute.int8.avx2"] = figure(3e11, "op/s");
  const Table t = table_of(arithmetic_section(facts));
  ASSERT_EQ(t.rows.size(), 2u);
  EXPECT_EQ(words_of_row(t.rows[0]),
            (std::vector<std::string>{"fp64", "avx512", "100 GFLOP/s", "200 GFLOP/s"}));
  EXPECT_EQ(words_of(t.rows[1].cells[2]), "none") << "absent is not zero";
}

TEST(Measured, ArithmeticShowsTheClockAndTheShareOfTheLimitWhereKnown) {
  Facts facts;
  facts["compute.fp64.avx2"] = figure(1e11, "flop/s");
  facts["compute.fp64.avx512"] = figure(2e11, "flop/s");
  facts["compute.fp64.avx512.1t"] = figure(1e11, "flop/s");
  facts["compute.fp64.avx512.1t.clock"] = figure(3.45e9, "hz");
  facts["compute.fp64.avx512.1t.of_limit"] = figure(0.985, "1");
  const Table t = table_of(arithmetic_section(facts));
  ASSERT_EQ(t.rows.size(), 2u) << "the facts behind a thread count are no rates of their own";
  EXPECT_EQ(words_of_row(t.rows[1]),
            (std::vector<std::string>{"fp64", "avx512", "100 GFLOP/s", "200 GFLOP/s", "3.45 GHz", "98.5 %"}));
  EXPECT_EQ(words_of(t.rows[0].cells[5]), "none");
}

TEST(Measured, DatasheetRoofsAreNotShownAsMeasured) {
  Facts facts;
  facts["compute.fp64.peak"] = figure(2e11, "flop/s");
  facts["compute.fp64.peak"].basis = Basis::vendor;
  EXPECT_TRUE(arithmetic_section(facts).blocks.empty());
}

TEST(Measured, BandwidthGoesFromTheCoreOutwardsAndKeepsOrdinaryPatternsOnly) {
  Facts facts;
  facts["memory.dram.bandwidth.read.1t"] = figure(2e10, "byte/s");
  facts["cache.l1d.bandwidth.read.1t"] = figure(4e11, "byte/s");
  facts["cache.l2.bandwidth.copy.16t"] = figure(1e11, "byte/s");
  facts["memory.dram.bandwidth.read"] = figure(3e10, "byte/s");
  const Table t = table_of(bandwidth_section(facts));
  ASSERT_EQ(t.rows.size(), 3u);
  EXPECT_EQ(words_of_row(t.rows[0]), (std::vector<std::string>{"l1d", "1", "400 GB/s", "none"}));
  EXPECT_EQ(words_of(t.rows[1].cells[0]), "l2");
  EXPECT_EQ(words_of(t.rows[2].cells[0]), "dram");
  EXPECT_EQ(t.columns.size(), 4u) << "no column for a pattern nobody measured";
}

Fact storage_figure(double value, const std::string& unit) {
  return measured(value, unit, "probe storage: io_uring, O_DIRECT, file of 1 GiB on ext4 (vda)");
}

TEST(Measured, StorageGoesFromSequentialToRandomAndShallowToDeep) {
  Facts facts;
  facts["storage.write.random.4d"] = storage_figure(5e4, "count/s");
  facts["storage.read.random.32d"] = storage_figure(1e5, "count/s");
  facts["storage.read.random.4d"] = storage_figure(4e4, "count/s");
  facts["storage.read.random.4d.latency.p50"] = storage_figure(1e-4, "s");
  facts["storage.read.random.4d.latency.p99.9"] = storage_figure(2e-3, "s");
  facts["storage.write.sequential.8d"] = storage_figure(2e9, "byte/s");
  facts["storage.device.rotational.x"] = storage_figure(1, "1");
  const Table t = table_of(storage_section(facts));
  ASSERT_EQ(t.rows.size(), 4u);
  EXPECT_EQ(words_of(t.rows[0].cells[0]), "sequential write");
  EXPECT_EQ(words_of_row(t.rows[1]), (std::vector<std::string>{"random read", "4", "40 kcount/s", "100 us",
                                                               "too few", "2 ms", "io_uring, O_DIRECT"}));
  EXPECT_EQ(words_of(t.rows[2].cells[1]), "32") << "by number, not by letter";
  EXPECT_EQ(words_of(t.rows[3].cells[0]), "random write");
}

TEST(Measured, StorageNamesTheDeviceAndIsLeftOutWithoutFigures) {
  Facts facts;
  EXPECT_TRUE(storage_section(facts).blocks.empty());
  facts["storage.device"] = measured_text("vda", "probe storage");
  const auto list = std::get<KeyValues>(storage_section(facts).blocks.at(0));
  ASSERT_EQ(list.rows.size(), 1u);
}

Machine machine_with_curve() {
  Machine m;
  m.platform.facts["memory.dram.latency"] = figure(1e-7, "s");
  m.platform.facts["cache.l2.capacity"] = figure(1048576, "byte");
  ProbeReport p;
  p.id = "latency";
  p.samples = {{"latency.curve.67108864", "s", {1e-7, 1.2e-7, 0.8e-7}},
               {"latency.curve.4096", "s", {1e-9}},
               {"latency.curve.x", "s", {5}},
               {"memory.dram.latency", "s", {1e-9}}};
  m.probes.push_back(p);
  return m;
}

TEST(Measured, TheLatencyCurveIsTheMedianOfEachFootprintInOrder) {
  const Section section = latency_section(machine_with_curve());
  ASSERT_EQ(section.blocks.size(), 2u);
  const auto& chart = std::get<CurveChart>(std::get<Figure>(section.blocks[1]).chart);
  ASSERT_EQ(chart.curves.size(), 1u);
  EXPECT_EQ(chart.curves[0].points, (std::vector<std::pair<double, double>>{{4096, 1e-9}, {67108864, 1e-7}}));
  ASSERT_EQ(chart.marks.size(), 1u);
  EXPECT_EQ(chart.marks[0].at, 1048576);
}

TEST(Measured, CachesStandAsToldBesideAsInferred) {
  Facts facts;
  facts["cache.l2.capacity"] = figure(2097152, "byte");
  facts["cache.l2.size.inferred"] = figure(1048576, "byte");
  facts["cache.l2.latency"] = figure(5e-9, "s");
  facts["cache.l1d.size.inferred"] = figure(49152, "byte");
  facts["cache.l3.capacity"] = figure(33554432, "byte");
  const Table t = cache_table(facts);
  ASSERT_EQ(t.rows.size(), 2u) << "a level nobody measured has no row";
  EXPECT_EQ(words_of_row(t.rows[0]), (std::vector<std::string>{"l1d", "not told", "48 KiB", "no plateau"}));
  EXPECT_EQ(words_of_row(t.rows[1]), (std::vector<std::string>{"l2", "2 MiB", "1 MiB", "5 ns"}));
}

TEST(Measured, RandomAccessShowsOneThreadBesideAllAndTheParallelism) {
  Facts facts;
  facts["memory.dram.random.1t"] = figure(5e9, "byte/s");
  facts["memory.dram.random"] = figure(9e9, "byte/s");
  facts["cache.l1d.gather.u32.avx512.1t"] = figure(6e9, "count/s");
  facts["cache.l1d.gather.u32.avx512"] = figure(12e9, "count/s");
  facts["memory.dram.mlp"] = figure(15, "1");
  const Table t = random_table(facts);
  ASSERT_EQ(t.rows.size(), 3u);
  EXPECT_EQ(words_of_row(t.rows[0]),
            (std::vector<std::string>{"lines of 64 bytes from dram", "5 GB/s", "9 GB/s"}));
  EXPECT_EQ(words_of(t.rows[1].cells[0]), "gathers of u32 from l1d, avx512");
  EXPECT_EQ(words_of(t.rows[2].cells[1]), "15");
}

TEST(Measured, TheCoreMatrixIsSymmetricAndNamesTheSlowPairs) {
  Machine m;
  ProbeReport p;
  p.samples = {{"latency.core_to_core.0.1", "s", {3e-8, 2e-8, 9e-8}},
               {"latency.core_to_core.10.0", "s", {1.4e-7}},
               {"latency.core_to_core.median", "s", {5}}};
  m.probes.push_back(p);
  const Table t = core_table(m);
  ASSERT_EQ(t.rows.size(), 3u);
  EXPECT_EQ(words_of_row(t.rows[0]), (std::vector<std::string>{"0", "itself", "30 ns", "140 ns"}));
  EXPECT_EQ(words_of_row(t.rows[1]), (std::vector<std::string>{"1", "30 ns", "itself", "none"}));
  EXPECT_EQ(words_of_row(t.rows[2]), (std::vector<std::string>{"10", "140 ns", "none", "itself"}));
  EXPECT_EQ(t.rows[0].cells[3].spans.front().tone, Tone::bad);
  EXPECT_EQ(t.rows[0].cells[2].spans.front().tone, Tone::plain);
}

TEST(Measured, LatencyUnderLoadIsDrawnOverTheTrafficInOrder) {
  Facts facts;
  facts["latency.loaded.0"] = figure(1e-7, "s");
  facts["latency.loaded.1"] = figure(3e-7, "s");
  facts["latency.loaded.1.bandwidth"] = figure(2e10, "byte/s");
  facts["latency.loaded.2"] = figure(2e-7, "s");
  facts["latency.loaded.2.bandwidth"] = figure(1e10, "byte/s");
  const CurveChart chart = loaded_chart(facts);
  ASSERT_TRUE(chart.drawable());
  EXPECT_EQ(chart.curves[0].points, (std::vector<std::pair<double, double>>{{1e10, 2e-7}, {2e10, 3e-7}}));
  EXPECT_FALSE(loaded_chart({}).drawable());
}

TEST(Measured, NodesAndTranslationAreShownWhereMeasured) {
  Facts facts;
  EXPECT_TRUE(node_table(facts).rows.empty());
  EXPECT_TRUE(translation_list(facts).rows.empty());
  facts["memory.numa.latency.0.1"] = figure(2e-7, "s");
  facts["memory.numa.bandwidth.0.1"] = figure(1e10, "byte/s");
  facts["tlb.reach.l1"] = figure(393216, "byte");
  EXPECT_EQ(words_of_row(node_table(facts).rows.at(0)),
            (std::vector<std::string>{"0", "1", "200 ns", "10 GB/s"}));
  EXPECT_EQ(words_of(translation_list(facts).rows.at(0).value), "384 KiB");
}

Facts card() {
  Facts facts;
  facts["accelerator.cuda0.name"] = measured_text("Card <1>", "probe test");
  facts["accelerator.cuda0.type"] = measured_text("gpu", "probe test");
  facts["accelerator.cuda0.memory.capacity"] = figure(85899345920, "byte");
  facts["accelerator.cuda0.compute.fp32"] = figure(5e13, "flop/s");
  facts["accelerator.cuda0.compute.int32"] = figure(2e13, "op/s");
  facts["accelerator.cuda0.memory.bandwidth.copy"] = figure(2e12, "byte/s");
  facts["accelerator.cuda0.memory.bandwidth.read"] = figure(2.5e12, "byte/s");
  facts["accelerator.cuda0.link.to_device.latency"] = figure(4e-6, "s");
  return facts;
}

TEST(Accelerators, NoSectionWithoutADevice) {
  Facts facts;
  facts["compute.fp64.avx512"] = figure(2e11, "flop/s");
  EXPECT_TRUE(accelerators_section(facts).blocks.empty());
}

TEST(Accelerators, ADeviceHasItsIdentityItsRooflineAndItsFigures) {
  const Section section = accelerators_section(card());
  ASSERT_EQ(section.blocks.size(), 3u);
  EXPECT_EQ(words_of_row(table_of(section).rows.at(0)),
            (std::vector<std::string>{"cuda0", "Card <1>", "gpu", "unknown", "unknown", "80 GiB", "unknown"}))
      << "absent is not zero";
  const auto& chart = std::get<RooflineChart>(std::get<Figure>(section.blocks[1]).chart);
  ASSERT_EQ(chart.compute.size(), 1u) << "integer rates are no FLOP";
  ASSERT_EQ(chart.bandwidth.size(), 1u);
  EXPECT_EQ(chart.bandwidth[0].rate, 2.5e12) << "the fastest pattern";
  const auto& figures = std::get<Table>(section.blocks[2]);
  ASSERT_EQ(figures.rows.size(), 5u) << "capacity is identity";
  EXPECT_EQ(words_of(figures.rows[0].cells[0]), "compute fp32");
  EXPECT_EQ(words_of(figures.rows[4].cells[0]), "link to device latency");
  EXPECT_EQ(words_of(figures.rows[4].cells[1]), "4 us");
}

TEST(Accelerators, TheProcessorsBehindOpenClAreNoGpuAndGetNoRoofline) {
  Facts facts = card();
  facts["accelerator.cuda0.type"] = measured_text("cpu", "probe test");
  const Section section = accelerators_section(facts);
  ASSERT_EQ(section.blocks.size(), 2u);
  EXPECT_EQ(words_of(table_of(section).rows.at(0).cells[2]), "cpu: the machine's own processors");
}

TEST(Accelerators, TwoDevicesAreTwoRowsAndTheirFiguresStayApart) {
  Facts facts = card();
  facts["accelerator.opencl0.compute.fp32"] = figure(1e13, "flop/s");
  const Section section = accelerators_section(facts);
  EXPECT_EQ(table_of(section).rows.size(), 2u);
  EXPECT_EQ(std::get<Table>(section.blocks.back()).rows.size(), 1u);
}

TEST(Curves, NoCurveWithoutTwoFinitePositivePoints) {
  CurveChart chart{"t", {"x", "byte"}, {"y", "s"}, {}, {}};
  EXPECT_FALSE(chart.drawable());
  chart.curves = {{"a", {{1, 1}}}};
  EXPECT_FALSE(chart.drawable());
  chart.curves = {{"a", {{1, 1}, {2, 0}}}};
  EXPECT_FALSE(chart.drawable());
  chart.curves = {{"a", {{1, 1}, {2, 1e300}}}};
  EXPECT_FALSE(chart.drawable());
  chart.curves = {{"a", {{1, 1}, {2, 3}}}};
  EXPECT_TRUE(chart.drawable());
}

TEST(Curves, DrawsEveryPointInsideThePlotAndEscapesNames) {
  CurveChart chart{
      "t<", {"x", "byte"}, {"y", "s"}, {{"<script>", {{4096, 1e-9}, {1e9, 1e-7}}}}, {{"l2", 1048576}}};
  const std::string svg = svg_curves(chart, "c");
  EXPECT_EQ(svg.find("<script>"), std::string::npos);
  EXPECT_NE(svg.find("&lt;script&gt;"), std::string::npos);
  EXPECT_NE(svg.find("64 KiB"), std::string::npos) << "bytes step by sixteen";
  EXPECT_NE(curve_summary(chart).find("1 ns at 4 KiB"), std::string::npos);
  std::size_t marks = 0;
  for (std::size_t at = svg.find("<circle"); at != std::string::npos; at = svg.find("<circle", at + 1))
    ++marks;
  EXPECT_EQ(marks, 2u);
}

}  // namespace
}  // namespace ridgepoint::testing_reports
