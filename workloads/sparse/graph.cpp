// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/graph.h"

#include <algorithm>
#include <atomic>

#include "model/core/ports.h"
#include "model/core/random.h"
#include "workloads/sparse/permutation.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kBetweenChecks = 1 << 16;                         ///< between two looks at Ctrl-C
constexpr std::uint64_t kTopLeft = 37356, kTop = 49807, kLeft = 62259;  // 0.57, 0.76, 0.95 of 2^16

Result<Edges> room_for(std::int64_t vertices, std::int64_t count) {
  auto words = Buffer::make(static_cast<std::size_t>(std::max<std::int64_t>(count, 1)) * 8);
  if (!words) return tl::make_unexpected(words.error());
  return Edges{vertices, count, std::move(*words)};
}

/// Ends early when the user interrupts; ask stopped().
template <class Body>
void each(Team& team, std::int64_t n, const Body& body) {
  team.run([&](int i) {
    const Share s = share_of(static_cast<std::size_t>(n), i, team.size(), 512);
    for (std::size_t block = s.begin; block < s.end && !Interrupt::requested(); block += kBetweenChecks)
      for (std::size_t k = block; k < std::min(block + kBetweenChecks, s.end); ++k) body(k);
  });
}

/// One quadrant a level, 16 random bits each.
std::uint64_t rmat_edge(int scale, std::uint64_t seed, std::uint64_t index, const Permutation& permute) {
  std::uint64_t row = 0, column = 0, bits = 0;
  for (int level = 0; level < scale; ++level, bits >>= 16) {
    if (level % 4 == 0) bits = random_bits(seed + static_cast<std::uint64_t>(level / 4), index);
    const std::uint64_t draw = bits & 0xffff;
    const bool down = draw >= kTop, right = down ? draw >= kLeft : draw >= kTopLeft;
    row = row << 1 | (down ? 1 : 0);
    column = column << 1 | (right ? 1 : 0);
  }
  return permute(row) << 32 | permute(column);
}

void prefix_sum(std::int64_t* pointers, std::int64_t rows) {
  pointers[0] = 0;
  for (std::int64_t row = 0; row < rows; ++row) pointers[row + 1] += pointers[row];
}

/// Columns of the edges, row by row, in no order yet.
void scatter(const Edges& edges, const std::int64_t* pointers, std::int64_t* cursor, std::int32_t* columns,
             Team& team) {
  each(team, edges.vertices, [&](std::size_t row) { cursor[row] = pointers[row]; });
  const auto* word = edges.words.as<std::uint64_t>();
  each(team, edges.count, [&](std::size_t i) {
    const std::int64_t at = std::atomic_ref(cursor[word[i] >> 32]).fetch_add(1, std::memory_order_relaxed);
    columns[at] = static_cast<std::int32_t>(word[i] & 0xffffffff);
  });
}

}  // namespace

Result<Edges> rmat_edges(int scale, std::int64_t factor, std::uint64_t seed, Team& team) {
  auto edges = room_for(std::int64_t{1} << scale, factor << scale);
  if (!edges) return edges;
  const Permutation permute(std::uint64_t{1} << scale, seed + 17);
  auto* word = edges->words.as<std::uint64_t>();
  each(team, edges->count, [&](std::size_t i) { word[i] = rmat_edge(scale, seed, i, permute); });
  if (auto stop = stopped()) return tl::make_unexpected(*stop);
  return edges;
}

Result<Edges> uniform_edges(std::int64_t vertices, std::int64_t count, std::uint64_t seed, Team& team) {
  auto edges = room_for(vertices, count);
  if (!edges) return edges;
  auto* word = edges->words.as<std::uint64_t>();
  const auto n = static_cast<std::uint32_t>(vertices);
  each(team, count, [&](std::size_t i) {
    word[i] = std::uint64_t{random_below(seed, i, n)} << 32 | random_below(seed + 1, i, n);
  });
  if (auto stop = stopped()) return tl::make_unexpected(*stop);
  return edges;
}

Result<Edges> undirected(const Edges& edges) {
  auto both = room_for(edges.vertices, 2 * edges.count);
  if (!both) return both;
  const auto* in = edges.words.as<std::uint64_t>();
  auto* out = both->words.as<std::uint64_t>();
  std::int64_t kept = 0;
  for (std::int64_t i = 0; i < edges.count; ++i) {
    if (in[i] >> 32 == (in[i] & 0xffffffff)) continue;
    out[kept++] = in[i];
    out[kept++] = in[i] << 32 | in[i] >> 32;
  }
  both->count = kept;
  return both;
}

Result<CsrMatrix> adjacency(const Edges& edges, std::uint64_t seed, Team& team) {
  const std::int64_t n = edges.vertices;
  auto raw = Buffer::make(static_cast<std::size_t>(std::max<std::int64_t>(edges.count, 1)) * 4);
  auto first = Buffer::make(static_cast<std::size_t>(n + 1) * 8),
       cursor = Buffer::make(static_cast<std::size_t>(n + 1) * 8);
  for (const auto* b : {&raw, &first, &cursor})
    if (!*b) return tl::make_unexpected(b->error());
  auto* const pointers = first->as<std::int64_t>();
  auto* const length = cursor->as<std::int64_t>();
  auto* const unsorted = raw->as<std::int32_t>();
  const auto* word = edges.words.as<std::uint64_t>();
  each(team, edges.count, [&](std::size_t i) {
    std::atomic_ref(pointers[(word[i] >> 32) + 1]).fetch_add(1, std::memory_order_relaxed);
  });
  if (auto stop = stopped()) return tl::make_unexpected(*stop);
  prefix_sum(pointers, n);
  scatter(edges, pointers, length, unsorted, team);
  if (auto stop = stopped()) return tl::make_unexpected(*stop);
  const std::vector<std::int64_t> border = balanced_rows(pointers, n, team.size());
  team.run([&](int i) {
    const auto k = static_cast<std::size_t>(i);
    for (std::int64_t row = border[k]; row < border[k + 1]; ++row) {
      if (row % 4096 == 0 && Interrupt::requested()) return;
      std::int32_t *const begin = unsorted + pointers[row], *const end = unsorted + pointers[row + 1];
      std::sort(begin, end);
      length[row] = std::unique(begin, end) - begin;
    }
  });
  if (auto stop = stopped()) return tl::make_unexpected(*stop);
  std::int64_t nonzeros = 0;
  for (std::int64_t row = 0; row < n; ++row) nonzeros += length[row];
  auto m = CsrMatrix::make(n, n, nonzeros);
  if (!m) return m;
  auto* const p = m->pointers.as<std::int64_t>();
  each(team, n, [&](std::size_t row) { p[row + 1] = length[row]; });
  prefix_sum(p, n);
  team.run([&](int i) {
    const auto k = static_cast<std::size_t>(i);
    for (std::int64_t row = border[k]; row < border[k + 1]; ++row)
      for (std::int64_t j = 0; j < length[row]; ++j) {
        const std::int32_t column = unsorted[pointers[row] + j];
        m->columns.as<std::int32_t>()[p[row] + j] = column;
        m->values.as<double>()[p[row] + j] =
            random_unit(seed + static_cast<std::uint64_t>(row), static_cast<std::uint64_t>(column)) - 0.5;
      }
  });
  return m;
}

double adjacency_bytes(std::int64_t vertices, std::int64_t edges) {
  return 24.0 * static_cast<double>(edges) + 24.0 * static_cast<double>(vertices);
}

}  // namespace ridgepoint
