// SPDX-License-Identifier: Apache-2.0
// Our analytics kernels beside DuckDB (in memory, not compressed) and SQLite on the same rows; see
// scripts/peers. The library of DuckDB is named by RIDGEPOINT_DUCKDB.
#include <sqlite3.h>

#include <cstdlib>

#include "model/core/team.h"
#include "tests/peers/duckdb.h"
#include "tests/peers/record.h"
#include "workloads/analytics/group_by.h"
#include "workloads/analytics/hash_join.h"
#include "workloads/analytics/q1_table.h"
#include "workloads/analytics/q6_table.h"
#include "workloads/roofs.h"

namespace ridgepoint::peers {
namespace {

using Type = DuckDb::Type;
constexpr const char* kParts = "q6-wide q6-narrow q6-packed q1 group-by hash-join sqlite";

/// What all comparisons share.
struct Bench {
  const Options& options;
  Record& record;
  DuckDb* duck = nullptr;  ///< null where there is none
  std::string why_no_duck = {};

  std::size_t size(double n) const { return static_cast<std::size_t>(n * options.scale); }
};

std::vector<int> cpus_for(int threads) {
  const std::vector<int> all = allowed_cpus();
  std::vector<int> cpus;
  for (int i = 0; i < threads; ++i) cpus.push_back(all[static_cast<std::size_t>(i) % all.size()]);
  return cpus;
}

std::string first(DuckDb& duck, const std::string& sql, const std::string& between = " ") {
  const auto row = duck.run(sql);
  if (!row) return row.error().what + ": " + row.error().why;
  std::string text;
  for (const std::string& word : *row) text += (text.empty() ? "" : between) + word;
  return text;
}

/// Rows go into a fresh table, so that each comparison has the memory for itself.
std::string load(DuckDb& duck, const std::string& table, const std::string& columns,
                 const std::vector<DuckDb::Column>& data, std::size_t rows) {
  if (auto made = duck.run("CREATE OR REPLACE TABLE " + table + " (" + columns + ")"); !made)
    return made.error().why;
  const auto put = duck.append(table, data, rows);
  return put ? "" : put.error().what;
}

/// Runs the match with DuckDB's answer checked first.
void against_duck(Bench& b, Match match, const std::string& sql, const std::string& ours,
                  const std::string& touches) {
  if (b.duck == nullptr) {
    match.answer = ours + ", checked against our reference; no peer: " + b.why_no_duck;
    b.record.add(interleave(std::move(match), b.options.rounds));
    return;
  }
  first(*b.duck, "SET threads = " + std::to_string(match.threads));
  const std::string theirs = first(*b.duck, sql);
  if (theirs != ours) {
    b.record.skip(match.subject, "the answers differ: ours '" + ours + "', DuckDB's '" + theirs + "'");
    return;
  }
  match.answer = "equal (" + ours + ")";
  match.contestants.push_back(
      {.name = "DuckDB", .body = [&b, sql] { first(*b.duck, sql); }, .touches = touches});
  b.record.add(interleave(std::move(match), b.options.rounds));
}

void q6(Bench& b, const std::string& kernel, const Q6Form& form, const std::string& columns,
        const std::vector<Type>& types, double n) {
  const std::size_t rows = b.size(n);
  const std::string sql =
      "SELECT sum(price * discount)::VARCHAR FROM q6 WHERE date >= 8766 AND date < 9131 AND discount BETWEEN "
      "5 AND 7 "
      "AND quantity < 24";
  bool loaded = false;
  for (const int threads : b.options.threads) {
    const std::string subject = "Q6 " + form.name + ", " + std::to_string(rows) + " rows";
    const auto table = Q6Table::make(form, rows, 1, cpus_for(threads));
    if (!table) return b.record.skip(subject, table.error().what);
    if ((*table)->sum() != (*table)->reference()) return b.record.skip(subject, "our sum is wrong");
    Match m{.kernel = kernel,
            .subject = subject,
            .threads = threads,
            .items = static_cast<double>(rows),
            .item = "row",
            .answer = ""};
    m.roof = (*table)->roof();
    m.contestants = {{.name = "ours",
                      .body = [t = *table] { t->sum(); },
                      .touches = "all columns, " + show_number(form.row_byte()) + " B a row",
                      .quantity = (*table)->bytes()}};
    if (types.empty()) {
      m.answer = "checked against our reference; no peer stores its columns so";
      b.record.add(interleave(std::move(m), b.options.rounds));
      continue;
    }
    if (b.duck != nullptr && !loaded) {
      std::vector<DuckDb::Column> data;
      for (std::size_t i = 0; i < types.size(); ++i)
        data.push_back(
            {types[i], (*table)->columns()[i].as<char>(), static_cast<std::size_t>(form.column_byte[i])});
      if (const auto trouble = load(*b.duck, "q6", columns, data, rows); !trouble.empty())
        return b.record.skip(subject, trouble);
      loaded = true;
    }
    against_duck(b, std::move(m), sql, std::to_string((*table)->sum()),
                 "the same columns and types, at most " + show_number(form.row_byte()) +
                     " B a row; it may skip prices of rows that fail");
  }
  if (loaded) first(*b.duck, "DROP TABLE q6");
}

std::string decimal(Int128 v) {
  std::string text;
  for (; v > 0 || text.empty(); v /= 10)
    text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(v % 10)));
  return text;
}

void q1(Bench& b) {
  const std::size_t rows = b.size(60e6);
  const std::string subject = "Q1, " + std::to_string(rows) + " rows";
  const std::string inner =
      "SELECT flag, status, count(*) n, sum(quantity) q, sum(price) p, sum(price * (100 - discount)) d, "
      "sum(price * (100 - "
      "discount) * (100 + tax)) c, avg(quantity) aq, avg(price) ap, avg(discount) ad, sum(discount) sd FROM "
      "q1 WHERE date <= 10471 GROUP BY "
      "flag, status";
  const std::string sql =
      "SELECT string_agg(concat_ws(' ', flag, status, n, q, p, sd, d, c), ' ' ORDER BY flag, status) FROM (" +
      inner + ")";
  bool loaded = false;
  for (const int threads : b.options.threads) {
    const auto table = Q1Table::make(rows, 1, cpus_for(threads));
    if (!table) return b.record.skip(subject, table.error().what);
    const Q1Groups groups = (*table)->groups();
    if (groups != (*table)->reference()) return b.record.skip(subject, "our sums are wrong");
    std::string ours;
    for (std::size_t g = 0; g < groups.size(); ++g)
      if (groups[g].count != 0)
        ours += (ours.empty() ? "" : " ") + std::to_string(g / 2) + " " + std::to_string(g % 2) + " " +
                std::to_string(groups[g].count) + " " + std::to_string(groups[g].quantity) + " " +
                std::to_string(groups[g].price) + " " + std::to_string(groups[g].discount) + " " +
                decimal(groups[g].discounted) + " " + decimal(groups[g].charge);
    if (b.duck != nullptr && !loaded) {
      const auto& c = (*table)->columns();
      const std::vector<DuckDb::Column> data{
          {Type::integer, c[0].as<char>(), 4},  {Type::utinyint, c[1].as<char>(), 1},
          {Type::utinyint, c[2].as<char>(), 1}, {Type::bigint, c[3].as<char>(), 8},
          {Type::bigint, c[4].as<char>(), 8},   {Type::bigint, c[5].as<char>(), 8},
          {Type::bigint, c[6].as<char>(), 8}};
      const auto trouble = load(
          *b.duck, "q1",
          "date INTEGER, flag UTINYINT, status UTINYINT, quantity BIGINT, price BIGINT, discount BIGINT, "
          "tax BIGINT",
          data, rows);
      if (!trouble.empty()) return b.record.skip(subject, trouble);
      loaded = true;
    }
    Match m{.kernel = "analytics/q1-groupby",
            .subject = subject,
            .threads = threads,
            .items = static_cast<double>(rows),
            .item = "row",
            .answer = ""};
    m.roof = (*table)->roof();
    m.contestants = {{.name = "ours",
                      .body = [t = *table] { t->groups(); },
                      .touches = "all columns, 38 B a row",
                      .quantity = (*table)->bytes()}};
    against_duck(b, std::move(m), sql, ours,
                 "the same columns and types, 38 B a row, and its vectors of intermediate results");
  }
  if (loaded) first(*b.duck, "DROP TABLE q1");
}

void group_by(Bench& b) {
  const std::size_t groups = b.size(1e7), rows = b.size(4e7);
  const std::string subject =
      "group-by, " + std::to_string(rows) + " rows, " + std::to_string(groups) + " groups";
  const std::string sql =
      "SELECT count(*), min(s)::VARCHAR, max(s)::VARCHAR, sum(c * c)::VARCHAR FROM (SELECT key, sum(value) "
      "s, count(*) c FROM g "
      "GROUP BY key)";
  bool loaded = false;
  for (const int threads : b.options.threads) {
    const auto made = GroupBy::make(rows, groups, 1, cpus_for(threads));
    if (!made) return b.record.skip(subject, made.error().what);
    const auto g = *made;
    g->run();
    if (!g->right()) return b.record.skip(subject, "our groups are wrong");
    std::int64_t low = g->begin()->sum, high = low, squares = 0;
    for (std::size_t i = 0; i < g->groups(); ++i) {
      low = std::min(low, g->begin()[i].sum);
      high = std::max(high, g->begin()[i].sum);
      squares += g->begin()[i].count * g->begin()[i].count;
    }
    const KeyColumns c = g->columns();
    if (b.duck != nullptr && !loaded) {
      const auto trouble = load(*b.duck, "g", "key BIGINT, value BIGINT",
                                {{Type::bigint, c.key, 8}, {Type::bigint, c.value, 8}}, rows);
      if (!trouble.empty()) return b.record.skip(subject, trouble);
      loaded = true;
    }
    Match m{.kernel = "analytics/group-by",
            .subject = subject,
            .threads = threads,
            .items = static_cast<double>(rows),
            .item = "row",
            .answer = ""};
    const double moved = g->cost().read_byte + g->cost().written_byte;
    if (auto roof = copy_roof(g->team(), copy_roof_byte(rows), moved)) m.roof = std::move(*roof);
    m.contestants = {
        {.name = "ours",
         .body = [g] { g->run(); },
         .touches = g->partitioned()
                        ? "56 B a row (keys twice, values, partitions written and read), 24 B a group"
                        : "16 B a row, 24 B a group",
         .quantity = moved}};
    against_duck(b, std::move(m), sql,
                 std::to_string(g->groups()) + " " + std::to_string(low) + " " + std::to_string(high) + " " +
                     std::to_string(squares),
                 "the same columns, 16 B a row; its own tables and partitions are not counted");
  }
  if (loaded) first(*b.duck, "DROP TABLE g");
}

void hash_join(Bench& b) {
  const std::size_t build = b.size(16e6), probe = b.size(64e6);
  const std::string sql = "SELECT count(*), sum(b.value + p.value)::VARCHAR FROM p JOIN b ON p.key = b.key";
  const std::string columns = "key BIGINT, value BIGINT";
  bool loaded = false;
  for (const int threads : b.options.threads) {
    const std::string subject = "join, " + std::to_string(build) + " x " + std::to_string(probe) + " rows";
    const auto made = HashJoin::make(build, probe, {}, 1, cpus_for(threads));
    if (!made) return b.record.skip(subject, made.error().what);
    const auto join = *made;
    const JoinAnswer answer = join->run();
    if (answer != join->reference()) return b.record.skip(subject, "our answer is wrong");
    if (b.duck != nullptr && !loaded) {
      const KeyColumns x = join->build(), y = join->probe();
      auto trouble =
          load(*b.duck, "b", columns, {{Type::bigint, x.key, 8}, {Type::bigint, x.value, 8}}, build);
      if (trouble.empty())
        trouble = load(*b.duck, "p", columns, {{Type::bigint, y.key, 8}, {Type::bigint, y.value, 8}}, probe);
      if (!trouble.empty()) return b.record.skip(subject, trouble);
      loaded = true;
    }
    const bool whole = join->way() == JoinWay::whole;
    Match m{.kernel = "analytics/hash-join",
            .subject = subject + (whole ? " (ours: one table)" : " (ours: radix-partitioned)"),
            .threads = threads,
            .items = static_cast<double>(build + probe),
            .item = "row",
            .answer = ""};
    m.roof = join->roof();
    m.contestants = {{.name = "ours",
                      .body = [join] { join->run(); },
                      .touches = whole ? "16 B and a random line of 64 B a row, the table"
                                       : "56 B a row (keys twice, values, partitions written and read)",
                      .quantity = m.roof->quantity}};
    if (const auto other = HashJoin::make(build, probe, whole ? JoinWay::partitioned : JoinWay::whole, 1,
                                          cpus_for(threads))) {
      if ((*other)->run() != answer) return b.record.skip(subject, "our ways give two answers");
      m.contestants.push_back({.name = whole ? "ours, partitioned" : "ours, one table",
                               .body = [o = *other] { o->run(); },
                               .touches = "the way not chosen"});
    }
    against_duck(b, std::move(m), sql, std::to_string(answer.matches) + " " + std::to_string(answer.sum),
                 "the same columns, 16 B a row; its own table is not counted");
  }
}

/// The floor: a row store. One thread, the 28-byte form.
void sqlite(Bench& b) {
  const std::size_t rows = b.size(2e6);
  const std::string subject = "Q6 wide against a row store, " + std::to_string(rows) + " rows";
  const auto made = Q6Table::make(kQ6Wide, rows, 1, cpus_for(1));
  if (!made) return b.record.skip(subject, made.error().what);
  const auto table = *made;
  sqlite3* db = nullptr;
  sqlite3_stmt *put = nullptr, *ask = nullptr;
  const auto exec = [&](const char* sql) {
    return sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
  };
  bool good =
      sqlite3_open(":memory:", &db) == SQLITE_OK &&
      exec("CREATE TABLE q6 (date INTEGER, discount INTEGER, quantity INTEGER, price INTEGER); BEGIN") &&
      sqlite3_prepare_v2(db, "INSERT INTO q6 VALUES (?, ?, ?, ?)", -1, &put, nullptr) == SQLITE_OK;
  const auto& c = table->columns();
  for (std::size_t i = 0; i < rows && good; ++i) {
    sqlite3_bind_int64(put, 1, c[0].as<std::int32_t>()[i]);
    for (int k = 1; k < 4; ++k)
      sqlite3_bind_int64(put, k + 1, c[static_cast<std::size_t>(k)].as<std::int64_t>()[i]);
    good = sqlite3_step(put) == SQLITE_DONE && sqlite3_reset(put) == SQLITE_OK;
  }
  good = good && exec("COMMIT") &&
         sqlite3_prepare_v2(db,
                            "SELECT sum(price * discount) FROM q6 WHERE date >= 8766 AND date < 9131 AND "
                            "discount BETWEEN 5 AND 7 "
                            "AND quantity < 24",
                            -1, &ask, nullptr) == SQLITE_OK;
  const auto answer = [&ask] {
    sqlite3_reset(ask);
    return sqlite3_step(ask) == SQLITE_ROW ? sqlite3_column_int64(ask, 0) : -1;
  };
  if (!good) {
    b.record.skip(subject, sqlite3_errmsg(db));
  } else if (answer() != table->sum()) {
    b.record.skip(subject, "the answers differ");
  } else {
    Match m{.kernel = "analytics/q6-scan",
            .subject = subject,
            .threads = 1,
            .items = static_cast<double>(rows),
            .item = "row",
            .answer = "equal"};
    m.roof = table->roof();
    m.contestants = {{.name = "ours",
                      .body = [table] { table->sum(); },
                      .touches = "all columns, 28 B a row",
                      .quantity = table->bytes()},
                     {.name = "SQLite",
                      .body = [&answer] { answer(); },
                      .touches = "whole rows of its B-tree, some 12 B each"}};
    b.record.add(interleave(std::move(m), b.options.rounds));
  }
  sqlite3_finalize(put);
  sqlite3_finalize(ask);
  sqlite3_close(db);
}

int compare(int argc, char** argv) {
  const Options options = parse_options(argc, argv, kParts);
  Record record("analytics", options);
  Bench b{options, record};
  const char* library = std::getenv("RIDGEPOINT_DUCKDB");
  const char* folder = std::getenv("TMPDIR");
  auto duck =
      DuckDb::open(library == nullptr ? "libduckdb.so" : library, folder == nullptr ? "/var/tmp" : folder);
  if (duck) {
    b.duck = duck->get();
    record.version("DuckDB", b.duck->version());
  } else {
    b.why_no_duck = duck.error().what + ": " + duck.error().why;
    record.skip("DuckDB", b.why_no_duck);
  }
  record.version("SQLite", sqlite3_libversion());
  if (options.wants("q6-wide"))
    q6(b, "analytics/q6-scan", kQ6Wide, "date INTEGER, discount BIGINT, quantity BIGINT, price BIGINT",
       {Type::integer, Type::bigint, Type::bigint, Type::bigint}, 60e6);
  if (options.wants("q6-narrow"))
    q6(b, "analytics/q6-narrow", kQ6Narrow,
       "date USMALLINT, discount UTINYINT, quantity UTINYINT, price UINTEGER",
       {Type::usmallint, Type::utinyint, Type::utinyint, Type::uinteger}, 120e6);
  if (options.wants("q6-packed")) q6(b, "analytics/q6-packed", kQ6PackedForm, "", {}, 120e6);
  if (options.wants("q1")) q1(b);
  if (options.wants("group-by")) group_by(b);
  if (options.wants("hash-join")) hash_join(b);
  if (options.wants("sqlite")) sqlite(b);
  return record.close();
}

}  // namespace
}  // namespace ridgepoint::peers

int main(int argc, char** argv) { return ridgepoint::peers::compare(argc, argv); }
