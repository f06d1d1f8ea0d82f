// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/validation/published.h"

namespace ridgepoint {

/// A predicted row as something to choose from.
struct Contender {
  std::string group;  ///< only contenders of one group are compared
  std::string platform_id;
  double devices = 1;
  double measured_s = 0, predicted_s = 0;
  std::optional<double> usd_per_hour;  ///< of one device in the row's month
};

/// The group of a row: workload, metric, unit, `per`, kind of scenario, and for analytics the software.
std::string group_of_row(const PublishedRow& row);

/// What of a scenario two rows must share: "Offline, closed division, global batch 56" -> "offline, closed
/// division"; "20 of 20 cores of ..." -> "all cores"; "hot: minimum of ..." -> "hot".
std::string kind_of_scenario(const std::string& scenario);

/// "Apache Spark 3.5.3" -> "spark".
std::string class_of_software(const std::string& software);

struct Ordering {
  RankScore score;
  std::vector<RankedGroup> groups;  ///< in name order
};

/// Contenders of one group, platform and number of devices are averaged in the logarithm first. Pairs of one
/// platform are not compared; a pair predicted as equal counts as wrong. Cost = time x devices x price.
Ordering order_contenders(const std::vector<Contender>& contenders);

}  // namespace ridgepoint
