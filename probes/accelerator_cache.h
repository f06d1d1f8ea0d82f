// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ridgepoint {

/// Drivers keep compiled kernels in the user's home (PoCL, CUDA, Mesa, Intel's). A measurement must leave
/// nothing behind and must not depend on what an earlier one left, so helper processes are pointed at a
/// temporary folder. It lives as long as the process that made it, so that only the first visit compiles, and
/// is removed at its end. kill -9 leaves the folder in the temporary directory.
class AcceleratorCache {
 public:
  /// Made at the first call. Where no folder can be made, the drivers keep to their habits.
  static const AcceleratorCache& of_this_process();

  AcceleratorCache();
  ~AcceleratorCache();
  AcceleratorCache(const AcceleratorCache&) = delete;
  AcceleratorCache& operator=(const AcceleratorCache&) = delete;

  /// Sets the environment of a helper process. Precondition: no other thread runs.
  void enter() const;
  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
};

}  // namespace ridgepoint
