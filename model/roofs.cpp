// SPDX-License-Identifier: Apache-2.0
#include "model/roofs.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace ridgepoint {
namespace {

// Sustained share of a nominal peak and its spread (standard deviation of the logarithm).
// Bandwidth 0.81: 0.80-0.82 of nameplate is what independent simulators settled on (inference-sim#415 found
// it alone worth 12 points of error; a measured A100 reaches 89 %, simllm#109). Compute 0.77: one factor per
// device fitted on 80 measured points of 8 GPUs lies at 1.20-1.52 (up to 2.1 on cards of 75 W and less), so
// the centre is about 1/1.3 with a between-device spread of 0.2.
constexpr double kSustainedBandwidth = 0.81, kBandwidthSigma = 0.12;
constexpr double kSustainedCompute = 0.77, kComputeSigma = 0.20;
constexpr double kAssumedSigma = 0.30;  // on top, for a figure nobody could source
/// Parts of a dotted key; a last part like "2t" is a thread count.
bool has_thread_suffix(const std::vector<std::string>& parts) {
  const std::string& last = parts.back();
  return last.size() > 1 && last.back() == 't' &&
         std::all_of(last.begin(), last.end() - 1, [](char c) { return c >= '0' && c <= '9'; });
}

/// Units that multiply matrices and do nothing else: of no use to sparse or streaming work.
bool is_matrix_unit(const std::string& word) { return word == "matrix" || word == "amx"; }

/// Written bytes over all bytes of a measured pattern; a pattern that says nothing of its mix ("peak") fits
/// any.
double pattern_write_share(const std::string& pattern, double wanted) {
  if (pattern == "read") return 0;
  if (pattern == "triad" || pattern == "add") return 1.0 / 3;
  if (pattern == "copy" || pattern == "scale") return 0.5;
  if (pattern == "write") return 1;
  return wanted;
}

Roof make_roof(const std::string& key, const Fact& fact, double share, double sigma) {
  Roof roof{key, fact.number(), fact.number(), 0, fact.basis};
  double variance = 0;
  if (fact.basis != Basis::measured) {
    roof.sustained *= share;
    variance += sigma * sigma;
  }
  if (fact.basis == Basis::assumed) variance += kAssumedSigma * kAssumedSigma;
  roof.sigma = std::hypot(std::sqrt(variance), interval_sigma(fact));
  return roof;
}

}  // namespace

double interval_sigma(const Fact& fact) {
  return fact.lo && fact.hi && *fact.lo > 0 ? std::log(*fact.hi / *fact.lo) / (2 * kQuantile90) : 0;
}

std::optional<Roof> compute_roof(const Facts& facts, const std::vector<std::string>& precisions, bool dense) {
  std::optional<Roof> best;
  for (const auto& [key, fact] : facts) {
    const auto parts = split(key, '.');
    if (parts.size() != 3 || parts[0] != "compute" || !fact.is_number() || fact.number() <= 0) continue;
    if (has_thread_suffix(parts) || (is_matrix_unit(parts[2]) && !dense)) continue;
    if (std::ranges::find(precisions, parts[1]) == precisions.end()) continue;
    const Roof roof = make_roof(key, fact, kSustainedCompute, kComputeSigma);
    if (!best || roof.sustained > best->sustained) best = roof;
  }
  return best;
}

double write_share(double read_byte, double written_byte) {
  const double all = read_byte + written_byte;
  return all > 0 ? written_byte / all : 0;
}

std::vector<MemoryTier> memory_tiers(const Facts& facts, double share) {
  std::map<std::string, MemoryTier> tiers;
  std::map<std::string, double> distance;  // of the pattern chosen so far
  for (const auto& [key, fact] : facts) {
    const auto parts = split(key, '.');
    if (parts.size() < 3 || parts[0] != "memory" || !fact.is_number() || fact.number() <= 0) continue;
    if (parts[2] == "capacity" && parts.size() == 3) {
      tiers[parts[1]].capacity_byte = fact.number();
    } else if (parts[2] == "bandwidth" && parts.size() == 4 && !has_thread_suffix(parts)) {
      const Roof roof = make_roof(key, fact, kSustainedBandwidth, kBandwidthSigma);
      auto& best = tiers[parts[1]].bandwidth;
      const double d = std::abs(pattern_write_share(parts[3], share) - share);
      double& chosen = distance.try_emplace(parts[1], 2.0).first->second;
      if (d < chosen || (d == chosen && roof.sustained > best->sustained)) {
        best = roof;
        chosen = d;
      }
    }
  }
  std::vector<MemoryTier> list;
  for (auto& [name, tier] : tiers) {
    tier.name = name;
    list.push_back(std::move(tier));
  }
  return list;
}

}  // namespace ridgepoint
