// SPDX-License-Identifier: Apache-2.0
#include "probes/perf_event.h"

#include <gtest/gtest.h>
#include <linux/perf_event.h>

#include "probes/counters_loop.h"
#include "probes/live_events.h"
#include "probes/perf_table.h"
#include "tests/probes/support/map_host.h"

namespace ridgepoint {
namespace {

using test::MapHost;

WantedEvent find(const std::vector<WantedEvent>& events, const std::string& key) {
  for (const WantedEvent& e : events)
    if (e.key == key) return e;
  ADD_FAILURE() << key;
  return {};
}

WantedEvent flop_of(const std::string& cpuinfo) {
  return find(wanted_events(MapHost({{"proc/cpuinfo", cpuinfo}})), "events.fp_ops");
}

TEST(Combine, WeighsAndScalesEachPart) {
  const auto c = combine({{100, 1}, {50, 0.5}}, {1, 4}, Together::summed);
  ASSERT_TRUE(c);
  EXPECT_DOUBLE_EQ(c->value, 100 + 50 * 4 / 0.5);
  EXPECT_DOUBLE_EQ(c->share, 0.5);
}

TEST(Combine, OfAlternatingCoresDoesNotScaleTheirTurns) {
  const auto c = combine({{300, 0.75}, {100, 0.25}}, {1, 1}, Together::alternating);
  ASSERT_TRUE(c);
  EXPECT_DOUBLE_EQ(c->value, 400);
  EXPECT_DOUBLE_EQ(c->share, 1);
}

TEST(Combine, OfWhatNeverRanIsNothing) {
  EXPECT_FALSE(combine({{100, 1}, {0, 0}}, {1, 1}, Together::summed));
  EXPECT_FALSE(combine({{0, 0}, {0, 0}}, {1, 1}, Together::alternating));
}

TEST(WantedEvents, CountIntelOperationsByWidth) {
  const WantedEvent e = flop_of("vendor_id : GenuineIntel\ncpu family : 6\nmodel : 85\nmodel name : Intel\n");
  ASSERT_EQ(e.codes.size(), 5u);
  std::uint64_t masks = 0;
  for (const PerfCode& code : e.codes) {
    EXPECT_EQ(code.config & 0xFF, 0xC7u);
    EXPECT_EQ(masks & code.config >> 8, 0u) << "a width counts twice";
    masks |= code.config >> 8;
  }
  EXPECT_EQ(masks, 0xFFu) << "every width";
  EXPECT_EQ(e.codes.back().weight, 16);  // 512 bits of fp32
}

TEST(WantedEvents, KnowTheFirstZenApart) {
  const std::string amd = "vendor_id : AuthenticAMD\nmodel name : AMD EPYC\n";
  EXPECT_EQ(flop_of(amd + "cpu family : 23\nmodel : 1\n").codes[0].config, 0xFF03u);
  EXPECT_EQ(flop_of(amd + "cpu family : 23\nmodel : 49\n").codes[0].config, 0x0F03u);
  EXPECT_EQ(flop_of(amd + "cpu family : 25\nmodel : 1\n").codes[0].config, 0x0F03u);
  EXPECT_TRUE(flop_of(amd + "cpu family : 21\nmodel : 1\n").codes.empty());
}

TEST(WantedEvents, SayWhyAProcessorHasNone) {
  EXPECT_NE(flop_of("CPU implementer : 0x41\nCPU part : 0xd0c\n").absent, "");
  EXPECT_NE(flop_of("").absent, "");
}

TEST(WantedEvents, OfAHybridProcessorAreOpenedOnBothKindsOfCore) {
  const auto events = wanted_events(MapHost({{"sys/bus/event_source/devices/cpu_core/type", "4"},
                                             {"sys/bus/event_source/devices/cpu_atom/type", "10"}}));
  const WantedEvent cycles = find(events, "events.cycles");
  ASSERT_EQ(cycles.codes.size(), 2u);
  EXPECT_EQ(cycles.together, Together::alternating);
  EXPECT_EQ(cycles.codes[0].config >> 32, 4u);
  EXPECT_EQ(cycles.codes[1].config >> 32, 10u);
  EXPECT_TRUE(find(events, "events.fp_ops").codes.empty());
}

TEST(Belief, NeedsAValueThatTheLoopCanHaveGiven) {
  WantedEvent e{.key = "events.fp_ops", .name = "FLOPS"};
  e.least = 0.95 * kKnownFlop;
  e.most = 1.3 * kKnownFlop;
  EXPECT_EQ(why_not_believed(e, Combined{kKnownFlop, 1}), "");
  EXPECT_NE(why_not_believed(e, Combined{0, 1}).find("at least"), std::string::npos);
  EXPECT_NE(why_not_believed(e, Combined{4 * kKnownFlop, 1}).find("at most"), std::string::npos);
  EXPECT_NE(why_not_believed(e, std::nullopt).find("never ran"), std::string::npos);
}

TEST(PerfEvent, OfAnUnknownTypeIsUnavailable) {
  const auto event = PerfEvent::open({.type = 4'000'000}, {});
  ASSERT_FALSE(event);
  EXPECT_EQ(event.error().kind, ErrorKind::unavailable);
  EXPECT_NE(event.error().why, "");
}

TEST(PerfEvent, CountsTheTaskClockOfTheKnownLoop) {
  const auto event =
      PerfEvent::open({.type = PERF_TYPE_SOFTWARE, .config = PERF_COUNT_SW_TASK_CLOCK, .weight = 1e-9}, {});
  if (!event) GTEST_SKIP() << event.error().why;
  known_loop();
  const auto reading = event->read();
  ASSERT_TRUE(reading);
  EXPECT_GT(reading->value, 1e5);  // ns
  EXPECT_DOUBLE_EQ(reading->share, 1);
}

TEST(TryEvents, GivesAVerdictOnEachInOrder) {
  WantedEvent none{.key = "events.none", .absent = "no such thing"};
  WantedEvent clock{.key = "events.task_clock", .kind = CounterKind::software, .name = "task-clock"};
  clock.codes = {{.type = PERF_TYPE_SOFTWARE, .config = PERF_COUNT_SW_TASK_CLOCK, .weight = 1e-9}};
  clock.most = 1e-6;  // nothing is so quick
  const auto tried = try_events({none, clock});
  ASSERT_EQ(tried.size(), 2u);
  EXPECT_EQ(tried[0].key, "events.none");
  EXPECT_NE(tried[0].reason, "");
  EXPECT_NE(tried[1].reason, "");
}

TEST(LiveEvents, NamesWhatIsMissingWithItsRemedy) {
  const auto source = live_events();
  const auto found = source->missing();
  for (const Missing& m : found) {
    EXPECT_NE(m.subject, "");
    EXPECT_NE(m.reason, "") << m.subject;
    EXPECT_NE(m.fix, "") << m.subject;
  }
  EXPECT_EQ(source->missing().size(), found.size()) << "the trial runs once";
}

}  // namespace
}  // namespace ridgepoint
