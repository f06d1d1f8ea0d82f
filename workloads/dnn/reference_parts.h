// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "workloads/dnn/reference.h"

namespace ridgepoint {

struct ReferenceParts {
  const net::Graph* graph = nullptr;
  const NetworkValues* values = nullptr;
  ReferenceMode mode;
  int index = 0;
  const net::Operator* op = nullptr;
  Extents output;
  std::vector<const PlainTensor*> inputs;
  bool every_row = false;
};

/// Where a row lies.
struct RowPlace {
  std::int64_t n = 0, c = 0, d = 0, h = 0;
};

inline RowPlace row_place(const Extents& e, std::int64_t row) {
  return {row / (e.c * e.d * e.h), row / (e.d * e.h) % e.c, row / e.h % e.d, row % e.h};
}

/// Convolutions, pools, norms, resizes; nothing for another operator.
std::unique_ptr<OperatorReference> sums_over_places(const ReferenceParts& parts);

}  // namespace ridgepoint
