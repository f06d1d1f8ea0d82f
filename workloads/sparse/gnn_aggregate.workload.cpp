// SPDX-License-Identifier: Apache-2.0
// Message passing of a graph neural network: every vertex sums the features of its neighbours.
#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "model/core/buffer.h"
#include "model/core/format.h"
#include "model/core/random.h"
#include "workloads/kernel.h"
#include "workloads/sparse/embedding_simd.h"
#include "workloads/sparse/reuse.h"
#include "workloads/sparse/row_roof.h"
#include "workloads/sparse/zipf.h"

namespace ridgepoint {
namespace {

struct Graph {
  std::shared_ptr<Team> team;
  std::size_t vertices, dim;
  bool mean;
  std::vector<std::size_t> first;  ///< of each vertex's neighbours, vertices + 1
  Buffer neighbours, features, out;
  std::vector<std::size_t> border;  ///< vertices of each member, of nearly equal edges
};

/// Both ends of an edge are drawn by the recursive quadrants of R-MAT (0.57 0.19 0.19 0.05) and go through a
/// bijection; duplicates stay.
void draw_edge(int scale, std::uint64_t seed, std::uint64_t edge, std::uint64_t& from, std::uint64_t& to) {
  from = to = 0;
  for (int level = 0; level < scale; ++level) {
    const double u = random_unit(seed, edge * 64 + static_cast<std::uint64_t>(level));
    from = from * 2 + (u >= 0.76 ? 1 : 0);
    to = to * 2 + ((u >= 0.57 && u < 0.76) || u >= 0.95 ? 1 : 0);
  }
}

void draw_graph(Graph& g, int scale, std::size_t edges, std::uint64_t seed) {
  const ScatteredIds scatter(g.vertices, seed);
  std::vector<std::uint32_t> from(edges), to(edges);
  g.team->run([&](int i) {
    const Share s = share_of(edges, i, g.team->size());
    for (std::size_t e = s.begin; e < s.end; ++e) {
      std::uint64_t a = 0, b = 0;
      draw_edge(scale, seed + 61, e, a, b);
      from[e] = static_cast<std::uint32_t>(scatter(a));
      to[e] = static_cast<std::uint32_t>(scatter(b));
    }
  });
  g.first.assign(g.vertices + 1, 0);
  for (const std::uint32_t v : from) ++g.first[v + 1];
  for (std::size_t v = 0; v < g.vertices; ++v) g.first[v + 1] += g.first[v];
  std::vector<std::size_t> next(g.first.begin(), g.first.end() - 1);
  for (std::size_t e = 0; e < edges; ++e) g.neighbours.as<std::uint32_t>()[next[from[e]]++] = to[e];
  std::fill_n(g.neighbours.as<std::uint32_t>() + edges, kEmbeddingAhead, 0U);
  for (int i = 0; i <= g.team->size(); ++i)
    g.border.push_back(static_cast<std::size_t>(
        std::ranges::lower_bound(
            g.first, edges / static_cast<std::size_t>(g.team->size()) * static_cast<std::size_t>(i)) -
        g.first.begin()));
  g.border.back() = g.vertices;
}

void aggregate(const Graph& g) {
  const EmbeddingRows rows{g.features.as<std::byte>(), RowFormat::fp32, g.dim};
  g.team->run([&](int i) {
    const auto k = static_cast<std::size_t>(i);
    for (std::size_t v = g.border[k]; v < g.border[k + 1]; ++v) {
      const std::size_t degree = g.first[v + 1] - g.first[v];
      float* const out = g.out.as<float>() + v * g.dim;
      embedding_bags(rows, g.neighbours.as<std::uint32_t>() + g.first[v], degree, 1, out);
      if (!g.mean || degree < 2) continue;
      const float part = 1 / static_cast<float>(degree);
      for (std::size_t c = 0; c < g.dim; ++c) out[c] *= part;
    }
  });
}

/// Largest |difference| from FP64 relative to the sum of sizes and, because long sums round more often, to
/// the number of terms.
double worst_error(const Graph& g) {
  double worst = 0;
  for (std::size_t v = 0; v < g.vertices; ++v) {
    const auto degree = static_cast<double>(g.first[v + 1] - g.first[v]);
    for (std::size_t c = 0; c < g.dim; ++c) {
      double sum = 0, size = 0;
      for (std::size_t e = g.first[v]; e < g.first[v + 1]; ++e) {
        const double x = double{g.features.as<float>()[g.neighbours.as<std::uint32_t>()[e] * g.dim + c]};
        sum += x;
        size += std::abs(x);
      }
      const double part = g.mean && degree > 0 ? 1 / degree : 1;
      const double error = std::abs(double{g.out.as<float>()[v * g.dim + c]} - sum * part);
      if (error > 0) worst = std::max(worst, error / (size * part * (degree + 2)));
    }
  }
  return worst;
}

Result<Graph> make(const KernelRequest& request) {
  const Shape& s = request.shape;
  const auto dim = static_cast<std::size_t>(s["dim"]);
  if (s["scale"] > 26 || dim % 16 != 0 || dim > 1024 || s["factor"] > 1024 || s["mean"] > 2)
    return fail(
        ErrorKind::bad_input, "this graph is out of range",
        "scale is at most 26, factor at most 1024, dim a multiple of 16 up to 1024, mean 1 (sum) or 2 (mean)",
        "see ridgepoint run --list for the default");
  const std::size_t vertices = std::size_t{1} << s["scale"],
                    edges = vertices * static_cast<std::size_t>(s["factor"]);
  const double bytes = static_cast<double>(vertices) * (24 + 8.0 * static_cast<double>(dim)) +
                       12.0 * static_cast<double>(edges);
  if (bytes > request.memory_limit_byte)
    return fail(ErrorKind::unavailable,
                "the graph needs " + show_number(bytes) + " B, the limit is " +
                    show_number(request.memory_limit_byte) + " B",
                "", "raise --memory or choose a smaller scale");
  auto neighbours = Buffer::make((edges + kEmbeddingAhead) * 4), features = Buffer::make(vertices * dim * 4),
       out = Buffer::make(vertices * dim * 4);
  for (const auto* b : {&neighbours, &features, &out})
    if (!*b) return tl::make_unexpected(b->error());
  Graph g{std::make_shared<Team>(request.cpus),
          vertices,
          dim,
          s["mean"] == 2,
          {},
          std::move(*neighbours),
          std::move(*features),
          std::move(*out),
          {}};
  draw_graph(g, static_cast<int>(s["scale"]), edges, request.seed);
  g.team->run([&](int i) {
    const Share share = share_of(vertices * dim, i, g.team->size(), 1024);
    for (std::size_t k = share.begin; k < share.end; ++k)
      g.features.as<float>()[k] = static_cast<float>(random_unit(request.seed + 62, k) - 0.5);
  });
  return g;
}

Result<Prepared> prepare(const KernelRequest& request) {
  auto made = make(request);
  if (!made) return tl::make_unexpected(made.error());
  const auto g = std::make_shared<Graph>(std::move(*made));
  aggregate(*g);

  Prepared p;
  const double error = worst_error(*g), tolerance = 0x1.0p-24;
  p.verification = {error <= tolerance,
                    "FP64 sums of all vertices, error relative to the sum of sizes and the number of terms",
                    error, tolerance};
  const auto edges = static_cast<double>(g->first.back()), vertices = static_cast<double>(g->vertices),
             row = 4 * static_cast<double>(g->dim);
  const std::size_t looked = std::min<std::size_t>(g->first.back(), 1U << 30);
  const double cold = static_cast<double>(cold_accesses(
                          looked, g->vertices, 4 * g->dim,
                          [&](std::size_t k) { return g->neighbours.as<std::uint32_t>()[k]; })) /
                      static_cast<double>(looked) * edges;
  // A row that a cache holds is not read from memory again: hubs are many vertices' neighbours.
  p.cost = {.work_flop = edges * static_cast<double>(g->dim),
            .read_byte = 4 * edges + 8 * (vertices + 1) + cold * row,
            .written_byte = vertices * row,
            .random_access = cold * row / 64};
  p.working_set_byte = 2 * vertices * row + 4 * edges;
  p.dtype = "fp32";
  p.isa = embedding_isa();
  if (g->features.bytes() >= 1 << 20)
    p.roof = random_row_roof(g->team, {g->features.as<std::byte>(), g->features.bytes()}, 4 * g->dim / 64,
                             *p.cost.random_access);
  p.body = [g] { aggregate(*g); };
  return p;
}

}  // namespace

extern const Kernel gnn_aggregate_workload;
const Kernel gnn_aggregate_workload{
    .id = "sparse/gnn-aggregate",
    .family = "sparse",
    .kernel_class = "embedding",
    .summary = "sum (mean=1) or mean (mean=2) of the neighbours' features on an R-MAT graph",
    .default_shape = "dim=64 factor=16 mean=1 scale=17",
    .prepare = prepare};

}  // namespace ridgepoint
