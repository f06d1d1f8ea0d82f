// SPDX-License-Identifier: Apache-2.0
// An OpenCL driver that does what RIDGEPOINT_TEST_ICD says as soon as the loader asks it for its platforms.
#include <unistd.h>

#include <cstdlib>
#include <cstring>

extern "C" {

int clIcdGetPlatformIDsKHR(unsigned, void*, unsigned*);
void* clGetExtensionFunctionAddress(const char*);
int clGetPlatformInfo();

int clIcdGetPlatformIDsKHR(unsigned, void*, unsigned*) {
  const char* what = std::getenv("RIDGEPOINT_TEST_ICD");
  if (what != nullptr && std::strcmp(what, "abort") == 0) std::abort();
  if (what != nullptr && std::strcmp(what, "exit") == 0) ::_exit(0);
  while (what != nullptr && std::strcmp(what, "hang") == 0) ::sleep(1000);
  return -1001;  // CL_PLATFORM_NOT_FOUND_KHR
}

int clGetPlatformInfo() { return -30; }

void* clGetExtensionFunctionAddress(const char* name) {
  return std::strcmp(name, "clIcdGetPlatformIDsKHR") == 0 ? reinterpret_cast<void*>(&clIcdGetPlatformIDsKHR)
                                                          : nullptr;
}

}  // extern "C"
