// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
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

inline std::size_t index_of(std::int64_t index) { return static_cast<std::size_t>(index); }

/// A window on three axes; those the network lacks have one place.
struct Window3 {
  std::int64_t kernel[3] = {1, 1, 1}, stride[3] = {1, 1, 1}, dilation[3] = {1, 1, 1}, pad[3] = {0, 0, 0},
               pad_end[3] = {0, 0, 0};
  explicit Window3(const net::Window& w) {
    const std::size_t axes = w.pad_end.size();  // filled by the builder where there is a window
    for (std::size_t i = 0; i < axes; ++i) {
      const std::size_t to = axes <= 3 ? 3 - axes + i : i;
      if (to > 2) break;
      kernel[to] = w.kernel[i];
      stride[to] = w.stride[i];
      dilation[to] = w.dilation[i];
      pad[to] = w.pad[i];
      pad_end[to] = w.pad_end[i];
    }
  }
};

/// The two input places that output place `o` of a resize reads on one axis, and their shares.
struct Blend {
  std::int64_t place[2] = {0, 0};
  double share[2] = {1, 0};
};

inline Blend blend(const net::Operator& op, std::int64_t o, std::int64_t in, std::int64_t out) {
  const double ratio = static_cast<double>(in) / static_cast<double>(out), place = static_cast<double>(o);
  if (!op.linear_interpolation) {
    const auto i = std::min(in - 1, static_cast<std::int64_t>(std::floor(place * ratio)));
    return {{i, i}, {1, 0}};
  }
  double x = (place + 0.5) * ratio - 0.5;
  if (op.grid == net::ResizeGrid::asymmetric) x = place * ratio;
  if (op.grid == net::ResizeGrid::corners)
    x = out == 1 ? 0 : place * static_cast<double>(in - 1) / static_cast<double>(out - 1);
  x = std::clamp(x, 0.0, static_cast<double>(in - 1));
  const auto low = static_cast<std::int64_t>(std::floor(x));
  const double high = x - static_cast<double>(low);
  return {{low, std::min(in - 1, low + 1)}, {1 - high, high}};
}

/// What reads its first input at many places.
class Summed : public OperatorReference {
 protected:
  explicit Summed(const ReferenceParts& p)
      : OperatorReference(p.output), p_(p), x_(*p.inputs[0]), window_(p.op->window) {}
  const float* parameter(std::size_t i) const {
    return i < p_.op->parameters.size() ? p_.values->parameters[index_of(p_.op->parameters[i])].data()
                                        : nullptr;
  }
  const double* line(std::int64_t n, std::int64_t c, std::int64_t d, std::int64_t h) const {
    const Extents& e = x_.extents;
    return x_.data.data() + (((n * e.c + c) * e.d + d) * e.h + h) * e.w;
  }
  static void start(std::vector<double>& out, std::vector<double>& size, const float* bias, std::int64_t c) {
    const double b = bias == nullptr ? 0 : static_cast<double>(bias[c]);
    std::ranges::fill(out, b);
    std::ranges::fill(size, std::abs(b));
  }
  ReferenceParts p_;
  const PlainTensor& x_;
  Window3 window_;
};

/// Convolutions, linear layers, pools; nothing for another operator.
std::unique_ptr<OperatorReference> sums_over_places(const ReferenceParts& parts);
/// Norms and resizes; nothing for another operator.
std::unique_ptr<OperatorReference> norms_and_resizes(const ReferenceParts& parts);

}  // namespace ridgepoint
