// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/provenance.h"

namespace ridgepoint {

/// A nodule that a generated scan holds.
struct TrueNodule {
  std::vector<double> centre_mm;  ///< in DICOM's frame, as the file's origin
  double diameter_mm = 0;         ///< of the sphere with the volume of its ellipsoid
  double value_hu = 0;            ///< of its body, before blur and noise
  std::string kind;               ///< solid | part-solid | ground-glass
  std::string place;              ///< isolated | pleural | vascular
};

template <class Io>
void fields(Io& io, TrueNodule& n) {
  io.field("centre_mm", n.centre_mm);
  io.field("diameter_mm", n.diameter_mm);
  io.field("value_hu", n.value_hu);
  io.field("kind", n.kind);
  io.field("place", n.place);
}

/// The document `phantom`: the truth about a generated CT scan. The same seed and settings give the same
/// voxels on every machine and with any number of threads.
struct PhantomTruth {
  Provenance provenance;
  std::optional<std::string> path;  ///< the image, where one was written
  std::int64_t seed = 1;
  std::vector<std::int64_t> size;
  std::vector<double> spacing_mm;
  double dose = 1;      ///< relative; noise goes with its inverse square root
  double noise_hu = 0;  ///< standard deviation
  double blur_mm = 0;   ///< standard deviation of the point spread in plane
  std::string checksum;
  std::int64_t vessels = 0;  ///< tubes: what a detector takes for nodules
  std::vector<TrueNodule> nodules;
};

template <class Io>
void fields(Io& io, PhantomTruth& p) {
  io.field("provenance", p.provenance);
  io.field("path", p.path);
  io.field("seed", p.seed);
  io.field("size", p.size);
  io.field("spacing_mm", p.spacing_mm);
  io.field("dose", p.dose);
  io.field("noise_hu", p.noise_hu);
  io.field("blur_mm", p.blur_mm);
  io.field("checksum", p.checksum);
  io.field("vessels", p.vessels);
  io.field("nodules", p.nodules);
}

// Compiled once, in documents.cpp.
extern template Json encode(const PhantomTruth&);
extern template Result<PhantomTruth> decode<PhantomTruth>(const Json&, const std::string&);

}  // namespace ridgepoint
