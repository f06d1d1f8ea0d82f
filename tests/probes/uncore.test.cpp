// SPDX-License-Identifier: Apache-2.0
#include "probes/uncore.h"

#include <gtest/gtest.h>

#include "tests/probes/support/map_host.h"

namespace ridgepoint {
namespace {

using test::MapHost;

const std::string kDevices = "sys/bus/event_source/devices/";
using Formats = std::map<std::string, std::string>;

/// One memory channel of a two-socket Skylake server, as its kernel shows it.
std::map<std::string, std::string> skylake_channel(const std::string& name, const std::string& type) {
  const std::string folder = kDevices + name;
  return {{folder + "/type", type + "\n"},
          {folder + "/cpumask", "0,28\n"},
          {folder + "/format/event", "config:0-7\n"},
          {folder + "/format/umask", "config:8-15\n"},
          {folder + "/format/edge", "config:18\n"},
          {folder + "/format/inv", "config:23\n"},
          {folder + "/format/thresh", "config:24-31\n"},
          {folder + "/events/clockticks", "event=0x00,umask=0x0\n"},
          {folder + "/events/cas_count_read", "event=0x04,umask=0x03\n"},
          {folder + "/events/cas_count_read.scale", "6.103515625e-5\n"},
          {folder + "/events/cas_count_read.unit", "MiB\n"},
          {folder + "/events/cas_count_write", "event=0x04,umask=0x0c\n"},
          {folder + "/events/cas_count_write.scale", "6.103515625e-5\n"},
          {folder + "/events/cas_count_write.unit", "MiB\n"}};
}

TEST(ParseEvent, PutsEachTermWhereItsFormatSays) {
  const Formats formats = {
      {"event", "config:0-7"}, {"umask", "config:8-15"}, {"edge", "config:18"}, {"ch_mask", "config1:0-11"}};
  EXPECT_EQ(parse_event("event=0x04,umask=0x03", formats)->config, 0x0304u);
  EXPECT_EQ(parse_event("event=255,edge\n", formats)->config, 0x400FFu);
  EXPECT_EQ(parse_event("event=0x1,ch_mask=0xfff", formats)->config1, 0xFFFu);
}

TEST(ParseEvent, SplitsAValueOverTwoRanges) {
  // AMD's fabric: twelve event bits in two places.
  EXPECT_EQ(parse_event("event=0xF07", {{"event", "config:0-7,32-35"}})->config, 0xF00000007u);
}

TEST(ParseEvent, RefusesWhatTheFormatCannotHold) {
  const Formats formats = {{"event", "config:0-7"}, {"odd", "elsewhere:0-7"}, {"wide", "config:60-70"}};
  for (const char* text :
       {"", "event=0x100", "event=-1", "event=", "umask=1", "odd=1", "wide=1", "event=0x4,,"})
    EXPECT_FALSE(parse_event(text, formats)) << text;
}

TEST(CountBytes, KnowsTheKernelsUnits) {
  EXPECT_EQ(count_bytes("6.103515625e-5\n", "MiB"), 64);
  EXPECT_EQ(count_bytes("64", "Bytes"), 64);
  for (const auto& [scale, unit] : {std::pair("x", "MiB"), std::pair("0", "MiB"), std::pair("1", "Joules")})
    EXPECT_FALSE(count_bytes(scale, unit)) << scale << unit;
}

TEST(UncorePmus, FindsTheTrafficOfEachChannelOnEachSocket) {
  auto files = skylake_channel("uncore_imc_0", "24");
  files.merge(skylake_channel("uncore_imc_1", "25"));
  files[kDevices + "cpu/type"] = "4";
  files[kDevices + "uncore_cha_0/type"] = "30";
  const auto pmus = uncore_pmus(MapHost(files));
  ASSERT_EQ(pmus.size(), 2u);
  EXPECT_EQ(pmus[1].name, "uncore_imc_1");
  EXPECT_EQ(pmus[1].cpus, (std::vector<int>{0, 28}));
  ASSERT_EQ(pmus[1].traffic.size(), 2u);
  EXPECT_EQ(pmus[1].traffic[0].code.type, 25u);
  EXPECT_EQ(pmus[1].traffic[0].code.config, 0x0304u);
  EXPECT_EQ(pmus[1].traffic[0].code.weight, 64);
  EXPECT_FALSE(pmus[1].traffic[0].written);
  EXPECT_EQ(pmus[1].traffic[1].code.config, 0x0C04u);
  EXPECT_TRUE(pmus[1].traffic[1].written);
}

TEST(UncorePmus, ListsAPmuWithoutNamedEvents) {
  const MapHost host({{kDevices + "amd_df/type", "12"}, {kDevices + "amd_df/cpumask", "0"}});
  const auto pmus = uncore_pmus(host);
  ASSERT_EQ(pmus.size(), 1u);
  EXPECT_TRUE(pmus[0].traffic.empty());
  const auto traffic = DramTraffic::open(host);
  ASSERT_FALSE(traffic);
  EXPECT_NE(traffic.error().why.find("amd_df is there"), std::string::npos);
}

TEST(UncorePmus, TakesNoHalfOfTheTraffic) {
  auto files = skylake_channel("uncore_imc_0", "24");
  files.erase(kDevices + "uncore_imc_0/events/cas_count_write.unit");
  EXPECT_TRUE(uncore_pmus(MapHost(files))[0].traffic.empty());
}

TEST(DramTraffic, SaysWhereThereIsNoController) {
  const auto traffic = DramTraffic::open(MapHost({{kDevices + "software/type", "1"}}));
  ASSERT_FALSE(traffic);
  EXPECT_NE(traffic.error().fix.find("bare-metal"), std::string::npos);
}

TEST(DramTraffic, ThatCannotBeOpenedNamesThePmu) {
  auto files = skylake_channel("uncore_imc_0", "4000000");  // no such PMU in any kernel
  const auto traffic = DramTraffic::open(MapHost(files));
  ASSERT_FALSE(traffic);
  EXPECT_NE(traffic.error().why.find("uncore_imc_0: "), std::string::npos);
}

}  // namespace
}  // namespace ridgepoint
