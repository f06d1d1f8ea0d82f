// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "probes/opencl_device.h"
#include "probes/sampler.h"

// The cells of one device. Each group checks its kernels' answers before it hands a cell out; a wrong answer
// or a refused call is the device's trouble() and no cell. A cell holds what it needs; the device must
// outlive it.

namespace ridgepoint {

/// `every_type` or FP32 and FP64 alone: a CPU driver compiles each kernel, which takes long.
std::vector<Cell> compute_cells(ClDevice& device, const std::string& source, bool every_type);
std::vector<Cell> bandwidth_cells(ClDevice& device, const AcceleratorSizes& sizes, const std::string& source);
std::vector<Cell> launch_cells(ClDevice& device, const std::string& source);
std::vector<Cell> link_cells(ClDevice& device, const AcceleratorSizes& sizes, const std::string& source);

}  // namespace ridgepoint
