// SPDX-License-Identifier: Apache-2.0
#include "model/core/document.h"

#include <algorithm>
#include <array>

#include "model/core/file_io.h"
#include "model/core/rows.h"

namespace ridgepoint {
namespace {

constexpr auto kKinds = std::to_array<std::string_view>({
    "assumptions", "calibration", "claims",  "comparison",     "cost",         "doctor",   "fit",
    "listing",     "machine",     "network", "peers",          "phantom",      "pipeline", "plan",
    "platform",    "prices",      "profile", "recommendation", "runs",         "scenario", "study",
    "sweep",       "validation",  "volume",  "workload",       "workload-set",
});
constexpr std::string_view kPrefix = "ridgepoint.";
constexpr auto kWithRows =
    std::to_array<std::string_view>({"comparison", "cost", "doctor", "fit", "machine", "network", "peers",
                                     "profile", "recommendation", "runs"});

}  // namespace

bool carries_tidy_rows(std::string_view kind) {
  return std::ranges::find(kWithRows, kind) != kWithRows.end();
}

Result<std::string> document_text(const Document& document) {
  Json whole = document.body;
  whole["schema"] = std::string(kPrefix) + document.schema;
  whole["schema_version"] = kSchemaVersion;
  return dump_json(whole);
}

Result<Document> parse_document(std::string_view text, const std::string& where) {
  auto json = parse_json(text, where);
  if (!json) return tl::make_unexpected(json.error());
  const auto refuse = [&](const std::string& what, const std::string& why, const std::string& fix) {
    return fail(ErrorKind::bad_input, "'" + where + "' " + what, why, fix);
  };
  if (!json->is_object() || !json->contains("schema") || !(*json)["schema"].is_string())
    return refuse("is JSON but not a ridgepoint document", "it has no \"schema\" key",
                  "give a file written by ridgepoint, or one that follows configs/schemas/");
  const std::string schema = (*json)["schema"].get<std::string>();
  const std::string kind = starts_with(schema, kPrefix) ? schema.substr(kPrefix.size()) : "";
  bool known = false;
  for (const std::string_view k : kKinds) known = known || k == kind;
  if (!known) {
    const std::string near = nearest(kind, kKinds);
    return refuse(
        "has the unknown schema '" + printable(schema.substr(0, 80)) + "'", "",
        near.empty() ? "see configs/schemas/ for the known ones" : "did you mean 'ridgepoint." + near + "'?");
  }
  const auto version = json->find("schema_version");
  if (version == json->end() || !version->is_number_integer() ||
      version->get<std::int64_t>() != kSchemaVersion)
    return refuse("has schema_version " + (version == json->end() ? "(none)" : version->dump().substr(0, 20)),
                  "this program reads version " + std::to_string(kSchemaVersion) + " only",
                  "write the document again with this version of ridgepoint");
  json->erase("schema");
  json->erase("schema_version");
  if (carries_tidy_rows(kind)) json->erase("rows");  // derived from the rest
  return Document{kind, std::move(*json)};
}

Result<Document> parse_document_of(std::string_view text, const std::string& kind, const std::string& where) {
  auto document = parse_document(text, where);
  if (document && document->schema != kind)
    return fail(ErrorKind::bad_input, "'" + where + "' is a " + document->schema + " document",
                "a " + kind + " document is needed here", "give the right file");
  return document;
}

Result<std::string> read_text_file(const std::string& path) { return read_file(path, kMaxJsonBytes); }

}  // namespace ridgepoint
