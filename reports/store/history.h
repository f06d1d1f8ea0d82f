// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/document.h"
#include "reports/store/database.h"

namespace ridgepoint {

/// The version of the tables; a file written by a newer program is refused.
inline constexpr int kStoreVersion = 1;

/// One document of the history.
struct StoredDocument {
  std::int64_t id = 0;
  std::string kind, created, machine, command, added;
  std::int64_t bytes = 0;
};

/// Documents as they were written, and their figures as rows. Each addition is one transaction: after a crash
/// a document is there whole or not at all, and one whose addition was answered is there.
class History {
 public:
  static Result<History> open(const std::string& path);

  struct Added {
    std::int64_t id = 0;
    bool is_new = false;  ///< false: the same bytes were there already
  };
  Result<Added> add(const std::string& text, const std::string& where, const std::string& now);
  Result<std::vector<StoredDocument>> list(const std::string& kind);
  /// The bytes as they were added. `id` is a number or "latest".
  Result<std::string> text(const std::string& id);
  Result<void> remove(const std::string& id);

 private:
  explicit History(Database database) : database_(std::move(database)) {}
  Result<void> prepare(const std::string& path);
  Result<std::int64_t> find(const std::string& id);
  Result<void> add_rows(std::int64_t id, const Document& document);

  Database database_;
};

/// Seconds since 1970 of "2026-01-02T03:04:05Z" or of a date or month; nothing for anything else.
std::optional<std::int64_t> unix_time(const std::string& utc);

}  // namespace ridgepoint
