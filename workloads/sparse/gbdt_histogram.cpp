// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/gbdt_histogram.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include "model/core/random.h"
#include "workloads/sparse/gbdt_loops.h"

namespace ridgepoint {
namespace {

constexpr double kUnit = 0x1.0p-15;
constexpr std::size_t kTileRows = 4096;

/// Gradients depend on the halves of six features: trees of depth 6 on them are balanced.
constexpr std::array<double, 6> kPlanted = {8000, 6000, 4500, 3400, 2500, 1900};

void fill(const BinnedRows& d, const BinnedShape& shape, std::uint64_t seed, Share share) {
  for (std::size_t row = share.begin; row < share.end; ++row) {
    double slope = 12000 * (random_unit(seed, row) - 0.5);
    for (std::size_t f = 0; f < d.features; ++f) {
      const double u = random_unit(seed + 1, row * d.features + f), v = shape.skewed ? u * u * u * u : u;
      d.bins.as<std::uint8_t>()[(f / d.block * d.rows + row) * d.block + f % d.block] =
          static_cast<std::uint8_t>(v * kBins);
      if (f < kPlanted.size()) slope += u < 0.5 ? -kPlanted[f] : kPlanted[f];
    }
    const Gradient x{static_cast<std::int16_t>(slope),
                     static_cast<std::uint16_t>(random_bits(seed + 3, row))};
    d.gradients.as<Gradient>()[row] = x;
    d.floats.as<float>()[2 * row] = static_cast<float>(x.g * kUnit);
    d.floats.as<float>()[2 * row + 1] = static_cast<float>(x.h * kUnit);
  }
}

}  // namespace

Result<BinnedRows> binned_rows(const BinnedShape& shape, std::uint64_t seed, Team& team) {
  auto bins = Buffer::make(shape.rows * shape.features), gradients = Buffer::make(shape.rows * 4),
       floats = Buffer::make(shape.rows * 8);
  for (const auto* b : {&bins, &gradients, &floats})
    if (!*b) return tl::make_unexpected(b->error());
  BinnedRows d{.rows = shape.rows,
               .features = shape.features,
               .block = shape.block,
               .bins = std::move(*bins),
               .gradients = std::move(*gradients),
               .floats = std::move(*floats),
               .nodes = {},
               .node_gradients = {},
               .node_floats = {}};
  team.run([&](int i) { fill(d, shape, seed, share_of(d.rows, i, team.size(), 64)); });
  if (shape.nodes > 1) {
    d.nodes.resize(shape.nodes);
    d.node_gradients.resize(shape.nodes);
    d.node_floats.resize(shape.nodes);
    for (std::size_t row = 0; row < d.rows; ++row) {
      const std::size_t node = random_below(seed + 2, row, static_cast<std::uint32_t>(shape.nodes));
      d.nodes[node].push_back(static_cast<std::uint32_t>(row));
      d.node_gradients[node].push_back(d.gradients.as<Gradient>()[row]);
      for (std::size_t k = 0; k < 2; ++k) d.node_floats[node].push_back(d.floats.as<float>()[2 * row + k]);
    }
  }
  return d;
}

HistogramBuilder::HistogramBuilder(std::shared_ptr<Team> team, const BinnedRows& data, HistogramSums sums)
    : team_(std::move(team)),
      data_(&data),
      sums_(sums),
      tables_(static_cast<std::size_t>(team_->size())),
      partial_(std::move(*Buffer::make(1))),
      total_(std::move(*Buffer::make(1))) {
  for (std::size_t node = 0; node < std::max<std::size_t>(data.nodes.size(), 1); ++node) {
    const std::size_t rows = data.nodes.empty() ? data.rows : data.nodes[node].size();
    for (std::size_t block = 0; block < data.features / data.block; ++block)
      for (std::size_t at = 0; at < rows; at += kChunkRows)
        units_.push_back({node, block, at, std::min(at + kChunkRows, rows)});
  }
}

Result<HistogramBuilder> HistogramBuilder::make(std::shared_ptr<Team> team, const BinnedRows& data,
                                                HistogramSums sums) {
  HistogramBuilder b(std::move(team), data, sums);
  const std::size_t nodes = std::max<std::size_t>(data.nodes.size(), 1);
  auto partial = Buffer::make(std::max<std::size_t>(b.units_.size(), 1) * data.block * kBins * 16),
       total = Buffer::make(nodes * data.features * kBins * 16);
  for (const auto* x : {&partial, &total})
    if (!*x) return tl::make_unexpected(x->error());
  b.partial_ = std::move(*partial);
  b.total_ = std::move(*total);
  return b;
}

/// In tiles of rows that stay in the second-level cache while their features are passed over, 8 at a time.
void HistogramBuilder::one_unit(const Unit& u, double* out, std::vector<double>& table) const {
  const BinnedRows& d = *data_;
  const std::size_t cells = d.block * kBins;
  auto* const words = reinterpret_cast<std::uint64_t*>(table.data());
  const bool packed = sums_ == HistogramSums::packed;
  if (packed)
    std::fill_n(words, 2 * cells, std::uint64_t{0});
  else
    std::fill_n(out, 2 * cells, 0.0);
  const Gradient* const gradients =
      d.nodes.empty() ? d.gradients.as<Gradient>() : d.node_gradients[u.node].data();
  const float* const floats = d.nodes.empty() ? d.floats.as<float>() : d.node_floats[u.node].data();
  HistogramRows rows{nullptr, d.block, d.nodes.empty() ? nullptr : d.nodes[u.node].data(), 0, 0, false};
  for (rows.begin = u.begin; rows.begin < u.end; rows.begin = rows.end) {
    rows.end = std::min(rows.begin + kTileRows, u.end);
    for (std::size_t f = 0; f < d.block; f += kPassFeatures) {
      rows.bins = d.bins.as<std::uint8_t>() + u.block * d.rows * d.block + f;
      rows.prefetch = f == 0;
      if (packed)
        add_rows_packed(rows, gradients, words + f * kBins, words + cells + f * kBins);
      else
        add_rows_fp64(rows, floats, out + 2 * f * kBins);
    }
  }
  for (std::size_t c = 0; packed && c < cells; ++c) {
    const std::uint64_t a = words[c], b = words[cells + c];
    const std::int64_t g = (static_cast<std::int64_t>(a) >> 32) + (static_cast<std::int64_t>(b) >> 32);
    const auto h = static_cast<std::int64_t>((a & 0xFFFFFFFF) + (b & 0xFFFFFFFF));
    out[2 * c] = static_cast<double>(g) * kUnit;
    out[2 * c + 1] = static_cast<double>(h) * kUnit;
  }
}

void HistogramBuilder::build() {
  const std::size_t cells = 2 * data_->block * kBins;
  auto* const partial = partial_.as<double>();
  team_->run([&](int i) {
    auto& table = tables_[static_cast<std::size_t>(i)];
    table.resize(cells);  // of this thread's own memory
    for (auto u = static_cast<std::size_t>(i); u < units_.size(); u += tables_.size())
      one_unit(units_[u], partial + u * cells, table);
  });
  // Chunks of a block of a node are neighbours; their sums are added in their order.
  const std::size_t blocks = data_->features / data_->block;
  std::fill_n(total_.as<double>(), total_.bytes() / 8, 0.0);
  for (std::size_t u = 0; u < units_.size(); ++u) {
    double* const to = total_.as<double>() + (units_[u].node * blocks + units_[u].block) * cells;
    const double* const from = partial + u * cells;
    for (std::size_t c = 0; c < cells; ++c) to[c] += from[c];
  }
}

std::vector<GradientSum> HistogramBuilder::sums() const {
  const auto* from = total_.as<double>();
  const std::size_t nodes = std::max<std::size_t>(data_->nodes.size(), 1);
  std::vector<GradientSum> out(nodes * data_->features * kBins);
  for (std::size_t c = 0; c < out.size(); ++c)
    out[c] = {std::llround(from[2 * c] / kUnit), std::llround(from[2 * c + 1] / kUnit)};
  return out;
}

}  // namespace ridgepoint
