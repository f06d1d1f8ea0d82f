// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "workloads/dnn/onednn_gemm.h"
#include "workloads/sparse/dlrm.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kVectorFloats = kDlrmVectors * kDlrmDim, kSquare = kDlrmVectors * kDlrmVectors;
constexpr std::size_t kAheadRows = 2;  ///< 2 x 26 embedding rows under way

std::array<DenseLayer, 3> layers_of(std::array<std::size_t, 4> sizes, std::size_t at, bool last_relu) {
  std::array<DenseLayer, 3> out{};
  for (std::size_t l = 0; l < 3; ++l) {
    out[l] = {sizes[l], sizes[l + 1], at, l < 2 || last_relu};
    at = out[l].end();
  }
  return out;
}

bool layer_forward(const DenseLayer& l, const float* dense, const float* x, std::size_t n, float* y) {
  for (std::size_t r = 0; r < n; ++r) std::copy_n(dense + l.biases(), l.out, y + r * l.out);
  const bool good =
      multiply({.transposed_b = true, .m = n, .n = l.out, .k = l.in, .beta = 1}, x, dense + l.weights, y);
  if (l.relu)
    for (std::size_t k = 0; k < n * l.out; ++k) y[k] = y[k] > 0 ? y[k] : 0;
  return good;
}

/// `dy` comes back as the gradient before the layer's kink. dx may be null.
bool layer_backward(const DenseLayer& l, const float* dense, const float* x, const float* y, std::size_t n,
                    float* dy, float* gradient, float* dx) {
  if (l.relu)
    for (std::size_t k = 0; k < n * l.out; ++k) dy[k] = y[k] > 0 ? dy[k] : 0;
  std::fill_n(gradient + l.biases(), l.out, 0.0F);
  for (std::size_t r = 0; r < n; ++r)
    for (std::size_t o = 0; o < l.out; ++o) gradient[l.biases() + o] += dy[r * l.out + o];
  bool good = multiply({.transposed_a = true, .m = l.out, .n = l.in, .k = n}, dy, x, gradient + l.weights);
  if (dx != nullptr) good = multiply({.m = n, .n = l.in, .k = l.out}, dy, dense + l.weights, dx) && good;
  return good;
}

const float* row_of(const DlrmModel& m, const DlrmRows& rows, std::size_t row, std::size_t table) {
  const std::size_t id = rows.ids[row * kDlrmTables + table];
  return m.tables.as<float>() + (table * m.table_rows + id) * kDlrmDim;
}

/// vectors[r][1 ..] = the rows' embeddings, those of later rows prefetched.
void gather(const DlrmModel& m, const DlrmRows& rows, std::size_t first, std::size_t n, float* vectors) {
  for (std::size_t r = 0; r < n; ++r)
    for (std::size_t t = 0; t < kDlrmTables; ++t) {
      if (first + r + kAheadRows < rows.rows) {
        const float* const next = row_of(m, rows, first + r + kAheadRows, t);
        for (std::size_t k = 0; k < kDlrmDim; k += 16) __builtin_prefetch(next + k);
      }
      std::copy_n(row_of(m, rows, first + r, t), kDlrmDim, vectors + r * kVectorFloats + (t + 1) * kDlrmDim);
    }
}

}  // namespace

const std::array<DenseLayer, 3>& dlrm_bottom() {
  static const auto layers = layers_of({kDlrmNumbers, 512, 256, kDlrmDim}, 0, true);
  return layers;
}
const std::array<DenseLayer, 3>& dlrm_top() {
  static const auto layers = layers_of({kDlrmTopIn, 512, 256, 1}, dlrm_bottom()[2].end(), false);
  return layers;
}
std::size_t dlrm_parameters() { return dlrm_top()[2].end(); }

DlrmSlice::DlrmSlice(std::size_t n)
    : vectors_(n * kVectorFloats),
      dots_(n * kSquare),
      top_in_(n * kDlrmTopIn),
      d_vectors_(n * kVectorFloats),
      d_dots_(kSquare),
      d_top_in_(n * kDlrmTopIn),
      d_one_(n * 512),
      d_two_(n * 512) {
  for (std::size_t l = 0; l < 3; ++l) {
    bottom_[l].resize(n * dlrm_bottom()[l].out);
    top_[l].resize(n * dlrm_top()[l].out);
  }
}

bool DlrmSlice::forward(const DlrmModel& m, const DlrmRows& rows, std::size_t first, std::size_t n,
                        float* logits) {
  bool good = true;
  const float* x = rows.numbers.data() + first * kDlrmNumbers;
  for (std::size_t l = 0; l < 3; x = bottom_[l++].data())
    good = layer_forward(dlrm_bottom()[l], m.dense.data(), x, n, bottom_[l].data()) && good;
  gather(m, rows, first, n, vectors_.data());
  for (std::size_t r = 0; r < n; ++r) {
    float* const v = vectors_.data() + r * kVectorFloats;
    std::copy_n(bottom_[2].data() + r * kDlrmDim, kDlrmDim, v);
    float* const dots = dots_.data() + r * kSquare;
    good =
        multiply({.transposed_b = true, .m = kDlrmVectors, .n = kDlrmVectors, .k = kDlrmDim}, v, v, dots) &&
        good;
    float* to = std::copy_n(v, kDlrmDim, top_in_.data() + r * kDlrmTopIn);
    for (std::size_t a = 1; a < kDlrmVectors; ++a) to = std::copy_n(dots + a * kDlrmVectors, a, to);
  }
  x = top_in_.data();
  for (std::size_t l = 0; l < 3; x = top_[l++].data())
    good = layer_forward(dlrm_top()[l], m.dense.data(), x, n, top_[l].data()) && good;
  std::copy_n(x, n, logits);
  return good;
}

bool DlrmSlice::backward(const DlrmModel& m, const DlrmRows& rows, std::size_t first, std::size_t n,
                         double of, float* dense, float* embeddings) {
  bool good = true;
  const float* const weights = m.dense.data();
  for (std::size_t r = 0; r < n; ++r) {
    const double p = 1 / (1 + std::exp(-double{top_[2][r]}));
    d_one_[r] = static_cast<float>((p - rows.label[first + r]) / of);
  }
  const auto& top = dlrm_top();
  good = layer_backward(top[2], weights, top_[1].data(), top_[2].data(), n, d_one_.data(), dense,
                        d_two_.data()) &&
         good;
  good = layer_backward(top[1], weights, top_[0].data(), top_[1].data(), n, d_two_.data(), dense,
                        d_one_.data()) &&
         good;
  good = layer_backward(top[0], weights, top_in_.data(), top_[0].data(), n, d_one_.data(), dense,
                        d_top_in_.data()) &&
         good;
  for (std::size_t r = 0; r < n; ++r) {
    const float* from = d_top_in_.data() + r * kDlrmTopIn + kDlrmDim;
    for (std::size_t a = 0; a < kDlrmVectors; ++a) {
      d_dots_[a * kDlrmVectors + a] = 0;
      for (std::size_t b = 0; b < a; ++b)
        d_dots_[a * kDlrmVectors + b] = d_dots_[b * kDlrmVectors + a] = *from++;
    }
    const float* const v = vectors_.data() + r * kVectorFloats;
    float* const d = d_vectors_.data() + r * kVectorFloats;
    good = multiply({.m = kDlrmVectors, .n = kDlrmDim, .k = kDlrmVectors}, d_dots_.data(), v, d) && good;
    for (std::size_t k = 0; k < kDlrmDim; ++k)
      d_one_[r * kDlrmDim + k] = d[k] + d_top_in_[r * kDlrmTopIn + k];
    std::copy_n(d + kDlrmDim, kDlrmTables * kDlrmDim, embeddings + r * kDlrmTables * kDlrmDim);
  }
  const auto& bottom = dlrm_bottom();
  good = layer_backward(bottom[2], weights, bottom_[1].data(), bottom_[2].data(), n, d_one_.data(), dense,
                        d_two_.data()) &&
         good;
  good = layer_backward(bottom[1], weights, bottom_[0].data(), bottom_[1].data(), n, d_two_.data(), dense,
                        d_one_.data()) &&
         good;
  const float* const numbers = rows.numbers.data() + first * kDlrmNumbers;
  return layer_backward(bottom[0], weights, numbers, bottom_[0].data(), n, d_one_.data(), dense, nullptr) &&
         good;
}

}  // namespace ridgepoint
