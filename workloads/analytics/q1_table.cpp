// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/q1_table.h"

#include "workloads/analytics/lineitem.h"
#include "workloads/roofs.h"

namespace ridgepoint {
namespace {

constexpr std::array<std::size_t, 7> kColumnByte{4, 1, 1, 8, 8, 8, 8};
constexpr std::size_t kGrain = 4096;

struct alignas(128) Part {
  Q1Groups groups;
};

Q1Groups total(Team& team, std::size_t rows, const std::function<void(Share, Q1Groups&)>& work) {
  std::vector<Part> parts(static_cast<std::size_t>(team.size()));
  team.run([&](int i) {
    Q1Groups groups{};
    work(share_of(rows, i, team.size(), kGrain), groups);
    parts[static_cast<std::size_t>(i)].groups = groups;
  });
  Q1Groups sum{};
  for (const Part& p : parts)
    for (std::size_t g = 0; g < sum.size(); ++g) sum[g].add(p.groups[g]);
  return sum;
}

}  // namespace

Q1Table::Q1Table(Buffers columns, std::size_t rows, std::uint64_t seed, const std::vector<int>& cpus)
    : columns_(std::move(columns)), rows_(rows), seed_(seed), team_(std::make_shared<Team>(cpus)) {}

Result<std::shared_ptr<Q1Table>> Q1Table::make(std::size_t rows, std::uint64_t seed,
                                               const std::vector<int>& cpus) {
  std::vector<Buffer> made;
  for (const std::size_t bytes : kColumnByte) {
    auto buffer = Buffer::make(rows * bytes);
    if (!buffer) return tl::make_unexpected(buffer.error());
    made.push_back(std::move(*buffer));
  }
  std::shared_ptr<Q1Table> table(
      new Q1Table({std::move(made[0]), std::move(made[1]), std::move(made[2]), std::move(made[3]),
                   std::move(made[4]), std::move(made[5]), std::move(made[6])},
                  rows, seed, cpus));
  table->team_->run([&](int i) { table->fill(share_of(rows, i, table->team_->size(), kGrain)); });
  return table;
}

void Q1Table::fill(Share share) {
  for (std::size_t i = share.begin; i < share.end; ++i) {
    const LineItem r = line_item(seed_, i);
    columns_[0].as<std::int32_t>()[i] = r.date;
    columns_[1].as<std::uint8_t>()[i] = r.return_flag;
    columns_[2].as<std::uint8_t>()[i] = r.line_status;
    columns_[3].as<std::int64_t>()[i] = r.quantity;
    columns_[4].as<std::int64_t>()[i] = r.price;
    columns_[5].as<std::int64_t>()[i] = r.discount;
    columns_[6].as<std::int64_t>()[i] = r.tax;
  }
}

Q1Groups Q1Table::groups() {
  const Q1Columns c{columns_[0].as<std::int32_t>(), columns_[1].as<std::uint8_t>(),
                    columns_[2].as<std::uint8_t>(), columns_[3].as<std::int64_t>(),
                    columns_[4].as<std::int64_t>(), columns_[5].as<std::int64_t>(),
                    columns_[6].as<std::int64_t>()};
  return total(*team_, rows_, [&](Share s, Q1Groups& g) { q1_sum(c, s.begin, s.end, kQ1Last, g); });
}

Q1Groups Q1Table::reference() {
  return total(*team_, rows_, [&](Share s, Q1Groups& groups) {
    for (std::size_t i = s.begin; i < s.end; ++i) {
      const LineItem r = line_item(seed_, i);
      if (r.date > kQ1Last) continue;
      const std::int64_t discounted = std::int64_t{r.price} * (100 - r.discount);
      groups[static_cast<std::size_t>(r.return_flag * 2 + r.line_status)].add(
          {1, r.quantity, r.price, r.discount, discounted, discounted * (100 + r.tax)});
    }
  });
}

AdjacentRoof Q1Table::roof() const {
  std::vector<Area> areas;
  for (std::size_t i = 0; i < columns_.size(); ++i)
    areas.push_back({columns_[i].as<char>(), rows_ * kColumnByte[i]});
  return read_roof(team_, std::move(areas), bytes());
}

}  // namespace ridgepoint
