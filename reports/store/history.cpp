// SPDX-License-Identifier: Apache-2.0
#include "reports/store/history.h"

#include <charconv>
#include <ctime>

#include "reports/rows.h"
#include "reports/store/place.h"

namespace ridgepoint {
namespace {

constexpr std::int64_t kApplication = 0x52504831;  // "RPH1"

constexpr const char* kTables[] = {
    "CREATE TABLE document (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, created TEXT NOT NULL,"
    " created_unix INTEGER, machine TEXT NOT NULL, command TEXT NOT NULL, version TEXT NOT NULL,"
    " added TEXT NOT NULL, hash INTEGER NOT NULL, text TEXT NOT NULL) STRICT",
    "CREATE INDEX document_hash ON document (hash)",
    "CREATE TABLE figure (document INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,"
    " time TEXT NOT NULL, time_unix INTEGER, scenario TEXT NOT NULL, site TEXT, platform TEXT NOT NULL,"
    " workload TEXT NOT NULL, metric TEXT NOT NULL, unit TEXT NOT NULL, value REAL NOT NULL, lo REAL, hi "
    "REAL,"
    " basis TEXT NOT NULL) STRICT",
    "CREATE INDEX figure_document ON figure (document)",
    "CREATE INDEX figure_metric ON figure (metric, workload, platform)",
    "CREATE VIEW figures AS SELECT document.kind, document.created, document.created_unix, figure.* FROM "
    "figure"
    " JOIN document ON document.id = figure.document",
};

/// FNV-1a: finds candidates; their bytes are then compared.
std::int64_t hash_of(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325ull;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  return static_cast<std::int64_t>(h);
}

std::string words(const DatabaseValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? "" : *text;
}

std::int64_t whole(const DatabaseValue& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number == nullptr ? 0 : *number;
}

DatabaseValue maybe(const std::optional<double>& value) {
  return value ? DatabaseValue(*value) : DatabaseValue();
}

DatabaseValue moment(const std::string& utc) {
  const auto seconds = unix_time(utc);
  return seconds ? DatabaseValue(*seconds) : DatabaseValue();
}

std::string text_at(const Json& body, const char* outer, const char* inner) {
  const auto it = body.find(outer);
  if (it == body.end()) return "";
  if (*inner == '\0') return it->is_string() ? it->get<std::string>() : "";
  if (!it->is_object() || !it->contains(inner) || !(*it)[inner].is_string()) return "";
  return (*it)[inner].get<std::string>();
}

std::string machine_of(const Json& body) {
  const std::string id = text_at(body, "machine_id", "");
  return id.empty() ? text_at(body, "platform", "id") : id;
}

}  // namespace

std::optional<std::int64_t> unix_time(const std::string& utc) {
  std::string whole_time = utc;
  if (whole_time.size() == 7) whole_time += "-01";
  if (whole_time.size() == 10) whole_time += "T00:00:00Z";
  std::tm parts{};
  const char* end = ::strptime(whole_time.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return static_cast<std::int64_t>(::timegm(&parts));
}

Result<History> History::open(const std::string& path) {
  if (auto ok = prepare_place(path); !ok) return tl::make_unexpected(ok.error());
  auto database = Database::open(path);
  if (!database) return tl::make_unexpected(database.error());
  History history(std::move(*database));
  if (auto ok = history.prepare(path); !ok) return tl::make_unexpected(ok.error());
  return history;
}

Result<void> History::prepare(const std::string& path) {
  for (const char* pragma : {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
                             "PRAGMA foreign_keys = ON", "PRAGMA trusted_schema = OFF"})
    if (auto ok = database_.ask(pragma); !ok) return tl::make_unexpected(ok.error());
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::make_unexpected(transaction.error());
  const auto application = database_.ask("PRAGMA application_id"),
             version = database_.ask("PRAGMA user_version"),
             tables = database_.ask("SELECT count(*) FROM sqlite_schema");
  if (!application || !version || !tables)
    return tl::make_unexpected((!application ? application : !version ? version : tables).error());
  const std::int64_t is = whole(version->front()[0]);
  if (whole(application->front()[0]) == kApplication) {
    if (is <= kStoreVersion) return {};
    return fail(ErrorKind::bad_input, "'" + path + "' has version " + std::to_string(is),
                "this program reads up to version " + std::to_string(kStoreVersion),
                "use the newer ridgepoint that wrote it");
  }
  if (whole(tables->front()[0]) != 0)
    return fail(ErrorKind::bad_input, "'" + path + "' is a database of another program", "",
                "give another file with --store");
  for (const char* statement : kTables)
    if (auto ok = database_.ask(statement); !ok) return tl::make_unexpected(ok.error());
  for (const auto& [name, value] : {std::pair<const char*, std::int64_t>{"application_id", kApplication},
                                    {"user_version", kStoreVersion}})
    if (auto ok = database_.ask(std::string("PRAGMA ") + name + " = " + std::to_string(value)); !ok)
      return tl::make_unexpected(ok.error());
  return transaction->commit();
}

Result<History::Added> History::add(const std::string& text, const std::string& where,
                                    const std::string& now) {
  const auto document = parse_document(text, where);
  if (!document) return tl::make_unexpected(document.error());
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::make_unexpected(transaction.error());
  const auto twin =
      database_.ask("SELECT id FROM document WHERE hash = ? AND text = ?", {hash_of(text), text});
  if (!twin) return tl::make_unexpected(twin.error());
  if (!twin->empty()) return Added{whole(twin->front()[0]), false};
  const std::string created = text_at(document->body, "provenance", "created");
  if (auto ok = database_.ask(
          "INSERT INTO document (kind, created, created_unix, machine, command, version, added, hash, text)"
          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
          {document->schema, created, moment(created), machine_of(document->body),
           text_at(document->body, "provenance", "command"), text_at(document->body, "provenance", "version"),
           now, hash_of(text), text});
      !ok)
    return tl::make_unexpected(ok.error());
  const std::int64_t id = database_.last_id();
  if (auto ok = add_rows(id, *document); !ok) return in_context("'" + where + "'", ok.error());
  if (auto ok = transaction->commit(); !ok) return tl::make_unexpected(ok.error());
  return Added{id, true};
}

Result<void> History::add_rows(std::int64_t id, const Document& document) {
  const auto rows = report::rows_of(document);
  if (!rows) return tl::make_unexpected(rows.error());
  for (const TidyRow& r : *rows) {
    const DatabaseValue site = r.site ? DatabaseValue(*r.site) : DatabaseValue();
    if (auto ok =
            database_.ask("INSERT INTO figure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                          {id, r.time, moment(r.time), r.scenario, site, r.platform, r.workload, r.metric,
                           r.unit, r.value, maybe(r.lo), maybe(r.hi), std::string(name_of(r.basis))});
        !ok)
      return tl::make_unexpected(ok.error());
  }
  return {};
}

Result<std::vector<StoredDocument>> History::list(const std::string& kind) {
  const auto rows = database_.ask(
      "SELECT id, kind, created, machine, command, added, length(CAST(text AS BLOB)) FROM document"
      " WHERE ?1 = '' OR kind = ?1 ORDER BY id",
      {kind});
  if (!rows) return tl::make_unexpected(rows.error());
  std::vector<StoredDocument> out;
  for (const DatabaseRow& r : *rows)
    out.push_back(
        {whole(r[0]), words(r[1]), words(r[2]), words(r[3]), words(r[4]), words(r[5]), whole(r[6])});
  return out;
}

Result<std::int64_t> History::find(const std::string& id) {
  std::int64_t number = 0;
  const char* end = id.data() + id.size();
  const auto read = std::from_chars(id.data(), end, number);
  const bool latest = id == "latest";
  if (!latest && (read.ec != std::errc() || read.ptr != end))
    return fail(ErrorKind::bad_input, "'" + printable(id) + "' is no number of a document", "",
                "see ridgepoint store list, or write latest");
  const auto rows = latest ? database_.ask("SELECT id FROM document ORDER BY id DESC LIMIT 1")
                           : database_.ask("SELECT id FROM document WHERE id = ?", {number});
  if (!rows) return tl::make_unexpected(rows.error());
  if (rows->empty())
    return fail(ErrorKind::bad_input, "the history has no document '" + printable(id) + "'", "",
                "see ridgepoint store list");
  return whole(rows->front()[0]);
}

Result<std::string> History::text(const std::string& id) {
  const auto number = find(id);
  if (!number) return tl::make_unexpected(number.error());
  const auto rows = database_.ask("SELECT text FROM document WHERE id = ?", {*number});
  if (!rows) return tl::make_unexpected(rows.error());
  return words(rows->front()[0]);
}

Result<void> History::remove(const std::string& id) {
  const auto number = find(id);
  if (!number) return tl::make_unexpected(number.error());
  if (auto ok = database_.ask("DELETE FROM document WHERE id = ?", {*number}); !ok)
    return tl::make_unexpected(ok.error());
  return {};
}

}  // namespace ridgepoint
