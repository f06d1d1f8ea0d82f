// SPDX-License-Identifier: Apache-2.0
#include "probes/latency_knees.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "model/core/stats.h"

namespace ridgepoint {
namespace {

constexpr double kFlatSlope = 0.2;  ///< d log(latency) / d log(bytes)
constexpr double kLeastSpan = 2;    ///< of a plateau: an octave
constexpr double kLeastStep = 1.3;  ///< between two plateaus
constexpr double kShoulderRatio = 4;

/// The nearest non-decreasing curve in the logarithm (Ayer et al. 1955).
std::vector<double> without_dips(const std::vector<CurvePoint>& curve) {
  struct Block {
    double sum;
    int n;
    double mean() const { return sum / n; }
  };
  std::vector<Block> blocks;
  for (const CurvePoint& p : curve) {
    blocks.push_back({std::log(p.seconds), 1});
    while (blocks.size() > 1 && blocks[blocks.size() - 2].mean() > blocks.back().mean()) {
      const Block last = blocks.back();
      blocks.pop_back();
      blocks.back().sum += last.sum;
      blocks.back().n += last.n;
    }
  }
  std::vector<double> out;
  for (const Block& b : blocks) out.insert(out.end(), static_cast<std::size_t>(b.n), std::exp(b.mean()));
  return out;
}

/// First and last index of a plateau.
struct Run {
  std::size_t first, last;
  bool shoulder = false;
};

/// A curve and its non-decreasing twin.
struct Smoothed {
  const std::vector<CurvePoint>& curve;
  std::vector<double> seconds;

  double slope(std::size_t k) const {
    return std::log(seconds[k + 1] / seconds[k]) / std::log(curve[k + 1].byte / curve[k].byte);
  }
};

std::vector<Run> flat_runs(const Smoothed& s) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i + 1 < s.curve.size();) {
    std::size_t end = i;
    while (end + 1 < s.curve.size() && s.slope(end) < kFlatSlope) ++end;
    if (end > i && s.curve[end].byte >= kLeastSpan * s.curve[i].byte) runs.push_back({i, end});
    i = std::max(end, i + 1);
  }
  return runs;
}

Plateau plateau_of(const std::vector<CurvePoint>& curve, Run run) {
  std::vector<double> values;
  for (std::size_t k = run.first; k <= run.last; ++k) values.push_back(curve[k].seconds);
  const auto [lo, hi] = std::ranges::minmax(values);
  return {curve[run.first].byte, curve[run.last].byte, quantile(values, 0.5), lo, hi, run.shoulder};
}

double level_of(const std::vector<CurvePoint>& curve, Run run) { return plateau_of(curve, run).seconds; }

/// Neighbours of about one latency are one plateau.
std::vector<Run> joined(const std::vector<CurvePoint>& curve, const std::vector<Run>& runs) {
  std::vector<Run> out;
  for (const Run run : runs)
    if (!out.empty() && level_of(curve, run) < kLeastStep * level_of(curve, out.back()))
      out.back().last = run.last;
    else
      out.push_back(run);
  return out;
}

/// The shoulder between two plateaus.
std::optional<Run> shoulder_between(const Smoothed& s, const Run& below, const Run& above) {
  if (level_of(s.curve, above) < kShoulderRatio * level_of(s.curve, below)) return std::nullopt;
  std::optional<std::size_t> best;
  double steepest_before = 0;
  for (std::size_t k = below.last; k < above.first; ++k) {
    double steepest_behind = 0;
    for (std::size_t j = k + 1; j < above.first; ++j) steepest_behind = std::max(steepest_behind, s.slope(j));
    const double limit = std::min(steepest_before, steepest_behind) / 2;
    if (s.slope(k) <= limit && (!best || s.slope(k) < s.slope(*best))) best = k;
    steepest_before = std::max(steepest_before, s.slope(k));
  }
  return best ? std::optional<Run>({*best, *best + 1, true}) : std::nullopt;
}

std::vector<Run> with_shoulders(const Smoothed& s, const std::vector<Run>& runs) {
  std::vector<Run> out;
  for (const Run& run : runs) {
    if (!out.empty())
      if (const auto shoulder = shoulder_between(s, out.back(), run)) out.push_back(*shoulder);
    out.push_back(run);
  }
  return out;
}

/// The capacity between the end of a plateau and the begin of the next one, at `end`.
Knee knee_of(const std::vector<CurvePoint>& curve, std::size_t last_flat, std::size_t end, double below,
             double above) {
  Knee knee{curve[last_flat].byte, 0, 0};
  for (std::size_t k = last_flat + 1; k < end; ++k) {
    const double missing = std::clamp((curve[k].seconds - below) / (above - below), 0.0, 1.0);
    knee.byte = std::max(knee.byte, curve[k].byte * (1 - missing));
  }
  for (const CurvePoint& p : curve) {
    if (p.byte <= knee.byte) knee.lo = p.byte;
    if (p.byte > knee.byte && knee.hi == 0) knee.hi = p.byte;
  }
  return knee;
}

/// The best way to give the knees from `knee` on to the caches from `cache` on; cost in octaves.
double assign(const std::vector<Knee>& knees, const std::vector<ToldCache>& told, std::size_t knee,
              std::size_t cache, std::vector<std::string>& names) {
  if (knee == knees.size() || cache == told.size()) {
    names.assign(knees.size() - knee, "");
    // What is left over costs more than any fit, so that as many as possible are matched.
    return 1e3 * static_cast<double>(std::min(knees.size() - knee, told.size()));
  }
  std::vector<std::string> with, no_cache, no_knee;
  const double fit = std::abs(std::log2(knees[knee].byte / told[cache].byte)) +
                     assign(knees, told, knee + 1, cache + 1, with);
  const double skip_cache = assign(knees, told, knee, cache + 1, no_cache);
  const double skip_knee = 1e3 + assign(knees, told, knee + 1, cache, no_knee);
  if (fit <= skip_cache && fit <= skip_knee) {
    names = {told[cache].name};
    names.insert(names.end(), with.begin(), with.end());
    return fit;
  }
  if (skip_cache <= skip_knee) {
    names = no_cache;
    return skip_cache;
  }
  names = {""};
  names.insert(names.end(), no_knee.begin(), no_knee.end());
  return skip_knee;
}

}  // namespace

Stairs find_stairs(const std::vector<CurvePoint>& curve) {
  Stairs stairs;
  if (curve.size() < 2) return stairs;
  const Smoothed smooth{curve, without_dips(curve)};
  const std::vector<Run> runs = with_shoulders(smooth, joined(curve, flat_runs(smooth)));
  for (const Run& run : runs) stairs.plateaus.push_back(plateau_of(curve, run));
  for (std::size_t i = 0; i < runs.size() && runs[i].last + 1 < curve.size(); ++i) {
    const bool last = i + 1 == runs.size();
    stairs.knees.push_back(knee_of(curve, runs[i].last, last ? curve.size() : runs[i + 1].first,
                                   stairs.plateaus[i].seconds,
                                   last ? curve.back().seconds : stairs.plateaus[i + 1].seconds));
  }
  return stairs;
}

std::vector<std::string> name_knees(const std::vector<Knee>& knees, const std::vector<ToldCache>& told) {
  static const std::vector<ToldCache> kOrder = {{"l1d", 0}, {"l2", 0}, {"l3", 0}, {"l4", 0}};
  std::vector<std::string> names;
  if (!told.empty()) {
    assign(knees, told, 0, 0, names);
    return names;
  }
  for (std::size_t i = 0; i < knees.size(); ++i) names.push_back(i < kOrder.size() ? kOrder[i].name : "");
  return names;
}

}  // namespace ridgepoint
