// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "probes/probe.h"

namespace ridgepoint {

/// One thing to measure again and again.
struct Cell {
  std::string key, unit, source;   ///< as in Samples
  std::function<double()> sample;  ///< takes one sample, in `unit`; finite and not negative
  bool headline = true;
};

/// When is enough enough? The three numbers and the spread decide, never a fixed count.
struct SamplingRule {
  double seconds = 1;   ///< wall time for all cells together; every cell gets min_samples all the same
  int min_samples = 3;  ///< a visit; three visits make nine, which a rank test needs a side
  int max_samples = 60;
  /// A cell rests once the 95 % half-width of its median, 1.57 IQR / sqrt(n) (McGill, Tukey and Larsen 1978),
  /// is this share of the median.
  double target = 0.003;
  std::vector<std::string> only = {};  ///< as ProbeContext::cells
};

/// Is the key asked for? An empty list asks for all; "cache.l1d.*" for every key that begins so.
bool asked_for(const std::string& key, const std::vector<std::string>& patterns);

/// Is some key that begins so asked for? A probe that has none of the cells asked for need not set up.
bool any_asked_for(const std::string& prefix, const ProbeContext& context);

/// The rule for this visit: the context's budget, or one sample at the smoke level; the context's cells.
SamplingRule rule_for(const ProbeContext& context);

/// Samples the cells in turn (A B C A B C ...), one unkept warm-up round first, until all rest or the time is
/// spent, and appends the samples to the outcome. false: the user stopped it; what was taken is appended.
bool sample_cells(const std::vector<Cell>& cells, const SamplingRule& rule, ProbeOutcome& outcome);

}  // namespace ridgepoint
