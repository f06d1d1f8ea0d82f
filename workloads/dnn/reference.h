// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "model/core/result.h"
#include "model/core/team.h"
#include "workloads/dnn/network_values.h"

// The definition of every operator in plain loops and double, to hold fast code against. Slow.

namespace ridgepoint {

/// A tensor in plain layout.
struct PlainTensor {
  Extents extents;
  std::vector<double> data;
};

struct ReferenceMode {
  bool training = false;  ///< batch norms take the batch's own statistics, dropout drops
  std::uint64_t seed = 1;
  std::int64_t step = 0;
};

/// One operator whose inputs are known. A row is the last axis at one place of the others.
class OperatorReference {
 public:
  virtual ~OperatorReference() = default;
  /// `out` has one number a column. `size` is what the result's error is relative to: the sum of the absolute
  /// terms of a sum, else the absolute value of the largest number that goes in.
  virtual void row(std::int64_t index, std::vector<double>& out, std::vector<double>& size) const = 0;
  const Extents& extents() const { return extents_; }

 protected:
  explicit OperatorReference(const Extents& extents) : extents_(extents) {}

 private:
  Extents extents_;
};

/// `every_row`: sums that rows share are made once, now, and sizes need not be right. Refuses, by its name,
/// an operator without a rule here.
Result<std::unique_ptr<OperatorReference>> operator_reference(const net::Graph& graph,
                                                              const NetworkValues& values,
                                                              const ReferenceMode& mode, int op,
                                                              std::vector<const PlainTensor*> inputs,
                                                              bool every_row);

/// All tensors of the network, input by input, on the members of `team`.
Result<std::vector<PlainTensor>> reference_run(const net::Graph& graph, const NetworkValues& values,
                                               const ReferenceMode& mode, Team& team);

}  // namespace ridgepoint
