// SPDX-License-Identifier: Apache-2.0
// Connected components and 3D suppression on the map of a detector.
#include <algorithm>
#include <memory>

#include "model/core/buffer.h"
#include "model/core/format.h"
#include "model/core/random.h"
#include "workloads/kernel.h"
#include "workloads/roofs.h"
#include "workloads/volume/components.h"

namespace ridgepoint {
namespace {

constexpr float kThreshold = 0.5F;
constexpr std::int64_t kLeast = 2;

struct Problem {
  std::shared_ptr<Team> team;
  std::array<std::int64_t, 3> size;
  Buffer values;
  std::size_t found = 0;

  std::vector<Component> all() const {
    return connected_components(values.as<float>(), size, kThreshold, kLeast, *team);
  }
};

/// Low noise with clusters above the threshold: `share` of 4^3 cells, a varying part of each.
float value_at(std::uint64_t seed, std::uint64_t x, std::uint64_t y, std::uint64_t z, double share) {
  const std::uint64_t cell = ((z / 4) << 40) | ((y / 4) << 20) | (x / 4), voxel = (z << 40) | (y << 20) | x;
  const double noise = random_unit(seed + 1, voxel);
  if (random_unit(seed, cell) >= share) return static_cast<float>(0.49 * noise);
  return static_cast<float>(noise < 0.7 ? 0.5 + 0.5 * noise : 0.3);
}

Result<Prepared> prepare(const KernelRequest& request) {
  const std::int64_t n = request.shape["n"], permille = request.shape["cells_permille"];
  if (n > 1024 || permille > 1000)
    return fail(ErrorKind::bad_input, "the shape '" + request.shape.text() + "'", "",
                "give n to 1024 and cells_permille to 1000");
  const auto voxels = static_cast<std::size_t>(n * n * n);
  const double bytes = 4.0 * static_cast<double>(voxels);
  if (bytes > request.memory_limit_byte)
    return fail(ErrorKind::unavailable, "components need " + show_bytes(bytes),
                "that is more than the " + show_bytes(request.memory_limit_byte) + " allowed",
                "give a smaller n, or more with --memory");
  auto values = Buffer::make(4 * voxels);
  if (!values) return tl::make_unexpected(values.error());
  const auto p =
      std::make_shared<Problem>(Problem{std::make_shared<Team>(request.cpus), {n, n, n}, std::move(*values)});
  p->team->run([&](int member) {
    const Share s = share_of(voxels, member, p->team->size(), 64);
    const auto edge = static_cast<std::uint64_t>(n);
    for (std::size_t i = s.begin; i < s.end; ++i)
      p->values.as<float>()[i] = value_at(request.seed, i % edge, i / edge % edge, i / edge / edge,
                                          static_cast<double>(permille) / 1000);
  });
  const std::vector<Component> fast = p->all(),
                               slow = flooded_components(p->values.as<float>(), p->size, kThreshold, kLeast);
  Prepared out;
  out.verification = {fast == slow,
                      "flooding voxel after voxel: count, order, sizes, centres, boxes, maxima; exact",
                      fast == slow ? 0.0 : 1.0, 0};
  out.cost = {.work_flop = 0, .read_byte = bytes, .written_byte = 0};  // each voxel is compared once
  out.cost.integer_op = static_cast<double>(voxels);
  out.working_set_byte = bytes;
  out.dtype = "fp32";
  out.isa = "scalar";
  out.body = [p] { p->found = suppressed(p->all(), 0.1).size(); };
  out.roof = read_roof(p->team, {{p->values.as<float>(), 4 * voxels}}, bytes);
  return out;
}

}  // namespace

extern const Kernel components_workload;
const Kernel components_workload{
    .id = "medical/components",
    .family = "medical",
    .kernel_class = "components",
    .summary = "connected components and suppression of overlapping boxes, FP32 map",
    .default_shape = "n=192 cells_permille=1",
    .prepare = prepare};

}  // namespace ridgepoint
