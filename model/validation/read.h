// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/validation/published.h"

namespace ridgepoint {

/// A row as it was read. With `trouble` (one sentence) it cannot be predicted; what could be read is kept.
struct ReadRow {
  PublishedRow row;
  std::string trouble;
};

struct PublishedFile {
  std::string name;
  std::vector<ReadRow> rows;
};

/// A JSON list of rows. Unknown keys are ignored, null is absent, a text of the wrong type that no prediction
/// needs is absent; a row without id, workload_id, platform_id, metric, value or unit, with a number in
/// quotes or with a value that is not positive has `trouble`. What is no list of objects is bad_input.
Result<PublishedFile> parse_published(std::string_view text, const std::string& where);
Result<PublishedFile> read_published(const std::string& path);

/// "2021-04 (MLPerf Inference v1.0)" -> 2021-04, "2026-05-11" -> 2026-05; a bare year or the last year of a
/// range counts as its December. Empty when there is no year in it.
std::string month_of_row(const std::string& date);

/// The words in parentheses ("MLPerf Inference v1.0"), else the first year.
std::string round_of_row(const std::string& date);

/// "analytics/clickbench" -> "analytics".
std::string family_of_row(const PublishedRow& row);

/// Devices of the whole system: stated, or per node times nodes, or one.
double devices_of_row(const PublishedRow& row);

}  // namespace ridgepoint
