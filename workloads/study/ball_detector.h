// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "model/core/team.h"
#include "workloads/volume/phantom.h"

// A classic detector of nodules, without training: the baseline of the study of resolution.

namespace ridgepoint::study {

/// A scan as the detector sees it: FP32, x fastest, cubic voxels, positions in mm of the scan's frame.
struct Image {
  std::array<std::int64_t, 3> size = {1, 1, 1};
  double voxel_mm = 1;
  Point first = {};  ///< centre of the first voxel
  std::vector<float> values;
};

/// A scan windowed from -1000..400 HU to 0..1. Everything outside the lungs, and within one voxel of their
/// wall, is made lung: finding the lungs is taken as solved. Precondition: the phantom's voxels are cubic.
Image lungs_of(const Phantom& phantom, const Anatomy& anatomy, Team& team);

/// Means over cubes of `voxel_mm` (at least the image's), each voxel by the part of it that lies inside: the
/// partial volume of a coarser scan. What does not fill a cube at the end is left out.
Image box_means(const Image& in, double voxel_mm, Team& team);

/// What a detector says about one scan: a place and how sure it is.
struct Candidate {
  Point at = {};  ///< mm
  double score = 0;
};

/// Diameters looked for, mm: 3 to 22, without those whose Gaussians the grid cannot hold.
std::vector<double> scales_for(double voxel_mm);

/// Local maxima of a scale-normalised difference of Gaussians (close to the Laplacian of Gaussian) at each of
/// scales_for(), times their roundness; within the radius of a stronger one, or 3 mm, there is no other.
/// Strongest first.
std::vector<Candidate> ball_candidates(const Image& image, Team& team);

/// From 0 (a tube or a sheet) to 1 (a ball): the smallest curvature of a peak over its largest, by the
/// eigenvalues of the symmetric matrix {xx, yy, zz, xy, xz, yz} of second derivatives. 0 where it is no peak.
double roundness(const std::array<double, 6>& second);

}  // namespace ridgepoint::study
