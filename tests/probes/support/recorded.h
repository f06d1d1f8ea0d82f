// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace ridgepoint::test {

inline const std::string kHosts = std::string(RIDGEPOINT_SOURCE_DIR) + "/tests/hosts";

/// Names of the folders below tests/hosts, sorted.
inline std::vector<std::string> recorded_hosts() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kHosts))
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

}  // namespace ridgepoint::test
