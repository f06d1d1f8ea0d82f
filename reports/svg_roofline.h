// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "reports/roofline_chart.h"

namespace ridgepoint::report {

/// The chart as one <svg role="img"> element with <title> and <desc>. Colours come from the page's style
/// sheet through the classes rl-*, so it follows light, dark and print. `id` makes its ids unique in a page.
/// Coordinates have one decimal: same chart, same bytes. Precondition: chart.drawable().
std::string svg_roofline(const RooflineChart& chart, const std::string& id);

}  // namespace ridgepoint::report
