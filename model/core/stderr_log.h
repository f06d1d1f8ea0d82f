// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/core/ports.h"

namespace ridgepoint {

/// Progress as one rewritten line on a terminal, nothing elsewhere; notes as lines that stay. `quiet`
/// silences both.
class StderrLog : public Log {
 public:
  explicit StderrLog(bool quiet);
  ~StderrLog() override;
  StderrLog(const StderrLog&) = delete;
  StderrLog& operator=(const StderrLog&) = delete;
  void progress(std::string_view what, double fraction) override;
  void note(std::string_view line) override;

 private:
  void clear();
  bool quiet_, terminal_, drawn_ = false;
};

}  // namespace ridgepoint
