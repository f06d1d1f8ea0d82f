// SPDX-License-Identifier: Apache-2.0
#include "model/law/combine.h"

#include <cmath>

#include "model/core/contract.h"

namespace ridgepoint {
namespace {

constexpr double kOverlap = 2;  // exponent of the norm; infinity would be the roofline, 1 no overlap at all

}  // namespace

CombinedTime combine(const std::vector<StageTerms>& stages,
                     const std::vector<std::vector<double>>& log_terms) {
  CombinedTime out;
  double total = 0;
  for (std::size_t s = 0; s < stages.size(); ++s) {
    double powers = 0;
    for (std::size_t t = 0; t < stages[s].terms.size(); ++t)
      if (overlaps(stages[s].terms[t].kind)) powers += std::exp(kOverlap * log_terms[s][t]);
    const double together = std::pow(powers, 1 / kOverlap);
    total += together;
    std::vector<double>& share = out.share.emplace_back();
    for (std::size_t t = 0; t < stages[s].terms.size(); ++t) {
      const bool overlapped = overlaps(stages[s].terms[t].kind);
      const double alone = std::exp(log_terms[s][t]);
      if (!overlapped) total += alone;
      share.push_back(overlapped ? together * std::exp(kOverlap * log_terms[s][t]) / powers : alone);
    }
  }
  RIDGEPOINT_EXPECT(total > 0);
  for (auto& stage : out.share)
    for (double& s : stage) s /= total;
  out.log_seconds = std::log(total);
  return out;
}

}  // namespace ridgepoint
