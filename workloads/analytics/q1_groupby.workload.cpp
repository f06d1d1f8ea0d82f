// SPDX-License-Identifier: Apache-2.0
// A grouped aggregation in the manner of TPC-H query 1: six groups at most, eight aggregates.
#include "model/core/format.h"
#include "workloads/analytics/q1_table.h"

namespace ridgepoint {
namespace {

Result<Prepared> prepare(const KernelRequest& request) {
  const auto rows = static_cast<std::size_t>(request.shape["rows"]);
  const double bytes = kQ1RowByte * static_cast<double>(rows);
  if (bytes > request.memory_limit_byte)
    return fail(ErrorKind::unavailable, "the table needs " + show_bytes(bytes),
                "the limit is " + show_bytes(request.memory_limit_byte),
                "ask for fewer rows, or raise --memory");
  auto made = Q1Table::make(rows, request.seed, request.cpus);
  if (!made) return tl::make_unexpected(made.error());
  const auto table = *made;
  const bool right = table->groups() == table->reference();

  Prepared p;
  p.verification = {right, "row-by-row sums over all rows as generated, exact", right ? 0.0 : 1.0, 0};
  p.cost = {.work_flop = 0, .read_byte = bytes, .written_byte = 0};
  p.cost.integer_op = 24.0 * static_cast<double>(rows);
  p.roof = table->roof();
  p.working_set_byte = bytes;
  p.dtype = "int64";
  p.isa = q1_isa();
  p.body = [table] { table->groups(); };
  return p;
}

}  // namespace

extern const Kernel q1_groupby_workload;
const Kernel q1_groupby_workload{
    .id = "analytics/q1-groupby",
    .family = "analytics",
    .kernel_class = "column-scan",
    .summary = "filter, six groups and eight aggregates over seven columns, 38 bytes a row",
    .default_shape = "rows=16777216",
    .prepare = prepare};

}  // namespace ridgepoint
