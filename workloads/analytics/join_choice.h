// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "model/core/team.h"
#include "workloads/analytics/radix_partition.h"

namespace ridgepoint {

/// One table for all, or both sides partitioned first so that each table stays in the second-level cache.
enum class JoinWay { whole = 1, partitioned = 2 };

/// What the choice between the ways is made from, measured on the threads of the join.
struct JoinRoofs {
  double far_line = 0;       ///< random lines a second in a table of the build side
  double near_row = 0;       ///< rows a second that the probe loop does in a table within the second level
  double partition_row = 0;  ///< rows a second through RadixPartition
  double copy = 0;           ///< B/s, read and written bytes together
};

/// Slots of a table for so many rows.
std::size_t table_capacity(std::size_t rows);

/// Lines of 64 B that a row looks at in a table of table_capacity(rows): each full bucket leads on to the
/// next. A bucket of four that a row's own key is in is full where three others or more share it, of a mean
/// of 4 rows / capacity (Poisson): 1 / (1 - P).
double lines_per_probe(std::size_t rows);

/// Seconds of each way at those roofs. Whole: the table cleared (read and written at the copy roof), far
/// lines for every row, twice for a build row (read and written back), and the loop itself, which hides only
/// part of the lines behind it. Partitioned: every row through the partitioning, then through the loop in the
/// cache.
double join_seconds(JoinWay way, const JoinRoofs& roofs, double build_rows, double probe_rows);

/// Measures them, some 20 ms each, on samples of both sides. Errors: no memory.
Result<JoinRoofs> measure_join_roofs(const std::shared_ptr<Team>& team, const KeyColumns& build,
                                     const KeyColumns& probe);

}  // namespace ridgepoint
