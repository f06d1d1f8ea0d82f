// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/fact.h"
#include "model/core/provenance.h"

namespace ridgepoint {

/// What the voxels hold, scaled (for CT: HU). Absent where only the header was read.
struct VoxelValues {
  double lowest = 0, highest = 0, mean = 0;
  std::string checksum;  ///< "crc32:9ae0daaf" over the stored voxels, little endian, x fastest
};

template <class Io>
void fields(Io& io, VoxelValues& v) {
  io.field("lowest", v.lowest);
  io.field("highest", v.highest);
  io.field("mean", v.mean);
  io.field("checksum", v.checksum);
}

/// The document `volume`: what a medical image is, from its header alone or with its voxels. Axes are x, y, z
/// of the file, x fastest; positions in DICOM's frame (left, posterior, superior), whatever the file's own.
struct VolumeDescription {
  Provenance provenance;
  std::string path;
  std::string format;              ///< MetaImage | NIfTI-1 | NIfTI-2 | NRRD | DICOM | raw
  std::string type;                ///< int16, float32 ...
  std::string byte_order;          ///< little | big
  std::string packing;             ///< none | zlib | gzip | per-slice
  std::vector<std::int64_t> size;  ///< voxels an axis
  std::vector<double> spacing_mm;
  std::vector<double> origin_mm;  ///< centre of the first voxel
  std::vector<double> direction;  ///< unit vectors of the axes, one after another
  double slope = 1, intercept = 0;
  std::int64_t files = 1;
  Facts figures;
  std::optional<VoxelValues> values;
  std::vector<std::string> notes;  ///< what was assumed
};

template <class Io>
void fields(Io& io, VolumeDescription& v) {
  io.field("provenance", v.provenance);
  io.field("path", v.path);
  io.field("format", v.format);
  io.field("type", v.type);
  io.field("byte_order", v.byte_order);
  io.field("packing", v.packing);
  io.field("size", v.size);
  io.field("spacing_mm", v.spacing_mm);
  io.field("origin_mm", v.origin_mm);
  io.field("direction", v.direction);
  io.field("slope", v.slope);
  io.field("intercept", v.intercept);
  io.field("files", v.files);
  io.field("figures", v.figures);
  io.field("values", v.values);
  io.field("notes", v.notes);
}

// Compiled once, in documents.cpp.
extern template Json encode(const VolumeDescription&);
extern template Result<VolumeDescription> decode<VolumeDescription>(const Json&, const std::string&);

}  // namespace ridgepoint
