// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "model/core/buffer.h"
#include "model/core/team.h"
#include "workloads/kernel.h"

namespace ridgepoint {

using Q6Buffers = std::array<Buffer, 4>;  ///< date, discount, quantity, price

/// One way to store the four columns of query 6.
struct Q6Form {
  std::string name;  ///< "wide"
  std::string dtype;
  std::array<double, 4> column_byte;  ///< a row
  double operations;                  ///< a row: comparisons, masks, product and sum, and those of unpacking
  void (*fill)(const Q6Buffers& columns, std::uint64_t seed, std::size_t rows, Share share);
  std::int64_t (*sum)(const Q6Buffers& columns, Share share);
  std::string (*isa)();
  double row_byte() const { return column_byte[0] + column_byte[1] + column_byte[2] + column_byte[3]; }
};

extern const Q6Form kQ6Wide, kQ6Narrow, kQ6PackedForm;

/// The four columns filled and the threads that scan them.
class Q6Table {
 public:
  static Result<std::shared_ptr<Q6Table>> make(const Q6Form& form, std::size_t rows, std::uint64_t seed,
                                               const std::vector<int>& cpus);
  /// sum(price * discount) of 1994, discount 5 to 7 percent, quantity below 24.
  std::int64_t sum();
  /// The same from the rows as they are generated, one by one: knows nothing of the form.
  std::int64_t reference();
  double bytes() const { return form_.row_byte() * static_cast<double>(rows_); }
  const Q6Buffers& columns() const { return columns_; }
  AdjacentRoof roof() const;

 private:
  Q6Table(const Q6Form& form, Q6Buffers columns, std::size_t rows, std::uint64_t seed,
          const std::vector<int>& cpus);
  std::int64_t total(const std::function<std::int64_t(Share)>& part);

  const Q6Form& form_;
  Q6Buffers columns_;
  std::size_t rows_;
  std::uint64_t seed_;
  std::shared_ptr<Team> team_;
  std::vector<std::int64_t> partial_;  // one cache line a thread
};

/// Shape: rows.
Result<Prepared> prepare_q6(const Q6Form& form, const KernelRequest& request);

}  // namespace ridgepoint
