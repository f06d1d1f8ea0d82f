// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "workloads/study/jobs.h"

// Samples to a target by batch, published, and what they make of time and cost.

namespace ridgepoint::study {

/// Mean over published runs. The learning rate was chosen for each batch.
struct ConvergencePoint {
  std::int64_t batch = 0;
  double samples = 0, epochs = 0, steps = 0, learning_rate = 0;
};

template <class Io>
void fields(Io& io, ConvergencePoint& p) {
  io.field("batch", p.batch);
  io.field("samples", p.samples);
  io.field("epochs", p.epochs);
  io.field("steps", p.steps);
  io.field("learning_rate", p.learning_rate);
}

/// A file of configs/convergence/.
struct Convergence {
  std::string network;
  std::vector<std::int64_t> input;  ///< of one sample: channels, extents
  std::string target, source;
  double spread_lo = 0, spread_hi = 0;  ///< standard deviation of the samples, as a share, over the batches
  std::vector<ConvergencePoint> points;
};

template <class Io>
void fields(Io& io, Convergence& c) {
  io.field("network", c.network);
  io.field("input", c.input);
  io.field("target", c.target);
  io.field("source", c.source);
  io.field("spread_lo", c.spread_lo);
  io.field("spread_hi", c.spread_hi);
  io.field("points", c.points);
}

/// Refuses a file with no points, or with numbers that are not positive.
Result<Convergence> read_convergence(const std::string& path);

/// The largest divisor of `batch` that is at most `most`; 0 where `most` is below 1.
std::int64_t fitting_part(std::int64_t batch, double most);

/// Every point on every platform: the whole batch where it fits with margin, else the largest part of it that
/// does, its gradients accumulated. Time = samples / part x time of a step of `part`.
Result<std::vector<BatchJob>> price_batches(const Convergence& convergence,
                                            const std::vector<std::string>& platforms,
                                            const std::string& as_of, const Ports& ports);

}  // namespace ridgepoint::study
