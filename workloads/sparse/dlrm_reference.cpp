// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "workloads/sparse/dlrm.h"

namespace ridgepoint {
namespace {

using Vector = std::vector<double>;

struct Nudged {
  const DlrmModel& model;
  const DlrmNudge& nudge;
  double dense(std::size_t k) const {
    return double{model.dense[k]} + (!nudge.in_table && nudge.index == k ? nudge.by : 0);
  }
  double table(std::size_t k) const {
    return double{model.tables.as<float>()[k]} + (nudge.in_table && nudge.index == k ? nudge.by : 0);
  }
};

Vector layer(const Nudged& m, const DenseLayer& l, const Vector& x) {
  Vector y(l.out);
  for (std::size_t o = 0; o < l.out; ++o) {
    y[o] = m.dense(l.biases() + o);
    for (std::size_t k = 0; k < l.in; ++k) y[o] += m.dense(l.weights + o * l.in + k) * x[k];
    if (l.relu) y[o] = std::max(y[o], 0.0);
  }
  return y;
}

Vector net(const Nudged& m, const std::array<DenseLayer, 3>& layers, Vector x) {
  for (const DenseLayer& l : layers) x = layer(m, l, x);
  return x;
}

double dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * b[k];
  return sum;
}

double logit(const Nudged& m, const DlrmRows& rows, std::size_t r) {
  const auto* const numbers = rows.numbers.data() + r * kDlrmNumbers;
  std::vector<Vector> vectors = {net(m, dlrm_bottom(), {numbers, numbers + kDlrmNumbers})};
  for (std::size_t t = 0; t < kDlrmTables; ++t) {
    const std::size_t at = (t * m.model.table_rows + rows.ids[r * kDlrmTables + t]) * kDlrmDim;
    vectors.emplace_back(kDlrmDim);
    for (std::size_t k = 0; k < kDlrmDim; ++k) vectors.back()[k] = m.table(at + k);
  }
  Vector top = vectors[0];
  for (std::size_t a = 1; a < kDlrmVectors; ++a)
    for (std::size_t b = 0; b < a; ++b) top.push_back(dot(vectors[a], vectors[b]));
  return net(m, dlrm_top(), std::move(top))[0];
}

}  // namespace

std::vector<double> dlrm_slow_logits(const DlrmModel& model, const DlrmRows& rows, std::size_t n,
                                     const DlrmNudge& nudge) {
  std::vector<double> logits;
  for (std::size_t r = 0; r < n; ++r) logits.push_back(logit({model, nudge}, rows, r));
  return logits;
}

}  // namespace ridgepoint
