// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/core/document.h"
#include "model/core/provenance.h"

namespace ridgepoint {

/// What one document offers for comparison.
struct MeasuredSeries {
  std::string metric, unit;
  std::vector<double> values;
  bool wrong = false;               ///< its answer failed verification
  std::optional<double> roof = {};  ///< median of the rates beside it, in `roof_unit`
  std::string roof_name = {};
};

struct MeasuredSide {
  Provenance provenance;
  std::string machine;
  std::map<std::string, MeasuredSeries> series;    ///< by subject
  std::map<std::string, std::string> environment;  ///< what -> as text
};

/// Of a `runs` or a `machine` document.
Result<MeasuredSide> measured_side(const Document& document);

}  // namespace ridgepoint
