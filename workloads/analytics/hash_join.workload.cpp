// SPDX-License-Identifier: Apache-2.0
// An equi-join of two tables by a key of 64 bits, reduced to a count and a sum.
#include "workloads/analytics/hash_join.h"
#include "model/core/format.h"
#include "model/core/ports.h"

namespace ridgepoint {
namespace {

std::string chosen(const HashJoin& join, double build, double probe) {
  if (!join.roofs()) return "";
  const JoinRoofs& r = *join.roofs();
  return "; way chosen: " + show_rate(r.far_line, "line/s") + " at random in the table, " +
         show_rate(r.near_row, "row/s") + " in cache, " + show_rate(r.partition_row, "row/s") +
         " partitioned, copy " + show_rate(r.copy, "B/s") + ": whole " +
         show_seconds(join_seconds(JoinWay::whole, r, build, probe)) + ", partitioned " +
         show_seconds(join_seconds(JoinWay::partitioned, r, build, probe));
}

Result<Prepared> prepare(const KernelRequest& request) {
  const auto build = static_cast<std::size_t>(request.shape["build"]);
  const auto probe = static_cast<std::size_t>(request.shape["probe"]);
  const std::int64_t partition = request.shape["partition"];
  if (partition > 3)
    return fail(ErrorKind::bad_input, "'partition' is " + std::to_string(partition),
                "1: no, 2: yes, 3: as the roofs say", "take one of these");
  if (build > 0x7FFFFFFF)
    return fail(ErrorKind::bad_input, "'build' is " + std::to_string(build), "more than 2^31 - 1",
                "ask for fewer rows");
  const double bytes = HashJoin::memory_byte(build, probe);
  if (bytes > request.memory_limit_byte)
    return fail(ErrorKind::unavailable, "the join needs " + show_bytes(bytes),
                "the limit is " + show_bytes(request.memory_limit_byte),
                "ask for fewer rows, or raise --memory");
  const auto way = partition == 3 ? std::nullopt : std::optional(static_cast<JoinWay>(partition));
  auto made = HashJoin::make(build, probe, way, request.seed, request.cpus, request.shape["zipf"]);
  if (!made) return tl::make_unexpected(made.error());
  const auto join = *made;
  const bool right = join->run() == join->reference();

  Prepared p;
  p.verification = {right,
                    "partners known from the generator, every row, exact" +
                        chosen(*join, static_cast<double>(build), static_cast<double>(probe)),
                    right ? 0.0 : 1.0, 0};
  p.cost = join->cost();
  p.roof = join->roof();
  p.working_set_byte = bytes;
  p.dtype = "int64";
  p.isa = join->way() == JoinWay::whole ? "scalar, one table" : "scalar, radix-partitioned";
  p.body = [join] { join->run(); };
  p.trouble = []() -> std::optional<Error> {
    if (!Interrupt::requested()) return std::nullopt;
    return Error{ErrorKind::interrupted, "the join was stopped", "", "run it again"};
  };
  return p;
}

}  // namespace

extern const Kernel hash_join_workload;
const Kernel hash_join_workload{
    .id = "analytics/hash-join",
    .family = "analytics",
    .kernel_class = "hash-join",
    .summary = "join by a key of 64 bits, one table or radix-partitioned as the roofs say",
    .default_shape = "build=2097152 partition=3 probe=8388608 zipf=1",
    .prepare = prepare};

}  // namespace ridgepoint
