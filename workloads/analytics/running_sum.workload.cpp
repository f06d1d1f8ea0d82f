// SPDX-License-Identifier: Apache-2.0
// A window function: the running sum of each partition of a table sorted by partition.
#include <algorithm>

#include "model/core/buffer.h"
#include "model/core/format.h"
#include "model/core/random.h"
#include "workloads/roofs.h"

namespace ridgepoint {
namespace {

struct Window {
  Buffer partition, amount, sum;
  std::size_t rows;
  std::shared_ptr<Team> team;

  const std::uint32_t* ids() const { return partition.as<std::uint32_t>(); }
  std::int64_t* amounts() const { return amount.as<std::int64_t>(); }
  std::int64_t* sums() const { return sum.as<std::int64_t>(); }

  /// The first row at or behind `row` that begins a partition.
  std::size_t border(std::size_t row) const {
    while (row > 0 && row < rows && ids()[row] == ids()[row - 1]) ++row;
    return row;
  }

  /// A member takes whole partitions. Cost a row: 4 + 8 B read, 8 B written, 2 operations, each waiting for
  /// the one before: 2 or 3 cycles a row.
  void run() {
    team->run([&](int i) {
      const Share s = share_of(rows, i, team->size(), 64);
      const std::size_t begin = border(s.begin), end = border(s.end);
      std::int64_t total = 0;
      for (std::size_t r = begin; r < end; ++r) {
        __builtin_prefetch(amounts() + r + 256);
        total = r > begin && ids()[r] == ids()[r - 1] ? total + amounts()[r] : amounts()[r];
        sums()[r] = total;
      }
    });
  }
};

/// The slow reference: from the last row to the first, each partition's rest taken off its whole.
bool right_sums(const Window& w) {
  for (std::size_t end = w.rows; end > 0;) {
    std::size_t begin = end;
    std::int64_t whole = 0;
    while (begin > 0 && w.ids()[begin - 1] == w.ids()[end - 1]) whole += w.amounts()[--begin];
    for (std::size_t r = end; r > begin; --r) {
      if (w.sums()[r - 1] != whole) return false;
      whole -= w.amounts()[r - 1];
    }
    end = begin;
  }
  return true;
}

Result<Prepared> prepare(const KernelRequest& request) {
  const auto rows = static_cast<std::size_t>(request.shape["rows"]);
  const auto length = static_cast<std::uint64_t>(request.shape["partition"]);
  const double bytes = 20.0 * static_cast<double>(rows);
  constexpr std::size_t kRoofEach = 32U << 20;
  if (bytes + 3.0 * kRoofEach > request.memory_limit_byte)
    return fail(ErrorKind::unavailable, "the columns need " + show_bytes(bytes), "",
                "--memory BYTES, or fewer rows");
  auto ids = Buffer::make(rows * 4), amounts = Buffer::make(rows * 8), sums = Buffer::make(rows * 8);
  for (const auto* b : {&ids, &amounts, &sums})
    if (!*b) return tl::make_unexpected(b->error());
  auto team = std::make_shared<Team>(request.cpus);
  const auto w =
      std::make_shared<Window>(Window{std::move(*ids), std::move(*amounts), std::move(*sums), rows, team});
  team->run([&](int i) {
    const Share s = share_of(rows, i, team->size(), 64);
    for (std::size_t r = s.begin; r < s.end; ++r) {
      // Lengths differ: a partition ends somewhere in the middle third of each stretch.
      const std::uint64_t stretch = r / length,
                          end = (length + random_bits(request.seed, stretch) % length) / 3;
      w->partition.as<std::uint32_t>()[r] = static_cast<std::uint32_t>(stretch + (r % length >= end ? 1 : 0));
      w->amounts()[r] = static_cast<std::int64_t>(random_below(request.seed + 1, r, 2000001)) - 1000000;
      w->sums()[r] = 0;
    }
  });

  Prepared p;
  w->run();
  const bool right = right_sums(*w);
  p.verification = {right, "each partition summed from its end, all rows, exact", right ? 0.0 : 1.0, 0};
  p.cost = {.work_flop = 0,
            .read_byte = 12.0 * static_cast<double>(rows),
            .written_byte = 8.0 * static_cast<double>(rows),
            .integer_op = 2.0 * static_cast<double>(rows)};
  auto roof = copy_roof(team, kRoofEach, bytes);
  if (!roof) return tl::make_unexpected(roof.error());
  p.roof = std::move(*roof);
  p.working_set_byte = bytes;
  p.dtype = "int64";
  p.isa = "scalar";
  p.body = [w] { w->run(); };
  return p;
}

}  // namespace

extern const Kernel running_sum_workload;
const Kernel running_sum_workload{.id = "analytics/running-sum",
                                  .family = "analytics",
                                  .kernel_class = "window",
                                  .summary = "running sum within partitions of a sorted table",
                                  .default_shape = "partition=1000 rows=8388608",
                                  .prepare = prepare};

}  // namespace ridgepoint
