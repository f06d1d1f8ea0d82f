// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "model/core/document.h"

namespace ridgepoint::serve {

/// A document of the folder. The name is its path below the folder: asking for any other gives nothing, so no
/// path leaves it.
struct FolderEntry {
  std::string path, kind, created;
  std::uintmax_t bytes = 0;
  std::int64_t changed = 0;  ///< of the file, in its system's clock
};

/// The documents below a folder; other files are passed over. Looks again at most once a second.
class Folder {
 public:
  explicit Folder(std::string root) : root_(std::move(root)) {}

  /// True when something changed since the last look.
  bool look();
  const std::map<std::string, FolderEntry>& entries() const { return entries_; }
  Result<std::string> text(const std::string& name) const;

 private:
  std::string root_;
  std::map<std::string, FolderEntry> entries_;
  std::map<std::string, FolderEntry>
      passed_over_;           ///< files that are no documents, so that they are read once
  std::int64_t looked_ = -1;  ///< second of the last look
};

}  // namespace ridgepoint::serve
