// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/core/document.h"
#include "model/core/rows.h"

// Every document as tidy rows: one figure each, so that a dashboard, a spreadsheet or a tracker needs no
// transformation. The renderers csv, ndjson, prometheus and the like write them.

namespace ridgepoint::report {

/// The figures of any document, in its own order. Kinds without figures (a listing, a workload) give none; a
/// document that does not decode is bad_input.
Result<std::vector<TidyRow>> rows_of(const Document& document);

/// "2017-06" -> "2017-06-01T00:00:00Z"; anything else comes back as it is.
std::string full_time(const std::string& time);

/// Which way a figure improves, by its unit.
enum class Better { lower, higher, neither };
Better better_of(const TidyRow& row);

/// A number as documents write it: shortest that reads back the same.
std::string number_text(double value);

/// "sparse/spmv-csr on x: time (grid=10)": what a figure is, in one line.
std::string row_name(const TidyRow& row);

}  // namespace ridgepoint::report
