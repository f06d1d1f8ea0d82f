// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "model/core/ports.h"
#include "model/core/study.h"
#include "model/core/team.h"

// What the size of voxels does to the detection of nodules, on generated scans of the chest.

namespace ridgepoint::study {

struct ResolutionSettings {
  std::int64_t scans = 12;
  std::int64_t edge = 192;  ///< voxels of 1 mm
  int nodules = 60;         ///< tried a scan; those that find a place are there
  std::uint64_t seed = 1001;
  std::vector<double> voxels_mm = {1, 1.5, 2, 3, 4};
};

/// Generates, down-samples, detects, scores. `step` is told the share done after each scan.
Result<ResolutionResult> run_resolution(const ResolutionSettings& settings, Team& team,
                                        const std::function<void(double)>& step);

/// What was decided before any scan was looked at.
std::vector<std::string> resolution_fixed(const ResolutionSettings& settings);
/// Are 3-5 mm lost first, and those above 8 mm not at all?
std::vector<StudyClaim> resolution_claims(const ResolutionResult& result);
std::vector<StudyEvidence> resolution_evidence();
std::vector<std::string> resolution_limits();

}  // namespace ridgepoint::study
