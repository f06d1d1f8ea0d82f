// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

namespace ridgepoint {

/// What was built, how and with what; goes into every document's provenance.
struct BuildInfo {
  std::string version, commit, compiler, flags;
  std::map<std::string, std::string> packages;
  std::string source_configs;  ///< configs/ of the source tree, used when the program is not installed
};

const BuildInfo& build_info();

}  // namespace ridgepoint
