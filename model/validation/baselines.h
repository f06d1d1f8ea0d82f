// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/core/fact.h"
#include "model/validation/cross.h"

namespace ridgepoint {

/// The datasheet roofline's prediction of a row, in the row's unit.
using Roofline = std::function<Result<double>(const PublishedRow&)>;

/// Where a platform stands among others: its highest FP32 roof (any roof where it has none) and its highest
/// memory bandwidth.
struct PlatformPoint {
  double flop_per_s = 0, byte_per_s = 0;
};
std::optional<PlatformPoint> platform_point(const Facts& facts);
using PointOf = std::function<std::optional<PlatformPoint>(const std::string& platform_id)>;

/// A way to predict that every model must beat. None states an interval: lo = hi = value.
struct Baseline {
  std::string name;
  FitPredictor fit;
};

/// "datasheet roofline"; "roofline x one factor": the median of measured / roofline time of all training
/// rows; "nearest neighbour": the training rows of the same workload, metric and unit on the nearest other
/// platform that has them, by the distance of the logarithms of compute and bandwidth, times the ratio of
/// rooflines.
std::vector<Baseline> baselines(const Roofline& roofline, const PointOf& point_of);

}  // namespace ridgepoint
