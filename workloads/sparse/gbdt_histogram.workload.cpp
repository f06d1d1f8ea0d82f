// SPDX-License-Identifier: Apache-2.0
// The inner loop of boosted trees: sums of gradients by bin of every feature, for the nodes of one level.
#include "workloads/sparse/gbdt_histogram.h"

#include <algorithm>
#include <memory>

#include "model/core/format.h"
#include "workloads/kernel.h"
#include "workloads/roofs.h"

namespace ridgepoint {
namespace {

struct Problem {
  BinnedRows data;
  HistogramBuilder builder;
};

std::vector<GradientSum> slow_sums(const BinnedRows& d, Team& team) {
  const std::size_t nodes = std::max<std::size_t>(d.nodes.size(), 1);
  std::vector<GradientSum> out(nodes * d.features * kBins);
  std::vector<std::uint32_t> node_of(d.rows, 0);
  for (std::size_t n = 0; n < d.nodes.size(); ++n)
    for (const std::uint32_t row : d.nodes[n]) node_of[row] = static_cast<std::uint32_t>(n);
  team.run([&](int i) {  // each member its own features
    const Share s = share_of(d.features, i, team.size());
    for (std::size_t f = s.begin; f < s.end; ++f)
      for (std::size_t row = 0; row < d.rows; ++row) {
        GradientSum& to = out[(node_of[row] * d.features + f) * kBins + d.bin(row, f)];
        to.g += d.gradients.as<Gradient>()[row].g;
        to.h += d.gradients.as<Gradient>()[row].h;
      }
  });
  return out;
}

Result<BinnedShape> shape_of(const KernelRequest& request) {
  const Shape& s = request.shape;
  const auto size = [&](const char* key) { return static_cast<std::size_t>(s[key]); };
  const BinnedShape out{size("rows"), size("features"), size("block"), size("nodes"), s["skew"] == 2};
  if ((out.block != 8 && out.block != 16 && out.block != 32) || out.features % out.block != 0 ||
      out.features > 4096 || out.rows >> 32 != 0 || out.nodes > 1024 || s["skew"] > 2 ||
      (s["sums"] != 64 && s["sums"] != 32))
    return fail(
        ErrorKind::bad_input, "this shape is out of range",
        "block is 8, 16 or 32 and divides features (at most 4096); rows below 2^32; nodes up to 1024; "
        "skew 1 (uniform) or 2; sums 64 (two FP64) or 32 (two 32-bit integers in a word)",
        "see ridgepoint run --list for the default");
  const auto rows = static_cast<double>(out.rows), features = static_cast<double>(out.features),
             units = features / static_cast<double>(out.block) *
                     (rows / static_cast<double>(kChunkRows) + static_cast<double>(out.nodes));
  const double bytes =
      rows * (features + 32) +
      (units * static_cast<double>(out.block) + static_cast<double>(out.nodes) * features) * 4096;
  if (bytes > request.memory_limit_byte)
    return fail(ErrorKind::unavailable,
                "the rows need " + show_number(bytes) + " B, the limit is " +
                    show_number(request.memory_limit_byte) + " B",
                "", "raise --memory or choose fewer rows");
  return out;
}

Result<Prepared> prepare(const KernelRequest& request) {
  const auto shape = shape_of(request);
  if (!shape) return tl::make_unexpected(shape.error());
  const auto team = std::make_shared<Team>(request.cpus);
  auto data = binned_rows(*shape, request.seed, *team);
  if (!data) return tl::make_unexpected(data.error());
  const auto rows = std::make_shared<BinnedRows>(std::move(*data));
  const bool packed = request.shape["sums"] == 32;
  auto builder = HistogramBuilder::make(team, *rows, packed ? HistogramSums::packed : HistogramSums::fp64);
  if (!builder) return tl::make_unexpected(builder.error());
  const auto b = std::make_shared<HistogramBuilder>(std::move(*builder));
  b->build();

  Prepared p;
  const bool same = b->sums() == slow_sums(*rows, *team);
  p.verification = {same, "integer sums of every bin, row by row, exact", same ? 0.0 : 1.0, 0};
  const auto n = static_cast<double>(rows->rows), pairs = n * static_cast<double>(rows->features),
             blocks = static_cast<double>(rows->features) / static_cast<double>(rows->block);
  const double row_byte = (packed ? 4 : 8) + (rows->nodes.empty() ? 0 : 4);
  p.cost = {.work_flop = packed ? 0 : 2 * pairs,
            .read_byte = pairs + blocks * n * row_byte,
            .written_byte = static_cast<double>(shape->nodes * shape->features) * 4096};
  if (packed) p.cost.integer_op = 2 * pairs;
  p.working_set_byte = pairs + n * row_byte;
  p.dtype = packed ? "int32" : "fp64";
  p.isa = "scalar";
  p.roof = read_roof(team, {{rows->bins.as<std::byte>(), rows->bins.bytes()}}, p.cost.read_byte);
  p.body = [b, rows] { b->build(); };
  return p;
}

}  // namespace

extern const Kernel gbdt_histogram_workload;
const Kernel gbdt_histogram_workload{
    .id = "sparse/gbdt-histogram",
    .family = "sparse",
    .kernel_class = "histogram",
    .summary = "gradient sums by bin, one level of a boosted tree (sums=64: FP64, 32: integer; skew=1|2)",
    .default_shape = "block=32 features=32 nodes=1 rows=1048576 skew=1 sums=64",
    .prepare = prepare};

}  // namespace ridgepoint
