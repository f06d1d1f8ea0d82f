// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "model/core/codec.h"

namespace ridgepoint {

/// Order statistics of one sample. `mad` is the median absolute deviation (unscaled).
struct Summary {
  std::int64_t n = 0;
  double median = 0, mad = 0, min = 0, max = 0;
};

template <class Io>
void fields(Io& io, Summary& s) {
  io.field("n", s.n);
  io.field("median", s.median);
  io.field("mad", s.mad);
  io.field("min", s.min);
  io.field("max", s.max);
}

/// Precondition: values is not empty.
Summary summarise(std::vector<double> values);

/// Linear interpolation between order statistics (type 7 of Hyndman and Fan 1996); q in [0, 1].
/// Precondition: values is not empty.
double quantile(std::vector<double> values, double q);

}  // namespace ridgepoint
