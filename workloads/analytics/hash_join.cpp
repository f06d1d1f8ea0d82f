// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/hash_join.h"

#include <algorithm>
#include <array>
#include <atomic>

#include "model/core/ports.h"
#include "model/core/random.h"
#include "workloads/roofs.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kBetweenChecks = 1 << 16;
constexpr std::size_t kAnswerStride = 8;

/// Ids of build keys and, one in 17 where they are uniform, of keys that are not there.
std::size_t known_ids(std::size_t build_rows) { return build_rows + (build_rows + 15) / 16; }
std::int64_t key_of(std::uint64_t seed, std::size_t id) {
  return static_cast<std::int64_t>(random_bits(seed, id));
}
std::int64_t build_value(std::uint64_t seed, std::size_t id) {
  return static_cast<std::int64_t>(random_bits(seed + 2, id) >> 34);
}
std::int64_t probe_value(std::uint64_t seed, std::size_t row) {
  return static_cast<std::int64_t>(random_bits(seed + 3, row) >> 34);
}

/// Calls visit(first, rows) for the blocks of a share, until the user interrupts.
template <class Visit>
void in_blocks(Share share, const Visit& visit) {
  for (std::size_t i = share.begin; i < share.end && !Interrupt::requested(); i += kBetweenChecks)
    visit(i, std::min(kBetweenChecks, share.end - i));
}

template <class Insert>
void insert_rows(const JoinTable& table, const KeyColumns& c, Share share, const Insert& insert) {
  in_blocks(share, [&](std::size_t first, std::size_t rows) {
    const std::size_t end = first + rows;
    for (std::size_t k = first; k < end; ++k) {
      table.prefetch(table.bucket_of(c.key[std::min(k + JoinTable::kAhead, share.end - 1)]));
      insert(Tuple{c.key[k], c.value[k]});
    }
  });
}

void probe_columns(const JoinTable& table, const KeyColumns& c, Share share, JoinAnswer& answer) {
  in_blocks(share, [&](std::size_t first, std::size_t rows) {
    const std::int64_t *key = c.key + first, *value = c.value + first;
    table.probe_rows<true>(
        rows,
        [=](std::size_t i) {
          return Tuple{key[i], value[i]};
        },
        answer);
  });
}

}  // namespace

HashJoin::HashJoin(Buffer bk, Buffer bv, Buffer pk, Buffer pv, std::size_t build_rows, std::size_t probe_rows,
                   std::uint64_t seed, const std::vector<int>& cpus, std::int64_t zipf)
    : build_key_(std::move(bk)),
      build_value_(std::move(bv)),
      probe_key_(std::move(pk)),
      probe_value_(std::move(pv)),
      build_rows_(build_rows),
      probe_rows_(probe_rows),
      seed_(seed),
      asked_(known_ids(build_rows), zipf),
      team_(std::make_shared<Team>(cpus)),
      partial_(cpus.size() * kAnswerStride) {}

double HashJoin::memory_byte(std::size_t build_rows, std::size_t probe_rows) {
  const double columns = 16.0 * static_cast<double>(build_rows + probe_rows);
  const auto roof = 3.0 * static_cast<double>(copy_roof_byte(build_rows + probe_rows));
  return columns + std::max(columns, 16.0 * static_cast<double>(table_capacity(build_rows))) + roof;
}

void HashJoin::fill(int member) const {
  const Share b = share_of(build_rows_, member, team_->size(), 4096),
              p = share_of(probe_rows_, member, team_->size(), 4096);
  for (std::size_t k = b.begin; k < b.end; ++k) {
    build_key_.as<std::int64_t>()[k] = key_of(seed_, k);
    build_value_.as<std::int64_t>()[k] = build_value(seed_, k);
  }
  for (std::size_t k = p.begin; k < p.end; ++k) {
    if (k % kBetweenChecks == 0 && Interrupt::requested()) return;
    probe_key_.as<std::int64_t>()[k] = key_of(seed_, asked_(seed_ + 1, k));
    probe_value_.as<std::int64_t>()[k] = probe_value(seed_, k);
  }
}

Result<std::shared_ptr<HashJoin>> HashJoin::make(std::size_t build_rows, std::size_t probe_rows,
                                                 std::optional<JoinWay> way, std::uint64_t seed,
                                                 const std::vector<int>& cpus, std::int64_t zipf) {
  auto bk = Buffer::make(build_rows * 8), bv = Buffer::make(build_rows * 8),
       pk = Buffer::make(probe_rows * 8), pv = Buffer::make(probe_rows * 8);
  for (const auto* b : {&bk, &bv, &pk, &pv})
    if (!*b) return tl::make_unexpected(b->error());
  std::shared_ptr<HashJoin> join(new HashJoin(std::move(*bk), std::move(*bv), std::move(*pk), std::move(*pv),
                                              build_rows, probe_rows, seed, cpus, zipf));
  join->team_->run([&](int i) { join->fill(i); });
  if (way) {
    join->way_ = *way;
  } else if (auto chosen = join->choose(); !chosen) {
    return tl::make_unexpected(chosen.error());
  }
  if (auto ready = join->set_up(); !ready) return tl::make_unexpected(ready.error());
  return join;
}

Result<void> HashJoin::choose() {
  auto roofs = measure_join_roofs(team_, build(), probe());
  if (!roofs) return tl::make_unexpected(roofs.error());
  roofs_ = *roofs;
  const auto seconds = [&](JoinWay way) {
    return join_seconds(way, *roofs_, static_cast<double>(build_rows_), static_cast<double>(probe_rows_));
  };
  way_ = seconds(JoinWay::partitioned) < seconds(JoinWay::whole) ? JoinWay::partitioned : JoinWay::whole;
  return {};
}

Result<void> HashJoin::set_up() {
  const bool whole = way_ == JoinWay::whole;
  bits_ = whole ? 0 : partition_bits(static_cast<double>(table_capacity(build_rows_) * sizeof(Tuple)));
  // A partition may be larger than the mean; run_partitioned() looks before it fills a table.
  capacity_ = table_capacity((build_rows_ >> bits_) + (bits_ > 0 ? (build_rows_ >> bits_) / 4 + 64 : 0));
  for (int i = 0; i < (whole ? 1 : team_->size()); ++i) {
    auto table = Buffer::make(capacity_ * sizeof(Tuple));
    if (!table) return tl::make_unexpected(table.error());
    table_.push_back(std::move(*table));
  }
  if (whole) return {};
  auto build = RadixPartition::make(build_rows_, bits_, team_->size()),
       probe = RadixPartition::make(probe_rows_, bits_, team_->size());
  for (const auto* p : {&build, &probe})
    if (!*p) return tl::make_unexpected(p->error());
  build_parts_.emplace(std::move(*build));
  probe_parts_.emplace(std::move(*probe));
  return {};
}

JoinAnswer HashJoin::total() const {
  JoinAnswer sum;
  for (std::size_t i = 0; i < partial_.size(); i += kAnswerStride) {
    sum.matches += partial_[i].matches;
    sum.sum += partial_[i].sum;
  }
  return sum;
}

JoinAnswer HashJoin::run() { return way_ == JoinWay::whole ? run_whole() : run_partitioned(); }

JoinAnswer HashJoin::run_whole() {
  const JoinTable table{table_[0].as<Tuple>(), capacity_};
  const auto share = [&](std::size_t n, int i) { return share_of(n, i, team_->size(), 4096); };
  team_->run([&](int i) {
    const Share s = share(capacity_, i);
    table.clear(s.begin, s.end);
  });
  team_->run([&](int i) {
    const Share s = share(build_rows_, i);
    if (team_->size() == 1)
      insert_rows(table, build(), s, [&](const Tuple& row) { table.insert(row); });
    else
      insert_rows(table, build(), s, [&](const Tuple& row) { table.insert_shared(row); });
  });
  team_->run([&](int i) {
    JoinAnswer answer;
    probe_columns(table, probe(), share(probe_rows_, i), answer);
    partial_[static_cast<std::size_t>(i) * kAnswerStride] = answer;
  });
  return total();
}

JoinAnswer HashJoin::run_partitioned() {
  build_parts_->run(*team_, build());
  probe_parts_->run(*team_, probe());
  std::atomic<std::size_t> next{0};
  team_->run([&](int i) {
    const auto member = static_cast<std::size_t>(i);
    JoinAnswer answer;
    std::vector<Tuple> large;  // for a partition that many equal keys made larger than foreseen
    for (std::size_t p = next++; p < build_parts_->partitions() && !Interrupt::requested(); p = next++) {
      std::size_t rows = 0;
      for (std::size_t m = 0; m < build_parts_->members(); ++m) rows += build_parts_->piece(p, m).rows;
      JoinTable table{table_[member].as<Tuple>(), table_capacity(rows), bits_};
      if (table.capacity > capacity_) {
        large.resize(table.capacity);
        table.slots = large.data();
      }
      table.clear(0, table.capacity);
      for (std::size_t m = 0; m < build_parts_->members(); ++m) {
        const auto piece = build_parts_->piece(p, m);
        for (std::size_t k = 0; k < piece.rows; ++k) table.insert(piece.begin[k]);
      }
      for (std::size_t m = 0; m < probe_parts_->members(); ++m) {
        const auto piece = probe_parts_->piece(p, m);
        table.probe_rows<false>(
            piece.rows, [&](std::size_t k) { return piece.begin[k]; }, answer);
      }
    }
    partial_[member * kAnswerStride] = answer;
  });
  return total();
}

JoinAnswer HashJoin::reference() const {
  JoinAnswer answer;
  for (std::size_t k = 0; k < probe_rows_; ++k) {
    if (k % kBetweenChecks == 0 && Interrupt::requested()) return {};
    const std::uint32_t id = asked_(seed_ + 1, k);
    if (id >= build_rows_) continue;
    ++answer.matches;
    answer.sum += static_cast<std::uint64_t>(build_value(seed_, id) + probe_value(seed_, k));
  }
  return answer;
}

KernelCost HashJoin::cost() const {
  const auto build = static_cast<double>(build_rows_), probe = static_cast<double>(probe_rows_);
  KernelCost c;
  if (way_ == JoinWay::whole) {
    c.random_access = build + lines_per_probe(build_rows_) * probe;
    c.read_byte = 16 * (build + probe) + 64 * *c.random_access;  // columns and lines
    c.written_byte = 16 * static_cast<double>(capacity_) + 64 * build;
  } else {
    c.read_byte = 40 * (build + probe);
    c.written_byte = 16 * (build + probe);
  }
  c.integer_op = (way_ == JoinWay::whole ? 8 : 16) * (build + probe);
  return c;
}

AdjacentRoof HashJoin::roof() const {
  const KernelCost c = cost();
  if (way_ == JoinWay::whole)
    return random_line_roof(team_, {table_[0].as<char>(), capacity_ * sizeof(Tuple)}, *c.random_access);
  auto copy = copy_roof(team_, copy_roof_byte(build_rows_ + probe_rows_), c.read_byte + c.written_byte);
  return copy ? std::move(*copy) : AdjacentRoof{"copy", "B/s", c.read_byte + c.written_byte, {}};
}

}  // namespace ridgepoint
