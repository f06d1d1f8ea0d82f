// SPDX-License-Identifier: Apache-2.0
// Resampling of a volume to another grid, the stage that often costs more than the network.
#include <algorithm>
#include <cmath>
#include <memory>

#include "model/core/buffer.h"
#include "model/core/format.h"
#include "model/core/random.h"
#include "workloads/kernel.h"
#include "workloads/roofs.h"
#include "workloads/volume/resample.h"
#include "workloads/volume/rows_simd.h"

namespace ridgepoint {
namespace {

constexpr std::uint64_t kProbes = 20000;

struct Problem {
  std::shared_ptr<Team> team;
  GridMap map;
  Interpolation how;
  Buffer samples, work, out;  ///< the spline filter works in place, on `work`

  void run() {
    if (how == Interpolation::linear) {
      resample(samples.as<float>(), out.as<float>(), map, how, *team);
      return;
    }
    // The filter wants its own copy; the first walk of the filter reads the one and writes the other.
    team->run([&](int member) {
      const Share s = share_of(voxels_in(map), member, team->size(), 64);
      std::copy(samples.as<float>() + s.begin, samples.as<float>() + s.end, work.as<float>() + s.begin);
    });
    to_spline(work.as<float>(), map, *team);
    resample(work.as<float>(), out.as<float>(), map, how, *team);
  }
};

/// The coefficients by their definition: a spline that is `samples` at the grid points. Largest difference
/// there.
double spline_error(const Problem& p, std::uint64_t seed) {
  GridMap same = p.map;
  for (AxisMap& axis : same) axis = {axis.in, axis.in, 0, 1};
  double worst = 0;
  for (std::uint64_t k = 0; k < kProbes; ++k) {
    std::array<std::int64_t, 3> at{};
    for (std::size_t c = 0; c < 3; ++c)
      at[c] = random_below(seed, 3 * k + c, static_cast<std::uint32_t>(same[c].in));
    const float* work = p.work.as<float>();
    const double value =
        resampled_voxel([&](std::size_t i) { return static_cast<double>(work[i]); }, same, p.how, at);
    const auto i = static_cast<std::size_t>((at[2] * same[1].in + at[1]) * same[0].in + at[0]);
    worst = std::max(worst, std::abs(value - static_cast<double>(p.samples.as<float>()[i])));
  }
  return worst;
}

double worst_error(const Problem& p, std::uint64_t seed) {
  const float* in = p.how == Interpolation::linear ? p.samples.as<float>() : p.work.as<float>();
  double worst = 0;
  for (std::uint64_t k = 0; k < kProbes; ++k) {
    std::array<std::int64_t, 3> at{};
    for (std::size_t c = 0; c < 3; ++c)
      at[c] = random_below(seed, 3 * k + c, static_cast<std::uint32_t>(p.map[c].out));
    const double value =
        resampled_voxel([&](std::size_t i) { return static_cast<double>(in[i]); }, p.map, p.how, at);
    const auto i = static_cast<std::size_t>((at[2] * p.map[1].out + at[1]) * p.map[0].out + at[0]);
    worst = std::max(worst, std::abs(value - static_cast<double>(p.out.as<float>()[i])));
  }
  return p.how == Interpolation::linear ? worst : std::max(worst, spline_error(p, seed + 1));
}

Result<Prepared> prepare(const KernelRequest& request) {
  const std::int64_t n = request.shape["n"], m = request.shape["m"], order = request.shape["order"];
  if (n < 2 || n > 2048 || m < 2 || m > 2048 || (order != 1 && order != 3))
    return fail(ErrorKind::bad_input, "the shape '" + request.shape.text() + "'", "",
                "give n and m from 2 to 2048, and order=1 (linear) or order=3 (cubic)");
  const Interpolation how = order == 1 ? Interpolation::linear : Interpolation::cubic;
  const AxisMap axis = corner_map(n, m);
  const GridMap map = {axis, axis, axis};
  const std::size_t in = voxels_in(map), out = voxels_out(map);
  const double bytes = 4.0 * static_cast<double>((order == 3 ? 2 * in : in) + out);
  if (bytes > request.memory_limit_byte)
    return fail(ErrorKind::unavailable, "resampling needs " + show_bytes(bytes),
                "that is more than the " + show_bytes(request.memory_limit_byte) + " allowed",
                "give a smaller n or m, or more with --memory");
  auto samples = Buffer::make(4 * in), work = Buffer::make(order == 3 ? 4 * in : 4),
       result = Buffer::make(4 * out);
  for (const auto* b : {&samples, &work, &result})
    if (!*b) return tl::make_unexpected(b->error());
  const auto team = std::make_shared<Team>(request.cpus);
  const auto p = std::make_shared<Problem>(
      Problem{team, map, how, std::move(*samples), std::move(*work), std::move(*result)});
  team->run([&](int member) {
    const Share s = share_of(in, member, team->size(), 64);
    for (std::size_t i = s.begin; i < s.end; ++i)
      p->samples.as<float>()[i] = static_cast<float>(random_unit(request.seed, i));
  });
  p->run();
  Prepared prepared;
  // Values lie in [0, 1]; white noise is the worst case for the filter, whose coefficients reach 3^3.
  const double error = worst_error(*p, request.seed + 7), tolerance = 2e-5;
  prepared.verification = {
      error <= tolerance,
      how == Interpolation::linear
          ? "8 taps in double at 20000 random voxels"
          : "64 taps in double, and the spline against its samples, at 20000 random voxels each",
      error, tolerance};
  const bool cubic = how == Interpolation::cubic;
  const double copy = cubic ? 4.0 * static_cast<double>(in) : 0;
  prepared.cost = {.work_flop = resample_flop(map, how),
                   .read_byte = resample_read_byte(map, how) + copy,
                   .written_byte = resample_written_byte(map, how) + copy};
  prepared.working_set_byte = bytes;
  prepared.dtype = "fp32";
  prepared.isa = rows_isa();
  prepared.body = [p] { p->run(); };
  auto roof = copy_roof(team, 4 * std::max(in, out), prepared.cost.read_byte + prepared.cost.written_byte);
  if (!roof) return tl::make_unexpected(roof.error());
  prepared.roof = std::move(*roof);
  return prepared;
}

}  // namespace

extern const Kernel resample_workload;
const Kernel resample_workload{
    .id = "medical/resample",
    .family = "medical",
    .kernel_class = "resample",
    .summary = "a volume to another grid: linear, or cubic B-spline with its filter",
    .default_shape = "n=192 m=160 order=3",
    .prepare = prepare};

}  // namespace ridgepoint
