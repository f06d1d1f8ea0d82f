// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/core/machine.h"
#include "model/core/recommendation.h"
#include "model/core/runs.h"

namespace ridgepoint {

/// Utilisation of one kernel class: roofline time divided by measured time, 1.0 = on the roof.
struct Efficiency {
  double value = 1;
  double sigma = 0;       ///< of the logarithm, for a platform other than the one it was measured on
  double sigma_here = 0;  ///< for the machine it was measured on
  Basis basis = Basis::assumed;
  std::string source;
};

/// Is the class matrix-like, so that tensor units serve it?
bool is_dense(const std::string& kernel_class);

/// Efficiencies per kernel class: assumed defaults, replaced by what the runs measured on this machine.
std::map<std::string, Efficiency> efficiencies(const std::vector<KernelPoint>& points);

/// Places each verified run on the machine's measured roofs. A run without the roofs it needs is left out
/// with a warning; one above its roof by more than 5 % is kept with a warning, never clamped.
std::vector<KernelPoint> kernel_points(const Machine& machine, const RunSet& runs,
                                       std::vector<Warning>& warnings);

}  // namespace ridgepoint
