// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/core/machine.h"
#include "reports/page.h"

// What the probes measured, a section a subject. A section without figures is empty and left out.

namespace ridgepoint::report {

/// A fact whose key fits a pattern, with the words that stood for the stars: "compute.*.*".
struct Match {
  std::vector<std::string> words;
  const Fact* fact = nullptr;
};

/// The number facts whose dotted keys fit: as many parts, each equal or a '*'. In the order of the keys.
std::vector<Match> matching(const Facts& facts, const std::string& pattern);

Section arithmetic_section(const Facts& facts);
Section bandwidth_section(const Facts& facts);
Section latency_section(const Machine& machine);
Section storage_section(const Facts& facts);
/// Accelerators with a roofline each; the machine's own processors behind OpenCL are labelled and get none.
Section accelerators_section(const Facts& facts);
Section noise_section(const Facts& facts);

}  // namespace ridgepoint::report
