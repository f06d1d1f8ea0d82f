// SPDX-License-Identifier: Apache-2.0
#include "probes/session.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>

#include "model/core/contract.h"
#include "model/core/stats.h"
#include "model/core/units.h"

namespace ridgepoint {
namespace {

/// How bad an outcome is, for joining visits.
int severity(ProbeStatus status) {
  switch (status) {
    case ProbeStatus::ok:
      return 0;
    case ProbeStatus::degraded:
      return 1;
    case ProbeStatus::skipped:
      return 2;
    case ProbeStatus::interrupted:
      return 3;
    case ProbeStatus::unavailable:
      return 4;
    case ProbeStatus::failed:
      return 5;
  }
  return 5;
}

/// The state of one probe between visits.
struct Progress {
  const Probe* probe;
  ProbeOutcome joined;
  double elapsed_s = 0;
  int visits = 0;
  bool stopped = false;
};

int visits_of(const Probe& probe, const SessionPlan& plan) { return probe.revisit ? plan.visits : 1; }

/// How much the working sets of a measuring probe may take: 40 % of what is available now, a few MiB at the
/// smoke level.
double memory_limit(const Facts& facts, const SessionPlan& plan) {
  constexpr double kShare = 0.4, kUnknown = 512 * kMebi, kSmoke = 8 * kMebi;
  double limit = std::numeric_limits<double>::infinity();
  for (const char* key : {"memory.available", "memory.dram.capacity", "memory.cgroup.limit"})
    if (const auto v = number(facts, key); v && *v > 0) limit = std::min(limit, *v * kShare);
  if (!std::isfinite(limit)) limit = kUnknown;
  if (plan.level == Level::smoke) limit = std::min(limit, kSmoke);
  return std::min(limit, plan.memory_cap_byte);
}

ProbeOutcome not_measured(const Probe& probe, const SessionPlan& plan, const Host& host) {
  ProbeOutcome out;
  if (probe.measures && !host.live()) {
    out.status = ProbeStatus::unavailable;
    out.reason = "a recorded machine can be read but not measured";
    out.fix = "run the probe on the machine itself";
  } else if (probe.seconds.at(plan.level) <= 0) {
    out.status = ProbeStatus::skipped;
    out.reason = "not part of the level '" + std::string(name_of(plan.level)) + "'";
    out.fix = "--level " + std::string(probe.seconds.standard > 0 ? "standard" : "full");
  }
  return out;
}

/// One visit, timed. Facts that break the rules of facts are a bug of the probe.
Visit visit_once(const Progress& p, int visit, const ProbeContext& context) {
  Visit v{p.probe->id, visit, 0, {}};
  const auto begin = std::chrono::steady_clock::now();
  v.outcome = p.probe->run(context);
  v.elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  for (const Samples& s : v.outcome.samples) RIDGEPOINT_EXPECT(!s.values.empty() && !s.source.empty());
  return v;
}

void take(Progress& p, Visit v) {
  p.elapsed_s += v.elapsed_s;
  const bool cut = v.outcome.status == ProbeStatus::interrupted;
  p.stopped = p.stopped || cut;
  if (cut && p.visits > 0) return;  // a half visit beside whole ones would only add noise
  join_visit(p.joined, std::move(v.outcome));
  if (!cut) ++p.visits;
}

const Visit* earlier(const SessionHooks& hooks, const std::string& probe, int visit) {
  for (const Visit& v : hooks.done)
    if (v.probe == probe && v.visit == visit) return &v;
  return nullptr;
}

/// What the user's stopping means for a probe that has not had all its visits.
void mark_stopped(Progress& p, int wanted) {
  ProbeOutcome& o = p.joined;
  const bool unfinished = p.stopped || (Interrupt::requested() && p.visits < wanted);
  if (!unfinished || o.status == ProbeStatus::skipped ||
      severity(o.status) > severity(ProbeStatus::interrupted))
    return;
  if (p.visits == 0) {
    o = {.status = ProbeStatus::interrupted,
         .reason = "stopped by the user before it was finished",
         .fix = "run it again, or --resume",
         .facts = {},
         .samples = {},
         .warnings = std::move(o.warnings)};
  } else if (o.status == ProbeStatus::ok) {
    o.status = ProbeStatus::degraded;
    o.reason =
        "stopped by the user after " + std::to_string(p.visits) + " of " + std::to_string(wanted) + " visits";
    o.fix = "run it again, or --resume";
  }
}

bool same(const Warning& a, const Warning& b) { return a.code == b.code && a.what == b.what; }

void hand_over(Progress& p, Machine& machine) {
  ProbeOutcome& o = p.joined;
  ProbeReport report{p.probe->id, o.status, o.reason, o.fix, p.probe->method, p.elapsed_s, {}};
  for (Samples& s : o.samples) report.samples.push_back({s.key, s.unit, std::move(s.values)});
  for (auto& [key, fact] : o.facts) {
    RIDGEPOINT_EXPECT(check_fact(key, fact).has_value());
    RIDGEPOINT_EXPECT(!machine.platform.facts.contains(key));
    machine.platform.facts[key] = std::move(fact);
  }
  for (Warning& w : o.warnings)
    if (std::ranges::none_of(machine.warnings, [&](const Warning& x) { return same(x, w); }))
      machine.warnings.push_back(std::move(w));
  machine.probes.push_back(std::move(report));
}

/// Ends one probe: headline facts, conclusions, report.
void close(Progress& p, const ProbeContext& context, const SessionPlan& plan, Machine& machine) {
  ProbeOutcome& o = p.joined;
  mark_stopped(p, visits_of(*p.probe, plan));
  if (o.status == ProbeStatus::failed) o.samples.clear();  // a wrong answer has no rate
  add_headlines(o);
  if (p.probe->conclude != nullptr && !o.samples.empty()) p.probe->conclude(context, o);
  hand_over(p, machine);
}

/// Everything a session needs while it runs.
struct Running {
  const SessionPlan& plan;
  const SessionHooks& hooks;
  ProbeContext context;
  std::vector<Progress> all;
  Facts seen;  ///< of the reading probes, for the memory limit
  double done_s = 0;
};

std::string progress_words(const Probe& probe, const SessionPlan& plan, int visit) {
  if (visits_of(probe, plan) == 1) return "probe " + probe.id;
  return "probe " + probe.id + ", visit " + std::to_string(visit + 1) + " of " + std::to_string(plan.visits);
}

/// One visit of one probe, taken from an earlier session where it was finished there.
Result<void> visit_probe(Running& r, Progress& p, int visit) {
  const Probe& probe = *p.probe;
  const double share = probe.seconds.at(r.plan.level) / visits_of(probe, r.plan);
  r.context.log.progress(progress_words(probe, r.plan, visit), r.done_s / std::max(r.plan.seconds(), 1e-9));
  r.done_s += share;
  if (const Visit* old = probe.measures ? earlier(r.hooks, probe.id, visit) : nullptr) {
    take(p, *old);
    return {};
  }
  r.context.visit = visit;
  r.context.budget_s = share;
  r.context.memory_limit_byte = memory_limit(r.seen, r.plan);
  if (probe.measures && r.hooks.between) r.hooks.between(r.context.memory_limit_byte);
  Visit v = visit_once(p, visit, r.context);
  if (!probe.measures) r.seen.insert(v.outcome.facts.begin(), v.outcome.facts.end());
  Result<void> durable;
  if (r.hooks.finished && probe.measures && v.outcome.status != ProbeStatus::interrupted)
    durable = r.hooks.finished(v);
  take(p, std::move(v));
  return durable;
}

bool wants_visit(const Progress& p, const SessionPlan& plan, int visit) {
  return visit < visits_of(*p.probe, plan) && severity(p.joined.status) < severity(ProbeStatus::skipped) &&
         !p.stopped;
}

}  // namespace

int visits_at(Level level) {
  switch (level) {
    case Level::smoke:
      return 1;
    case Level::quick:
      return 2;
    case Level::standard:
      return 3;
    case Level::full:
      return 5;
  }
  return 1;
}

double SessionPlan::seconds() const {
  double total = 0;
  for (const Probe* p : probes) total += p->seconds.at(level);
  return total;
}

bool SessionPlan::measures() const {
  return std::ranges::any_of(probes, [](const Probe* p) { return p->measures; });
}

void join_visit(ProbeOutcome& into, ProbeOutcome visit) {
  if (severity(visit.status) > severity(into.status)) {
    into.status = visit.status;
    into.reason = std::move(visit.reason);
    into.fix = std::move(visit.fix);
  }
  for (auto& [key, fact] : visit.facts) into.facts[key] = std::move(fact);
  for (Samples& s : visit.samples) {
    const double median = quantile(s.values, 0.5);
    auto it = std::ranges::find(into.samples, s.key, &Samples::key);
    if (it == into.samples.end())
      it = into.samples.insert(it, std::move(s));
    else
      it->values.insert(it->values.end(), s.values.begin(), s.values.end());
    it->visit_medians.push_back(median);
  }
  std::ranges::move(visit.warnings, std::back_inserter(into.warnings));
}

void add_headlines(ProbeOutcome& outcome) {
  for (const Samples& s : outcome.samples) {
    if (!s.headline) continue;
    Fact f = measured(quantile(s.values, 0.5), s.unit, s.source);
    f.lo = quantile(s.values, 0.1);
    f.hi = quantile(s.values, 0.9);
    for (const double median : s.visit_medians) {
      f.lo = std::min(*f.lo, median);
      f.hi = std::max(*f.hi, median);
    }
    f.n = static_cast<std::int64_t>(s.values.size());
    outcome.facts[s.key] = std::move(f);
  }
}

Result<Machine> run_session(const SessionPlan& plan, const SessionHooks& hooks, const Host& host,
                            const Topology& topology, Log& log) {
  Running r{.plan = plan,
            .hooks = hooks,
            .context = {.host = host,
                        .topology = topology,
                        .level = plan.level,
                        .memory_limit_byte = 0,
                        .log = log,
                        .visits = plan.visits,
                        .cells = plan.cells,
                        .storage_folder = plan.storage_folder},
            .all = {},
            .seen = {}};
  for (const Probe* p : plan.probes) r.all.push_back({p, not_measured(*p, plan, host)});
  for (int visit = 0; visit < plan.visits; ++visit)
    for (Progress& p : r.all)
      if (wants_visit(p, plan, visit) && !Interrupt::requested())
        if (auto ok = visit_probe(r, p, visit); !ok) return tl::make_unexpected(ok.error());
  r.context.memory_limit_byte = memory_limit(r.seen, plan);
  if (hooks.between) hooks.between(r.context.memory_limit_byte);
  Machine machine;
  for (Progress& p : r.all) close(p, r.context, plan, machine);
  machine.interrupted = Interrupt::requested();
  log.progress("probes done", 1);
  return machine;
}

}  // namespace ridgepoint
