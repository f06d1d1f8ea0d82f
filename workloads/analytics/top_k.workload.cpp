// SPDX-License-Identifier: Apache-2.0
// The k largest of a column.
#include <algorithm>
#include <functional>

#include "model/core/buffer.h"
#include "model/core/format.h"
#include "model/core/random.h"
#include "workloads/analytics/search_simd.h"
#include "workloads/roofs.h"

namespace ridgepoint {
namespace {

struct TopK {
  Buffer column;
  std::size_t rows, k;
  std::shared_ptr<Team> team;
  std::vector<std::vector<std::int64_t>> best;

  std::int64_t* numbers() const { return column.as<std::int64_t>(); }

  std::vector<std::int64_t> run() {
    team->run([&](int i) {
      const Share s = share_of(rows, i, team->size(), 64);
      best[static_cast<std::size_t>(i)] = largest(numbers(), s.begin, s.end, k);
    });
    std::vector<std::int64_t> all;
    for (const auto& b : best) all.insert(all.end(), b.begin(), b.end());
    std::ranges::sort(all, std::greater<>());
    all.resize(std::min(all.size(), k));
    return all;
  }
};

Result<Prepared> prepare(const KernelRequest& request) {
  const auto rows = static_cast<std::size_t>(request.shape["rows"]),
             k = static_cast<std::size_t>(request.shape["k"]);
  const double bytes = 8.0 * static_cast<double>(rows);
  if (k > 100000 || k > rows)
    return fail(ErrorKind::bad_input, "k is larger than 100000 or than the rows", "", "a smaller k");
  if (bytes > request.memory_limit_byte)
    return fail(ErrorKind::unavailable, "the column needs " + show_bytes(bytes), "",
                "--memory BYTES, or fewer rows");
  auto column = Buffer::make(rows * 8);
  if (!column) return tl::make_unexpected(column.error());
  auto team = std::make_shared<Team>(request.cpus);
  const auto t = std::make_shared<TopK>(
      TopK{std::move(*column), rows, k, team, std::vector<std::vector<std::int64_t>>(request.cpus.size())});
  team->run([&](int i) {
    const Share s = share_of(rows, i, team->size(), 64);
    for (std::size_t r = s.begin; r < s.end; ++r)
      t->numbers()[r] = static_cast<std::int64_t>(random_bits(request.seed, r));
  });

  Prepared p;
  std::vector<std::int64_t> slow(k);
  std::partial_sort_copy(t->numbers(), t->numbers() + rows, slow.begin(), slow.end(), std::greater<>());
  const bool right = t->run() == slow;
  p.verification = {right, "the standard library's partial sort over all rows, exact", right ? 0.0 : 1.0, 0};
  p.cost = {.work_flop = 0, .read_byte = bytes, .written_byte = 0, .integer_op = static_cast<double>(rows)};
  p.roof = read_roof(team, {{t->numbers(), rows * 8}}, bytes);
  p.working_set_byte = bytes;
  p.dtype = "int64";
  p.isa = search_isa();
  p.body = [t] { t->run(); };
  return p;
}

}  // namespace

extern const Kernel top_k_workload;
const Kernel top_k_workload{.id = "analytics/top-k",
                            .family = "analytics",
                            .kernel_class = "column-scan",
                            .summary = "the k largest of a column of 64-bit integers",
                            .default_shape = "k=100 rows=16777216",
                            .prepare = prepare};

}  // namespace ridgepoint
