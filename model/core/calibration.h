// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/core/provenance.h"

namespace ridgepoint {

/// A fitted logarithm: what a term's or a whole time's logarithm shifts by. exp(-value) is an efficiency.
struct FittedEffect {
  double value = 0;
  double sd = 0;          ///< of its posterior
  std::int64_t rows = 0;  ///< measured results that bear on it
};

template <class Io>
void fields(Io& io, FittedEffect& e) {
  io.field("value", e.value);
  io.field("sd", e.sd);
  io.field("rows", e.rows);
}

/// How far predictions of a kernel class were off when its platforms were left out.
struct ClassError {
  std::string kernel_class;
  std::int64_t rows = 0;
  double median = 0;  ///< exp(|ln ratio|) - 1, so 0.25 is a quarter too fast or too slow
  double p90 = 0;
  double bias = 0;      ///< median of ln(predicted / measured): positive = predicted too slow
  double coverage = 0;  ///< share inside the 10 % to 90 % interval
};

template <class Io>
void fields(Io& io, ClassError& e) {
  io.field("kernel_class", e.kernel_class);
  io.field("rows", e.rows);
  io.field("median", e.median);
  io.field("p90", e.p90);
  io.field("bias", e.bias);
  io.field("coverage", e.coverage);
}

/// The document `calibration`: what was fitted, to what, and how well it predicts what it has not seen.
struct Calibration {
  std::vector<std::string> sources;  ///< files and how many of their rows were used
  std::int64_t rows = 0;
  double sigma = 0;                        ///< of one measurement's logarithm
  std::map<std::string, double> widening;  ///< factor on the interval by tier, from the left-out residuals
  std::vector<ClassError> leave_platform_out;
  std::map<std::string, FittedEffect> effects;
  std::map<std::string, double> spread;  ///< sd of a term's efficiency at each scope that was seen
};

template <class Io>
void fields(Io& io, Calibration& c) {
  io.field("sources", c.sources);
  io.field("rows", c.rows);
  io.field("sigma", c.sigma);
  io.field("widening", c.widening);
  io.field("leave_platform_out", c.leave_platform_out);
  io.field("effects", c.effects);
  io.field("spread", c.spread);
}

// Compiled once, in documents.cpp.
extern template Json encode(const Calibration&);
extern template Result<Calibration> decode<Calibration>(const Json&, const std::string&);

}  // namespace ridgepoint
