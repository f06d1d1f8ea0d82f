// SPDX-License-Identifier: Apache-2.0
#include "probes/live_events.h"

#include <algorithm>

#include "model/core/format.h"
#include "model/core/json.h"
#include "probes/child_process.h"
#include "probes/counters_loop.h"
#include "probes/energy.h"
#include "probes/host.h"
#include "probes/uncore.h"

namespace ridgepoint {
namespace {

constexpr double kTrialLimit_s = 20;  // about 0.1 s is usual; a debugger or a sanitizer takes longer

/// An event whose codes are open.
struct Running {
  WantedEvent wanted;
  std::vector<PerfEvent> parts;

  std::optional<Combined> now() const {
    std::vector<PerfEvent::Reading> readings;
    std::vector<double> weights;
    for (const PerfEvent& p : parts) {
      const auto reading = p.read();
      if (!reading) return std::nullopt;
      readings.push_back(*reading);
      weights.push_back(p.weight());
    }
    return combine(readings, weights, wanted.together);
  }
  bool user_only() const { return std::ranges::any_of(parts, &PerfEvent::user_only); }
};

Result<Running> start(const WantedEvent& wanted, const PerfScope& scope) {
  if (wanted.codes.empty()) return fail(ErrorKind::unavailable, wanted.key, wanted.absent, "");
  Running running{.wanted = wanted, .parts = {}};
  for (const PerfCode& code : wanted.codes) {
    auto part = PerfEvent::open(code, scope);
    if (!part) return tl::make_unexpected(part.error());
    running.parts.push_back(std::move(*part));
  }
  return running;
}

TriedEvent try_one(const WantedEvent& wanted) {
  const auto running = start(wanted, {});
  if (!running) return {.key = wanted.key, .reason = running.error().why};
  if (running->user_only() && wanted.kind == CounterKind::software && wanted.key != "events.task_clock" &&
      wanted.key != "events.page_faults")
    return {.key = wanted.key, .reason = "happens inside the kernel, which may not be counted"};
  known_loop();
  const auto counted = running->now();
  return {
      .key = wanted.key, .value = counted ? counted->value : 0, .reason = why_not_believed(wanted, counted)};
}

class LiveCounter : public EventCounter {
 public:
  LiveCounter(const Host& host, const std::vector<WantedEvent>& usable, const PerfScope& scope)
      : energy_(host) {
    for (const WantedEvent& w : usable)
      if (auto running = start(w, scope)) running_.push_back(std::move(*running));
    if (auto traffic = DramTraffic::open(host)) traffic_.emplace(std::move(*traffic));
  }

  std::vector<EventTotal> totals() override {
    std::vector<EventTotal> out;
    for (const Running& r : running_)
      if (const auto now = r.now())
        out.push_back({.key = r.wanted.key,
                       .unit = r.wanted.unit,
                       .value = now->value,
                       .share = now->share,
                       .via = "perf_event_open: " + r.wanted.name + ", the process and its descendants" +
                              (r.user_only() ? ", user part only" : "")});
    if (traffic_) std::ranges::move(traffic_->totals(), std::back_inserter(out));
    std::ranges::move(energy_.totals(), std::back_inserter(out));
    return out;
  }

 private:
  std::vector<Running> running_;
  std::optional<DramTraffic> traffic_;
  EnergyMeter energy_;
};

class LiveEvents : public EventSource {
 public:
  std::unique_ptr<EventCounter> count_self() override {
    return std::make_unique<LiveCounter>(host_, usable(), PerfScope{});
  }
  std::unique_ptr<EventCounter> count_from_exec(pid_t pid) override {
    return std::make_unique<LiveCounter>(host_, usable(), PerfScope{.pid = pid, .from_exec = true});
  }
  std::vector<Missing> missing() override {
    (void)usable();
    return missing_;
  }

 private:
  const std::vector<WantedEvent>& usable() {
    if (!usable_) survey();
    return *usable_;
  }
  void survey();
  void report_lost(const std::vector<TriedEvent>& tried, const std::vector<WantedEvent>& wanted);

  RootedHost host_{"/"};
  std::optional<std::vector<WantedEvent>> usable_;
  std::vector<Missing> missing_;
};

std::vector<TriedEvent> try_in_child(const std::vector<WantedEvent>& wanted) {
  const auto text =
      in_child([&] { return dump_json_line(encode(try_events(wanted))).value_or(""); }, kTrialLimit_s);
  const auto json = text ? parse_json(*text, "trial") : tl::make_unexpected(text.error());
  const auto tried =
      json ? decode<std::vector<TriedEvent>>(*json, "trial") : tl::make_unexpected(json.error());
  if (tried && tried->size() == wanted.size()) return *tried;
  std::vector<TriedEvent> none;
  none.reserve(wanted.size());
  for (const WantedEvent& w : wanted)
    none.push_back(
        {.key = w.key, .reason = "the trial failed: " + (tried ? "short answer" : tried.error().what)});
  return none;
}

void LiveEvents::survey() {
  const auto wanted = wanted_events(host_);
  const auto tried = try_in_child(wanted);
  usable_.emplace();
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (tried[i].reason.empty()) usable_->push_back(wanted[i]);
  report_lost(tried, wanted);
  if (const auto traffic = DramTraffic::open(host_); !traffic)
    missing_.push_back({"DRAM traffic", traffic.error().why, traffic.error().fix});
  if (auto energy = EnergyMeter(host_).missing()) missing_.push_back(std::move(*energy));
}

/// One entry for all hardware events where none counts: the remedy is the same. Else one each.
void LiveEvents::report_lost(const std::vector<TriedEvent>& tried, const std::vector<WantedEvent>& wanted) {
  const bool any =
      std::ranges::any_of(*usable_, [](const WantedEvent& w) { return w.kind == CounterKind::hardware; });
  bool told = false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (tried[i].reason.empty()) continue;
    const std::string subject = wanted[i].key.substr(wanted[i].key.find('.') + 1);
    if (wanted[i].kind == CounterKind::software || any) {
      missing_.push_back({subject, tried[i].reason, "see ridgepoint doctor"});
    } else if (!told) {
      const CounterObstacle o = counter_obstacle(host_, tried[i].reason);
      missing_.push_back({"hardware events (cycles, instructions, fp_ops, caches)", o.reason, o.fix});
      told = true;
    }
  }
}

}  // namespace

std::string why_not_believed(const WantedEvent& wanted, const std::optional<Combined>& counted) {
  if (!counted) return wanted.name + ": opened, but never ran";
  if (counted->value < wanted.least)
    return wanted.name + ": counted " + show_number(counted->value) + " where at least " +
           show_number(wanted.least) + " was due";
  if (counted->value > wanted.most)
    return wanted.name + ": counted " + show_number(counted->value) + " where at most " +
           show_number(wanted.most) + " was due";
  return {};
}

std::vector<TriedEvent> try_events(const std::vector<WantedEvent>& wanted) {
  std::vector<TriedEvent> tried;
  tried.reserve(wanted.size());
  for (const WantedEvent& w : wanted) tried.push_back(try_one(w));
  return tried;
}

std::unique_ptr<EventSource> live_events() { return std::make_unique<LiveEvents>(); }

}  // namespace ridgepoint
