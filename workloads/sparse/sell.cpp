// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/sell.h"

#include <algorithm>
#include <numeric>

namespace ridgepoint {
namespace {

/// Rows by falling length within each window, equal ones in their order.
std::vector<std::int32_t> sorted_rows(const CsrMatrix& m, std::int64_t sigma) {
  std::vector<std::int32_t> order(static_cast<std::size_t>(m.rows));
  std::iota(order.begin(), order.end(), 0);
  const std::int64_t* p = m.pointer();
  for (std::int64_t first = 0; sigma > 1 && first < m.rows; first += sigma)
    std::stable_sort(order.begin() + first, order.begin() + std::min(m.rows, first + sigma),
                     [&](std::int32_t a, std::int32_t b) { return p[a + 1] - p[a] > p[b + 1] - p[b]; });
  return order;
}

std::int64_t longest(const CsrMatrix& m, const std::vector<std::int32_t>& order, std::int64_t first,
                     std::int64_t lanes) {
  std::int64_t most = 0;
  for (std::int64_t i = first; i < std::min(m.rows, first + lanes); ++i) {
    const std::int32_t row = order[static_cast<std::size_t>(i)];
    most = std::max(most, m.pointer()[row + 1] - m.pointer()[row]);
  }
  return most;
}

struct Filler {
  const CsrMatrix& matrix;
  const std::int32_t* columns;
  const SellMatrix& out;
  const std::vector<std::int32_t>& order;

  void lane(std::int64_t chunk, std::int64_t l) const {
    const std::int64_t at = out.starts.as<std::int64_t>()[chunk] + l;
    const std::int64_t width =
        (out.starts.as<std::int64_t>()[chunk + 1] - out.starts.as<std::int64_t>()[chunk]) / out.lanes;
    const std::int64_t place = chunk * out.lanes + l;
    const std::int32_t row = place < matrix.rows ? order[static_cast<std::size_t>(place)] : -1;
    const std::int64_t from = row < 0 ? 0 : matrix.pointer()[row],
                       length = row < 0 ? 0 : matrix.pointer()[row + 1] - from;
    const std::int32_t last = length > 0 ? columns[from + length - 1] : 0;
    for (std::int64_t j = 0; j < width; ++j) {
      out.columns.as<std::int32_t>()[at + j * out.lanes] = j < length ? columns[from + j] : last;
      out.values.as<double>()[at + j * out.lanes] = j < length ? matrix.value()[from + j] : 0;
    }
    if (out.order) out.order->as<std::int32_t>()[place] = row;
  }
};

bool mostly_runs(const SellMatrix& m) {
  const std::int64_t slots = m.stored / m.lanes, step = std::max<std::int64_t>(slots / 10000, 1);
  std::int64_t seen = 0, runs = 0;
  for (std::int64_t s = 0; s < slots; s += step, ++seen) {
    const std::int32_t* c = m.columns.as<std::int32_t>() + s * m.lanes;
    bool run = true;
    for (std::int64_t l = 1; l < m.lanes; ++l) run = run && c[l] == c[0] + l;
    runs += run ? 1 : 0;
  }
  return 2 * runs >= seen && seen > 0;
}

}  // namespace

double sell_fill(const CsrMatrix& matrix, std::int64_t lanes, std::int64_t sigma) {
  const std::vector<std::int32_t> order = sorted_rows(matrix, sigma);
  std::int64_t stored = 0;
  for (std::int64_t first = 0; first < matrix.rows; first += lanes)
    stored += lanes * longest(matrix, order, first, lanes);
  return matrix.nonzeros == 0 ? 1 : static_cast<double>(stored) / static_cast<double>(matrix.nonzeros);
}

Result<SellMatrix> make_sell(const CsrMatrix& matrix, const std::int32_t* columns, std::int64_t lanes,
                             std::int64_t sigma, Team& team) {
  const std::vector<std::int32_t> order = sorted_rows(matrix, sigma);
  const std::int64_t chunks = (matrix.rows + lanes - 1) / lanes;
  auto starts = Buffer::make(static_cast<std::size_t>(chunks + 1) * 8);
  if (!starts) return tl::make_unexpected(starts.error());
  auto* const start = starts->as<std::int64_t>();
  start[0] = 0;
  for (std::int64_t c = 0; c < chunks; ++c)
    start[c + 1] = start[c] + lanes * longest(matrix, order, c * lanes, lanes);
  const auto stored = static_cast<std::size_t>(std::max<std::int64_t>(start[chunks], 1));
  auto out_columns = Buffer::make(stored * 4), out_values = Buffer::make(stored * 8);
  for (const auto* b : {&out_columns, &out_values})
    if (!*b) return tl::make_unexpected(b->error());
  SellMatrix out{matrix.rows,
                 matrix.cols,
                 lanes,
                 chunks,
                 start[chunks],
                 std::move(*starts),
                 std::move(*out_columns),
                 std::move(*out_values)};
  if (sigma > 1) {
    auto rows = Buffer::make(static_cast<std::size_t>(chunks * lanes) * 4);
    if (!rows) return tl::make_unexpected(rows.error());
    out.order = std::move(*rows);
  }
  const std::vector<std::int64_t> border = balanced_rows(out.starts.as<std::int64_t>(), chunks, team.size());
  const Filler filler{matrix, columns, out, order};
  team.run([&](int i) {
    const auto k = static_cast<std::size_t>(i);
    for (std::int64_t c = border[k]; c < border[k + 1]; ++c)
      for (std::int64_t l = 0; l < lanes; ++l) filler.lane(c, l);
  });
  out.runs = mostly_runs(out);
  return out;
}

}  // namespace ridgepoint
