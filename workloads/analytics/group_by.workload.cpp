// SPDX-License-Identifier: Apache-2.0
// select key, sum(value), count(*) group by key, with few groups or with many.
#include "workloads/analytics/group_by.h"
#include "model/core/format.h"
#include "model/core/ports.h"
#include "workloads/roofs.h"

namespace ridgepoint {
namespace {

Result<Prepared> prepare(const KernelRequest& request) {
  const auto rows = static_cast<std::size_t>(request.shape["rows"]);
  const auto groups = static_cast<std::size_t>(request.shape["groups"]);
  if (groups > rows || groups > 0x7FFFFFFF)
    return fail(ErrorKind::bad_input, "'groups' is " + std::to_string(groups),
                "more than rows, or than 2^31 - 1", "ask for fewer groups");
  const double bytes = GroupBy::memory_byte(rows, groups);
  if (bytes > request.memory_limit_byte)
    return fail(ErrorKind::unavailable, "the aggregation needs " + show_bytes(bytes),
                "the limit is " + show_bytes(request.memory_limit_byte),
                "ask for fewer rows, or raise --memory");
  auto made = GroupBy::make(rows, groups, request.seed, request.cpus, request.shape["zipf"]);
  if (!made) return tl::make_unexpected(made.error());
  const auto g = *made;
  g->run();
  const bool right = g->right();

  Prepared p;
  p.verification = {right, "sums in a plain array by id, every group, exact", right ? 0.0 : 1.0, 0};
  p.cost = g->cost();
  const double moved = p.cost.read_byte + p.cost.written_byte;
  if (g->partitioned()) {
    auto roof = copy_roof(g->team(), copy_roof_byte(rows), moved);
    if (!roof) return tl::make_unexpected(roof.error());
    p.roof = std::move(*roof);
  } else {
    const KeyColumns c = g->columns();
    p.roof = read_roof(g->team(), {{c.key, rows * 8}, {c.value, rows * 8}}, p.cost.read_byte);
  }
  p.working_set_byte = g->working_set_byte();
  p.dtype = "int64";
  p.isa = g->partitioned() ? "scalar, radix-partitioned" : "scalar, tables of each thread";
  p.body = [g] { g->run(); };
  p.trouble = []() -> std::optional<Error> {
    if (!Interrupt::requested()) return std::nullopt;
    return Error{ErrorKind::interrupted, "the aggregation was stopped", "", "run it again"};
  };
  return p;
}

}  // namespace

extern const Kernel group_by_workload;
const Kernel group_by_workload{
    .id = "analytics/group-by",
    .family = "analytics",
    .kernel_class = "group-by",
    .summary = "sum and count by a key of 64 bits, radix-partitioned beyond the cache",
    .default_shape = "groups=1000000 rows=8388608 zipf=1",
    .prepare = prepare};

}  // namespace ridgepoint
