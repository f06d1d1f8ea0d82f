// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/core/machine.h"
#include "reports/page.h"

// The parts of the latency section. A part without figures has no rows, or is not drawable.

namespace ridgepoint::report {

/// The median of each series "<prefix><number>", in the order of the numbers.
Curve curve_of(const Machine& machine, const std::string& name, const std::string& prefix);

/// Caches: as the firmware tells them beside what the latency curve shows.
Table cache_table(const Facts& facts);
/// Random lines, lines under way at once, gathers.
Table random_table(const Facts& facts);
/// Half round trips between processors, from fast to slow in words: a row and a column a processor.
Table core_table(const Machine& machine);
/// Latency over the traffic of the other processors.
CurveChart loaded_chart(const Facts& facts);
/// Latency and bandwidth by pair of NUMA nodes.
Table node_table(const Facts& facts);
/// What address translation reaches and costs.
KeyValues translation_list(const Facts& facts);

}  // namespace ridgepoint::report
