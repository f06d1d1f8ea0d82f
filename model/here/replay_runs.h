// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/core/machine.h"
#include "model/core/runs.h"
#include "model/core/validation.h"

namespace ridgepoint {

/// Every run of this machine predicted from all the others and from the machine's roofs: roof time over a
/// utilisation, and the utilisation from the run's neighbours. Utilisation is interpolated, never time:
/// between the runs of the same kernel, type, instruction set and thread count whose working sets are next;
/// without one, from the same kernel at other thread counts; then from its class; then from all. Refused:
/// a run without a roof, and one that nothing else tells about. Provenance is the caller's.
Validation replay_runs(const Machine& machine, const RunSet& runs);

}  // namespace ridgepoint
