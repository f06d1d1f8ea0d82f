// SPDX-License-Identifier: Apache-2.0
#include "model/law/leave_out.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <thread>

#include "model/core/ports.h"
#include "model/core/stats.h"

namespace ridgepoint {
namespace {

constexpr double kInside = 0.8;
constexpr std::size_t kFewest = 20;  // residuals that a tier needs to be widened by its own
constexpr std::size_t kRowFolds = 10;

void predict_group(const std::vector<Observation>& all, const std::vector<std::string>& group,
                   const std::string& g, std::vector<LeftOut>& out) {
  std::vector<Observation> rest;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (group[i] != g) rest.push_back(all[i]);
  const Calibration c = fit_calibration(rest);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (group[i] != g) continue;
    const Observation& o = all[i];
    const PredictedTime p = predict_time(o.stages, o.occasion, o.resources, o.setting, c);
    out[i] = {std::log(p.seconds / o.device_seconds), p.sd, p.tier};
  }
}

ClassError error_of(const std::string& name, const std::vector<LeftOut>& list) {
  std::vector<double> off, signed_off;
  double inside = 0;
  for (const LeftOut& l : list) {
    off.push_back(std::exp(std::abs(l.log_ratio)) - 1);
    signed_off.push_back(l.log_ratio);
    inside += std::abs(l.log_ratio) <= kQuantile90 * l.sd ? 1 : 0;
  }
  return {name,
          static_cast<std::int64_t>(list.size()),
          quantile(off, 0.5),
          quantile(off, 0.9),
          quantile(signed_off, 0.5),
          inside / static_cast<double>(list.size())};
}

/// The factor on sd at which 80 % of the residuals lie inside.
double widening(const std::vector<LeftOut>& list) {
  std::vector<double> ratio;
  ratio.reserve(list.size());
  for (const LeftOut& l : list) ratio.push_back(std::abs(l.log_ratio) / (kQuantile90 * l.sd));
  return quantile(ratio, kInside);
}

void add_widening(Calibration& c, const std::vector<LeftOut>& platforms, const std::vector<LeftOut>& rows) {
  std::map<Tier, std::vector<LeftOut>> by_tier;
  for (const LeftOut& l : platforms) by_tier[l.tier].push_back(l);
  for (const LeftOut& l : rows)
    if (l.tier == Tier::calibrated) by_tier[l.tier].push_back(l);
  for (const auto& [tier, list] : by_tier)
    if (list.size() >= kFewest) c.widening[std::string(name_of(tier))] = widening(list);
}

}  // namespace

std::vector<LeftOut> leave_out(const std::vector<Observation>& all, const std::vector<std::string>& group) {
  std::vector<std::string> groups = group;
  std::ranges::sort(groups);
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  std::vector<LeftOut> out(all.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t g = next++; g < groups.size() && !Interrupt::requested(); g = next++)
      predict_group(all, group, groups[g], out);
  };
  std::vector<std::jthread> helpers;
  for (unsigned t = 1; t < std::max(1u, std::thread::hardware_concurrency()); ++t) helpers.emplace_back(work);
  work();
  helpers.clear();  // joins
  return out;
}

Calibration calibrate(const std::vector<Observation>& all) {
  Calibration c = fit_calibration(all);
  if (all.empty()) return c;
  std::vector<std::string> platform, fold;
  for (std::size_t i = 0; i < all.size(); ++i) {
    platform.push_back(all[i].resources.id);
    fold.push_back(std::to_string(i % kRowFolds));
  }
  std::vector<LeftOut> out = leave_out(all, platform);
  add_widening(c, out, leave_out(all, fold));
  std::map<std::string, std::vector<LeftOut>> by_class;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (const auto w = c.widening.find(std::string(name_of(out[i].tier))); w != c.widening.end())
      out[i].sd *= w->second;
    by_class[all[i].occasion.kernel_class].push_back(out[i]);
  }
  c.leave_platform_out.push_back(error_of("all", out));
  for (const auto& [name, list] : by_class) c.leave_platform_out.push_back(error_of(name, list));
  return c;
}

}  // namespace ridgepoint
