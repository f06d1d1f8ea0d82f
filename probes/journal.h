// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "probes/session.h"

namespace ridgepoint {

/// What must agree before an unfinished session may be taken up again.
struct JournalHead {
  std::string version;  ///< of the program
  Level level = Level::quick;
  std::int64_t visits = 1;
  std::string machine;  ///< CPU model and allowed processing units
  std::string options;  ///< what else decides the figures: --memory and --cell
};

/// The finished visits of a session as NDJSON: a head line, then a line a visit, each on disk (fsync) before
/// the next visit starts. kill -9 loses the running visit and nothing else.
class Journal {
 public:
  /// Starts a new file, or with `resume` continues one whose head agrees. Errors: no such file, another
  /// machine, level, number of visits, version or options; not writable. A torn last line is dropped.
  static Result<Journal> open(const std::string& path, const JournalHead& head, bool resume);
  Journal(Journal&& other) noexcept;
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  Journal& operator=(Journal&&) = delete;
  ~Journal();

  /// The visits found when resumed.
  const std::vector<Visit>& done() const { return done_; }
  Result<void> append(const Visit& visit);

 private:
  Journal(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  std::string path_;
  int descriptor_ = -1;
  std::vector<Visit> done_;
};

}  // namespace ridgepoint
