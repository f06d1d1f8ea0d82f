// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include "workloads/volume/pipeline.h"

namespace ridgepoint {
namespace {

/// A line "VmHWM:     1234 kB" of /proc/self/status.
std::optional<double> line_of(const std::string& key) {
  std::ifstream file("/proc/self/status");
  for (std::string word; file >> word;) {
    double kib = 0;
    if (word == key && file >> kib) return kib * 1024;
  }
  return std::nullopt;
}

}  // namespace

std::optional<double> resident_peak() { return line_of("VmHWM:"); }
std::optional<double> resident_now() { return line_of("VmRSS:"); }
void reset_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

}  // namespace ridgepoint
