// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace ridgepoint::test {

/// The machines as trees (the build writes them with tests/hosts/expand.py), and the folders they come from.
inline const std::string kHosts = RIDGEPOINT_HOSTS;
inline const std::string kHostSources = std::string(RIDGEPOINT_SOURCE_DIR) + "/tests/hosts";

/// Names of the machines, sorted.
inline std::vector<std::string> recorded_hosts() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kHosts))
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

}  // namespace ridgepoint::test
