// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dlfcn.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "model/core/result.h"

namespace ridgepoint::peers {

/// The few functions of DuckDB's C interface that a comparison needs, from a library opened at run time. The
/// declarations are those of its documentation.
class DuckDb {
 public:
  /// `library`: the path of libduckdb.so; `folder`: where it may spill. An in-memory database: not
  /// compressed.
  static Result<std::unique_ptr<DuckDb>> open(const std::string& library, const std::string& folder) {
    std::unique_ptr<DuckDb> db(new DuckDb);
    db->handle_ = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (db->handle_ == nullptr)
      return fail(ErrorKind::unavailable, "cannot open '" + library + "'", ::dlerror(),
                  "scripts/peers analytics");
    if (!db->bind() || db->open_(nullptr, &db->database_) != 0 ||
        db->connect_(db->database_, &db->connection_) != 0)
      return fail(ErrorKind::unavailable, "cannot use '" + library + "'", "another version",
                  "scripts/peers analytics");
    if (auto set = db->run("SET temp_directory = '" + folder + "'"); !set)
      return tl::make_unexpected(set.error());
    return db;
  }
  ~DuckDb() {
    if (connection_ != nullptr) disconnect_(&connection_);
    if (database_ != nullptr) close_(&database_);
  }
  DuckDb(const DuckDb&) = delete;
  DuckDb& operator=(const DuckDb&) = delete;

  std::string version() const { return version_(); }

  /// Values of the first row as text; empty where there is none.
  Result<std::vector<std::string>> run(const std::string& sql) {
    DuckResult r{};
    const int state = query_(connection_, sql.c_str(), &r);
    std::vector<std::string> row;
    const std::string trouble = state == 0 ? "" : error_(&r);
    if (state == 0 && rows_(&r) > 0)
      for (std::uint64_t c = 0; c < columns_(&r); ++c) {
        char* text = value_(&r, c, 0);
        row.emplace_back(text == nullptr ? "" : text);
        free_(text);
      }
    destroy_(&r);
    if (state != 0) return fail(ErrorKind::failed_check, "DuckDB refused '" + sql + "'", trouble, "");
    return row;
  }

  /// Types of columns by DuckDB's numbers.
  enum class Type { utinyint = 6, usmallint = 7, uinteger = 8, integer = 4, bigint = 5 };
  struct Column {
    Type type;
    const void* data;
    std::size_t byte;  ///< a value
  };

  /// Appends `rows` rows to a table, a vector of 2048 values at a time.
  Result<void> append(const std::string& table, const std::vector<Column>& columns, std::size_t rows) {
    void* appender = nullptr;
    if (appender_create_(connection_, nullptr, table.c_str(), &appender) != 0)
      return fail(ErrorKind::failed_check, "DuckDB has no table '" + table + "'", "", "");
    std::vector<void*> types;
    for (const Column& c : columns) types.push_back(create_type_(static_cast<int>(c.type)));
    void* chunk = create_chunk_(types.data(), types.size());
    bool good = true;
    for (std::size_t at = 0; at < rows && good; at += 2048) {
      const std::size_t n = std::min<std::size_t>(2048, rows - at);
      chunk_reset_(chunk);
      for (std::size_t c = 0; c < columns.size(); ++c)
        std::memcpy(vector_data_(chunk_vector_(chunk, c)),
                    static_cast<const char*>(columns[c].data) + at * columns[c].byte, n * columns[c].byte);
      chunk_size_(chunk, n);
      good = append_(appender, chunk) == 0;
    }
    destroy_chunk_(&chunk);
    for (void*& t : types) destroy_type_(&t);
    good = appender_destroy_(&appender) == 0 && good;
    if (!good)
      return fail(ErrorKind::failed_check, "DuckDB did not take the rows of '" + table + "'", "", "");
    return {};
  }

 private:
  struct DuckResult {  // duckdb_result: opaque beyond its size
    std::uint64_t deprecated[5];
    void* internal;
  };

  DuckDb() = default;
  template <class F>
  bool bind(F& f, const char* name) {
    f = reinterpret_cast<F>(::dlsym(handle_, name));
    return f != nullptr;
  }
  bool bind() {
    return bind(open_, "duckdb_open") && bind(close_, "duckdb_close") && bind(connect_, "duckdb_connect") &&
           bind(disconnect_, "duckdb_disconnect") && bind(query_, "duckdb_query") &&
           bind(destroy_, "duckdb_destroy_result") && bind(error_, "duckdb_result_error") &&
           bind(rows_, "duckdb_row_count") && bind(columns_, "duckdb_column_count") &&
           bind(value_, "duckdb_value_varchar") && bind(free_, "duckdb_free") &&
           bind(version_, "duckdb_library_version") && bind(appender_create_, "duckdb_appender_create") &&
           bind(appender_destroy_, "duckdb_appender_destroy") && bind(append_, "duckdb_append_data_chunk") &&
           bind(create_type_, "duckdb_create_logical_type") &&
           bind(destroy_type_, "duckdb_destroy_logical_type") &&
           bind(create_chunk_, "duckdb_create_data_chunk") &&
           bind(destroy_chunk_, "duckdb_destroy_data_chunk") &&
           bind(chunk_reset_, "duckdb_data_chunk_reset") && bind(chunk_size_, "duckdb_data_chunk_set_size") &&
           bind(chunk_vector_, "duckdb_data_chunk_get_vector") &&
           bind(vector_data_, "duckdb_vector_get_data");
  }

  void* handle_ = nullptr;  // never closed: its threads may outlive the database for a moment
  void* database_ = nullptr;
  void* connection_ = nullptr;
  int (*open_)(const char*, void**) = nullptr;
  void (*close_)(void**) = nullptr;
  int (*connect_)(void*, void**) = nullptr;
  void (*disconnect_)(void**) = nullptr;
  int (*query_)(void*, const char*, DuckResult*) = nullptr;
  void (*destroy_)(DuckResult*) = nullptr;
  const char* (*error_)(DuckResult*) = nullptr;
  std::uint64_t (*rows_)(DuckResult*) = nullptr;
  std::uint64_t (*columns_)(DuckResult*) = nullptr;
  char* (*value_)(DuckResult*, std::uint64_t, std::uint64_t) = nullptr;
  void (*free_)(void*) = nullptr;
  const char* (*version_)() = nullptr;
  int (*appender_create_)(void*, const char*, const char*, void**) = nullptr;
  int (*appender_destroy_)(void**) = nullptr;
  int (*append_)(void*, void*) = nullptr;
  void* (*create_type_)(int) = nullptr;
  void (*destroy_type_)(void**) = nullptr;
  void* (*create_chunk_)(void**, std::uint64_t) = nullptr;
  void (*destroy_chunk_)(void**) = nullptr;
  void (*chunk_reset_)(void*) = nullptr;
  void (*chunk_size_)(void*, std::uint64_t) = nullptr;
  void* (*chunk_vector_)(void*, std::uint64_t) = nullptr;
  void* (*vector_data_)(void*) = nullptr;
};

}  // namespace ridgepoint::peers
