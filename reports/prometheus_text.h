// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ridgepoint::report {

using PrometheusLabels = std::vector<std::pair<std::string, std::string>>;

/// "memory.dram.bandwidth.copy", "byte/s" -> "ridgepoint_memory_dram_bandwidth_copy_bytes_per_second".
std::string prometheus_name(std::string_view metric, std::string_view unit);

/// {kind="runs",platform="x"}, escaped; labels without a value are left out, as Prometheus does.
std::string prometheus_labels(const PrometheusLabels& labels);

/// The HELP and TYPE lines.
std::string prometheus_head(const std::string& name, std::string_view help, std::string_view type);

}  // namespace ridgepoint::report
