// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "workloads/volume/volume.h"

namespace ridgepoint {

/// A volume as the user names it.
struct VolumeSource {
  std::string path;         ///< a file, or a folder with one DICOM series
  std::string raw = {};     ///< for a file without header: "size=512x512x300 type=int16 spacing=0.7x0.7x1.25"
  std::string series = {};  ///< SeriesInstanceUID, where a folder holds several
};

/// Geometry and type, with no voxel read. The format is chosen by the first bytes, then by the name.
Result<VolumeHeader> read_volume_header(const VolumeSource& source);

/// The voxels: mapped where the file holds them plainly in this machine's byte order, else unpacked into at
/// most `limit_byte` bytes, or `unavailable`.
Result<Volume> load_volume(const VolumeSource& source, double limit_byte);

}  // namespace ridgepoint
