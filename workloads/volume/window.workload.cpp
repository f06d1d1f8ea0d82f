// SPDX-License-Identifier: Apache-2.0
// HU window and normalisation: int16 voxels to FP32 in 0 to 1.
#include <algorithm>
#include <cmath>
#include <memory>

#include "model/core/buffer.h"
#include "model/core/format.h"
#include "model/core/random.h"
#include "workloads/kernel.h"
#include "workloads/roofs.h"
#include "workloads/volume/rows_simd.h"
#include "workloads/volume/stages.h"

namespace ridgepoint {
namespace {

constexpr double kLow = -1000, kHigh = 400;

struct Problem {
  std::shared_ptr<Team> team;
  std::shared_ptr<Buffer> stored;
  Volume volume;
  Buffer out;

  void run() { window_values(volume, kLow, kHigh, out.as<float>(), *team); }
};

Result<Prepared> prepare(const KernelRequest& request) {
  const auto n = static_cast<std::size_t>(request.shape["voxels"]);
  const double bytes = 6.0 * static_cast<double>(n);
  if (bytes > request.memory_limit_byte)
    return fail(ErrorKind::unavailable, "windowing needs " + show_bytes(bytes),
                "that is more than the " + show_bytes(request.memory_limit_byte) + " allowed",
                "give fewer voxels, or more with --memory");
  auto stored = Buffer::make(2 * n), out = Buffer::make(4 * n);
  for (const auto* b : {&stored, &out})
    if (!*b) return tl::make_unexpected(b->error());
  const auto team = std::make_shared<Team>(request.cpus);
  const auto p = std::make_shared<Problem>(
      Problem{team, std::make_shared<Buffer>(std::move(*stored)), {}, std::move(*out)});
  p->volume.header.grid.size = {static_cast<std::int64_t>(n), 1, 1};
  p->volume.header.intercept = -1024;
  p->volume.data = std::shared_ptr<const std::byte>(p->stored, p->stored->as<const std::byte>());
  team->run([&](int member) {
    const Share s = share_of(n, member, team->size(), 64);
    for (std::size_t i = s.begin; i < s.end; ++i)
      p->stored->as<std::int16_t>()[i] = static_cast<std::int16_t>(random_below(request.seed, i, 2600));
  });
  p->run();
  double worst = 0;
  for (std::size_t i = 0; i < n; ++i)
    worst = std::max(worst, std::abs(windowed_value(p->volume, kLow, kHigh, i) -
                                     static_cast<double>(p->out.as<float>()[i])));
  Prepared prepared;
  prepared.verification = {worst <= 4e-7, "voxel by voxel in double, all of them", worst, 4e-7};
  const auto count = static_cast<double>(n);
  prepared.cost = {
      .work_flop = 2 * count, .read_byte = 2 * count, .written_byte = 4 * count};  // scale and shift
  prepared.working_set_byte = bytes;
  prepared.dtype = "fp32";
  prepared.isa = rows_isa();
  prepared.body = [p] { p->run(); };
  auto roof = copy_roof(team, 4 * n, bytes);
  if (!roof) return tl::make_unexpected(roof.error());
  prepared.roof = std::move(*roof);
  return prepared;
}

}  // namespace

extern const Kernel window_workload;
const Kernel window_workload{.id = "medical/window",
                             .family = "medical",
                             .kernel_class = "window",
                             .summary = "HU window and normalisation, int16 to FP32, 6 bytes a voxel",
                             .default_shape = "voxels=16777216",
                             .prepare = prepare};

}  // namespace ridgepoint
