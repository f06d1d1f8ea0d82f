// SPDX-License-Identifier: Apache-2.0
// Triangles of an undirected R-MAT graph by intersecting rows ordered by degree.
#include <numeric>

#include "workloads/roofs.h"
#include "workloads/sparse/graph.h"
#include "workloads/sparse/spmv_simd.h"
#include "workloads/sparse/triangles.h"

namespace ridgepoint {
namespace {

struct Problem {
  std::shared_ptr<Team> team;
  Oriented graph;
  std::vector<std::int64_t> border;  ///< of nearly equal probes
  std::vector<std::vector<std::uint32_t>> bits;
  std::vector<std::int64_t> counts;

  template <class Count>
  std::int64_t count(const Count& one) {
    team->run([&](int i) {
      const auto k = static_cast<std::size_t>(i);
      counts[k] = one(border[k], border[k + 1], bits[k].data());
    });
    return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  }
  std::int64_t count_fast() {
    return count([this](std::int64_t b, std::int64_t e, std::uint32_t* marks) {
      return triangles(graph, b, e, marks);
    });
  }
};

Result<CsrMatrix> make_graph(const KernelRequest& request, Team& team) {
  const auto drawn =
      rmat_edges(static_cast<int>(request.shape["scale"]), request.shape["factor"], request.seed, team);
  if (!drawn) return tl::make_unexpected(drawn.error());
  const auto both = undirected(*drawn);
  if (!both) return tl::make_unexpected(both.error());
  return adjacency(*both, request.seed + 1, team);
}

Result<Prepared> prepare(const KernelRequest& request) {
  const std::int64_t scale = request.shape["scale"], factor = request.shape["factor"];
  if (scale > 28 || factor > 1024)
    return fail(ErrorKind::bad_input, "an R-MAT graph needs scale 1 to 28 and factor 1 to 1024 here",
                "vertex ids are 32-bit", "choose another shape");
  const std::int64_t n = std::int64_t{1} << scale;
  if (auto error = too_large(adjacency_bytes(n, 2 * (factor << scale)) +
                                 8.0 * static_cast<double>(factor << scale) + 40.0 * static_cast<double>(n),
                             request))
    return tl::make_unexpected(std::move(*error));
  const auto team = std::make_shared<Team>(request.cpus);
  auto graph = make_graph(request, *team);
  if (!graph) return tl::make_unexpected(graph.error());
  const auto members = static_cast<std::size_t>(team->size());
  const auto p =
      std::make_shared<Problem>(Problem{team, orient(*graph), {}, {}, std::vector<std::int64_t>(members)});
  p->border = balanced_rows(p->graph.probes.data(), n, team->size());
  p->bits.assign(members, std::vector<std::uint32_t>(static_cast<std::size_t>(n / 32 + 1)));
  const std::int64_t fast = p->count_fast();
  const std::int64_t slow = p->count(
      [&](std::int64_t b, std::int64_t e, std::uint32_t*) { return triangles_by_merging(p->graph, b, e); });

  Prepared out;
  out.verification = {fast == slow, "merging of sorted rows at every edge, exact", fast == slow ? 0.0 : 1.0,
                      0};
  const auto probes = static_cast<double>(p->graph.probes.back());
  out.cost = {.work_flop = 0, .read_byte = 4 * probes, .written_byte = 0, .integer_op = 3 * probes};
  out.roof = gather_roof(team, {p->bits[0].data(), p->bits[0].size() * 4}, 4, probes);
  out.working_set_byte = 4 * static_cast<double>(p->graph.edges) + 8 * static_cast<double>(n) +
                         static_cast<double>(n) / 8 * static_cast<double>(members);
  out.dtype = "int32";
  out.isa = spmv_isa();
  out.body = [p] { p->count_fast(); };
  out.trouble = stopped;
  return out;
}

}  // namespace

extern const Kernel triangle_count_workload;
const Kernel triangle_count_workload{
    .id = "sparse/triangle-count",
    .family = "sparse",
    .kernel_class = "triangle-count",
    .summary = "triangles of an R-MAT graph, rows intersected in degree order",
    .default_shape = "factor=16 scale=16",
    .prepare = prepare};

}  // namespace ridgepoint
