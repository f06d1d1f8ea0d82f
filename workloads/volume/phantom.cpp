// SPDX-License-Identifier: Apache-2.0
#include "workloads/volume/phantom.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "model/core/buffer.h"
#include "model/core/format.h"
#include "model/core/ports.h"
#include "model/core/random.h"
#include "workloads/volume/deflate.h"

namespace ridgepoint {
namespace {

constexpr double kBlur_mm = 0.45;
constexpr double kNoise_hu = 25, kNoiseSlice_mm = 1.25, kNoisePixel_mm = 0.7;  ///< at dose 1

double noise_of(const PhantomRequest& r) {
  return kNoise_hu * std::sqrt(1 / r.dose * (kNoiseSlice_mm / r.spacing[2])) *
         (kNoisePixel_mm / r.spacing[0]);
}

/// White noise from twelve 16-bit uniforms: integers, standard deviation 2^16, mean 0.
std::int32_t white(std::uint64_t seed, std::uint64_t voxel) {
  std::int64_t sum = -6 * 65535;
  for (std::uint64_t i = 0; i < 3; ++i) {
    const std::uint64_t b = random_bits(seed, 3 * voxel + i);
    sum += static_cast<std::int64_t>((b & 0xffff) + (b >> 16 & 0xffff) + (b >> 32 & 0xffff) + (b >> 48));
  }
  return static_cast<std::int32_t>(sum);
}

/// Sums of `taps` neighbours with weights, along x (stride 1) or y.
struct Field {
  std::int64_t nx, ny;
  std::vector<std::int32_t> v;
  std::int32_t* row(std::int64_t y) { return v.data() + y * nx; }
};

Result<void> check(const PhantomRequest& r, double limit_byte) {
  for (std::size_t c = 0; c < 3; ++c) {
    if (r.size[c] < 16 || r.size[c] > 1024)
      return fail(ErrorKind::bad_input, "a phantom of " + std::to_string(r.size[c]) + " voxels an axis", "",
                  "give 16 to 1024");
    if (!(r.spacing[c] >= 0.2 && r.spacing[c] <= 5))
      return fail(ErrorKind::bad_input, "a spacing of " + show_number(r.spacing[c]) + " mm", "",
                  "give 0.2 to 5 mm");
  }
  if (!(r.dose >= 0.01 && r.dose <= 100))
    return fail(ErrorKind::bad_input, "a dose of " + show_number(r.dose), "1 is a normal scan",
                "give 0.01 to 100");
  const double bytes = 2.0 * static_cast<double>(r.size[0] * r.size[1] * r.size[2]);
  if (bytes > limit_byte)
    return fail(ErrorKind::unavailable, "the phantom needs " + show_bytes(bytes),
                "that is more than the " + show_bytes(limit_byte) + " allowed",
                "give a smaller size, or more memory");
  return {};
}

}  // namespace

void add_noise(const PhantomRequest& request, std::int64_t z, double sigma, std::vector<float>& plane) {
  // Band pass: binomial 3x3 less box 5x5, as integers of 1/400; of white noise it keeps a variance of
  // 36/256 - 2/25 + 1/25 = 0.100625.
  const std::int64_t nx = request.size[0], ny = request.size[1];
  const std::uint64_t seed = random_bits(request.seed, 4);
  Field w{nx + 4, ny + 4, std::vector<std::int32_t>(static_cast<std::size_t>((nx + 4) * (ny + 4)))};
  const auto slice = static_cast<std::uint64_t>(z) << 24;
  for (std::int64_t y = 0; y < w.ny; ++y)
    for (std::int64_t x = 0; x < w.nx; ++x)
      w.row(y)[x] = white(seed, slice + static_cast<std::uint64_t>(y << 12 | x));
  std::vector<std::int32_t> narrow(static_cast<std::size_t>(nx)), wide(narrow.size());
  std::vector<std::int32_t> sum3(static_cast<std::size_t>(w.nx)), sum5(sum3.size());
  const double unit = sigma / (400 * 65536 * std::sqrt(0.100625));
  for (std::int64_t y = 0; y < ny; ++y) {
    const std::int32_t *a = w.row(y), *b = w.row(y + 1), *c = w.row(y + 2), *d = w.row(y + 3),
                       *e = w.row(y + 4);
    for (std::size_t x = 0; x < sum3.size(); ++x) {
      sum3[x] = b[x] + 2 * c[x] + d[x];
      sum5[x] = a[x] + b[x] + c[x] + d[x] + e[x];
    }
    for (std::size_t x = 0; x < narrow.size(); ++x) {
      narrow[x] = sum3[x + 1] + 2 * sum3[x + 2] + sum3[x + 3];
      wide[x] = sum5[x] + sum5[x + 1] + sum5[x + 2] + sum5[x + 3] + sum5[x + 4];
    }
    float* out = plane.data() + y * nx;
    for (std::size_t x = 0; x < narrow.size(); ++x)
      out[x] = static_cast<float>(static_cast<double>(out[x]) +
                                  unit * static_cast<double>(25 * narrow[x] - 16 * wide[x]));
  }
}

Result<Phantom> make_phantom(const PhantomRequest& request, Team& team, double limit_byte) {
  if (auto good = check(request, limit_byte); !good) return tl::make_unexpected(good.error());
  Phantom out;
  VolumeHeader& header = out.volume.header;
  header.format = "phantom";
  header.order = std::endian::native;
  header.grid.size = request.size;
  header.grid.spacing = request.spacing;
  for (std::size_t c = 0; c < 3; ++c)
    header.grid.origin[c] = -0.5 * static_cast<double>(request.size[c] - 1) * request.spacing[c];
  auto buffer = Buffer::make(static_cast<std::size_t>(header.voxel_bytes()));
  if (!buffer) return tl::make_unexpected(buffer.error());
  const auto kept = std::make_shared<Buffer>(std::move(*buffer));
  const Scene scene = make_scene(request);
  const double sigma = noise_of(request);
  const auto plane = static_cast<std::size_t>(request.size[0] * request.size[1]);
  std::atomic<std::int64_t> next{0};
  team.run([&](int) {
    std::vector<float> slice(plane), scratch(plane);
    for (std::int64_t z = next++; z < request.size[2] && !Interrupt::requested(); z = next++) {
      render_slice(scene, request, z, kBlur_mm, slice, scratch);
      add_noise(request, z, sigma, slice);
      std::int16_t* voxels = kept->as<std::int16_t>() + static_cast<std::size_t>(z) * plane;
      for (std::size_t i = 0; i < plane; ++i)
        voxels[i] = static_cast<std::int16_t>(std::clamp(std::floor(slice[i] + 0.5F), -1024.0F, 3071.0F));
    }
  });
  if (Interrupt::requested())
    return fail(ErrorKind::interrupted, "stopped while making the phantom", "", "run it again");
  out.volume.data = std::shared_ptr<const std::byte>(kept, kept->as<const std::byte>());
  PhantomTruth& t = out.truth;
  t.seed = static_cast<std::int64_t>(request.seed);
  t.size.assign(request.size.begin(), request.size.end());
  t.spacing_mm.assign(request.spacing.begin(), request.spacing.end());
  t.dose = request.dose;
  t.noise_hu = sigma;
  t.blur_mm = kBlur_mm;
  t.checksum =
      "crc32:" + checksum_text({out.volume.data.get(), static_cast<std::size_t>(out.volume.bytes())}, team);
  t.vessels = scene.vessels;
  t.nodules = scene.truth;
  return out;
}

}  // namespace ridgepoint
