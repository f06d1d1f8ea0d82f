// SPDX-License-Identifier: Apache-2.0
#include "probes/noise.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "model/core/format.h"
#include "model/core/stats.h"
#include "model/core/units.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kMostCpus = 4;  // enough to notice a neighbour, few enough to be quick
constexpr double kControlMemory = 96 * kMebi;

/// How far a control's times lie around their median, as shares of it.
struct Control {
  std::string key;
  std::vector<double> seconds;  ///< in the order of the samples that have one
  double median = 0;
  double faster = 0, slower = 0;  ///< 10 % quantile below the median, 90 % quantile above it; both >= 0

  double off(double s) const { return std::abs(s / median - 1); }
};

Control control_of(std::string key, std::vector<double> seconds) {
  Control c{.key = std::move(key), .seconds = std::move(seconds)};
  if (c.seconds.empty()) return c;
  c.median = quantile(c.seconds, 0.5);
  c.faster = 1 - quantile(c.seconds, 0.1) / c.median;
  c.slower = quantile(c.seconds, 0.9) / c.median - 1;
  return c;
}

struct Controls {
  Control compute, memory;
};

Controls controls_of(const std::vector<NoiseSample>& samples) {
  std::vector<double> compute, memory;
  for (const NoiseSample& s : samples) {
    compute.push_back(s.control.compute_s);
    if (s.control.memory_s) memory.push_back(*s.control.memory_s);
  }
  return {control_of("noise.control.compute", std::move(compute)),
          control_of("noise.control.memory", std::move(memory))};
}

// ---- facts ----

void put(Machine& machine, const std::string& key, Fact fact) {
  machine.platform.facts[key] = std::move(fact);
}

/// Median with lowest and highest of what was read at each sample.
template <class Read>
void put_read(Machine& machine, const std::vector<NoiseSample>& samples, const std::string& key,
              const std::string& unit, const std::string& source, const Read& read) {
  std::vector<double> values;
  for (const NoiseSample& s : samples)
    if (const auto v = read(s.reading)) values.push_back(*v);
  if (values.empty()) return;
  Fact f = measured(quantile(values, 0.5), unit, source);
  f.lo = *std::ranges::min_element(values);
  f.hi = *std::ranges::max_element(values);
  f.n = std::ssize(values);
  put(machine, key, std::move(f));
}

void put_control(Machine& machine, const Control& c) {
  if (c.seconds.empty()) return;
  std::vector<double> off;
  for (const double s : c.seconds) off.push_back(c.off(s));
  Fact f = measured(quantile(off, 0.5), "1",
                    "noise watch: fixed work between all visits, best of 3, deviation from its median");
  f.lo = quantile(off, 0.1);
  f.hi = quantile(off, 0.9);
  f.n = std::ssize(off);
  put(machine, c.key, std::move(f));
}

/// What the kernel counts up, over the whole session.
void put_totals(Machine& machine, const NoiseSample& first, const NoiseSample& last) {
  const NoiseReading &a = first.reading, &b = last.reading;
  const double seconds = last.at_s - first.at_s;
  if (a.ticks && b.ticks && b.ticks->wanted > a.ticks->wanted)
    put(machine, "noise.steal",
        measured(std::max(0.0, b.ticks->stolen - a.ticks->stolen) / (b.ticks->wanted - a.ticks->wanted), "1",
                 "noise watch: /proc/stat, stolen share of the processor time that was wanted"));
  if (a.throttle_events && b.throttle_events)
    put(machine, "noise.throttle.events",
        measured(std::max(0.0, *b.throttle_events - *a.throttle_events), "1",
                 "noise watch: thermal_throttle counts of a few processors"));
  if (seconds <= 0) return;
  for (const auto& [resource, s] : b.pressure_s)
    if (const auto it = a.pressure_s.find(resource); it != a.pressure_s.end())
      put(machine, "noise.pressure." + resource,
          measured(std::max(0.0, s - it->second) / seconds, "1",
                   "noise watch: /proc/pressure/" + resource + ", share of the time some task waited"));
  if (a.context_switches && b.context_switches)
    put(machine, "noise.context_switches",
        measured(std::max(0.0, *b.context_switches - *a.context_switches) / seconds, "count/s",
                 "noise watch: /proc/stat, all processes"));
}

// ---- intervals ----

/// Widens one fact. `c` tells how much slower and faster the same work ran: a time scales with it, a rate
/// against it.
void widen(Fact& f, const Control& c) {
  const double v = f.number();
  const bool is_time = f.unit == "s";
  const double lo = is_time ? v * (1 - c.faster) : v / (1 + c.slower);
  const double hi = is_time ? v * (1 + c.slower) : v / std::max(1 - c.faster, 0.1);
  f.lo = std::min(*f.lo, lo);
  f.hi = std::max(*f.hi, hi);
}

void widen_all(Machine& machine, const Controls& controls) {
  for (const ProbeReport& report : machine.probes)
    for (const Series& s : report.samples) {
      const auto it = machine.platform.facts.find(s.key);
      if (it == machine.platform.facts.end() || !it->second.is_number() || !it->second.lo || !it->second.hi)
        continue;
      const bool memory = s.key.starts_with("memory.") || s.key.starts_with("cache.");
      const Control& c = memory && !controls.memory.seconds.empty() ? controls.memory : controls.compute;
      if (c.median > 0) widen(it->second, c);
    }
}

// ---- verdicts ----

/// What happened to one probe during all its visits.
struct Disturbance {
  double stolen = 0, wanted = 0;               ///< ticks
  double drift_compute = 0, drift_memory = 0;  ///< the worst control beside a visit
};

std::map<std::string, Disturbance> disturbances(const std::vector<NoiseSample>& samples,
                                                const Controls& controls) {
  std::map<std::string, Disturbance> found;
  for (std::size_t i = 1; i < samples.size(); ++i) {
    if (samples[i].after.empty()) continue;
    Disturbance& d = found[samples[i].after];
    for (const NoiseSample* s : {&samples[i - 1], &samples[i]}) {
      d.drift_compute = std::max(d.drift_compute, controls.compute.off(s->control.compute_s));
      if (s->control.memory_s)
        d.drift_memory = std::max(d.drift_memory, controls.memory.off(*s->control.memory_s));
    }
    const auto &a = samples[i - 1].reading.ticks, &b = samples[i].reading.ticks;
    if (!a || !b) continue;
    d.stolen += b->stolen - a->stolen;
    d.wanted += b->wanted - a->wanted;
  }
  return found;
}

/// Empty where nothing is to be said.
std::string evidence(const Disturbance& d) {
  std::string text;
  const auto say = [&](const std::string& what) { text += (text.empty() ? "" : "; ") + what; };
  if (d.stolen > kMostSteal * d.wanted + kTickNoise)
    say("the hypervisor took " + show_percent(d.stolen / d.wanted) + " of the processor time");
  if (d.drift_compute > kMostDrift)
    say("the compute control beside it was " + show_percent(d.drift_compute) + " off its median");
  if (d.drift_memory > kMostDrift)
    say("the memory control beside it was " + show_percent(d.drift_memory) + " off its median");
  return text;
}

void degrade(Machine& machine, const std::vector<NoiseSample>& samples, const Controls& controls) {
  const auto found = disturbances(samples, controls);
  for (ProbeReport& report : machine.probes) {
    const auto it = found.find(report.id);
    if (it == found.end() || report.samples.empty()) continue;  // nothing was measured, so nothing disturbed
    const std::string text = evidence(it->second);
    if (text.empty() || (report.status != ProbeStatus::ok && report.status != ProbeStatus::degraded))
      continue;
    report.reason += (report.reason.empty() ? "" : "; ") + text;
    report.fix += (report.fix.empty() ? "" : "; ") + std::string("run it again when the machine is quiet");
    report.status = ProbeStatus::degraded;
  }
}

ProbeReport raw(const Controls& controls) {
  ProbeReport report{
      "noise",
      ProbeStatus::ok,
      "",
      "",
      "between all visits: /proc/stat, /proc/pressure, clock and thermal events, and a control: "
      "a dependent multiply-add chain and a sweep over 96 MiB on up to 4 processors",
      0,
      {}};
  for (const Control* c : {&controls.compute, &controls.memory})
    if (!c->seconds.empty()) report.samples.push_back({c->key, "s", c->seconds});
  return report;
}

std::vector<int> watched(const Topology& topology) {
  std::vector<int> cpus = topology.allowed;
  if (cpus.empty()) cpus = allowed_cpus();
  if (cpus.size() > kMostCpus) cpus.resize(kMostCpus);
  return cpus;
}

}  // namespace

void add_noise(const std::vector<NoiseSample>& samples, Machine& machine) {
  if (samples.size() < 2) return;
  const Controls controls = controls_of(samples);
  widen_all(machine, controls);
  degrade(machine, samples, controls);
  put_totals(machine, samples.front(), samples.back());
  put_control(machine, controls.compute);
  put_control(machine, controls.memory);
  put_read(machine, samples, "noise.frequency", "hz", "noise watch: scaling_cur_freq, the slowest of a few",
           [](const NoiseReading& r) { return r.frequency_hz; });
  put_read(machine, samples, "noise.load", "1", "noise watch: /proc/loadavg, last minute",
           [](const NoiseReading& r) { return r.load; });
  machine.probes.push_back(raw(controls));
}

NoiseWatch::NoiseWatch(const Host& host, const Topology& topology, double memory_byte)
    : host_(host), cpus_(watched(topology)), control_(cpus_, std::min(memory_byte, kControlMemory)) {}

void NoiseWatch::sample() {
  if (Interrupt::requested()) return;
  const double at_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  samples_.push_back({at_s, read_noise(host_, cpus_), control_.sample(), std::exchange(after_, {})});
}

}  // namespace ridgepoint
