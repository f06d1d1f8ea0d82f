// SPDX-License-Identifier: Apache-2.0
#include "probes/energy.h"

#include <gtest/gtest.h>

#include "tests/probes/support/map_host.h"

namespace ridgepoint {
namespace {

using test::MapHost;

const std::string kZone = "sys/class/powercap/intel-rapl:0";

MapHost two_sockets() {
  return MapHost({{kZone + "/name", "package-0\n"},
                  {kZone + "/energy_uj", "1000000\n"},
                  {kZone + "/max_energy_range_uj", "262143328850\n"},
                  {kZone + ":0/name", "dram\n"},
                  {kZone + ":0/energy_uj", "500\n"},
                  {kZone + ":0/max_energy_range_uj", "65712999613\n"},
                  {"sys/class/powercap/intel-rapl:1/name", "package-1\n"},
                  {"sys/class/powercap/intel-rapl:1/energy_uj", "7\n"},
                  {"sys/class/powercap/intel-rapl-mmio:0/name", "package-0\n"},
                  {"sys/class/powercap/intel-rapl-mmio:0/energy_uj", "1\n"}});
}

/// What the meter says about `key`; -1 when nothing.
double joules(const std::vector<EventTotal>& totals, const std::string& key) {
  for (const EventTotal& t : totals)
    if (t.key == key) return t.value;
  return -1;
}

TEST(EnergyStep, GoesOverTheEndOfTheCounter) {
  EXPECT_EQ(energy_step(10, 30, 100), 20);
  EXPECT_EQ(energy_step(90, 5, 100), 15);
}

TEST(EnergyStep, IsUnknownWhereTheRangeIs) {
  EXPECT_EQ(energy_step(90, 5, 0), std::nullopt);
  EXPECT_EQ(energy_step(90, 5, 80), std::nullopt);
}

TEST(EnergyMeter, SumsPackagesAndTheirPartsSeparately) {
  MapHost host = two_sockets();
  EnergyMeter meter(host);
  host.files()[kZone + "/energy_uj"] = "3000000\n";
  host.files()[kZone + ":0/energy_uj"] = "1000500\n";
  const auto totals = meter.totals();
  ASSERT_EQ(totals.size(), 3u);  // the same meter by way of memory-mapped registers is left out
  EXPECT_DOUBLE_EQ(joules(totals, "energy.package.0"), 2);
  EXPECT_DOUBLE_EQ(joules(totals, "energy.package.0.dram"), 1);
  EXPECT_DOUBLE_EQ(joules(totals, "energy.package.1"), 0);
  EXPECT_EQ(totals[0].unit, "j");
  EXPECT_FALSE(meter.missing());
}

TEST(EnergyMeter, WrapsAsOftenAsItIsAsked) {
  MapHost host = two_sockets();
  host.files()[kZone + "/max_energy_range_uj"] = "4000000\n";
  EnergyMeter meter(host);
  double want = 0;
  for (const char* now : {"3000000\n", "1000000\n", "3000000\n", "1000000\n"}) {
    host.files()[kZone + "/energy_uj"] = now;
    want += 2;
    EXPECT_DOUBLE_EQ(joules(meter.totals(), "energy.package.0"), want);
  }
}

TEST(EnergyMeter, LeavesOutWhatCannotBeReadAnyMore) {
  MapHost host = two_sockets();
  EnergyMeter meter(host);
  host.files()[kZone + "/energy_uj"] = "not a number";
  EXPECT_EQ(joules(meter.totals(), "energy.package.0"), -1);
}

TEST(EnergyMeter, SaysThatOnlyRootMayRead) {
  const MapHost host({{kZone + "/name", "package-0\n"}});
  EnergyMeter meter(host);
  EXPECT_TRUE(meter.totals().empty());
  ASSERT_TRUE(meter.missing());
  EXPECT_NE(meter.missing()->fix.find("chmod a+r"), std::string::npos);
}

TEST(EnergyMeter, TellsAVirtualMachineFromAMissingDriver) {
  const auto with_flag = [](const std::string& flag) {
    return MapHost(std::map<std::string, std::string>{{"proc/cpuinfo", "flags : " + flag + "\n"}});
  };
  const MapHost vm = with_flag("hypervisor"), metal = with_flag("fpu");
  EXPECT_NE(EnergyMeter(vm).missing()->fix.find("bare-metal"), std::string::npos);
  EXPECT_NE(EnergyMeter(metal).missing()->fix.find("modprobe"), std::string::npos);
}

}  // namespace
}  // namespace ridgepoint
