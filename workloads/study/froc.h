// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <limits>
#include <vector>

#include "model/core/phantom.h"
#include "model/core/study.h"
#include "workloads/study/ball_detector.h"

// Detections against the truth: free-response curves and sensitivity by size.

namespace ridgepoint::study {

double distance(const Point& a, const Point& b);

/// Detections of all scans: of each nodule the score at which it is found, and the scores of all false
/// positives.
struct Scored {
  std::vector<double> diameter_mm;
  std::vector<double> found_at;  ///< of the same nodules; 0 = never
  std::vector<double> false_ones;
  std::int64_t scans = 0;
};

/// A candidate hits when it lies within a nodule's radius plus `slack_mm`; more hits of one nodule are
/// neither found nor false.
void score_scan(const std::vector<Candidate>& candidates, const std::vector<TrueNodule>& truth,
                double slack_mm, Scored& out);

/// The score that candidates must exceed so that at most `rate` false positives a scan are left.
double threshold_at(const Scored& scored, double rate);

/// Nodules with diameters in [from, below) that are found above a threshold.
FoundShare found_between(const Scored& scored, double threshold, double from,
                         double below = std::numeric_limits<double>::infinity());

/// False positives a scan at which free-response curves are read (LUNA16's seven).
constexpr std::array<double, 7> kFrocRates = {0.125, 0.25, 0.5, 1, 2, 4, 8};

/// 95 % interval of a proportion (Wilson 1927). Precondition: 0 <= found <= of, of > 0.
Interval wilson(std::int64_t found, std::int64_t of);

}  // namespace ridgepoint::study
