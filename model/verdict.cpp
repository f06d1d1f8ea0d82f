// SPDX-License-Identifier: Apache-2.0
#include "model/verdict.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "model/core/format.h"
#include "model/decision/outlook.h"
#include "model/estimate.h"

namespace ridgepoint {
namespace {

constexpr double kClear = 0.90;  // at or above this probability the choice is called clear
constexpr std::size_t kFlips = 3;

std::string show_objective(double value, Objective objective) {
  switch (objective) {
    case Objective::time:
      return show_seconds(value);
    case Objective::energy:
      return show_joules(value);
    case Objective::carbon:
      return show(value, "g");
    case Objective::cost:
      break;
  }
  return show_usd(value);
}

void sort_estimates(Answer& answer, Objective objective) {
  std::ranges::sort(answer.estimates, {}, [&](const Estimate& e) {
    const bool ranked = e.standing == Standing::ranked;
    return std::tuple(static_cast<int>(e.standing), ranked ? objective_of(e, objective)->value : 0.0,
                      e.platform_id);
  });
}

std::vector<std::string> reasons_for(const Answer& answer, Objective objective) {
  const Estimate& best = answer.estimates.front();
  std::vector<std::string> out;
  out.push_back(best.platform_name + ": " + show_objective(objective_of(best, objective)->value, objective) +
                " per " + answer.unit_of_work + ", bound by " + best.bound_by);
  out.push_back("its footprint of " + show_bytes(best.fit.need_byte) + " fits in " + best.fit.tier + " (" +
                show_bytes(*best.fit.have_byte) + " at most)");
  if (best.price)
    out.push_back("priced at " + show_usd(best.price->usd_per_hour) + " an hour: " + best.price->offer +
                  ", seen " + best.price->from + " to " + best.price->to +
                  (best.price->stale ? " (stale)" : ""));
  std::size_t unfit = 0;
  for (const Estimate& e : answer.estimates) unfit += e.standing == Standing::does_not_fit ? 1u : 0u;
  if (unfit > 0)
    out.push_back(std::to_string(unfit) + (unfit == 1 ? " platform is" : " platforms are") +
                  " out because the footprint does not fit in memory");
  return out;
}

/// The factor by which the choice would have to worsen, or a rival improve, for the order to turn.
std::string flip_against(const Estimate& best, const Estimate& rival, Objective objective) {
  const double factor = objective_of(rival, objective)->value / objective_of(best, objective)->value;
  const std::string knob = objective == Objective::cost     ? "price"
                           : objective == Objective::energy ? "power"
                           : objective == Objective::carbon ? "carbon"
                                                            : "time";
  const std::string name = rival.measured_machine ? "this machine" : rival.platform_name;
  return name + " wins if its " + knob + " falls by " + show_percent(1 - 1 / factor) +
         " or the efficiency of the choice is " + show_number(factor) + " times worse than modelled";
}

std::vector<std::string> flips_for(const Answer& answer, Objective objective) {
  std::vector<std::string> out;
  const auto& list = answer.estimates;
  for (std::size_t i = 1; i < list.size() && out.size() < kFlips && list[i].standing == Standing::ranked; ++i)
    out.push_back(flip_against(list.front(), list[i], objective));
  // A faster platform that only lacks a figure is the other way in which the answer could turn.
  const Estimate* fastest = nullptr;
  for (const Estimate& e : list)
    if (e.standing == Standing::no_figure && e.time_s &&
        (fastest == nullptr || e.time_s->value < fastest->time_s->value))
      fastest = &e;
  if (fastest != nullptr && objective == Objective::cost && list.front().time_s) {
    const double break_even = list.front().cost_usd->value / fastest->time_s->value * 3600;
    out.push_back((fastest->measured_machine ? "this machine" : fastest->platform_name) +
                  " has no price: it wins below " + show_usd(break_even) + " an hour");
  }
  return out;
}

}  // namespace

double probability_below(const Interval& a, const Interval& b, double rho) {
  const double sa = sigma_of(a), sb = sigma_of(b);
  const double spread = std::sqrt(std::max(0.0, sa * sa + sb * sb - 2 * rho * sa * sb));
  const double distance = std::log(b.value / a.value);
  if (spread == 0) return distance > 0 ? 1 : distance < 0 ? 0 : 0.5;
  return 0.5 * std::erfc(-distance / spread / std::sqrt(2.0));
}

void conclude(Answer& answer, Objective objective, const std::string& kernel) {
  sort_estimates(answer, objective);
  const auto& list = answer.estimates;
  const auto ranked = std::ranges::count(list, Standing::ranked, &Estimate::standing);
  if (ranked == 0) {
    answer.verdict = "no answer";
    answer.reasons = {"no platform fits and has a figure for " + std::string(name_of(objective))};
    return;
  }
  answer.choice = list.front().platform_id;
  answer.reasons = reasons_for(answer, objective);
  answer.flips = flips_for(answer, objective);
  if (ranked == 1) {
    answer.estimates.front().outlook = Outlook{1, {}, {}, {}};
    answer.verdict = "only one";
    return;
  }
  const Interval &best = *objective_of(list[0], objective), &next = *objective_of(list[1], objective);
  answer.runner_up = list[1].platform_id;
  answer.margin_ratio = next.value / best.value;
  add_outlook(answer, objective, kernel);
  answer.verdict = *answer.probability_best >= kClear ? "clear" : "close call";
}

}  // namespace ridgepoint
