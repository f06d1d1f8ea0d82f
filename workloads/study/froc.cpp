// SPDX-License-Identifier: Apache-2.0
#include "workloads/study/froc.h"

#include <algorithm>
#include <cmath>

namespace ridgepoint::study {

double distance(const Point& a, const Point& b) {
  double square = 0;
  for (std::size_t c = 0; c < 3; ++c) square += (a[c] - b[c]) * (a[c] - b[c]);
  return std::sqrt(square);
}

void score_scan(const std::vector<Candidate>& candidates, const std::vector<TrueNodule>& truth,
                double slack_mm, Scored& out) {
  ++out.scans;
  const std::size_t first = out.found_at.size();
  for (const TrueNodule& n : truth) {
    out.diameter_mm.push_back(n.diameter_mm);
    out.found_at.push_back(0);
  }
  for (const Candidate& c : candidates) {
    bool hit = false;
    for (std::size_t k = 0; k < truth.size(); ++k) {
      const Point centre = {truth[k].centre_mm[0], truth[k].centre_mm[1], truth[k].centre_mm[2]};
      if (distance(centre, c.at) > truth[k].diameter_mm / 2 + slack_mm) continue;
      hit = true;
      out.found_at[first + k] = std::max(out.found_at[first + k], c.score);
    }
    if (!hit) out.false_ones.push_back(c.score);
  }
}

double threshold_at(const Scored& scored, double rate) {
  std::vector<double> wrong = scored.false_ones;
  std::ranges::sort(wrong, std::ranges::greater{});
  const auto allowed = static_cast<std::size_t>(rate * static_cast<double>(scored.scans));
  return allowed < wrong.size() ? wrong[allowed] : 0;
}

Interval wilson(std::int64_t found, std::int64_t of) {
  constexpr double z = 1.959963984540054;
  const auto n = static_cast<double>(of);
  const double p = static_cast<double>(found) / n;
  const double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {p, std::clamp(middle - half, 0.0, p), std::clamp(middle + half, p, 1.0)};
}

FoundShare found_between(const Scored& scored, double threshold, double from, double below) {
  FoundShare out{.from_mm = from, .below_mm = std::nullopt, .found = 0, .of = 0, .share = std::nullopt};
  if (std::isfinite(below)) out.below_mm = below;
  for (std::size_t k = 0; k < scored.found_at.size(); ++k) {
    if (scored.diameter_mm[k] < from || scored.diameter_mm[k] >= below) continue;
    ++out.of;
    if (scored.found_at[k] > threshold) ++out.found;
  }
  if (out.of > 0) out.share = wilson(out.found, out.of);
  return out;
}

}  // namespace ridgepoint::study
