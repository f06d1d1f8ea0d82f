// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/dlrm.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <utility>

#include "model/core/random.h"
#include "workloads/dnn/onednn_gemm.h"
#include "workloads/sparse/zipf.h"

namespace ridgepoint {
namespace {

constexpr float kRate = 0.05F;

float uniform(std::uint64_t seed, std::uint64_t index, double size) {
  return static_cast<float>((2 * random_unit(seed, index) - 1) * size);
}

}  // namespace

Result<DlrmModel> dlrm_model(std::size_t table_rows, std::uint64_t seed, Team& team) {
  auto tables = Buffer::make(kDlrmTables * table_rows * kDlrmDim * sizeof(float));
  if (!tables) return tl::make_unexpected(tables.error());
  DlrmModel m{table_rows, std::vector<float>(dlrm_parameters()), std::move(*tables)};
  for (const auto* net : {&dlrm_bottom(), &dlrm_top()})
    for (const DenseLayer& l : *net)
      for (std::size_t k = l.weights; k < l.end(); ++k)
        m.dense[k] =
            uniform(seed + 31, k, k < l.biases() ? std::sqrt(6.0 / static_cast<double>(l.in)) : 0.01);
  team.run([&](int i) {
    const Share s = share_of(kDlrmTables * table_rows * kDlrmDim, i, team.size(), 4096);
    for (std::size_t k = s.begin; k < s.end; ++k) m.tables.as<float>()[k] = uniform(seed + 32, k, 0.25);
  });
  return m;
}

DlrmRows dlrm_rows(std::size_t rows, std::size_t table_rows, double zipf, std::uint64_t seed) {
  DlrmRows d{rows, {}, {}, {}};
  const ZipfRanks ranks(table_rows, zipf);
  const ScatteredIds scatter(table_rows, seed);
  for (std::size_t r = 0; r < rows; ++r) {
    double sum = 0;
    for (std::size_t f = 0; f < kDlrmNumbers; ++f) {
      d.numbers.push_back(uniform(seed + 33, r * kDlrmNumbers + f, 1.7));
      sum += double{d.numbers.back()};
    }
    for (std::size_t t = 0; t < kDlrmTables; ++t)
      d.ids.push_back(static_cast<std::uint32_t>(scatter(ranks(seed + 40 + t, r))));
    d.label.push_back(random_unit(seed + 34, r) * (1 + std::exp(-sum)) < 1 ? 1 : 0);
  }
  return d;
}

Dlrm::Dlrm(std::shared_ptr<Team> team, DlrmModel model, DlrmRows rows, std::size_t batch)
    : team_(std::move(team)),
      model_(std::move(model)),
      rows_(std::move(rows)),
      batch_(batch),
      slices_((batch + kDlrmSliceRows - 1) / kDlrmSliceRows) {}

Result<Dlrm> Dlrm::make(std::shared_ptr<Team> team, DlrmModel model, DlrmRows rows, std::size_t batch) {
  if (const auto ready = gemm_ready(); !ready) return tl::make_unexpected(ready.error());
  Dlrm d(std::move(team), std::move(model), std::move(rows), batch);
  d.own_.resize(static_cast<std::size_t>(d.team_->size()), DlrmSlice(std::min(batch, kDlrmSliceRows)));
  d.dense_.resize(d.slices_, std::vector<float>(dlrm_parameters()));
  d.embeddings_.resize(batch * kDlrmTables * kDlrmDim);
  d.logits_.resize(batch);
  return d;
}

std::size_t Dlrm::next_batch() {
  if (cursor_ + batch_ > rows_.rows) cursor_ = 0;
  cursor_ += batch_;
  return cursor_ - batch_;
}

bool Dlrm::score() {
  const std::size_t first = next_batch();
  std::atomic<bool> good{true};
  team_->run([&](int i) {
    for (auto s = static_cast<std::size_t>(i); s < slices_; s += own_.size()) {
      const std::size_t at = s * kDlrmSliceRows, n = std::min(kDlrmSliceRows, batch_ - at);
      if (!own_[static_cast<std::size_t>(i)].forward(model_, rows_, first + at, n, logits_.data() + at))
        good = false;
    }
  });
  return good;
}

bool Dlrm::train() {
  const std::size_t first = next_batch();
  std::atomic<bool> good{true};
  team_->run([&](int i) {
    DlrmSlice& own = own_[static_cast<std::size_t>(i)];
    for (auto s = static_cast<std::size_t>(i); s < slices_; s += own_.size()) {
      const std::size_t at = s * kDlrmSliceRows, n = std::min(kDlrmSliceRows, batch_ - at);
      if (!own.forward(model_, rows_, first + at, n, logits_.data() + at) ||
          !own.backward(model_, rows_, first + at, n, static_cast<double>(batch_), dense_[s].data(),
                        embeddings_.data() + at * kDlrmTables * kDlrmDim))
        good = false;
    }
  });
  step(first);
  return good;
}

void Dlrm::step(std::size_t first) {
  team_->run([&](int i) {
    const Share s = share_of(model_.dense.size(), i, team_->size(), 64);
    for (const auto& slice : dense_)
      for (std::size_t k = s.begin; k < s.end; ++k) model_.dense[k] -= kRate * slice[k];
    // Each member has tables of its own, whose rows are moved in the order of the batch.
    const Share tables = share_of(kDlrmTables, i, team_->size());
    for (std::size_t t = tables.begin; t < tables.end; ++t)
      for (std::size_t r = 0; r < batch_; ++r) {
        const std::size_t id = rows_.ids[(first + r) * kDlrmTables + t];
        float* const row = model_.tables.as<float>() + (t * model_.table_rows + id) * kDlrmDim;
        const float* const d = embeddings_.data() + (r * kDlrmTables + t) * kDlrmDim;
        for (std::size_t k = 0; k < kDlrmDim; ++k) row[k] -= kRate * d[k];
      }
  });
}

}  // namespace ridgepoint
