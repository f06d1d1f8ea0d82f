// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "reports/rows.h"

namespace ridgepoint::report {

/// The input of github-action-benchmark's custom tools: those figures that improve the given way, each name
/// once. A file is for one tool, and a tool knows one way.
Result<std::string> benchmark_list(const Document& document, Better better);

}  // namespace ridgepoint::report
