// SPDX-License-Identifier: Apache-2.0
#include "model/validation/baselines.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "model/core/stats.h"
#include "model/core/text.h"
#include "model/validation/score.h"

namespace ridgepoint {
namespace {

tl::unexpected<Error> refuse(std::string why) { return fail(ErrorKind::unavailable, std::move(why), "", ""); }

/// A value in the row's unit that stands for so many seconds; times and rates are both their own inverse
/// maps.
Result<Predicted> in_unit_of(const PublishedRow& row, double seconds) {
  const auto one = seconds_of(1, row.unit), two = seconds_of(2, row.unit);
  if (!one || !two) return refuse("unknown unit '" + row.unit + "'");
  const double value = *two > *one ? seconds / *one : *one / seconds;
  return Predicted{value, value, value, Tier::assumed, ""};
}

Result<double> roofline_seconds(const Roofline& roofline, const PublishedRow& row) {
  const auto value = roofline(row);
  if (!value) return tl::make_unexpected(value.error());
  const auto seconds = seconds_of(*value, row.unit);
  if (!seconds) return refuse("unknown unit '" + row.unit + "'");
  return *seconds;
}

/// The roofline's time times a factor; without one it is refused.
class Scaled : public Predictor {
 public:
  Scaled(Roofline roofline, std::optional<double> factor) : roofline_(std::move(roofline)), factor_(factor) {}
  Result<Predicted> predict(const PublishedRow& row) const override {
    if (!factor_) return refuse("no training row has a roofline");
    return roofline_seconds(roofline_, row).and_then([&](double s) { return in_unit_of(row, s * *factor_); });
  }

 private:
  Roofline roofline_;
  std::optional<double> factor_;
};

std::optional<double> median_factor(const Roofline& roofline, const std::vector<PublishedRow>& training) {
  std::vector<double> logs;
  for (const PublishedRow& r : training) {
    const auto measured = seconds_of(r.value, r.unit);
    const auto bound = roofline_seconds(roofline, r);
    if (measured && bound) logs.push_back(std::log(*measured / *bound));
  }
  if (logs.empty()) return std::nullopt;
  return std::exp(quantile(logs, 0.5));
}

double distance(const PlatformPoint& a, const PlatformPoint& b) {
  return std::hypot(std::log(a.flop_per_s / b.flop_per_s), std::log(a.byte_per_s / b.byte_per_s));
}

class Neighbour : public Predictor {
 public:
  Neighbour(Roofline roofline, PointOf point_of, const std::vector<PublishedRow>& training)
      : roofline_(std::move(roofline)), point_of_(std::move(point_of)) {
    for (const PublishedRow& r : training) known_[key(r)][r.platform_id].push_back(r);
  }

  Result<Predicted> predict(const PublishedRow& row) const override {
    const auto here = point_of_(row.platform_id);
    if (!here) return refuse("unknown platform '" + row.platform_id + "'");
    const auto own = roofline_seconds(roofline_, row);
    if (!own) return tl::make_unexpected(own.error());
    const auto same = known_.find(key(row));
    if (same == known_.end()) return refuse("no neighbour has this workload");
    std::vector<std::pair<double, std::string>> order;
    for (const auto& [id, rows] : same->second)
      if (const auto there = point_of_(id)) order.emplace_back(distance(*here, *there), id);
    std::ranges::sort(order);
    for (const auto& [far, id] : order)
      if (const auto factor = median_factor(roofline_, same->second.at(id)))
        return in_unit_of(row, *own * *factor);
    return refuse("no neighbour has this workload");
  }

 private:
  static std::string key(const PublishedRow& r) { return r.workload_id + "\n" + r.metric + "\n" + r.unit; }

  Roofline roofline_;
  PointOf point_of_;
  std::map<std::string, std::map<std::string, std::vector<PublishedRow>>> known_;
};

/// The highest of the facts whose key begins and whose text holds these; one-thread figures do not count.
double highest(const Facts& facts, const std::string& begin, const std::string& part) {
  double best = 0;
  for (const auto& [key, fact] : facts)
    if (starts_with(key, begin) && key.find(part) != std::string::npos && !key.ends_with(".1t") &&
        fact.is_number())
      best = std::max(best, fact.number());
  return best;
}

}  // namespace

std::optional<PlatformPoint> platform_point(const Facts& facts) {
  PlatformPoint p;
  p.flop_per_s = highest(facts, "compute.fp32.", "");
  if (p.flop_per_s <= 0) p.flop_per_s = highest(facts, "compute.", "");
  p.byte_per_s = highest(facts, "memory.", ".bandwidth.");
  if (p.flop_per_s <= 0 || p.byte_per_s <= 0) return std::nullopt;
  return p;
}

std::vector<Baseline> baselines(const Roofline& roofline, const PointOf& point_of) {
  using Training = std::vector<PublishedRow>;
  return {{"datasheet roofline",
           [=](const Training&) -> std::unique_ptr<Predictor> {
             return std::make_unique<Scaled>(roofline, 1.0);
           }},
          {"roofline x one factor",
           [=](const Training& rows) -> std::unique_ptr<Predictor> {
             return std::make_unique<Scaled>(roofline, median_factor(roofline, rows));
           }},
          {"nearest neighbour", [=](const Training& rows) -> std::unique_ptr<Predictor> {
             return std::make_unique<Neighbour>(roofline, point_of, rows);
           }}};
}

}  // namespace ridgepoint
