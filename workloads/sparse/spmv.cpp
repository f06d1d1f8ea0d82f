// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/spmv.h"

#include <algorithm>
#include <numeric>

#include "model/core/format.h"

namespace ridgepoint {
namespace {

constexpr double kMostFill = 1.08;  ///< SELL must not read more than it saves
constexpr std::int64_t kCacheX = std::int64_t{1}
                                 << 17;  ///< doubles of x that a second-level cache holds, 1 MiB
constexpr std::int32_t kHotAtLeast = 8;  ///< entries of a column that pay for copying its x

std::vector<std::int32_t> entries_per_column(const CsrMatrix& m) {
  std::vector<std::int32_t> count(static_cast<std::size_t>(m.cols));
  for (std::int64_t k = 0; k < m.nonzeros; ++k) ++count[static_cast<std::size_t>(m.column()[k])];
  return count;
}

/// Columns with `least` entries or more, most first, equal ones in their order; `most` columns of them.
std::vector<std::int32_t> hottest(const std::vector<std::int32_t>& count, std::int32_t least,
                                  std::int64_t most) {
  std::vector<std::int32_t> order;
  for (std::size_t c = 0; c < count.size(); ++c)
    if (count[c] >= least) order.push_back(static_cast<std::int32_t>(c));
  std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
    return count[static_cast<std::size_t>(a)] > count[static_cast<std::size_t>(b)];
  });
  if (std::ssize(order) > most) order.resize(static_cast<std::size_t>(most));
  return order;
}

/// Few columns with most entries, scattered over an x beyond the cache: then a compact copy pays. A stencil
/// has no such columns.
std::int64_t hot_columns(const CsrMatrix& m) {
  if (m.cols <= kCacheX) return 0;
  const std::vector<std::int32_t> count = entries_per_column(m);
  const std::vector<std::int32_t> order = hottest(count, kHotAtLeast, kCacheX);
  std::int64_t covered = 0;
  for (const std::int32_t c : order) covered += count[static_cast<std::size_t>(c)];
  const double share =
                   static_cast<double>(covered) / static_cast<double>(std::max<std::int64_t>(m.nonzeros, 1)),
               even = static_cast<double>(order.size()) / static_cast<double>(m.cols);
  return share > 0.5 && share > 2 * even ? std::ssize(order) : 0;
}

}  // namespace

std::string SpmvPlan::name() const {
  std::string s = sigma == 0 ? "CSR" : "SELL-" + std::to_string(sell_lanes()) + "-" + std::to_string(sigma);
  if (hot > 0) s += ", " + std::to_string(hot) + " hot columns";
  return s;
}

SpmvPlan csr_plan() { return {0, 0, 1, "asked for"}; }

SpmvPlan choose_plan(const CsrMatrix& m) {
  SpmvPlan plan;
  plan.hot = hot_columns(m);
  const std::int64_t lanes = sell_lanes(), windows[] = {1, 32 * lanes, 512 * lanes, m.rows};
  for (const std::int64_t sigma : windows) {
    // Sorting far takes neighbours apart, which costs where x is read in order and is beyond the cache.
    if (sigma > 512 * lanes && plan.hot == 0 && m.cols > kCacheX) break;
    plan.fill = sell_fill(m, lanes, sigma);
    plan.sigma = sigma;
    if (plan.fill <= kMostFill) {
      plan.why = "SELL stores " + show_number(plan.fill) + " entries a nonzero";
      return plan;
    }
  }
  plan.why = "SELL would store " + show_number(plan.fill) + " entries a nonzero";
  plan.sigma = 0;
  plan.fill = 1;
  return plan;
}

Result<std::unique_ptr<Spmv>> Spmv::make(CsrMatrix matrix, const SpmvPlan& plan, Team& team) {
  auto x = Buffer::make(static_cast<std::size_t>(plan.hot + std::max<std::int64_t>(matrix.cols, 1)) * 8);
  auto y = Buffer::make(static_cast<std::size_t>(std::max<std::int64_t>(matrix.rows, 1)) * 8);
  for (const auto* b : {&x, &y})
    if (!*b) return tl::make_unexpected(b->error());
  std::unique_ptr<Spmv> s(new Spmv(std::move(matrix), plan, std::move(*x), std::move(*y)));
  if (plan.hot > 0)
    if (auto error = s->gather_hot_columns(team)) return tl::make_unexpected(std::move(*error));
  if (plan.sigma > 0) {
    auto sell = make_sell(s->matrix_, s->column(), sell_lanes(), plan.sigma, team);
    if (!sell) return tl::make_unexpected(sell.error());
    s->sell_ = std::move(*sell);
    s->border_ = balanced_rows(s->sell_->starts.as<std::int64_t>(), s->sell_->chunks, team.size());
    s->renamed_.reset();
  }
  s->points_ = merge_points(s->matrix_, team.size());
  s->carry_.resize(static_cast<std::size_t>(team.size()) * 8);
  return s;
}

std::optional<Error> Spmv::gather_hot_columns(Team& team) {
  const std::vector<std::int32_t> order = hottest(entries_per_column(matrix_), 1, plan_.hot);
  plan_.hot = std::ssize(order);
  if (order.empty()) return std::nullopt;
  auto list = Buffer::make(order.size() * 4),
       renamed = Buffer::make(static_cast<std::size_t>(matrix_.nonzeros) * 4);
  for (const auto* b : {&list, &renamed})
    if (!*b) return b->error();
  std::vector<std::int32_t> place(static_cast<std::size_t>(matrix_.cols));
  std::iota(place.begin(), place.end(), static_cast<std::int32_t>(plan_.hot));
  for (std::size_t i = 0; i < order.size(); ++i) {
    list->as<std::int32_t>()[i] = order[i];
    place[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(i);
  }
  team.run([&](int i) {
    const Share s = share_of(static_cast<std::size_t>(matrix_.nonzeros), i, team.size(), 512);
    for (std::size_t k = s.begin; k < s.end; ++k)
      renamed->as<std::int32_t>()[k] = place[static_cast<std::size_t>(matrix_.column()[k])];
  });
  hot_ = std::move(*list);
  renamed_ = std::move(*renamed);
  return std::nullopt;
}

const std::int32_t* Spmv::column() const {
  return renamed_ ? renamed_->as<std::int32_t>() : matrix_.column();
}

void Spmv::refresh(Team& team) {
  const std::int32_t* const source = hot_->as<std::int32_t>();
  double* const copy = x_.as<double>();
  team.run([&](int i) {
    const Share s = share_of(static_cast<std::size_t>(plan_.hot), i, team.size(), 8);
    for (std::size_t k = s.begin; k < s.end; ++k) copy[k] = x()[source[k]];
  });
}

void Spmv::multiply(Team& team) {
  if (hot_) refresh(team);
  if (!sell_) {
    multiply_csr(team);
    return;
  }
  const SellMatrix& m = *sell_;
  const SellView view{m.starts.as<std::int64_t>(),
                      m.columns.as<std::int32_t>(),
                      m.values.as<double>(),
                      m.order ? m.order->as<std::int32_t>() : nullptr,
                      x_.as<double>(),
                      y(),
                      m.rows,
                      m.runs};
  team.run([&](int i) {
    const auto k = static_cast<std::size_t>(i);
    sell_chunks(view, border_[k], border_[k + 1]);
  });
}

/// Each member's piece of the merge path: the rest of a row begun before it, whole rows, and the beginning
/// of a row that another ends, whose sum is carried over.
void Spmv::multiply_csr(Team& team) {
  const CsrView view{matrix_.pointer(), column(), matrix_.value(), x_.as<double>(), y()};
  team.run([&](int i) {
    const MergePoint from = points_[static_cast<std::size_t>(i)],
                     to = points_[static_cast<std::size_t>(i) + 1];
    std::int64_t row = from.row;
    if (row < to.row && from.at > view.pointer[row]) {
      view.y[row] = csr_dot(view, from.at, view.pointer[row + 1]);
      ++row;
    }
    csr_rows(view, row, to.row);
    const std::int64_t begin = row == from.row ? from.at : view.pointer[to.row];
    carry_[static_cast<std::size_t>(i) * 8] = csr_dot(view, std::max(begin, view.pointer[to.row]), to.at);
  });
  for (int i = 0; i < team.size(); ++i)
    if (const std::int64_t row = points_[static_cast<std::size_t>(i) + 1].row; row < matrix_.rows)
      view.y[row] += carry_[static_cast<std::size_t>(i) * 8];
}

double Spmv::read_byte() const {
  return (sell_ ? sell_->bytes() : matrix_.bytes()) + 8 * static_cast<double>(matrix_.cols) +
         12 * static_cast<double>(plan_.hot);
}

double Spmv::written_byte() const { return 8 * static_cast<double>(matrix_.rows + plan_.hot); }

std::vector<std::pair<const void*, std::size_t>> Spmv::areas() const {
  const auto area = [](const Buffer& b) {
    return std::pair<const void*, std::size_t>{b.as<void>(), b.bytes()};
  };
  if (sell_) return {area(sell_->values), area(sell_->columns), area(x_)};
  return {area(matrix_.values), area(renamed_ ? *renamed_ : matrix_.columns), area(matrix_.pointers),
          area(x_)};
}

}  // namespace ridgepoint
