// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "model/core/format.h"
#include "model/core/text.h"
#include "probes/profile_parts.h"

namespace ridgepoint {
namespace {

// Shares of the wall time (or of the roof) from which a thing is called the bound.
constexpr double kBusy = 0.85;      // of what its ready threads could use
constexpr double kIdle = 0.5;       // no thread ready
constexpr double kPressure = 0.1;   // some task waited for it
constexpr double kFewSamples = 5;   // thread states of fewer say nothing
constexpr double kThrottled = 0.1;  // of the time, at least one processor
constexpr double kOnRoof = 0.6;
constexpr double kShortest_s = 0.05;
constexpr double kStolen = 0.05;

/// The facts as the rules use them; absent stays absent.
struct Shares {
  double wall_s = 0;
  std::optional<double> busy;            ///< of the processors that its ready threads could use
  std::optional<double> asleep, device;  ///< no thread was ready
  std::optional<double> memory, storage, throttled, steal;
  double used = 0, allowed = 1;
};

Shares shares_of(const Facts& facts) {
  Shares s;
  s.wall_s = number(facts, "time.wall").value_or(0);
  if (s.wall_s <= 0) return s;
  const auto of_wall = [&](const std::string& key) -> std::optional<double> {
    const auto v = number(facts, key);
    return v ? std::optional(*v / s.wall_s) : std::nullopt;
  };
  s.allowed = number(facts, "cpu.allowed").value_or(1);
  double usable = 1;
  if (const auto it = facts.find("threads.ready");
      it != facts.end() && static_cast<double>(it->second.n.value_or(0)) >= kFewSamples) {
    usable = std::min(s.allowed, std::max(1.0, it->second.number()));
    s.asleep = number(facts, "share.asleep");
    s.device = number(facts, "share.device");
  }
  if (const auto used = number(facts, "cpu.used")) {
    s.used = *used;
    s.busy = *used / usable;
  }
  s.memory = of_wall("pressure.memory.some");
  s.storage = of_wall("pressure.io.some");
  s.throttled = of_wall("throttle.time");
  s.steal = number(facts, "steal");
  return s;
}

std::vector<Evidence> evidence_of(const Facts& facts, const Shares& s) {
  std::vector<Evidence> list;
  if (s.busy)
    list.push_back({"processor", "kept " + show_number(s.used) + " of " + show_number(s.allowed) +
                                     " processors busy; waiting for memory counts as busy"});
  if (const auto ready = number(facts, "threads.ready"); ready && s.asleep)
    list.push_back({"processor", "threads ready on average: " + show_number(*ready)});
  const auto cycles = number(facts, "events.cycles"), instructions = number(facts, "events.instructions");
  if (cycles && instructions && *cycles > 0)
    list.push_back({"processor", show_number(*instructions / *cycles) + " instructions a cycle"});
  const auto pressure = [&](const char* subject, const std::optional<double>& share, const char* what) {
    if (share)
      list.push_back({subject, *share < 0.01 ? std::string("no ") + what + " pressure"
                                             : "somebody waited for " + std::string(what) + " in " +
                                                   show_percent(*share) + " of the time"});
  };
  pressure("memory", s.memory, "memory");
  if (const auto faults = number(facts, "faults.major"); faults && *faults > 0)
    list.push_back({"memory", show_number(*faults) + " page faults had to read a device"});
  pressure("storage", s.storage, "I/O");
  if (s.throttled && *s.throttled > 0)
    list.push_back(
        {"throttled", "a CPU quota held it back for " + show_percent(*s.throttled) + " of the time"});
  if (s.steal && *s.steal > kStolen)
    list.push_back(
        {"steal", "the hypervisor took " + show_percent(*s.steal) + " of the wanted processor time"});
  if (s.device && *s.device >= 0.01)
    list.push_back(
        {"storage", "its threads waited for a device in " + show_percent(*s.device) + " of the samples"});
  if (s.asleep && *s.asleep >= 0.01)
    list.push_back({"waiting", "all its threads slept in " + show_percent(*s.asleep) + " of the samples"});
  return list;
}

/// Is the memory roof the lower one for every arithmetic roof, and the run near it?
bool on_memory_roof(const std::optional<RooflinePlace>& place) {
  return place && !place->shares.empty() && std::ranges::all_of(place->shares, [](const RoofShare& r) {
           return r.bound == "memory" && r.share >= kOnRoof;
         });
}

Bound bound_of(const Shares& s, const std::optional<RooflinePlace>& roofline) {
  if (s.wall_s < kShortest_s || !s.busy) return Bound::unknown;
  const auto above = [](const std::optional<double>& v, double limit) { return v && *v >= limit; };
  if (above(s.throttled, kThrottled)) return Bound::throttled;
  if (on_memory_roof(roofline) || above(s.memory, kPressure)) return Bound::memory;
  const double idle = s.asleep.value_or(0) + s.device.value_or(0);
  if (*s.busy >= kBusy && idle <= 1 - kBusy) return Bound::processor;
  if (above(s.device, kPressure) && *s.device >= s.asleep.value_or(0)) return Bound::storage;
  if (s.asleep ? *s.asleep >= kIdle : *s.busy < 1 - kBusy) return Bound::waiting;
  return Bound::mixed;
}

Fact figure(double value, const char* unit, std::string source, Basis basis) {
  Fact f = measured(value, unit, std::move(source));
  f.basis = basis;
  return f;
}

/// The machine's whole-machine roofs: compute.<dtype>.<isa> and memory.<tier>.bandwidth.<pattern>.
Facts roofs_in(const Facts& facts) {
  Facts roofs;
  for (const auto& [key, fact] : facts) {
    const auto parts = split(key, '.');
    const bool compute = parts.size() == 3 && parts[0] == "compute" && fact.unit == "flop/s";
    const bool memory = parts.size() == 4 && parts[0] == "memory" && parts[2] == "bandwidth";
    if ((compute || memory) && fact.is_number() && fact.number() > 0) roofs[key] = fact;
  }
  return roofs;
}

std::vector<RoofShare> shares_below(const Facts& roofs, double intensity, double reached) {
  std::map<std::string, const std::string*> best;  // the fastest pattern of each memory tier
  for (const auto& [key, fact] : roofs) {
    if (!starts_with(key, "memory.")) continue;
    const std::string*& kept = best[split(key, '.')[1]];
    if (kept == nullptr || roofs.at(*kept).number() < fact.number()) kept = &key;
  }
  std::vector<RoofShare> shares;
  for (const auto& [compute, fact] : roofs) {
    if (!starts_with(compute, "compute.")) continue;
    for (const auto& [tier, memory] : best) {
      const double slope = intensity * roofs.at(*memory).number();
      const double attainable = std::min(fact.number(), slope);
      shares.push_back({.compute = compute,
                        .memory = *memory,
                        .attainable_flop_s = attainable,
                        .share = reached / attainable,
                        .bound = slope < fact.number() ? "memory" : "compute"});
    }
  }
  return shares;
}

}  // namespace

Verdict judge(const Facts& facts, const std::optional<RooflinePlace>& roofline) {
  const Shares s = shares_of(facts);
  Verdict v{.bound = bound_of(s, roofline), .evidence = evidence_of(facts, s)};
  if (s.wall_s < kShortest_s)
    v.evidence.push_back({"time", "too short to judge: less than " + show_seconds(kShortest_s)});
  if (on_memory_roof(roofline))
    v.evidence.push_back({"memory", "at least " + show_percent(kOnRoof) + " of the memory roof"});
  return v;
}

std::vector<Warning> roof_warnings(const std::optional<RooflinePlace>& place) {
  constexpr double kAbove = 1.05;  // as for kernels: an alarm, never clamped
  if (!place) return {};
  for (const RoofShare& r : place->shares)
    if (r.share > kAbove)
      return {{"exceeds-roof",
               "the run stands at " + show_percent(r.share) + " of what " + r.compute + " and " + r.memory +
                   " allow, so work, traffic or roofs are wrong, or caches served it",
               "check --flop and --byte (traffic to memory, not to caches), and probe again"}};
  return {};
}

std::optional<Fact> work_of(const Facts& facts, const Declared& declared) {
  if (declared.flop) return figure(*declared.flop, "flop", "--flop, declared by the user", Basis::assumed);
  const auto it = facts.find("events.fp_ops");
  return it == facts.end() ? std::nullopt : std::optional(it->second);
}

std::optional<Fact> traffic_of(const Facts& facts, const Declared& declared) {
  if (declared.byte) return figure(*declared.byte, "byte", "--byte, declared by the user", Basis::assumed);
  const auto read = number(facts, "traffic.dram.read"), written = number(facts, "traffic.dram.written");
  if (!read || !written) return std::nullopt;
  return figure(*read + *written, "byte", "traffic.dram.read + traffic.dram.written", Basis::measured);
}

std::optional<RooflinePlace> place(const Facts& facts, const Declared& declared,
                                   const std::optional<Machine>& machine, std::vector<Missing>& missing) {
  const auto work = work_of(facts, declared), traffic = traffic_of(facts, declared);
  const auto lack = [&](const std::string& reason, const std::string& fix) {
    missing.push_back({"place on the roofline", reason, fix});
  };
  if (!work) lack("the floating-point work is not known: nothing counts it here", "give --flop N");
  if (!traffic) lack("the memory traffic is not known: nothing counts it here", "give --byte N");
  if (!machine)
    lack("no machine document was given", "ridgepoint probe --out machine.json, then --machine machine.json");
  const double wall = number(facts, "time.wall").value_or(0);
  if (!work || !traffic || !machine || wall <= 0) return std::nullopt;
  if (work->number() <= 0 || traffic->number() <= 0) {
    lack("no floating-point work or no traffic was counted", "nothing to do: such a run has no intensity");
    return std::nullopt;
  }
  RooflinePlace p;
  p.machine_id = machine->platform.id;
  p.work = *work;
  p.traffic = *traffic;
  p.intensity_flop_byte = work->number() / traffic->number();
  p.reached_flop_s = work->number() / wall;
  p.roofs = roofs_in(machine->platform.facts);
  p.shares = shares_below(p.roofs, p.intensity_flop_byte, p.reached_flop_s);
  if (!p.shares.empty()) return p;
  lack("the machine document holds no roof of each kind",
       "ridgepoint probe --only peak_arithmetic --only dram_bandwidth");
  return std::nullopt;
}

}  // namespace ridgepoint
