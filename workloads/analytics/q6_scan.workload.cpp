// SPDX-License-Identifier: Apache-2.0
// A columnar scan-filter-aggregate in the manner of TPC-H query 6.
#include <memory>
#include <numeric>

#include "model/core/buffer.h"
#include "model/core/random.h"
#include "model/core/team.h"
#include "workloads/analytics/q6_simd.h"
#include "workloads/kernel.h"

namespace ridgepoint {
namespace {

constexpr std::int32_t kFrom = 8766;  // 1994-01-01 in days since 1970
constexpr std::size_t kGrain = 4096;

struct Table {
  Buffer date, discount, quantity, price;
  std::size_t rows;
  Team team;
  std::vector<std::int64_t> partial;  // one cache line a thread
  Q6Columns columns() const {
    return {date.as<std::int32_t>(), discount.as<std::int64_t>(), quantity.as<std::int64_t>(),
            price.as<std::int64_t>()};
  }
};

/// Distributions of the TPC-H specification: dates over 2,526 days from 1992-01-02, discount 0..10 %,
/// quantity 1..50, price = quantity times a part price of 900.00 to 2,098.99.
void fill(const Table& t, std::uint64_t seed, Share share) {
  for (std::size_t i = share.begin; i < share.end; ++i) {
    t.date.as<std::int32_t>()[i] = 8036 + static_cast<std::int32_t>(random_below(seed, i, 2526));
    t.discount.as<std::int64_t>()[i] = random_below(seed + 1, i, 11);
    const std::int64_t quantity = 1 + random_below(seed + 2, i, 50);
    t.quantity.as<std::int64_t>()[i] = quantity;
    t.price.as<std::int64_t>()[i] = quantity * (90000 + random_below(seed + 3, i, 119900));
  }
}

std::int64_t sum_all(Table& t) {
  t.team.run([&](int i) {
    const Share s = share_of(t.rows, i, t.team.size(), kGrain);
    t.partial[static_cast<std::size_t>(i) * 8] = q6_sum(t.columns(), s.begin, s.end, kFrom);
  });
  return std::accumulate(t.partial.begin(), t.partial.end(), std::int64_t{0});
}

Result<Prepared> prepare(const KernelRequest& request) {
  const auto rows = static_cast<std::size_t>(request.shape["rows"]);
  auto date = Buffer::make(rows * 4), discount = Buffer::make(rows * 8), quantity = Buffer::make(rows * 8),
       price = Buffer::make(rows * 8);
  for (const auto* b : {&date, &discount, &quantity, &price})
    if (!*b) return tl::make_unexpected(b->error());
  const auto table = std::shared_ptr<Table>(
      new Table{std::move(*date), std::move(*discount), std::move(*quantity), std::move(*price), rows,
                Team(request.cpus), std::vector<std::int64_t>(request.cpus.size() * 8)});
  table->team.run([&](int i) { fill(*table, request.seed, share_of(rows, i, table->team.size(), kGrain)); });

  Prepared p;
  const std::int64_t fast = sum_all(*table), slow = q6_reference(table->columns(), 0, rows, kFrom);
  p.verification = {fast == slow && fast != 0, "row-by-row sum over all rows, exact",
                    fast == slow ? 0.0 : 1.0, 0};
  p.cost = {
      .work_flop = 0, .read_byte = 28.0 * static_cast<double>(rows), .written_byte = 0};  // 4 + 3 * 8 B a row
  p.working_set_byte = p.cost.read_byte;
  p.dtype = "int64";
  p.isa = q6_isa();
  p.body = [table] { sum_all(*table); };
  return p;
}

}  // namespace

extern const Kernel q6_scan_workload;
const Kernel q6_scan_workload{.id = "analytics/q6-scan",
                              .family = "analytics",
                              .kernel_class = "column-scan",
                              .summary = "scan, filter and sum over four columns, 28 bytes a row",
                              .default_shape = "rows=16777216",
                              .starter = true,
                              .prepare = prepare};

}  // namespace ridgepoint
