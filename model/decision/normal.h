// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

namespace ridgepoint {

/// Standard normal distribution function.
inline double normal_cdf(double z) { return 0.5 * std::erfc(-z * 0.70710678118654752440); }

/// Standard normal density.
inline double normal_pdf(double z) { return 0.39894228040143267794 * std::exp(-0.5 * z * z); }

/// Standard normal quantile of 90 %.
inline constexpr double kNormal90 = 1.2815515655446004;

}  // namespace ridgepoint
