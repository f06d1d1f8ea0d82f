// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/fact.h"
#include "model/core/runs.h"

namespace ridgepoint {

/// One resource of a kernel on the machine it ran on.
struct HereTerm {
  std::string resource;  ///< the fact's key
  double seconds = 0;    ///< at the roof
};

/// What a kernel's declared cost takes at the measured roofs of this machine, resource by resource:
/// arithmetic of its type and instruction set; bytes at the level that its working set lives in, between
/// levels in the logarithm of the size; random lines at the rate of DRAM where the set is beyond the last
/// cache; all at the kernel's thread count where the machine was probed with it. Integer work has no roof and
/// no term. Empty: no roof for anything the kernel declares.
std::vector<HereTerm> here_terms(const KernelRun& run, const Facts& facts);

/// The 2-norm of the terms: resources overlap, and not quite (law/law.h).
double here_seconds(const std::vector<HereTerm>& terms);

}  // namespace ridgepoint
