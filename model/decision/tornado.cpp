// SPDX-License-Identifier: Apache-2.0
#include "model/decision/tornado.h"

#include <algorithm>
#include <cmath>

#include "model/core/text.h"

namespace ridgepoint {
namespace {

constexpr double kMeasured = 0.04, kCompute = 0.20, kNominal = 0.12, kUnsourced = 0.30;
constexpr double kFreshPrice = 0.05, kStalePrice = 0.20;  // assumed: quotes move, old ones more
constexpr std::size_t kBars = 10, kRivals = 4;
constexpr double kNoticed = 1e-3;  // a smaller change of the margin is none

/// The platforms that may win: the choice and its nearest rivals.
struct Side {
  std::vector<const Platform*> platforms;
  std::vector<double> objective;
};

struct Outcome {
  std::string winner;
  std::optional<double> margin;
};

Outcome settle(const Side& side, const std::vector<std::optional<double>>& values) {
  Outcome out;
  std::optional<double> rival, best;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i]) continue;
    if (i > 0 && (!rival || *values[i] < *rival)) rival = values[i];
    if (!best || *values[i] < *best) {
      best = values[i];
      out.winner = side.platforms[i]->id;
    }
  }
  if (values[0] && rival) out.margin = *rival / *values[0];
  return out;
}

class Shaker {
 public:
  Shaker(const Workload& workload, const EstimateContext& context, Side side)
      : workload_(workload), context_(context), side_(std::move(side)) {
    for (const double v : side_.objective) base_.emplace_back(v);
  }

  /// One platform's input moved: only its own figure is made again.
  template <class Change>
  void platform(std::size_t i, const std::string& input, const std::string& unit, const Interval& at,
                const Change& change) {
    const auto outcome = [&](double value) {
      Platform p = *side_.platforms[i];
      change(p, value);
      auto values = base_;
      values[i] = figure(workload_, p, context_);
      return settle(side_, values);
    };
    add({side_.platforms[i]->id, input, unit, at.value, at.lo, at.hi, {}, {}, "", "", false}, outcome);
  }

  template <class Change>
  void everywhere(const std::string& input, const std::string& unit, const Interval& at,
                  const Change& change) {
    const auto outcome = [&](double value) {
      Workload w = workload_;
      EstimateContext c = context_;
      change(w, c, value);
      std::vector<std::optional<double>> values;
      for (const Platform* p : side_.platforms) values.push_back(figure(w, *p, c));
      return settle(side_, values);
    };
    add({"", input, unit, at.value, at.lo, at.hi, {}, {}, "", "", false}, outcome);
  }

  const Side& side() const { return side_; }

  std::vector<TornadoBar> bars() {
    const auto width = [](const TornadoBar& b) {
      if (!b.margin_low || !b.margin_high) return 1e9;
      return std::abs(std::log(*b.margin_high / *b.margin_low));
    };
    std::ranges::stable_sort(bars_, std::greater(), width);
    bars_.resize(std::min(bars_.size(), kBars));
    return std::move(bars_);
  }

 private:
  static std::optional<double> figure(const Workload& w, const Platform& p, const EstimateContext& c) {
    const Estimate e = estimate(w, p, c);
    const auto& interval = objective_of(e, c.objective);
    return e.standing == Standing::ranked && interval ? std::optional(interval->value) : std::nullopt;
  }

  template <class OutcomeAt>
  void add(TornadoBar bar, const OutcomeAt& outcome) {
    if (!(bar.high > bar.low)) return;
    const Outcome low = outcome(bar.low), high = outcome(bar.high);
    if (low.margin && high.margin && std::abs(std::log(*high.margin / *low.margin)) < kNoticed) return;
    bar.margin_low = low.margin;
    bar.margin_high = high.margin;
    bar.winner_low = low.winner;
    bar.winner_high = high.winner;
    const std::string& choice = side_.platforms.front()->id;
    bar.flips = low.winner != choice || high.winner != choice;
    bars_.push_back(std::move(bar));
  }

  const Workload& workload_;
  const EstimateContext& context_;
  Side side_;
  std::vector<std::optional<double>> base_;
  std::vector<TornadoBar> bars_;
};

/// Does the model read it? Others are not worth a run of the model.
bool may_matter(const std::string& key) {
  return starts_with(key, "compute.") || key == "power.tdp" ||
         (starts_with(key, "memory.") && key.find(".bandwidth") != std::string::npos) ||
         (starts_with(key, "memory.") && key.find(".latency") != std::string::npos) ||
         starts_with(key, "link.");
}

void shake_platform(Shaker& shaker, std::size_t i, const Estimate& e) {
  const Platform& p = *shaker.side().platforms[i];
  for (const auto& entry : p.facts) {
    const std::string& key = entry.first;
    const Fact& fact = entry.second;
    if (fact.is_number() && fact.number() > 0 && may_matter(key))
      shaker.platform(i, key, fact.unit, input_interval(key, fact), [&](Platform& changed, double v) {
        Fact& f = changed.facts[key];
        f.value = v;
        f.lo = f.hi = std::nullopt;
      });
  }
  if (e.price)
    shaker.platform(i, "price", "usd/h",
                    log_normal(e.price->usd_per_hour, e.price->stale ? kStalePrice : kFreshPrice),
                    [&](Platform& changed, double v) {
                      for (Offer& o : changed.offers)
                        if (o.price.is_number()) o.price.value = o.price.number() * v / e.price->usd_per_hour;
                    });
}

void shake_workload(Shaker& shaker, const Workload& w, const EstimateContext& context) {
  shaker.everywhere("footprint", "byte", input_interval("footprint", w.footprint),
                    [](Workload& changed, EstimateContext&, double v) { changed.footprint.value = v; });
  for (std::size_t s = 0; s < w.stages.size(); ++s) {
    const Stage& stage = w.stages[s];
    const std::string of = " of " + stage.id;
    if (stage.work)
      shaker.everywhere("work" + of, "flop", input_interval("work", *stage.work),
                        [s](Workload& c, EstimateContext&, double v) { c.stages[s].work->value = v; });
    const double bytes = stage.read.number() + stage.written.number();
    const Interval one = input_interval("traffic", stage.read);
    if (stage.read.number() > 0)
      shaker.everywhere("traffic" + of, "byte",
                        {bytes, bytes * one.lo / one.value, bytes * one.hi / one.value},
                        [s, bytes](Workload& c, EstimateContext&, double v) {
                          Stage& x = c.stages[s];
                          x.read.value = x.read.number() * v / bytes;
                          x.written.value = x.written.number() * v / bytes;
                        });
  }
  for (const auto& [name, u] : context.efficiency)
    if (std::ranges::find(w.stages, name, &Stage::kernel_class) != w.stages.end())
      shaker.everywhere(
          "efficiency " + name, "1", log_normal(u.value, u.sigma),
          [&name = name](Workload&, EstimateContext& c, double v) { c.efficiency[name].value = v; });
}

}  // namespace

Interval input_interval(const std::string& key, const Fact& fact) {
  if (fact.lo && fact.hi && *fact.hi > *fact.lo && *fact.lo > 0) return {fact.number(), *fact.lo, *fact.hi};
  if (fact.basis == Basis::measured) return log_normal(fact.number(), kMeasured);
  const double nominal = starts_with(key, "compute.") ? kCompute : kNominal;
  return log_normal(fact.number(), fact.basis == Basis::assumed ? std::hypot(nominal, kUnsourced) : nominal);
}

std::vector<TornadoBar> tornado(const Answer& answer, const Workload& workload,
                                const EstimateContext& context, const PlatformOf& platform_of) {
  Side side;
  const auto& all = answer.estimates;
  for (std::size_t i = 0; i < all.size() && i <= kRivals && all[i].standing == Standing::ranked; ++i) {
    const Platform* p = platform_of(all[i].platform_id);
    if (p == nullptr) break;
    side.platforms.push_back(p);
    side.objective.push_back(objective_of(all[i], context.objective)->value);
  }
  if (side.platforms.size() < 2) return {};
  Shaker shaker(workload, context, std::move(side));
  for (std::size_t i = 0; i < 2; ++i) shake_platform(shaker, i, all[i]);
  shake_workload(shaker, workload, context);
  return shaker.bars();
}

}  // namespace ridgepoint
