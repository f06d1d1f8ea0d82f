// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/core/team.h"
#include "workloads/volume/volume.h"

namespace ridgepoint {

/// Is the name one that write_volume can write? Asked before long work.
Result<void> check_volume_name(const std::string& path);

/// By the name: .nii and .nii.gz (NIfTI-1), .mha (MetaImage, plain), .mhd with .zraw beside it (MetaImage,
/// zlib). Whole or not at all; the packing runs on the team.
Result<void> write_volume(const std::string& path, const Volume& volume, Team& team);

}  // namespace ridgepoint
