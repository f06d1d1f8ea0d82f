// SPDX-License-Identifier: Apache-2.0
#include "model/plan/planner.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "model/core/format.h"
#include "model/core/ports.h"
#include "model/plan/by_price.h"
#include "model/plan/round.h"
#include "model/plan/settle.h"
#include "model/plan/simulate.h"

namespace ridgepoint {
namespace {

using Clock = std::chrono::steady_clock;
constexpr double kExactChoices = 1500;  // yes-or-no variables up to which pools are sized exactly
constexpr double kMostPlaces = 4e5;     // demands x offers x sites x months that a program may hold
constexpr int kRounds = 1000;           // of prices, if the time allows
constexpr double kLeastShare = 0.15;    // smaller pools are joined to larger ones
constexpr double kMostArrivals = 1e7;
constexpr double kLeastSeconds = 2;  // a step gets these even when the time is up
constexpr double kClosed = 0.2;      // share that a pool not yet open is judged by

/// Spends a time allowance in portions.
class Allowance {
 public:
  explicit Allowance(const PlanOptions& options) : options_(options), began_(Clock::now()) {}
  double left() const {
    return options_.seconds - std::chrono::duration<double>(Clock::now() - began_).count();
  }
  SolveLimits portion(double share, double gap) const {
    return {std::max(kLeastSeconds, left() * share), gap, options_.memory_byte};
  }

 private:
  const PlanOptions& options_;
  Clock::time_point began_;
};

bool has_answer(const MipSolution& s) { return !s.x.empty(); }

void accept(Plan& plan, const PlanInstance& in, const PlanDecision& decision, double bound, double gap,
            bool proven) {
  settle(in, decision, plan);
  if (bound > -kNoLimit) {
    plan.lower_bound_usd = std::min(bound, plan.sums.usd);
    plan.gap = plan.sums.usd == 0 ? 0 : (plan.sums.usd - *plan.lower_bound_usd) / std::fabs(plan.sums.usd);
  }
  plan.status = proven && gap <= 1e-6 ? PlanStatus::optimal : PlanStatus::within_bound;
}

Result<void> plan_exactly(const PlanInstance& in, const PlanOptions& options, Plan& plan) {
  const Allowance time(options);
  const Formulation f = formulate(in, PoolForm::exact);
  auto solved = solve(f.program, time.portion(1, options.gap));
  if (!solved) return tl::make_unexpected(solved.error());
  plan.method_used = "every pool size considered";
  if (solved->status == SolveStatus::infeasible) plan.status = PlanStatus::infeasible;
  if (!has_answer(*solved)) return {};
  accept(plan, in, decide(in, f, solved->x, nullptr), solved->bound, options.gap,
         solved->status == SolveStatus::optimal);
  return {};
}

/// Utilisation of pools near the ones that a relaxed solution opens; closed ones are judged at a small share.
FixedPools near_pools(const PlanInstance& in, FixedPools pools) {
  for (std::size_t w = 0; w < in.demands; ++w)
    for (std::size_t p = 0; p < in.offers; ++p)
      for (std::size_t t = 0; in.interactive(w) && in.pairing[w][p].suitable && t < in.months; ++t) {
        if (in.plan_rate[w][t] <= 0) continue;
        const std::int64_t small = fewest_workers(kClosed * in.load(w, p, t), in.pairing[w][p].target);
        for (std::size_t s = 0; s < in.sites; ++s)
          if (FixedPool& pool = pools[w][p][s][t]; pool.workers == 0) pool = {kClosed, small};
      }
  return pools;
}

/// Solves with the pools fixed as `source` has them; joined first, then as they are.
Result<bool> plan_with_pools(const PlanInstance& in, const PlanOptions& options, const Formulation& f,
                             const MipSolution& source, const Allowance& time, double bound, Plan& plan) {
  for (const double least : {kLeastShare, 0.0}) {
    const FixedPools pools = pools_of(in, f, source.x, least);
    const Formulation last = formulate(in, PoolForm::fixed, &pools);
    auto solved = solve(last.program, time.portion(least > 0 ? 0.7 : 0.9, options.gap / 4));
    if (!solved) return tl::make_unexpected(solved.error());
    if (!has_answer(*solved)) {
      auto relaxed = solve_relaxed(last.program, time.portion(0.9, 0));
      if (!relaxed) return tl::make_unexpected(relaxed.error());
      if (!has_answer(*relaxed)) continue;
      const auto rounded = round_servers(in, last, relaxed->x);
      if (!rounded) continue;
      solved->x = *rounded;
      plan.method_used = "bound from ideal pools, then pools fixed and servers rounded";
    }
    accept(plan, in, decide(in, last, solved->x, &pools), bound, 1, false);
    return true;
  }
  return false;
}

Result<void> plan_in_steps(const PlanInstance& in, const PlanOptions& options, Plan& plan) {
  const Allowance time(options);
  plan.method_used = "bound from ideal pools, then pools fixed";
  options.progress("bounding the cost", 0.1);
  const Formulation ideal = formulate(in, PoolForm::relaxed);
  auto relaxed = solve_relaxed(ideal.program, time.portion(0.6, 0));
  if (!relaxed) return tl::make_unexpected(relaxed.error());
  if (relaxed->status == SolveStatus::infeasible) {
    plan.status = PlanStatus::infeasible;
    return {};
  }
  auto bounded = solve(ideal.program, time.portion(0.35, options.gap / 4));
  if (!bounded) return tl::make_unexpected(bounded.error());
  if (bounded->status == SolveStatus::infeasible) {
    plan.status = PlanStatus::infeasible;
    return {};
  }
  const MipSolution& first = has_answer(*bounded) ? *bounded : *relaxed;
  if (!has_answer(first)) return {};
  const double bound = std::max(bounded->bound, relaxed->bound);
  options.progress("choosing pools", 0.4);
  const FixedPools near = near_pools(in, pools_of(in, ideal, first.x, kLeastShare));
  const Formulation second = formulate(in, PoolForm::relaxed, &near);
  auto shaped = solve(second.program, time.portion(0.5, options.gap / 4));
  if (!shaped) return tl::make_unexpected(shaped.error());
  options.progress("fixing pools", 0.7);
  const bool better = has_answer(*shaped);
  auto done =
      plan_with_pools(in, options, better ? second : ideal, better ? *shaped : first, time, bound, plan);
  if (done && !*done && better) done = plan_with_pools(in, options, ideal, first, time, bound, plan);
  if (!done) return tl::make_unexpected(done.error());
  if (!*done && std::isfinite(bound)) plan.lower_bound_usd = bound;
  return {};
}

/// For questions that no program of this size would answer in time.
Result<void> plan_priced(const PlanInstance& in, const PlanOptions& options, Plan& plan) {
  const Allowance time(options);
  options.progress("pricing server months", 0.1);
  const PricedPlan priced = plan_by_price(in, kRounds, [&] { return time.left() > 0; });
  plan.solver = "none needed";
  plan.method_used = "server months priced: a Lagrangian bound, purchases for what it needs, the rest rented";
  if (Interrupt::requested())
    return fail(ErrorKind::interrupted, "the plan was interrupted", "", "run it again");
  if (priced.decision)
    accept(plan, in, *priced.decision, priced.bound, 1, false);
  else
    plan.lower_bound_usd = priced.bound;
  return {};
}

bool is_large(const PlanInstance& in) {
  return static_cast<double>(in.demands * in.offers) * static_cast<double>(in.sites * in.months) >
         kMostPlaces;
}

/// A pool near its limit forgets slowly: a thousand of its relaxation times are simulated, within reason.
std::int64_t arrivals_for(const SimulatedPool& pool, std::int64_t least) {
  const double gap = std::sqrt(static_cast<double>(pool.workers)) - std::sqrt(pool.offered_load);
  const double wanted = gap > 0 ? 1000 * pool.offered_load / (gap * gap) : kMostArrivals;
  return std::max(least, static_cast<std::int64_t>(std::min(wanted, kMostArrivals)));
}

/// The most loaded month of each demand's pools.
std::vector<const PlacedWork*> pools_to_simulate(const Plan& plan) {
  std::vector<const PlacedWork*> worst;
  for (const Demand& d : plan.scenario.demands) {
    const PlacedWork* pick = nullptr;
    for (const PlacedWork& w : plan.work)
      if (w.demand == d.id && w.workers && (pick == nullptr || *w.late_share > *pick->late_share)) pick = &w;
    if (pick != nullptr) worst.push_back(pick);
  }
  return worst;
}

void simulate(const PlanInstance& in, const PlanOptions& options, Plan& plan) {
  for (const PlacedWork* work : pools_to_simulate(plan)) {
    const auto w = static_cast<std::size_t>(
        std::ranges::find(in.scenario.demands, work->demand, &Demand::id) - in.scenario.demands.begin());
    const auto p = static_cast<std::size_t>(
        std::ranges::find(in.scenario.offers, work->offer, &ServerOffer::id) - in.scenario.offers.begin());
    const Pairing& pair = in.pairing[w][p];
    SimulatedPool pool{work->month, work->demand, work->site, work->offer, *work->workers};
    pool.offered_load = work->rate_per_s / pair.per_s;
    pool.allowed_late_share = *in.scenario.demands[w].late_share;
    pool.predicted_late_share = *work->late_share;
    pool.arrivals = arrivals_for(pool, options.arrivals);
    const LateShare seen = simulate_pool({pool.workers, pool.offered_load, pair.target.patience,
                                          in.scenario.demands[w].service_scv.value_or(1), pool.arrivals,
                                          static_cast<std::uint64_t>(options.seed) + w});
    pool.late_share = {seen.value, seen.lo, seen.hi};
    pool.confirmed = seen.lo <= pool.allowed_late_share && seen.hi - seen.lo <= pool.allowed_late_share;
    if (!pool.confirmed)
      plan.warnings.push_back(
          {"late-in-simulation",
           "the pool of " + pool.demand + " at " + pool.site + " was seen late for " +
               show_percent(seen.value) + " of its requests (allowed " +
               show_percent(pool.allowed_late_share) + "), or the simulation is too short to tell",
           "size it for a smaller late_share: the formula is an approximation for its service times"});
    plan.simulated.push_back(std::move(pool));
  }
}

std::vector<std::string> method_words(const Scenario& s) {
  return {
      "cost = purchases less what is got back + rent + energy + space + maintenance + loss by unmet work + "
      "carbon, discounted to the first month",
      std::string("throughput of one device: ") +
          (s.caution == Caution::p90 ? "its 10 % quantile (a P90 plan)" : "its median") +
          ", from the scenario or the model's estimate",
      "interactive pools: so many devices that P(wait > latency - mean service time) stays within the "
      "allowed share at the peak, by Erlang C; "
      "other arrivals and service times by Allen and Cunneen's factor; one pool for each demand, site and "
      "platform",
      "batch work: the mean rate when it may wait 24 h or more, the peak when it may not wait, a straight "
      "line between",
      "no plan is cheaper than the bound: it is proven with every pool at the utilisation of one that serves "
      "the whole demand",
      "the wait is simulated for the most loaded pool of each demand",
      "a month has 730 h; energy = idle power of every server + the difference to full power of busy ones, "
      "times PUE; rented servers' idle energy is in the rent",
      "owned servers leave at the end of their life, the oldest first, or earlier at no cost"};
}

}  // namespace

Speed speed_of(Caution caution) { return caution == Caution::p90 ? Speed::slow : Speed::median; }

MipProgram program_of(const PlanQuestion& q) {
  const PlanInstance in(q.scenario, suitabilities(q.scenario, q.platforms, q.workloads,
                                                  speed_of(q.scenario.caution), q.calibration));
  const bool exact = exact_pool_choices(in) <= kExactChoices;
  return formulate(in, exact ? PoolForm::exact : PoolForm::relaxed).program;
}

Result<Plan> bare_plan(const PlanQuestion& q, const PlanOptions& options, Speed speed) {
  Plan plan;
  plan.scenario = q.scenario;
  plan.solver = solver_name();
  plan.seed = options.seed;
  plan.suitability = suitabilities(q.scenario, q.platforms, q.workloads, speed, q.calibration);
  const PlanInstance in(q.scenario, plan.suitability);
  const bool by_price = is_large(in) && can_plan_by_price(in);
  const bool exact = !by_price && exact_pool_choices(in) <= kExactChoices;
  const auto done = by_price ? plan_priced(in, options, plan)
                    : exact  ? plan_exactly(in, options, plan)
                             : plan_in_steps(in, options, plan);
  if (!done) return tl::make_unexpected(done.error());
  if (const auto broken = broken_promises(in, plan); !broken.empty() && !plan.months.empty())
    return fail(ErrorKind::failed_check, "the plan breaks a promise: " + broken.front(),
                std::to_string(broken.size()) + " such",
                "please report the scenario; a smaller --gap may help");
  return plan;
}

Result<Plan> make_plan(const PlanQuestion& q, const PlanOptions& options) {
  auto plan = bare_plan(q, options, speed_of(q.scenario.caution));
  if (!plan) return plan;
  const PlanInstance in(plan->scenario, plan->suitability);
  if (options.arrivals > 0) simulate(in, options, *plan);
  if (plan->status == PlanStatus::infeasible || plan->status == PlanStatus::no_plan)
    if (const auto done = explain_conflict(q, options, *plan); !done)
      return tl::make_unexpected(done.error());
  if (plan->status == PlanStatus::no_plan)
    plan->warnings.push_back(
        {"no-plan", "no plan was found in the time given, and none was ruled out", "give more --seconds"});
  if (!plan->shortfall.empty())
    plan->warnings.push_back({"shortfall", "some demand is not served: see the shortfall",
                              "raise the limit it runs into, or its unmet_usd"});
  plan->method = method_words(q.scenario);
  return plan;
}

}  // namespace ridgepoint
