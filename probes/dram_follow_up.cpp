// SPDX-License-Identifier: Apache-2.0
#include "probes/dram_follow_up.h"

#include <algorithm>

#include "model/core/text.h"
#include "probes/measure.h"

namespace ridgepoint {
namespace {

const char* const kStem = "memory.dram.bandwidth.";
constexpr double kFull = 0.85;

}  // namespace

void add_bus_bytes(const std::vector<StreamKernel>& kernels, ProbeOutcome& outcome) {
  const Facts measured = outcome.facts;
  for (const StreamKernel& kernel : kernels) {
    const std::string stem = kStem + kernel.name + ".cached.";
    for (const auto& [key, fact] : measured)
      if (starts_with(key, stem))
        outcome.facts[stem + "bus." + key.substr(stem.size())] =
            scaled_fact(fact, kernel.bus_bytes_per_element() / kernel.bytes_per_element(), "byte/s",
                        fact.source + ", with the write-allocate reads");
  }
}

void add_saturation(const std::vector<StreamKernel>& kernels, const std::vector<int>& counts,
                    ProbeOutcome& outcome) {
  for (const StreamKernel& kernel : kernels) {
    const auto rate = [&](int n) {
      return number(outcome.facts, kStem + kernel.name + "." + std::to_string(n) + "t");
    };
    const auto one = rate(1), all = rate(counts.back());
    if (counts.back() < 2 || !one || !all || *one <= 0 || *all > kFull * counts.back() * *one) continue;
    double most = *all;
    for (const int n : counts) most = std::max(most, rate(n).value_or(0));
    const Fact& base = outcome.facts.at(kStem + kernel.name + ".1t");
    Fact n_s = measured(most / *one, "1", "probe dram_bandwidth: highest rate over the rate of one thread");
    n_s.basis = Basis::derived;
    n_s.n = base.n;
    outcome.facts[kStem + kernel.name + ".saturation"] = std::move(n_s);
  }
}

}  // namespace ridgepoint
