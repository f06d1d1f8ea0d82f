// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/core/team.h"

namespace ridgepoint {

/// A detector of bright round things, the classic baseline: at each scale a difference of two Gaussians
/// (close to the Laplacian of Gaussian), and the strongest answer over the scales.
class BlobFilter {
 public:
  /// Diameters in mm; `spacing` of x, y, z in mm.
  BlobFilter(std::array<std::int64_t, 3> size, std::array<double, 3> spacing,
             const std::vector<double>& diameters);

  /// `out` gets the answer, 0 where there is no blob. Beyond the border the border goes on.
  void run(const float* in, float* out, Team& team);

  double scratch_byte() const;
  double work_flop() const;

 private:
  struct Scale {
    std::array<std::vector<float>, 3> narrow, wide;  ///< taps along x, y, z
  };

  void smooth(const float* in, float* out, const std::array<std::vector<float>, 3>& taps, Team& team);

  std::array<std::int64_t, 3> size_;
  std::vector<Scale> scales_;
  std::vector<float> first_, second_, narrow_;
};

}  // namespace ridgepoint
