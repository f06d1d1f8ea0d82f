// SPDX-License-Identifier: Apache-2.0
// The 3D convolution that dominates a U-Net: up4.conv1 of the MLPerf KiTS19 network (64 -> 32 channels, 3^3,
// full resolution), FP32 forward through oneDNN.
#include <cmath>
#include <memory>

#include "model/core/random.h"
#include "model/core/text.h"
#include "workloads/dnn/onednn.h"
#include "workloads/kernel.h"

namespace ridgepoint {
namespace {

constexpr int kChecked = 512;  // output values recomputed by the reference

std::vector<float> random_floats(std::size_t n, std::uint64_t seed) {
  std::vector<float> out(n);
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<float>(random_unit(seed, i) - 0.5);
  return out;
}

struct Sum {
  double value = 0, size = 0;
};

/// One output value by the definition, in double; `size` is sum |x w|, so that cancellation cannot hide an
/// error.
Sum reference(const Conv3dShape& s, const std::vector<float>& x, const std::vector<float>& w, std::int64_t oc,
              std::int64_t z, std::int64_t y, std::int64_t col) {
  Sum sum;
  const std::int64_t r = s.k / 2;
  for (std::int64_t c = 0; c < s.ic; ++c)
    for (std::int64_t a = 0; a < s.k; ++a)
      for (std::int64_t b = 0; b < s.k; ++b)
        for (std::int64_t e = 0; e < s.k; ++e) {
          const std::int64_t iz = z + a - r, iy = y + b - r, ix = col + e - r;
          if (iz < 0 || iz >= s.d || iy < 0 || iy >= s.h || ix < 0 || ix >= s.w) continue;
          const double term =
              static_cast<double>(x[static_cast<std::size_t>(((c * s.d + iz) * s.h + iy) * s.w + ix)]) *
              static_cast<double>(
                  w[static_cast<std::size_t>((((oc * s.ic + c) * s.k + a) * s.k + b) * s.k + e)]);
          sum.value += term;
          sum.size += std::abs(term);
        }
  return sum;
}

/// Random positions, and the eight corners where padding matters.
double worst_error(const Conv3dShape& s, const std::vector<float>& x, const std::vector<float>& w,
                   const std::vector<float>& y, std::uint64_t seed) {
  const auto below = [&](std::uint64_t i, std::int64_t n) {
    return static_cast<std::int64_t>(random_below(seed, i, static_cast<std::uint32_t>(n)));
  };
  double worst = 0;
  for (std::uint64_t i = 0; i < kChecked; ++i) {
    const bool corner = i < 8;
    const std::int64_t oc = below(4 * i, s.oc);
    const std::int64_t z = corner ? (i & 1 ? s.d - 1 : 0) : below(4 * i + 1, s.d);
    const std::int64_t row = corner ? (i & 2 ? s.h - 1 : 0) : below(4 * i + 2, s.h);
    const std::int64_t col = corner ? (i & 4 ? s.w - 1 : 0) : below(4 * i + 3, s.w);
    const Sum sum = reference(s, x, w, oc, z, row, col);
    const double got =
        static_cast<double>(y[static_cast<std::size_t>(((oc * s.d + z) * s.h + row) * s.w + col)]);
    worst = std::max(worst, std::abs(got - sum.value) / sum.size);
  }
  return worst;
}

Result<Prepared> prepare(const KernelRequest& request) {
  const Shape& given = request.shape;
  const Conv3dShape s{given["ic"], given["oc"], given["d"], given["h"], given["w"], given["k"]};
  const double voxels = static_cast<double>(s.d) * static_cast<double>(s.h) * static_cast<double>(s.w);
  const double inputs = voxels * static_cast<double>(s.ic), outputs = voxels * static_cast<double>(s.oc);
  const double taps = std::pow(static_cast<double>(s.k), 3) * static_cast<double>(s.ic);
  if (s.k % 2 == 0 || std::max(inputs, outputs) > 2e9 || taps * static_cast<double>(s.oc) > 2e9)
    return fail(ErrorKind::bad_input, "the shape '" + given.text() + "' is not one this kernel runs",
                "k must be odd and each tensor below 2e9 values", "choose another shape");
  const auto source = random_floats(static_cast<std::size_t>(inputs), request.seed);
  const auto weights =
      random_floats(static_cast<std::size_t>(taps * static_cast<double>(s.oc)), request.seed + 1);
  auto made = make_conv3d(s, static_cast<int>(request.cpus.size()), source, weights);
  if (!made) return tl::make_unexpected(made.error());
  const std::shared_ptr<Conv3d> conv = std::move(*made);
  conv->execute();

  Prepared p;
  const double error = worst_error(s, source, weights, conv->destination(), request.seed + 2);
  const double tolerance =
      4 * std::sqrt(taps) * 0x1.0p-24;  // random-walk growth of FP32 rounding over the taps
  p.verification = {error <= tolerance,
                    "definition in double at 512 places, corners included, error relative to sum |x w|",
                    error, tolerance};
  // Every tap counts, padding included, as oneDNN and MLPerf count; one pass over source and destination.
  p.cost = {.work_flop = 2 * taps * outputs,
            .read_byte = 4 * (inputs + taps * static_cast<double>(s.oc)),
            .written_byte = 4 * outputs};
  p.working_set_byte = p.cost.read_byte + p.cost.written_byte;
  p.dtype = "fp32";
  p.isa = conv->implementation();
  if (starts_with(p.isa, "ref"))
    p.warnings.push_back({"onednn-reference",
                          "oneDNN fell to its reference implementation '" + p.isa + "' for this shape",
                          "use channels that are multiples of 16"});
  p.body = [conv] { conv->execute(); };
  return p;
}

}  // namespace

extern const Kernel conv3d_unet_workload;
const Kernel conv3d_unet_workload{
    .id = "medical/conv3d-unet",
    .family = "medical",
    .kernel_class = "conv3d-inference",
    .summary = "3D convolution 3^3 of a U-Net's last stage, FP32 forward, oneDNN",
    .default_shape = "d=64 h=64 ic=64 k=3 oc=32 w=64",
    .starter = true,
    .prepare = prepare};

}  // namespace ridgepoint
