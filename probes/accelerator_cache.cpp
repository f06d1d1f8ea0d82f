// SPDX-License-Identifier: Apache-2.0
#include "probes/accelerator_cache.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace ridgepoint {

const AcceleratorCache& AcceleratorCache::of_this_process() {
  static const AcceleratorCache cache;
  return cache;
}

AcceleratorCache::AcceleratorCache() {
  std::error_code trouble;
  const auto base = std::filesystem::temp_directory_path(trouble);
  if (trouble) return;
  std::string name = (base / "ridgepoint-kernels-XXXXXX").string();
  if (::mkdtemp(name.data()) != nullptr) folder_ = name;
}

AcceleratorCache::~AcceleratorCache() {
  if (folder_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void AcceleratorCache::enter() const {
  if (folder_.empty()) return;
  for (const char* name : {"POCL_CACHE_DIR", "CUDA_CACHE_PATH", "XDG_CACHE_HOME", "NEO_CACHE_DIR",
                           "MESA_SHADER_CACHE_DIR", "AMD_COMGR_CACHE_DIR", "TMPDIR"})
    ::setenv(name, folder_.c_str(), 1);
}

}  // namespace ridgepoint
