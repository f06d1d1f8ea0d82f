// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "workloads/sparse/sell.h"
#include "workloads/sparse/spmv_simd.h"

namespace ridgepoint {

/// How a matrix is stored for its products.
struct SpmvPlan {
  std::int64_t sigma = 0;  ///< SELL-C-sigma with rows sorted in windows of so many; 0: CSR
  std::int64_t hot = 0;    ///< columns of which x has a second, compact copy, made anew in every product
  double fill = 1;         ///< SELL entries stored per nonzero
  std::string why;

  std::string name() const;  ///< "CSR", "SELL-8-256, 1024 hot columns"
};

/// From the statistics of the rows (what SELL would fill in) and of the columns (how few of them take most
/// of the entries).
SpmvPlan choose_plan(const CsrMatrix& matrix);

/// CSR, with hot columns where they pay.
SpmvPlan csr_plan();

/// A matrix in the format of its plan with its vectors: y = A x as often as wanted, by one team.
class Spmv {
 public:
  static Result<std::unique_ptr<Spmv>> make(CsrMatrix matrix, const SpmvPlan& plan, Team& team);

  void multiply(Team& team);
  double* x() const { return x_.as<double>() + plan_.hot; }
  double* y() const { return y_.as<double>(); }
  const CsrMatrix& matrix() const { return matrix_; }  ///< as given
  const SpmvPlan& plan() const { return plan_; }

  /// Bytes read of the format and, once, of x and of the hot columns' list; what is written is 8 rows + 8
  /// hot.
  double read_byte() const;
  double written_byte() const;
  /// The memory in the order in which a product reads it.
  std::vector<std::pair<const void*, std::size_t>> areas() const;

 private:
  Spmv(CsrMatrix matrix, SpmvPlan plan, Buffer x, Buffer y)
      : matrix_(std::move(matrix)), plan_(std::move(plan)), x_(std::move(x)), y_(std::move(y)) {}
  std::optional<Error> gather_hot_columns(Team& team);
  const std::int32_t* column() const;
  void refresh(Team& team);
  void multiply_csr(Team& team);

  CsrMatrix matrix_;
  SpmvPlan plan_;
  Buffer x_, y_;
  std::optional<Buffer> hot_,
      renamed_;  ///< int32[hot] columns; int32[nnz] places in x with its copy in front
  std::optional<SellMatrix> sell_;
  std::vector<MergePoint> points_;
  std::vector<double> carry_;
  std::vector<std::int64_t> border_;
};

}  // namespace ridgepoint
