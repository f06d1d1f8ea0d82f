// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/join_choice.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <cmath>
#include <functional>

#include "workloads/analytics/join_table.h"
#include "workloads/roofs.h"

namespace ridgepoint {
namespace {

constexpr double kRate_s = 0.02;
constexpr std::size_t kPartitionSample = std::size_t{1} << 21;

std::atomic<std::uint64_t> sink;  ///< sums go here, so that no loop is removed

/// units / seconds of a turn, which tells its seconds; the first one warms up.
double rate_of(double units, const std::function<double()>& turn) {
  turn();
  double seconds = 0, done = 0;
  do {
    seconds += turn();
    done += units;
  } while (seconds < kRate_s);
  return done / seconds;
}

Result<double> far_line_rate(const std::shared_ptr<Team>& team, std::size_t bytes) {
  const auto area = Buffer::make(bytes);
  if (!area) return tl::make_unexpected(area.error());
  team->run([&](int i) {
    const Share s = share_of(bytes / 8, i, team->size());
    for (std::size_t k = s.begin; k < s.end; ++k) area->as<std::uint64_t>()[k] = k;
  });
  return random_line_roof(team, {area->as<char>(), bytes}, 0).rate();
}

/// Each member has a table of its own in its cache and probes it with the rows that are in it.
Result<double> near_row_rate(const std::shared_ptr<Team>& team, const KeyColumns& build) {
  const auto members = static_cast<std::size_t>(team->size());
  const std::size_t most =
      std::bit_floor(static_cast<std::size_t>(second_level_cache_byte() / 2)) / sizeof(Tuple);
  const std::size_t rows = std::min(build.rows, most / 2), capacity = table_capacity(rows);
  const auto memory = Buffer::make(members * capacity * sizeof(Tuple));
  if (!memory) return tl::make_unexpected(memory.error());
  const auto table_of = [&](int i) {
    return JoinTable{memory->as<Tuple>() + static_cast<std::size_t>(i) * capacity, capacity, 0};
  };
  team->run([&](int i) {
    const JoinTable table = table_of(i);
    table.clear(0, capacity);
    for (std::size_t k = 0; k < rows; ++k) table.insert({build.key[k], build.value[k]});
  });
  const std::size_t times = std::max<std::size_t>(1, (std::size_t{1} << 18) / rows);
  const auto probe = [&](int i) {
    const JoinTable table = table_of(i);
    const auto at = [&build](std::size_t k) { return Tuple{build.key[k], build.value[k]}; };
    JoinAnswer answer;
    for (std::size_t t = 0; t < times; ++t) table.probe_rows<false>(rows, at, answer);
    sink += answer.sum;
  };
  return rate_of(static_cast<double>(rows * times * members), [&] { return team->timed_run(probe); });
}

Result<double> partition_row_rate(Team& team, const KeyColumns& probe, int bits) {
  const KeyColumns sample{probe.key, probe.value, std::min(probe.rows, kPartitionSample)};
  auto parts = RadixPartition::make(sample.rows, bits, team.size());
  if (!parts) return tl::make_unexpected(parts.error());
  return rate_of(static_cast<double>(sample.rows), [&] {
    const auto begin = std::chrono::steady_clock::now();
    parts->run(team, sample);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  });
}

}  // namespace

std::size_t table_capacity(std::size_t rows) { return std::bit_ceil(std::max<std::size_t>(rows, 4) * 2); }

double lines_per_probe(std::size_t rows) {
  const double mean = static_cast<double>(kBucket * rows) / static_cast<double>(table_capacity(rows));
  return 1 / (std::exp(-mean) * (1 + mean + mean * mean / 2));
}

double join_seconds(JoinWay way, const JoinRoofs& r, double build, double probe) {
  const double loop = (build + probe) / r.near_row;
  if (way == JoinWay::partitioned) return (build + probe) / r.partition_row + loop;
  const auto rows = static_cast<std::size_t>(build);
  const double clear = 2 * sizeof(Tuple) * static_cast<double>(table_capacity(rows)) / r.copy;
  return clear + (2 * build + lines_per_probe(rows) * probe) / r.far_line + loop;
}

Result<JoinRoofs> measure_join_roofs(const std::shared_ptr<Team>& team, const KeyColumns& build,
                                     const KeyColumns& probe) {
  const std::size_t table_byte = table_capacity(build.rows) * sizeof(Tuple);
  const auto far = far_line_rate(team, table_byte);
  if (!far) return tl::make_unexpected(far.error());
  const auto near = near_row_rate(team, build);
  if (!near) return tl::make_unexpected(near.error());
  const auto partition = partition_row_rate(*team, probe, partition_bits(static_cast<double>(table_byte)));
  if (!partition) return tl::make_unexpected(partition.error());
  const auto copy = copy_roof(team, copy_roof_byte(build.rows + probe.rows), 0);
  if (!copy) return tl::make_unexpected(copy.error());
  return JoinRoofs{.far_line = *far, .near_row = *near, .partition_row = *partition, .copy = copy->rate()};
}

}  // namespace ridgepoint
