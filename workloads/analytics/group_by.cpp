// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/group_by.h"

#include <algorithm>
#include <atomic>
#include <bit>

#include "model/core/ports.h"
#include "model/core/random.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kBetweenChecks = 1 << 16;

/// Bytes of the tables of so many groups: a slot is 24 B, two thirds to five sixths of them are free.
double table_byte(std::size_t groups) { return 4.5 * sizeof(Aggregate) * static_cast<double>(groups); }

/// Distinct ids have distinct keys: every step of the mixer can be undone.
std::int64_t key_of(std::uint64_t seed, std::uint32_t id) {
  return static_cast<std::int64_t>(random_bits(seed + 1, id));
}
std::int64_t value_of(std::uint64_t seed, std::size_t row) {
  return static_cast<std::int64_t>(random_bits(seed + 2, row) >> 40) - (1 << 23);
}

}  // namespace

AggregateTable::AggregateTable(std::size_t groups_expected)
    : slots_(std::bit_ceil(std::max<std::size_t>(groups_expected, 8) * 3)),
      mask_(slots_.size() - 1),
      shift_(64 - std::countr_zero(slots_.size())) {}

void AggregateTable::grow() {
  std::vector<Aggregate> old(slots_.size() * 2);
  old.swap(slots_);
  mask_ = slots_.size() - 1;
  --shift_;
  std::erase_if(old, [](const Aggregate& a) { return a.count == 0; });
  used_ = 0;
  add(old.size(), [&old](std::size_t i) { return old[i]; });
}

void AggregateTable::take(Aggregate* out) {
  for (Aggregate& a : slots_)
    if (a.count != 0) {
      *out++ = a;
      a = {};
    }
  used_ = 0;
}

GroupBy::GroupBy(Buffer key, Buffer value, Buffer result, std::size_t rows, std::size_t groups,
                 std::uint64_t seed, const std::vector<int>& cpus, std::int64_t zipf)
    : key_(std::move(key)),
      value_(std::move(value)),
      result_(std::move(result)),
      rows_(rows),
      expected_(groups),
      seed_(seed),
      ids_(groups, zipf),
      team_(std::make_shared<Team>(cpus)) {}

double GroupBy::memory_byte(std::size_t rows, std::size_t groups) {
  const double columns = 16.0 * static_cast<double>(rows);
  const bool partitioned = partition_bits(table_byte(groups)) > 0;
  const auto roof = 3.0 * static_cast<double>(copy_roof_byte(rows));
  return columns + (partitioned ? columns + roof : 0) + sizeof(Aggregate) * static_cast<double>(groups);
}

Result<std::shared_ptr<GroupBy>> GroupBy::make(std::size_t rows, std::size_t groups_expected,
                                               std::uint64_t seed, const std::vector<int>& cpus,
                                               std::int64_t zipf) {
  auto key = Buffer::make(rows * 8), value = Buffer::make(rows * 8),
       result = Buffer::make(groups_expected * sizeof(Aggregate));
  for (const auto* b : {&key, &value, &result})
    if (!*b) return tl::make_unexpected(b->error());
  std::shared_ptr<GroupBy> g(new GroupBy(std::move(*key), std::move(*value), std::move(*result), rows,
                                         groups_expected, seed, cpus, zipf));
  g->team_->run([&](int i) {
    const Share s = share_of(rows, i, g->team_->size(), 4096);
    for (std::size_t k = s.begin; k < s.end; ++k) {
      if (k % kBetweenChecks == 0 && Interrupt::requested()) return;
      g->key_.as<std::int64_t>()[k] = key_of(seed, g->ids_(seed, k));
      g->value_.as<std::int64_t>()[k] = value_of(seed, k);
    }
  });
  const int bits = partition_bits(table_byte(groups_expected));
  g->tables_.assign(cpus.size(), AggregateTable(groups_expected >> bits));
  if (bits == 0) return g;
  for (AggregateTable& t : g->tables_) t.skip_bits(bits);
  auto parts = RadixPartition::make(rows, bits, static_cast<int>(cpus.size()));
  if (!parts) return tl::make_unexpected(parts.error());
  g->parts_.emplace(std::move(*parts));
  return g;
}

void GroupBy::run() { parts_ ? run_partitioned() : run_local(); }

void GroupBy::run_local() {
  team_->run([this](int i) {
    AggregateTable& table = tables_[static_cast<std::size_t>(i)];
    const Share s = share_of(rows_, i, team_->size(), 4096);
    const KeyColumns c = columns();
    for (std::size_t block = s.begin; block < s.end && !Interrupt::requested(); block += kBetweenChecks)
      table.add(std::min(kBetweenChecks, s.end - block),
                [key = c.key + block, value = c.value + block](std::size_t k) {
                  return Aggregate{key[k], value[k], 1};
                });
  });
  std::vector<Aggregate> part;
  for (std::size_t t = 1; t < tables_.size(); ++t) {
    part.resize(tables_[t].groups());
    tables_[t].take(part.data());
    tables_[0].add(part.size(), [&part](std::size_t k) { return part[k]; });
  }
  found_ = tables_[0].groups();
  tables_[0].take(result_.as<Aggregate>());
}

void GroupBy::run_partitioned() {
  parts_->run(*team_, columns());
  std::atomic<std::size_t> next{0}, found{0};
  team_->run([&](int i) {
    AggregateTable& table = tables_[static_cast<std::size_t>(i)];
    for (std::size_t p = next++; p < parts_->partitions() && !Interrupt::requested(); p = next++) {
      for (std::size_t m = 0; m < parts_->members(); ++m) {
        const auto piece = parts_->piece(p, m);
        table.add(piece.rows, [rows = piece.begin](std::size_t k) {
          return Aggregate{rows[k].key, rows[k].value, 1};
        });
      }
      const std::size_t n = table.groups();
      table.take(result_.as<Aggregate>() + found.fetch_add(n));
    }
  });
  found_ = found;
}

bool GroupBy::right() const {
  std::vector<std::int64_t> sum(expected_), count(expected_);
  for (std::size_t k = 0; k < rows_; ++k) {
    if (k % kBetweenChecks == 0 && Interrupt::requested()) return false;
    const std::uint32_t id = ids_(seed_, k);
    sum[id] += value_of(seed_, k);
    ++count[id];
  }
  // Both sides as sets of (key, sum, count), added up behind a mixer.
  const auto mixed = [](std::int64_t key, std::int64_t s, std::int64_t n) {
    return random_bits(random_bits(static_cast<std::uint64_t>(key), static_cast<std::uint64_t>(s)),
                       static_cast<std::uint64_t>(n));
  };
  std::uint64_t expected = 0, seen = 0;
  std::size_t groups = 0;
  for (std::uint32_t id = 0; id < expected_; ++id)
    if (count[id] != 0) {
      expected += mixed(key_of(seed_, id), sum[id], count[id]);
      ++groups;
    }
  for (std::size_t g = 0; g < found_; ++g) seen += mixed(begin()[g].key, begin()[g].sum, begin()[g].count);
  return groups == found_ && expected == seen;
}

KernelCost GroupBy::cost() const {
  const auto rows = static_cast<double>(rows_), out = static_cast<double>(sizeof(Aggregate) * found_);
  KernelCost c;
  c.read_byte = (parts_ ? 8 + 16 + 16 : 16) * rows;  // histogram, columns, partitions
  c.written_byte = (parts_ ? 16 * rows : 0) + out;
  c.integer_op = (parts_ ? 16 : 8) * rows;  // hash, compare, two sums; partitioned: two more hashes, a cursor
  return c;
}

double GroupBy::working_set_byte() const { return memory_byte(rows_, expected_); }

}  // namespace ridgepoint
