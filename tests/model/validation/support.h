// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/validation/published.h"

namespace ridgepoint::testing_support {

inline PublishedRow published(const std::string& workload, const std::string& platform, double value,
                              const std::string& unit = "s") {
  PublishedRow r;
  r.id = workload + "@" + platform;
  r.workload_id = workload;
  r.platform_id = platform;
  r.metric = unit == "s" ? "time" : "throughput";
  r.value = value;
  r.unit = unit;
  r.per = "system";
  return r;
}

inline Predicted guess(double value, double lo, double hi, const std::string& kernel_class = "scan",
                       Tier tier = Tier::calibrated) {
  return {value, lo, hi, tier, kernel_class};
}

}  // namespace ridgepoint::testing_support
