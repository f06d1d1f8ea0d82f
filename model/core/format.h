// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "model/core/result.h"

namespace ridgepoint {

/// For people only: three significant digits, prefix chosen, unit attached. Documents hold base units.
/// Capacities use binary prefixes (GiB), rates decimal ones (GB/s), times ns us ms s min h.
std::string show_bytes(double bytes);
std::string show_rate(double per_second, std::string_view unit);  ///< unit "B/s", "FLOP/s", "line/s"
std::string show_seconds(double seconds);
std::string show_usd(double usd);  ///< three significant digits: "$1.23", "$0.000456"
std::string show_joules(double joules);
std::string show_number(double value,
                        int digits = 3);  ///< significant digits, no exponent between 1e-4 and 1e6
std::string show_percent(double ratio);   ///< 0.853 -> "85.3 %"
/// By a fact's unit ("byte", "byte/s", "flop/s", "op/s", "hz", "w", "s", "usd", "usd/h", "1" ...).
std::string show(double value, std::string_view unit);

/// "64GiB", "64 GB", "1.5TB", "4096" -> bytes. GB = 1e9, GiB = 2^30; a bare number is bytes.
Result<double> parse_bytes(std::string_view text);

/// A finite number and nothing else.
Result<double> parse_number(std::string_view text, const std::string& name);

}  // namespace ridgepoint
