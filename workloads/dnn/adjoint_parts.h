// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "workloads/dnn/adjoint.h"
#include "workloads/dnn/reference_parts.h"

namespace ridgepoint {

/// Where a number lies.
struct GridPoint {
  std::int64_t n = 0, c = 0;
  std::int64_t at[3] = {0, 0, 0};
};

inline GridPoint place_of(const Extents& e, std::int64_t flat) {
  return {flat / (e.c * e.plane()),
          flat / e.plane() % e.c,
          {flat / (e.h * e.w) % e.d, flat / e.w % e.h, flat % e.w}};
}

inline double number(const PlainTensor& t, const GridPoint& p) {
  const Extents& e = t.extents;
  return t.data[index_of((((p.n * e.c + p.c) * e.d + p.at[0]) * e.h + p.at[1]) * e.w + p.at[2])];
}

struct AdjointParts {
  ReferenceParts forward;
  const PlainTensor* gradient = nullptr;  ///< by the output

  const PlainTensor& input(std::size_t k = 0) const { return *forward.inputs[k]; }
  /// Of parameter `k`; nothing when the operator has none.
  const float* numbers(std::size_t k) const {
    const std::vector<int>& list = forward.op->parameters;
    return k < list.size() ? forward.values->parameters[index_of(list[k])].data() : nullptr;
  }
};

/// Convolutions, linear layers, pools; nothing for another operator.
std::unique_ptr<OperatorAdjoint> window_adjoint(const AdjointParts& parts);
/// Norms and resizes; nothing for another operator.
std::unique_ptr<OperatorAdjoint> norm_adjoint(const AdjointParts& parts);

}  // namespace ridgepoint
