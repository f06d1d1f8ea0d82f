// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/json.h"

namespace ridgepoint::memory {

/// One published figure against the model. Either a size (`measured`), or a statement that a job fits or does
/// not fit (`says_fits`), or refused.
struct Check {
  std::string id;
  std::string part;   ///< "batch 4", "peak" ...; empty when the row has one figure
  std::string group;  ///< "pytorch-cuda training", "volume buffers": the class it is pooled in
  std::string source;
  double predicted = 0;  ///< byte, or a ratio for `relative`
  bool relative = false;
  std::optional<double> measured;
  std::optional<double> capacity_byte;
  std::optional<bool> says_fits;
  std::string refused;  ///< why there is no prediction; empty when there is one

  bool right() const { return says_fits && capacity_byte && (predicted <= *capacity_byte) == *says_fits; }
};

/// Every figure of a file in the format of configs/published/medical-memory.json. A row whose network,
/// framework or setting is not known is refused with its reason, never guessed.
Result<std::vector<Check>> check_published(const Json& file);

struct Score {
  std::string group;
  std::size_t figures = 0;
  double median_error = 0, worst_error = 0, bias = 0;  ///< |ratio - 1|; bias = median of ratio - 1
  std::size_t under = 0;                               ///< above the safe total
};

/// One a class, then "all". Sizes only.
std::vector<Score> scores(const std::vector<Check>& checks);

}  // namespace ridgepoint::memory
