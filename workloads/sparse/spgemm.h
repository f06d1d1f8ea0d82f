// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "workloads/sparse/csr.h"

namespace ridgepoint {

/// C = A B row by row (Gustavson 1978). Columns within a row of C stand in the order in which they came.
/// With P = the products, the sum over entries a_ik of the length of row k of B: 2 P flop; 4 P bytes of B
/// read to count the entries of C, 12 P to add them up; 12 nnz(C) + 8 rows written.
///
/// The sums of a row lie in an open hash table twice as large as the row can need, or, where that would be
/// as long as a row of C, in a table with a place for every column.
class Accumulator {
 public:
  explicit Accumulator(std::int64_t cols) : cols_(cols) {}

  /// Empty, for a row of at most `products` columns.
  void begin(std::int64_t products);
  void add(std::int32_t column, double value) {
    std::size_t slot = hashed_ ? (static_cast<std::uint32_t>(column) * 2654435769u) >> shift_
                               : static_cast<std::size_t>(column);
    while (key_[slot] != column) {
      if (key_[slot] < 0) {
        key_[slot] = column;
        value_[slot] = 0;
        used_.push_back(static_cast<std::int32_t>(slot));
        break;
      }
      slot = (slot + 1) & mask_;
    }
    value_[slot] += value;
  }
  std::int64_t size() const { return std::ssize(used_); }
  /// Writes what there is and leaves nothing behind.
  void take(std::int32_t* columns, double* values);

 private:
  std::int64_t cols_;
  bool hashed_ = false;
  int shift_ = 0;
  std::size_t mask_ = 0;
  std::vector<std::int32_t> key_, used_;  ///< key -1: free
  std::vector<double> value_;
};

class Spgemm {
 public:
  /// B = A. The team must outlive it.
  static Result<std::unique_ptr<Spgemm>> square(CsrMatrix a, double memory_limit_byte, Team& team);

  /// Counts the entries of each row of C, then fills them in. C's memory is there already.
  void multiply(Team& team);
  const CsrMatrix& a() const { return a_; }
  const CsrMatrix& c() const { return *c_; }
  std::int64_t products() const { return products_.back(); }

 private:
  Spgemm(CsrMatrix a, int members);
  void count(Team& team, std::int64_t* lengths);
  std::int64_t row_products(std::int64_t row) const {
    return products_[static_cast<std::size_t>(row) + 1] - products_[static_cast<std::size_t>(row)];
  }
  void add_row(Accumulator& sums, std::int64_t row) const;
  void add_columns(Accumulator& sums, std::int64_t row) const;

  CsrMatrix a_;
  std::optional<CsrMatrix> c_;
  std::vector<std::int64_t> products_, border_;  ///< prefix sum over rows; borders of equal products
  std::vector<Accumulator> sums_;
};

/// Error of C against A A: every 97th row by an ordered map, the same columns and values relative to
/// sum |a b|; and all rows at once through C x = A (A x) with random x. Infinite where columns differ.
double spgemm_error(const CsrMatrix& a, const CsrMatrix& c);

}  // namespace ridgepoint
