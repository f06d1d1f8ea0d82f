// SPDX-License-Identifier: Apache-2.0
#include "model/decision/break_even.h"

#include <algorithm>
#include <cmath>

#include "model/estimate.h"
#include "model/roofs.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kRivals = 3;

/// The value of the term where there is one such term only: with several stages no single number flips.
std::optional<double> only_term(const Estimate& e, const std::string& name) {
  const auto same = [&](const Term& t) { return t.name == name; };
  if (std::ranges::count_if(e.terms, same) != 1) return std::nullopt;
  return std::ranges::find_if(e.terms, same)->value;
}

void add_rival(std::vector<BreakEven>& list, const Estimate& choice, const Estimate& rival,
               Objective objective, const std::optional<double>& peak) {
  const double ratio = objective_of(rival, objective)->value / objective_of(choice, objective)->value;
  const std::string& id = rival.platform_id;
  if (objective == Objective::cost && rival.price && choice.price) {
    list.push_back(
        {id, id, "price", "usd/h", rival.price->usd_per_hour, rival.price->usd_per_hour / ratio, true});
    list.push_back({id, choice.platform_id, "price", "usd/h", choice.price->usd_per_hour,
                    choice.price->usd_per_hour * ratio, true});
  }
  if (const auto watts = only_term(rival, "power"); watts && objective == Objective::energy)
    list.push_back({id, id, "power", "w", *watts, *watts / ratio, true});
  if (const auto u = only_term(rival, "efficiency"))
    list.push_back({id, id, "efficiency", "1", *u, *u * ratio, *u * ratio <= 1});
  if (peak) list.push_back({id, id, "share of peak", "1", *peak, *peak * ratio, *peak * ratio <= 1});
}

/// Beyond what its largest memory holds, the choice is out and the runner-up may be in.
void add_footprint(std::vector<BreakEven>& list, const Answer& answer, const std::string& rival) {
  const Estimate& choice = answer.estimates.front();
  if (!choice.fit.have_byte || choice.fit.need_byte <= 0 || *choice.fit.have_byte < choice.fit.need_byte)
    return;
  list.push_back({rival, "", "footprint", "byte", choice.fit.need_byte, *choice.fit.have_byte, true});
  if (answer.family == "medical")  // a volume's footprint goes with the cube of its resolution
    list.push_back(
        {rival, "", "resolution", "1", 1, std::cbrt(*choice.fit.have_byte / choice.fit.need_byte), true});
}

}  // namespace

std::optional<double> meeting_point(double base_a, double slope_a, double base_b, double slope_b) {
  if (slope_a == slope_b) return std::nullopt;
  const double x = (base_b - base_a) / (slope_a - slope_b);
  return x > 0 ? std::optional(x) : std::nullopt;
}

std::optional<double> share_of_peak(const Workload& w, const Platform& p, const Estimate& e) {
  if (!e.time_s || e.time_s->value <= 0) return std::nullopt;
  double ideal = 0;
  for (const Stage& s : w.stages) {
    const double bytes = s.read.number() + s.written.number();
    const auto tiers = memory_tiers(p.facts, write_share(s.read.number(), s.written.number()));
    const auto tier = std::ranges::find(tiers, e.fit.tier, &MemoryTier::name);
    if (tier == tiers.end() || !tier->bandwidth) return std::nullopt;
    double stage = bytes / tier->bandwidth->nominal;
    if (s.work) {
      const auto roof = compute_roof(p.facts, s.precisions, is_dense(s.kernel_class));
      if (!roof) return std::nullopt;
      stage = std::max(stage, s.work->number() / roof->nominal);
    }
    ideal += stage;
  }
  return ideal / e.time_s->value;
}

std::vector<BreakEven> break_evens(const Answer& answer, Objective objective, const Workload& workload,
                                   const PlatformOf& platform_of) {
  std::vector<BreakEven> list;
  const auto& all = answer.estimates;
  for (std::size_t i = 1; i < all.size() && i <= kRivals && all[i].standing == Standing::ranked; ++i) {
    const Platform* p = platform_of(all[i].platform_id);
    add_rival(list, all.front(), all[i], objective,
              p == nullptr ? std::nullopt : share_of_peak(workload, *p, all[i]));
  }
  if (!all.empty() && all.front().standing == Standing::ranked) add_footprint(list, answer, answer.runner_up);
  return list;
}

}  // namespace ridgepoint
