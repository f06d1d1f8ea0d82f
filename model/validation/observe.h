// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/law/fit.h"
#include "model/validation/published.h"

namespace ridgepoint {

/// What a row's value is in seconds of one device for one unit of work, and back.
struct Measure {
  bool is_rate = false;  ///< larger is faster
  double amount = 1;     ///< value = amount / device_seconds (rate), or amount * device_seconds (time)
  double value(double device_seconds) const {
    return is_rate ? amount / device_seconds : amount * device_seconds;
  }
  double device_seconds(double value) const { return is_rate ? amount / value : value / amount; }
};

/// A row as the law sees it.
struct Observed {
  Observation observation;
  Measure measure;
};

/// Translates rows by platform facts and workload definitions only; never by row id or source.
class RowReader {
 public:
  RowReader(const std::vector<Platform>& platforms, std::vector<Workload> workloads);
  /// Refused (unavailable), in one sentence: platform or workload unknown, unit or metric unknown, number of
  /// devices not stated, a roof the law needs not known.
  Result<Observed> observe(const PublishedRow& row) const;

 private:
  const Workload* find(const PublishedRow& row) const;
  std::map<std::string, Resources> platforms_;
  std::vector<std::string> ids_;  ///< of the platforms
  std::vector<Workload> workloads_;
};

/// The setting that a row's words describe.
Setting setting_of(const PublishedRow& row, const Workload& workload, const Resources& resources);

/// Class of the software that a row names, for its family of workloads; empty: not told apart.
std::string software_class(const PublishedRow& row);

}  // namespace ridgepoint
