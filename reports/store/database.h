// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/core/result.h"

struct sqlite3;

namespace ridgepoint {

/// A value of a column: absent, whole number, number, text.
using DatabaseValue = std::variant<std::monostate, std::int64_t, double, std::string>;
using DatabaseRow = std::vector<DatabaseValue>;

/// A SQLite file. Values always travel as parameters, never inside the statement.
class Database {
 public:
  /// Opens or creates. Waits up to ten seconds for another process that writes.
  static Result<Database> open(const std::string& path);

  /// One statement with its parameters; the rows it gives.
  Result<std::vector<DatabaseRow>> ask(const std::string& statement,
                                       const std::vector<DatabaseValue>& values = {});
  std::int64_t last_id() const;
  std::int64_t changes() const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  Database(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}
  tl::unexpected<Error> trouble(const std::string& doing) const;

  std::unique_ptr<sqlite3, Close> handle_;
  std::string path_;
};

/// All or nothing: rolls back unless committed.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_(other.database_) { other.database_ = nullptr; }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<void> commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace ridgepoint
