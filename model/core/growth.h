// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/codec.h"

namespace ridgepoint {

/// time = factor x size^exponent by least squares over the logarithms.
struct PowerFit {
  double exponent = 0;
  double standard_error = 0;  ///< of the exponent, from the residuals with n - 2 degrees of freedom
};

/// Absent for fewer than three points or where all sizes are the same. Precondition: all values > 0, as many
/// times as sizes.
std::optional<PowerFit> fit_power(const std::vector<double>& size, const std::vector<double>& time);

/// How one kernel's time grows with one key of its shape, the others fixed.
struct SizeGrowth {
  std::string kernel, key;
  std::vector<double> size;                   ///< values of the key, ascending
  std::vector<double> time_s;                 ///< median of each
  std::optional<double> exponent = {};        ///< of PowerFit; absent: too few sizes
  std::optional<double> standard_error = {};  ///< of the exponent
};

template <class Io>
void fields(Io& io, SizeGrowth& g) {
  io.field("kernel", g.kernel);
  io.field("key", g.key);
  io.field("size", g.size);
  io.field("time_s", g.time_s);
  io.field("exponent", g.exponent);
  io.field("standard_error", g.standard_error);
}

}  // namespace ridgepoint
