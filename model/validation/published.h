// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/result.h"
#include "model/core/tier.h"
#include "model/core/validation.h"

namespace ridgepoint {

/// One published, measured result (configs/published/README.md says what each field means). What the source
/// does not state is absent.
struct PublishedRow {
  std::string id, workload_id, workload, phase;
  std::optional<std::string> precision, scenario;
  std::string metric;
  double value = 0;  ///< in `unit`, for what `per` says
  std::string unit, per, platform_id, platform;
  std::optional<double> devices, devices_per_node, nodes, cores;
  std::optional<std::string> memory, host, software;
  std::string date, source;
  bool secondary = false, derived = false;
  std::optional<std::string> notes;
};

/// A predicted value of a row, in the row's unit, with its 10 % to 90 % interval.
struct Predicted {
  double value = 0, lo = 0, hi = 0;
  Tier tier = Tier::assumed;
  std::string kernel_class;  ///< the class that takes most of the time
};

/// Something that predicts rows. A row it knows nothing of is refused (ErrorKind::unavailable) with one
/// sentence why: unknown platform, unknown workload, unknown unit, no roof.
class Predictor {
 public:
  virtual ~Predictor() = default;
  virtual Result<Predicted> predict(const PublishedRow& row) const = 0;
};

}  // namespace ridgepoint
