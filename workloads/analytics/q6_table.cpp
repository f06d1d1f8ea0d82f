// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/q6_table.h"

#include <cmath>
#include <numeric>

#include "model/core/format.h"
#include "workloads/analytics/lineitem.h"
#include "workloads/analytics/q6_narrow_simd.h"
#include "workloads/analytics/q6_packed_simd.h"
#include "workloads/analytics/q6_simd.h"
#include "workloads/roofs.h"

namespace ridgepoint {
namespace {

constexpr std::int32_t kFrom = 8766;  // 1994-01-01
constexpr std::size_t kGrain = 4096;
static_assert(kGrain % kQ6Block == 0);

Q6Columns wide(const Q6Buffers& c) {
  return {c[0].as<std::int32_t>(), c[1].as<std::int64_t>(), c[2].as<std::int64_t>(), c[3].as<std::int64_t>()};
}

void fill_wide(const Q6Buffers& c, std::uint64_t seed, std::size_t, Share share) {
  for (std::size_t i = share.begin; i < share.end; ++i) {
    const LineItem r = line_item(seed, i);
    c[0].as<std::int32_t>()[i] = r.date;
    c[1].as<std::int64_t>()[i] = r.discount;
    c[2].as<std::int64_t>()[i] = r.quantity;
    c[3].as<std::int64_t>()[i] = r.price;
  }
}

std::int64_t sum_wide(const Q6Buffers& c, Share s) { return q6_sum(wide(c), s.begin, s.end, kFrom); }

void fill_narrow(const Q6Buffers& c, std::uint64_t seed, std::size_t, Share share) {
  for (std::size_t i = share.begin; i < share.end; ++i) {
    const LineItem r = line_item(seed, i);
    c[0].as<std::uint16_t>()[i] = static_cast<std::uint16_t>(r.date);
    c[1].as<std::uint8_t>()[i] = static_cast<std::uint8_t>(r.discount);
    c[2].as<std::uint8_t>()[i] = static_cast<std::uint8_t>(r.quantity);
    c[3].as<std::uint32_t>()[i] = static_cast<std::uint32_t>(r.price);
  }
}

std::int64_t sum_narrow(const Q6Buffers& c, Share s) {
  const Q6Narrow n{c[0].as<std::uint16_t>(), c[1].as<std::uint8_t>(), c[2].as<std::uint8_t>(),
                   c[3].as<std::uint32_t>()};
  return q6_narrow_sum(n, s.begin, s.end, kFrom);
}

Q6Packed packed(const Q6Buffers& c) {
  return {c[0].as<std::uint16_t>(), c[1].as<std::uint8_t>(), c[2].as<std::uint8_t>(),
          c[3].as<std::uint32_t>()};
}

std::size_t blocks(std::size_t rows) { return (rows + kQ6Block - 1) / kQ6Block; }

void fill_packed(const Q6Buffers& c, std::uint64_t seed, std::size_t rows, Share share) {
  for (std::size_t block = share.begin / kQ6Block; block < blocks(share.end); ++block) {
    Q6Rows plain{};  // rows behind the last one have a discount of 0
    for (std::size_t k = 0; k < kQ6Block && block * kQ6Block + k < rows; ++k) {
      const LineItem r = line_item(seed, block * kQ6Block + k);
      plain.date[k] = static_cast<std::uint16_t>(r.date - kFirstDate);
      plain.discount[k] = static_cast<std::uint8_t>(r.discount);
      plain.quantity[k] = static_cast<std::uint8_t>(r.quantity);
      plain.price[k] = static_cast<std::uint32_t>(r.price);
    }
    q6_pack(plain, packed(c), block);
  }
}

std::int64_t sum_packed(const Q6Buffers& c, Share s) {
  return q6_packed_sum(packed(c), s.begin / kQ6Block, blocks(s.end), kFrom - kFirstDate);
}

}  // namespace

// Operations a row: five comparisons, four masks, product and sum; unpacking adds about five shifts and
// masks.
const Q6Form kQ6Wide{"wide", "int64", {4, 8, 8, 8}, 11, fill_wide, sum_wide, q6_isa};
const Q6Form kQ6Narrow{"narrow", "int32", {2, 1, 1, 4}, 11, fill_narrow, sum_narrow, q6_narrow_isa};
const Q6Form kQ6PackedForm{"packed",    "int32",    {1.5, 0.5, 0.75, 3}, 16,
                           fill_packed, sum_packed, q6_packed_isa};

Q6Table::Q6Table(const Q6Form& form, Q6Buffers columns, std::size_t rows, std::uint64_t seed,
                 const std::vector<int>& cpus)
    : form_(form),
      columns_(std::move(columns)),
      rows_(rows),
      seed_(seed),
      team_(std::make_shared<Team>(cpus)),
      partial_(cpus.size() * 8) {}

Result<std::shared_ptr<Q6Table>> Q6Table::make(const Q6Form& form, std::size_t rows, std::uint64_t seed,
                                               const std::vector<int>& cpus) {
  const auto column = [&](std::size_t i) {
    return Buffer::make(
        static_cast<std::size_t>(static_cast<double>(blocks(rows) * kQ6Block) * form.column_byte[i]));
  };
  auto date = column(0), discount = column(1), quantity = column(2), price = column(3);
  for (const auto* b : {&date, &discount, &quantity, &price})
    if (!*b) return tl::make_unexpected(b->error());
  std::shared_ptr<Q6Table> table(
      new Q6Table(form, {std::move(*date), std::move(*discount), std::move(*quantity), std::move(*price)},
                  rows, seed, cpus));
  table->team_->run([&](int i) {
    form.fill(table->columns_, seed, rows, share_of(rows, i, table->team_->size(), kGrain));
  });
  return table;
}

std::int64_t Q6Table::total(const std::function<std::int64_t(Share)>& part) {
  team_->run([&](int i) {
    partial_[static_cast<std::size_t>(i) * 8] = part(share_of(rows_, i, team_->size(), kGrain));
  });
  return std::accumulate(partial_.begin(), partial_.end(), std::int64_t{0});
}

std::int64_t Q6Table::sum() {
  return total([this](Share s) { return form_.sum(columns_, s); });
}

std::int64_t Q6Table::reference() {
  return total([this](Share s) {
    std::int64_t sum = 0;
    for (std::size_t i = s.begin; i < s.end; ++i) {
      const LineItem r = line_item(seed_, i);
      if (r.date >= kFrom && r.date < kFrom + 365 && r.discount >= 5 && r.discount <= 7 && r.quantity < 24)
        sum += std::int64_t{r.price} * r.discount;
    }
    return sum;
  });
}

AdjacentRoof Q6Table::roof() const {
  std::vector<Area> areas;
  for (std::size_t i = 0; i < columns_.size(); ++i)
    areas.push_back({columns_[i].as<char>(),
                     static_cast<std::size_t>(static_cast<double>(rows_) * form_.column_byte[i])});
  return read_roof(team_, std::move(areas), bytes());
}

Result<Prepared> prepare_q6(const Q6Form& form, const KernelRequest& request) {
  const auto rows = static_cast<std::size_t>(request.shape["rows"]);
  const double bytes = form.row_byte() * static_cast<double>(rows);
  if (bytes > request.memory_limit_byte)
    return fail(ErrorKind::unavailable, "the table needs " + show_bytes(bytes),
                "the limit is " + show_bytes(request.memory_limit_byte),
                "ask for fewer rows, or raise --memory");
  auto made = Q6Table::make(form, rows, request.seed, request.cpus);
  if (!made) return tl::make_unexpected(made.error());
  const auto table = *made;
  const std::int64_t fast = table->sum(), slow = table->reference();
  const bool right = fast == slow && (fast != 0 || rows < 10000);  // few rows: none may pass

  Prepared p;
  p.verification = {right, "row-by-row sum over all rows as generated, exact", right ? 0.0 : 1.0, 0};
  p.cost = {.work_flop = 0, .read_byte = bytes, .written_byte = 0};
  p.cost.integer_op = form.operations * static_cast<double>(rows);
  p.roof = table->roof();
  p.working_set_byte = bytes;
  p.dtype = form.dtype;
  p.isa = form.isa();
  p.body = [table] { table->sum(); };
  return p;
}

}  // namespace ridgepoint
