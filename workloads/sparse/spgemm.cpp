// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/spgemm.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>

#include "model/core/format.h"
#include "model/core/ports.h"
#include "model/core/random.h"

namespace ridgepoint {
namespace {

/// Value and size of the terms of one entry of C.
struct Sum {
  long double value = 0, size = 0;
};

double row_error(const CsrMatrix& a, const CsrMatrix& c, std::int64_t row) {
  std::map<std::int32_t, Sum> sums;
  for (std::int64_t k = a.pointer()[row]; k < a.pointer()[row + 1]; ++k)
    for (std::int64_t j = a.pointer()[a.column()[k]]; j < a.pointer()[a.column()[k] + 1]; ++j) {
      const long double term = static_cast<long double>(a.value()[k]) * a.value()[j];
      Sum& s = sums[a.column()[j]];
      s.value += term;
      s.size += std::abs(term);
    }
  if (std::ssize(sums) != c.pointer()[row + 1] - c.pointer()[row]) return HUGE_VAL;
  double worst = 0;
  for (std::int64_t k = c.pointer()[row]; k < c.pointer()[row + 1]; ++k) {
    const auto it = sums.find(c.column()[k]);
    if (it == sums.end()) return HUGE_VAL;
    const auto off = static_cast<double>(std::abs(it->second.value - c.value()[k]));
    worst = std::max(worst, it->second.size > 0 ? off / static_cast<double>(it->second.size) : off);
    sums.erase(it);
  }
  return worst;
}

/// y = A x and z = |A| |w|, row by row.
void both(const CsrMatrix& a, const std::vector<Sum>& x, std::vector<Sum>& y) {
  for (std::int64_t row = 0; row < a.rows; ++row) {
    Sum s;
    for (std::int64_t k = a.pointer()[row]; k < a.pointer()[row + 1]; ++k) {
      const Sum& from = x[static_cast<std::size_t>(a.column()[k])];
      s.value += a.value()[k] * from.value;
      s.size += std::abs(a.value()[k]) * from.size;
    }
    y[static_cast<std::size_t>(row)] = s;
  }
}

}  // namespace

void Accumulator::begin(std::int64_t products) {
  const auto all = static_cast<std::uint64_t>(std::max<std::int64_t>(cols_, 2));
  const std::size_t twice =
      std::bit_ceil(2 * static_cast<std::uint64_t>(std::max<std::int64_t>(products, 2)));
  hashed_ = twice < all;
  const std::size_t size = hashed_ ? twice : std::bit_ceil(all);
  shift_ = 32 - std::countr_zero(size);
  mask_ = size - 1;
  if (key_.size() < size) {
    key_.resize(size, -1);
    value_.resize(size);
  }
}

void Accumulator::take(std::int32_t* columns, double* values) {
  for (std::size_t i = 0; i < used_.size(); ++i) {
    const auto slot = static_cast<std::size_t>(used_[i]);
    if (columns != nullptr) {
      columns[i] = key_[slot];
      values[i] = value_[slot];
    }
    key_[slot] = -1;
  }
  used_.clear();
}

Spgemm::Spgemm(CsrMatrix a, int members)
    : a_(std::move(a)), sums_(static_cast<std::size_t>(members), Accumulator(a_.cols)) {
  products_.push_back(0);
  for (std::int64_t row = 0; row < a_.rows; ++row) {
    std::int64_t n = 0;
    for (std::int64_t k = a_.pointer()[row]; k < a_.pointer()[row + 1]; ++k)
      n += a_.pointer()[a_.column()[k] + 1] - a_.pointer()[a_.column()[k]];
    products_.push_back(products_.back() + n);
  }
  border_ = balanced_rows(products_.data(), a_.rows, members);
}

Result<std::unique_ptr<Spgemm>> Spgemm::square(CsrMatrix a, double memory_limit_byte, Team& team) {
  std::unique_ptr<Spgemm> s(new Spgemm(std::move(a), team.size()));
  std::vector<std::int64_t> lengths(static_cast<std::size_t>(s->a_.rows));
  s->count(team, lengths.data());
  std::int64_t nonzeros = 0;
  for (const std::int64_t n : lengths) nonzeros += n;
  const double bytes =
      s->a_.bytes() + 12.0 * static_cast<double>(nonzeros) + 24.0 * static_cast<double>(s->a_.rows);
  if (bytes > memory_limit_byte)
    return fail(ErrorKind::unavailable,
                "the product needs " + show_bytes(bytes) + ", the limit is " + show_bytes(memory_limit_byte),
                "", "choose a smaller shape, or raise --memory where the machine has more");
  auto c = CsrMatrix::make(s->a_.rows, s->a_.cols, nonzeros);
  if (!c) return tl::make_unexpected(c.error());
  s->c_ = std::move(*c);
  return s;
}

void Spgemm::add_row(Accumulator& sums, std::int64_t row) const {
  sums.begin(row_products(row));
  for (std::int64_t k = a_.pointer()[row]; k < a_.pointer()[row + 1]; ++k) {
    const double factor = a_.value()[k];
    for (std::int64_t j = a_.pointer()[a_.column()[k]]; j < a_.pointer()[a_.column()[k] + 1]; ++j)
      sums.add(a_.column()[j], factor * a_.value()[j]);
  }
}

void Spgemm::add_columns(Accumulator& sums, std::int64_t row) const {
  sums.begin(row_products(row));
  for (std::int64_t k = a_.pointer()[row]; k < a_.pointer()[row + 1]; ++k)
    for (std::int64_t j = a_.pointer()[a_.column()[k]]; j < a_.pointer()[a_.column()[k] + 1]; ++j)
      sums.add(a_.column()[j], 0);
}

void Spgemm::count(Team& team, std::int64_t* lengths) {
  team.run([&](int i) {
    const auto member = static_cast<std::size_t>(i);
    Accumulator& sums = sums_[member];
    for (std::int64_t row = border_[member]; row < border_[member + 1]; ++row) {
      if (row % 1024 == 0 && Interrupt::requested()) return;
      add_columns(sums, row);
      lengths[row] = sums.size();
      sums.take(nullptr, nullptr);
    }
  });
}

void Spgemm::multiply(Team& team) {
  auto* const p = c_->pointers.as<std::int64_t>();
  count(team, p + 1);
  if (Interrupt::requested()) return;
  p[0] = 0;
  for (std::int64_t row = 0; row < c_->rows; ++row) p[row + 1] += p[row];
  team.run([&](int i) {
    const auto member = static_cast<std::size_t>(i);
    for (std::int64_t row = border_[member]; row < border_[member + 1]; ++row) {
      if (row % 1024 == 0 && Interrupt::requested()) return;
      add_row(sums_[member], row);
      sums_[member].take(c_->columns.as<std::int32_t>() + p[row], c_->values.as<double>() + p[row]);
    }
  });
}

double spgemm_error(const CsrMatrix& a, const CsrMatrix& c) {
  double worst = 0;
  for (std::int64_t row = 0; row < a.rows; row += 97) worst = std::max(worst, row_error(a, c, row));
  const auto n = static_cast<std::size_t>(a.rows);
  std::vector<Sum> x(n), once(n), twice(n), direct(n);
  for (std::size_t i = 0; i < n; ++i) x[i].value = random_unit(3, i) - 0.5L;
  for (Sum& s : x) s.size = std::abs(s.value);
  both(a, x, once);
  both(a, once, twice);
  both(c, x, direct);
  for (std::size_t i = 0; i < n; ++i) {
    const auto off = static_cast<double>(std::abs(direct[i].value - twice[i].value));
    worst = std::max(worst, twice[i].size > 0 ? off / static_cast<double>(twice[i].size) : off);
  }
  return worst;
}

}  // namespace ridgepoint
