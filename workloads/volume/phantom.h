// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/core/phantom.h"
#include "model/core/team.h"
#include "workloads/volume/volume.h"

// A synthetic chest CT with lung nodules. Everything is a function of (seed, object, voxel) made of
// additions, products, quotients and square roots, without contraction, so that the bits are the same
// everywhere.

namespace ridgepoint {

struct PhantomRequest {
  std::array<std::int64_t, 3> size = {256, 256, 256};
  std::array<double, 3> spacing = {0.7, 0.7, 1.25};
  std::uint64_t seed = 1;
  int nodules = 12;  ///< as many as find a place
  double dose = 1;
};

struct Phantom {
  Volume volume;  ///< int16, HU
  PhantomTruth truth;
};

/// Refuses sizes outside 16 .. 1024 voxels an axis, and more than `limit_byte` of voxels (`unavailable`).
Result<Phantom> make_phantom(const PhantomRequest& request, Team& team, double limit_byte);

using Point = std::array<double, 3>;

/// A piece of a vessel: a tapering tube with round ends.
struct Tube {
  Point from = {}, to = {};
  double radius_from = 0, radius_to = 0;
  double hu = 0;
};

struct NoduleShape {
  Point centre = {};
  double radius = 0;                 ///< of the equal sphere, mm
  std::array<double, 9> frame = {};  ///< rows: unit axes divided by their stretch
  std::array<double, 5> lobes = {};  ///< weights of low harmonics, 0 for a plain ellipsoid
  double edge = 0.7;                 ///< width of the soft border, mm
  double hu = 0, halo_hu = 0;        ///< the halo fills what the core leaves
  double core = 1;                   ///< radius of the core as a share: 1 = no halo
  double reach = 0;                  ///< nothing of it lies farther than this from the centre

  /// Distance from its surface in mm (roughly, negative inside), of the whole or of its core.
  double depth(const Point& p, double share) const;
};

/// Two lungs, ribs and a body, by the extent of the field of view.
struct Anatomy {
  Point half = {};  ///< of the field of view, mm
  Point body = {};  ///< semi-axes; the middle is 0
  Point lung = {};
  double lung_x = 0;  ///< the lungs lie at -lung_x and lung_x

  /// Distance from the middle as a share of the surface's: 1 on the surface.
  double in_body(const Point& p) const;
  double in_lung(const Point& p) const;  ///< of the lung on p's side
};

struct Scene {
  Anatomy anatomy;
  std::vector<Tube> tubes;
  std::int64_t vessels = 0;
  std::vector<NoduleShape> nodules;
  std::vector<TrueNodule> truth;  ///< of the nodules, in the same order
};

Scene make_scene(const PhantomRequest& request);

/// One slice, nx x ny, in HU, with partial volume (3^3 samples in a voxel where its content is not uniform),
/// blurred in plane, without noise. `plane` and `scratch` hold nx * ny values each.
void render_slice(const Scene& scene, const PhantomRequest& request, std::int64_t z, double blur_mm,
                  std::vector<float>& plane, std::vector<float>& scratch);

/// Adds band-passed Gaussian noise of `sigma` HU to a slice.
void add_noise(const PhantomRequest& request, std::int64_t z, double sigma, std::vector<float>& plane);

/// exp(x) for |x| <= 8 by its series: libm's differs between machines.
double steady_exp(double x);

}  // namespace ridgepoint
