// SPDX-License-Identifier: Apache-2.0
#include "reports/store/database.h"

#include <sqlite3.h>

namespace ridgepoint {
namespace {

struct Finalize {
  void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

int bind(sqlite3_stmt* s, int at, const DatabaseValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return sqlite3_bind_int64(s, at, *whole);
  if (const auto* number = std::get_if<double>(&value)) return sqlite3_bind_double(s, at, *number);
  if (const auto* text = std::get_if<std::string>(&value))
    return sqlite3_bind_text64(s, at, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
  return sqlite3_bind_null(s, at);
}

DatabaseValue column(sqlite3_stmt* s, int at) {
  switch (sqlite3_column_type(s, at)) {
    case SQLITE_INTEGER:
      return static_cast<std::int64_t>(sqlite3_column_int64(s, at));
    case SQLITE_FLOAT:
      return sqlite3_column_double(s, at);
    case SQLITE_NULL:
      return std::monostate{};
    default: {
      const auto* text = static_cast<const char*>(sqlite3_column_blob(s, at));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(s, at));
      return text == nullptr ? std::string() : std::string(text, size);
    }
  }
}

DatabaseRow row_of(sqlite3_stmt* s) {
  DatabaseRow row;
  for (int i = 0; i < sqlite3_column_count(s); ++i) row.push_back(column(s, i));
  return row;
}

std::string fix_of(int code) {
  if (code == SQLITE_FULL) return "free some space";
  if (code == SQLITE_BUSY) return "wait until the other ridgepoint has written";
  if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
    return "it is no history of ridgepoint, or a damaged one: give another file with --store";
  return "check the path and its permissions, or give another file with --store";
}

}  // namespace

void Database::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

tl::unexpected<Error> Database::trouble(const std::string& doing) const {
  const int code = sqlite3_errcode(handle_.get());
  return fail(ErrorKind::io, "cannot " + doing + " '" + path_ + "'", sqlite3_errmsg(handle_.get()),
              fix_of(code));
}

Result<Database> Database::open(const std::string& path) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  if (handle == nullptr)
    return fail(ErrorKind::unavailable, "out of memory", "", "free some memory, or ask for less");
  Database database(handle, path);
  if (code != SQLITE_OK) return database.trouble("open");
  sqlite3_busy_timeout(handle, 10000);
  sqlite3_extended_result_codes(handle, 0);
  return database;
}

Result<std::vector<DatabaseRow>> Database::ask(const std::string& statement,
                                               const std::vector<DatabaseValue>& values) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(handle_.get(), statement.data(), static_cast<int>(statement.size()), &raw,
                         nullptr) != SQLITE_OK)
    return trouble("use");
  const Statement s(raw);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (bind(s.get(), static_cast<int>(i) + 1, values[i]) != SQLITE_OK) return trouble("write");
  std::vector<DatabaseRow> rows;
  for (;;) {
    const int code = sqlite3_step(s.get());
    if (code == SQLITE_DONE) return rows;
    if (code != SQLITE_ROW) return trouble("use");
    rows.push_back(row_of(s.get()));
  }
}

std::int64_t Database::last_id() const { return sqlite3_last_insert_rowid(handle_.get()); }
std::int64_t Database::changes() const { return sqlite3_changes(handle_.get()); }

Result<Transaction> Transaction::begin(Database& database) {
  if (auto ok = database.ask("BEGIN IMMEDIATE"); !ok) return tl::make_unexpected(ok.error());
  return Transaction(database);
}

Transaction::~Transaction() {
  if (database_ != nullptr) static_cast<void>(database_->ask("ROLLBACK"));
}

Result<void> Transaction::commit() {
  if (auto ok = database_->ask("COMMIT"); !ok) return tl::make_unexpected(ok.error());
  database_ = nullptr;
  return {};
}

}  // namespace ridgepoint
