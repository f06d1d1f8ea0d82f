// SPDX-License-Identifier: Apache-2.0
#include "workloads/volume/components.h"

#include <algorithm>
#include <limits>

#include "model/core/ports.h"

namespace ridgepoint {
namespace {

using Size = std::array<std::int64_t, 3>;

/// Neighbouring voxels of a row above the threshold: [begin, end).
struct VoxelRun {
  std::int32_t begin, end;
};

/// Runs of all rows; those of row r are first[r] .. first[r + 1].
struct Runs {
  std::vector<VoxelRun> list;
  std::vector<std::uint32_t> first;
};

void find_runs(const float* row, std::int64_t n, float threshold, std::vector<VoxelRun>& out) {
  std::int64_t x = 0;
  while (x < n) {
    // Most voxels are below: look at eight at once, which the compiler turns into vectors.
    while (x + 8 <= n) {
      bool any = false;
      for (std::int64_t k = 0; k < 8; ++k) any |= row[x + k] >= threshold;
      if (any) break;
      x += 8;
    }
    while (x < n && !(row[x] >= threshold)) ++x;
    if (x == n) return;
    const std::int64_t begin = x;
    while (x < n && row[x] >= threshold) ++x;
    out.push_back({static_cast<std::int32_t>(begin), static_cast<std::int32_t>(x)});
  }
}

Runs runs_of(const float* values, const Size& size, float threshold, Team& team) {
  const auto rows = static_cast<std::size_t>(size[1] * size[2]);
  std::vector<std::vector<VoxelRun>> found(static_cast<std::size_t>(team.size()));
  Runs runs;
  runs.first.resize(rows + 1);
  team.run([&](int member) {
    const Share share = share_of(rows, member, team.size());
    auto& mine = found[static_cast<std::size_t>(member)];
    for (std::size_t r = share.begin; r < share.end && !Interrupt::requested(); ++r) {
      const std::size_t before = mine.size();
      find_runs(values + r * static_cast<std::size_t>(size[0]), size[0], threshold, mine);
      runs.first[r + 1] = static_cast<std::uint32_t>(mine.size() - before);
    }
  });
  for (std::size_t r = 0; r < rows; ++r) runs.first[r + 1] += runs.first[r];
  for (auto& part : found) runs.list.insert(runs.list.end(), part.begin(), part.end());
  return runs;
}

/// Sets of runs; the root of a set is its first run.
class Sets {
 public:
  explicit Sets(std::size_t n) : parent_(n) {
    for (std::size_t i = 0; i < n; ++i) parent_[i] = static_cast<std::uint32_t>(i);
  }
  std::uint32_t root(std::uint32_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::uint32_t a, std::uint32_t b) {
    a = root(a);
    b = root(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::uint32_t> parent_;
};

/// Joins what touches between two rows, also at corners: both lists are sorted, so one walk does.
void join_rows(const Runs& runs, std::size_t a, std::size_t b, Sets& sets) {
  std::uint32_t i = runs.first[a], j = runs.first[b];
  while (i < runs.first[a + 1] && j < runs.first[b + 1]) {
    const VoxelRun &p = runs.list[i], &q = runs.list[j];
    if (p.begin <= q.end && q.begin <= p.end) sets.join(i, j);
    p.end < q.end ? ++i : ++j;
  }
}

/// Rows of slice z joined with the rows that come before them, from slice `from` on.
void join_slice(const Runs& runs, const Size& size, std::int64_t z, std::int64_t from, Sets& sets) {
  for (std::int64_t y = 0; y < size[1]; ++y) {
    const auto here = static_cast<std::size_t>(z * size[1] + y);
    if (y > 0) join_rows(runs, here, here - 1, sets);
    if (z == from) continue;
    for (std::int64_t k = std::max<std::int64_t>(0, y - 1); k <= std::min(size[1] - 1, y + 1); ++k)
      join_rows(runs, here, static_cast<std::size_t>((z - 1) * size[1] + k), sets);
  }
}

void join_border(const Runs& runs, const Size& size, std::int64_t z, Sets& sets) {
  for (std::int64_t y = 0; y < size[1]; ++y)
    for (std::int64_t k = std::max<std::int64_t>(0, y - 1); k <= std::min(size[1] - 1, y + 1); ++k)
      join_rows(runs, static_cast<std::size_t>(z * size[1] + y),
                static_cast<std::size_t>((z - 1) * size[1] + k), sets);
}

/// Sums while a component is met.
struct Sum {
  std::int64_t voxels = 0;
  std::array<std::int64_t, 3> position = {};
  Size low = {}, high = {};
  float highest = -std::numeric_limits<float>::infinity();

  void add(const float* row, std::int64_t begin, std::int64_t end, std::int64_t y, std::int64_t z) {
    const std::int64_t n = end - begin;
    const Size lo = {begin, y, z}, hi = {end - 1, y, z};
    for (std::size_t c = 0; c < 3; ++c) {
      low[c] = voxels == 0 ? lo[c] : std::min(low[c], lo[c]);
      high[c] = voxels == 0 ? hi[c] : std::max(high[c], hi[c]);
    }
    voxels += n;
    position[0] += (begin + end - 1) * n / 2;  // (begin + end - 1) * n is even
    position[1] += y * n;
    position[2] += z * n;
    for (std::int64_t x = begin; x < end; ++x) highest = std::max(highest, row[x]);
  }

  Component component() const {
    const auto n = static_cast<double>(voxels);
    return {voxels,
            {static_cast<double>(position[0]) / n, static_cast<double>(position[1]) / n,
             static_cast<double>(position[2]) / n},
            low,
            high,
            highest};
  }
};

std::vector<Component> large_ones(const std::vector<Sum>& sums, std::int64_t least) {
  std::vector<Component> out;
  for (const Sum& s : sums)
    if (s.voxels >= std::max<std::int64_t>(least, 1)) out.push_back(s.component());
  return out;
}

}  // namespace

std::vector<Component> connected_components(const float* values, Size size, float threshold,
                                            std::int64_t least, Team& team) {
  const Runs runs = runs_of(values, size, threshold, team);
  Sets sets(runs.list.size());
  // Slabs are joined within by their owners, who touch nothing of each other, and then with each other.
  team.run([&](int member) {
    const Share slab = share_of(static_cast<std::size_t>(size[2]), member, team.size());
    for (std::size_t z = slab.begin; z < slab.end; ++z)
      join_slice(runs, size, static_cast<std::int64_t>(z), static_cast<std::int64_t>(slab.begin), sets);
  });
  for (int member = 1; member < team.size(); ++member) {
    const Share slab = share_of(static_cast<std::size_t>(size[2]), member, team.size());
    if (slab.begin < slab.end && slab.begin > 0)
      join_border(runs, size, static_cast<std::int64_t>(slab.begin), sets);
  }
  std::vector<std::uint32_t> place(runs.list.size());
  std::vector<Sum> sums;
  for (std::size_t r = 0; r + 1 < runs.first.size(); ++r)
    for (std::uint32_t i = runs.first[r]; i < runs.first[r + 1]; ++i) {
      const std::uint32_t root = sets.root(i);
      if (root == i) {
        place[i] = static_cast<std::uint32_t>(sums.size());
        sums.emplace_back();
      }
      const auto y = static_cast<std::int64_t>(r) % size[1], z = static_cast<std::int64_t>(r) / size[1];
      sums[place[root]].add(values + r * static_cast<std::size_t>(size[0]), runs.list[i].begin,
                            runs.list[i].end, y, z);
    }
  return large_ones(sums, least);
}

std::vector<Component> flooded_components(const float* values, Size size, float threshold,
                                          std::int64_t least) {
  const auto at = [&](std::int64_t x, std::int64_t y, std::int64_t z) {
    return static_cast<std::size_t>((z * size[1] + y) * size[0] + x);
  };
  std::vector<bool> seen(static_cast<std::size_t>(size[0] * size[1] * size[2]));
  std::vector<Sum> sums;
  std::vector<Size> stack;
  const auto visit = [&](std::int64_t x, std::int64_t y, std::int64_t z) {
    if (x < 0 || y < 0 || z < 0 || x >= size[0] || y >= size[1] || z >= size[2]) return;
    const std::size_t i = at(x, y, z);
    if (seen[i] || !(values[i] >= threshold)) return;
    seen[i] = true;
    stack.push_back({x, y, z});
  };
  for (std::int64_t z = 0; z < size[2]; ++z)
    for (std::int64_t y = 0; y < size[1]; ++y)
      for (std::int64_t x = 0; x < size[0]; ++x) {
        visit(x, y, z);
        if (stack.empty()) continue;
        sums.emplace_back();
        while (!stack.empty()) {
          const Size p = stack.back();
          stack.pop_back();
          sums.back().add(values + at(0, p[1], p[2]), p[0], p[0] + 1, p[1], p[2]);
          for (int k = 0; k < 27; ++k) visit(p[0] + k % 3 - 1, p[1] + k / 3 % 3 - 1, p[2] + k / 9 - 1);
        }
      }
  return large_ones(sums, least);
}

double box_overlap(const Component& a, const Component& b) {
  double both = 1, one = 1, other = 1;
  for (std::size_t c = 0; c < 3; ++c) {
    const std::int64_t common = std::min(a.high[c], b.high[c]) - std::max(a.low[c], b.low[c]) + 1;
    both *= static_cast<double>(std::max<std::int64_t>(common, 0));
    one *= static_cast<double>(a.high[c] - a.low[c] + 1);
    other *= static_cast<double>(b.high[c] - b.low[c] + 1);
  }
  return both / (one + other - both);
}

std::vector<Component> suppressed(std::vector<Component> found, double overlap) {
  std::ranges::stable_sort(found, std::ranges::greater{}, &Component::highest);
  std::vector<Component> kept;
  for (const Component& c : found)
    if (std::ranges::none_of(kept, [&](const Component& k) { return box_overlap(k, c) > overlap; }))
      kept.push_back(c);
  return kept;
}

}  // namespace ridgepoint
