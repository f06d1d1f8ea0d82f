// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/click_rows.h"

#include <cmath>
#include <utility>
#include <vector>

#include "model/core/random.h"
#include "workloads/sparse/zipf.h"

namespace ridgepoint {
namespace {

constexpr std::uint64_t kPlantedRanks = 32;
constexpr double kIntercept = -1.2;

std::uint64_t field_seed(std::uint64_t seed, std::size_t field) { return random_bits(seed, 1000 + field); }

double planted_number(std::uint64_t seed, std::size_t field) {
  const double u = random_unit(seed + 11, field);
  return field % 2 == 0 ? u - 0.5 : 0;
}

double planted_category(std::uint64_t seed, std::size_t field, std::uint64_t rank) {
  const std::uint64_t bits = random_bits(field_seed(seed + 12, field), rank);
  const double weight = 2 * random_unit(field_seed(seed + 13, field), rank) - 1;
  if (field == 0) return kIntercept + weight;
  return rank < kPlantedRanks && (bits & 1) != 0 ? weight : 0;
}

struct Fields {
  std::vector<ZipfRanks> ranks;
  std::uint64_t seed, mask;
};

Fields fields_of(int bits, double exponent, std::uint64_t seed) {
  Fields out{{}, seed, (std::uint64_t{1} << bits) - 1};
  for (std::size_t f = 0; f < kHashedFields; ++f) {
    const double decade = 1 + 5 * (static_cast<double>(f) + random_unit(seed + 14, f)) / kHashedFields;
    out.ranks.emplace_back(static_cast<std::uint64_t>(std::pow(10, decade)), exponent);
  }
  return out;
}

void fill(const ClickRows& c, const Fields& fields, std::size_t row) {
  auto* const ids = c.ids.as<std::uint32_t>() + row * kRowEntries;
  auto* const values = c.values.as<float>() + row * kNumericFields;
  double logit = 0;
  for (std::size_t f = 0; f < kNumericFields; ++f) {
    const std::uint64_t at = (row * kNumericFields + f) * 3;
    const double x = 2 * (random_unit(fields.seed, at) + random_unit(fields.seed, at + 1) +
                          random_unit(fields.seed, at + 2) - 1.5);
    values[f] = static_cast<float>(x);
    ids[f] = static_cast<std::uint32_t>(field_seed(fields.seed + 15, f) & fields.mask);
    logit += planted_number(fields.seed, f) * x;
  }
  for (std::size_t f = 0; f < kHashedFields; ++f) {
    const std::uint64_t rank = fields.ranks[f](field_seed(fields.seed + 16, f), row);
    ids[kNumericFields + f] =
        static_cast<std::uint32_t>(random_bits(field_seed(fields.seed + 17, f), rank) & fields.mask);
    logit += planted_category(fields.seed, f, rank);
  }
  c.planted.as<float>()[row] = static_cast<float>(logit);
  c.labels.as<std::uint8_t>()[row] = random_unit(fields.seed + 18, row) * (1 + std::exp(-logit)) < 1 ? 1 : 0;
}

}  // namespace

Result<ClickRows> click_rows(std::size_t rows, int bits, double exponent, std::uint64_t seed, Team& team) {
  auto ids = Buffer::make(rows * kRowEntries * 4), values = Buffer::make(rows * kNumericFields * 4),
       labels = Buffer::make(rows), planted = Buffer::make(rows * 4);
  for (const auto* b : {&ids, &values, &labels, &planted})
    if (!*b) return tl::make_unexpected(b->error());
  ClickRows c{rows, bits, std::move(*ids), std::move(*values), std::move(*labels), std::move(*planted)};
  const Fields fields = fields_of(bits, exponent, seed);
  team.run([&](int i) {
    const Share s = share_of(rows, i, team.size(), 1024);
    for (std::size_t row = s.begin; row < s.end; ++row) fill(c, fields, row);
  });
  return c;
}

double log_loss(double logit, bool label) {
  const double towards = label ? logit : -logit;
  return towards > 0 ? std::log1p(std::exp(-towards)) : std::log1p(std::exp(towards)) - towards;
}

double planted_loss(const ClickRows& c, std::size_t begin, std::size_t end) {
  double sum = 0;
  for (std::size_t row = begin; row < end; ++row)
    sum += log_loss(double{c.planted.as<float>()[row]}, c.labels.as<std::uint8_t>()[row] != 0);
  return sum / static_cast<double>(end - begin);
}

}  // namespace ridgepoint
