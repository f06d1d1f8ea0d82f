// SPDX-License-Identifier: Apache-2.0
#include "model/core/stderr_log.h"

#include <unistd.h>

#include <cstdio>

namespace ridgepoint {

StderrLog::StderrLog(bool quiet) : quiet_(quiet), terminal_(::isatty(STDERR_FILENO) != 0) {}

StderrLog::~StderrLog() { clear(); }

void StderrLog::progress(std::string_view what, double fraction) {
  if (quiet_ || !terminal_) return;
  std::fprintf(stderr, "\r\033[K[%3.0f %%] %.*s", fraction * 100, static_cast<int>(what.size()), what.data());
  drawn_ = true;
}

void StderrLog::note(std::string_view line) {
  if (quiet_) return;
  clear();
  std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
}

void StderrLog::clear() {
  if (drawn_) std::fputs("\r\033[K", stderr);
  drawn_ = false;
}

}  // namespace ridgepoint
