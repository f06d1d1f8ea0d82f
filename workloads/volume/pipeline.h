// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/core/team.h"
#include "workloads/volume/components.h"
#include "workloads/volume/resample.h"
#include "workloads/volume/volume_file.h"

// From a study to findings: decode, window, resample, windows through a network, blend, components, back to
// the study's grid, write.

namespace ridgepoint {

/// What the pipeline is built around: one map of a cubic window, on all threads of the team it was made for.
struct WindowNetwork {
  std::string name;
  std::int64_t edge = 64;
  double scratch_byte = 0;
  double work_flop = 0;  ///< per window
  std::function<void(const float* in, float* out)> run;
};

struct PipelineRequest {
  VolumeSource source;
  double spacing_mm = 1;           ///< of the grid that the network sees
  double low = -1000, high = 400;  ///< HU
  Interpolation how = Interpolation::linear;
  float threshold = 0.08F;
  std::int64_t least_voxels = 4;
  double limit_byte = 4e9;
  std::string out = {};  ///< a mask in the study's grid; empty: not written
};

struct StageCost {
  std::string name;
  double read_byte = 0, written_byte = 0, work_flop = 0;
};

/// What a run will do, from the header alone.
struct PipelinePlan {
  GridMap map;
  std::int64_t windows = 0;
  std::vector<StageCost> stages;
  double peak_byte = 0;  ///< the most at once, of all buffers and the mapped file
};

struct PipelineResult {
  std::vector<double> stage_s;      ///< in the plan's order
  std::vector<Component> findings;  ///< in the network's grid
};

PipelinePlan plan_pipeline(const VolumeHeader& header, const PipelineRequest& request,
                           const WindowNetwork& network);

/// `unavailable` where the plan needs more than the limit.
Result<PipelineResult> run_pipeline(const PipelineRequest& request, const WindowNetwork& network, Team& team);

/// The stand-in until a trained network is given: blobs of 4 to 12 mm.
WindowNetwork blob_network(std::int64_t edge, double spacing_mm, Team& team);

/// Most resident memory of this process since the last reset_peak, bytes; nothing where the system does not
/// tell.
std::optional<double> resident_peak();
std::optional<double> resident_now();
void reset_peak();

}  // namespace ridgepoint
