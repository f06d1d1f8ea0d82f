// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "probes/cuda/cuda_device.h"
#include "probes/sampler.h"

// The cells of one device, as probes/opencl_cells.h.

namespace ridgepoint::cuda {

std::vector<Cell> chain_cells(Device& device, const std::string& source);
std::vector<Cell> tensor_cells(Device& device, const std::string& source);
std::vector<Cell> bandwidth_cells(Device& device, const AcceleratorSizes& sizes, const std::string& source);
std::vector<Cell> launch_cells(Device& device, const std::string& source);
std::vector<Cell> link_cells(Device& device, const AcceleratorSizes& sizes, const std::string& source);

}  // namespace ridgepoint::cuda
