// SPDX-License-Identifier: Apache-2.0
#include "reports/serve/questions.h"

#include <stdlib.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "model/core/file_io.h"
#include "model/core/listing.h"
#include "reports/renderer.h"

namespace ridgepoint::serve {
namespace {

using Words = std::vector<std::string>;

struct Kind {
  std::string_view path;
  std::string_view command;
  std::vector<std::string_view> parameters;
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> table = {
      {"/api/v1/recommend",
       "recommend",
       {"workload", "objective", "as-of", "basis", "utilisation", "deadline", "slo", "network", "input",
        "precision", "phase"}},
      {"/api/v1/fit",
       "fit",
       {"network", "platform", "input", "batch", "precision", "phase", "optimizer", "as-of"}},
      {"/api/v1/workloads", "workloads", {}},
      {"/api/v1/networks", "network", {}}};
  return table;
}

const Kind* kind_of(const std::string& path) {
  const auto it = std::ranges::find(kinds(), path, &Kind::path);
  return it == kinds().end() ? nullptr : &*it;
}

bool plain(const std::string& value) {
  if (value.empty() || value.size() > 80 || value.front() == '-' || value.front() == '.') return false;
  if (value.find("..") != std::string::npos || value.ends_with(".onnx")) return false;
  return std::ranges::all_of(value, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '/';
  });
}

/// "--name value" for those of the query that are named.
void add(Words& words, const Question& q, const std::vector<std::string_view>& names) {
  for (const std::string_view name : names)
    if (const auto it = q.query.find(std::string(name)); it != q.query.end())
      words.insert(words.end(), {"--" + std::string(name), it->second});
}

/// A folder of its own that goes when the answer is there.
class Scratch {
 public:
  Scratch() : path_((std::filesystem::temp_directory_path() / "ridgepoint-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr) path_.clear();
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code code;
    if (!path_.empty()) std::filesystem::remove_all(path_, code);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Result<Document> document_of(Result<Output> output) {
  if (!output) return tl::make_unexpected(output.error());
  if (!output->document) return fail(ErrorKind::internal, "the command gave no document", "", "");
  return std::move(*output->document);
}

/// A network at a shape becomes a workload document, and the catalogue is ranked for that one.
Result<Document> recommend_network(const Question& q, const Ask& ask) {
  Words words = {"network", q.query.at("network"), "--as-workload"};
  add(words, q, {"input", "precision", "phase"});
  const auto workload = document_of(ask(words));
  if (!workload) return tl::make_unexpected(workload.error());
  const auto text = document_text(*workload);
  if (!text) return tl::make_unexpected(text.error());
  const Scratch folder;
  if (auto ok = write_file_atomically(folder.path() + "/asked.json", *text); !ok)
    return tl::make_unexpected(ok.error());
  Words question = {"recommend", "--workloads", folder.path()};
  add(question, q, {"objective", "as-of", "basis", "utilisation", "deadline", "slo"});
  return document_of(ask(question));
}

Result<Document> ask_once(const Question& q, const Ask& ask) {
  if (q.path == "/api/v1/recommend" && q.query.contains("network")) return recommend_network(q, ask);
  const Kind& kind = *kind_of(q.path);
  Words words = {std::string(kind.command)};
  if (q.path == "/api/v1/fit" && q.query.contains("network")) words.push_back(q.query.at("network"));
  for (const std::string_view name : kind.parameters)
    if (name != "network") add(words, q, {name});
  return document_of(ask(words));
}

/// A table as a flat list of objects: what a dashboard can take without a transformation.
Result<std::string> flat(const Document& document) {
  const auto listing = decode<Listing>(document.body, document.schema);
  if (!listing) return tl::make_unexpected(listing.error());
  Json out = Json::array();
  for (const auto& row : listing->rows) {
    Json object = Json::object();
    for (std::size_t i = 0; i < row.size() && i < listing->columns.size(); ++i)
      object[listing->columns[i]] = row[i];
    out.push_back(std::move(object));
  }
  return dump_json(out);
}

}  // namespace

std::string Question::key() const {
  std::string key = path;
  for (const auto& [name, value] : query) key += "&" + name + "=" + value;
  return key;
}

bool is_question(const std::string& path) { return kind_of(path) != nullptr; }

Result<void> check_question(const Question& question) {
  const Kind& kind = *kind_of(question.path);
  for (const auto& [name, value] : question.query) {
    if (std::ranges::find(kind.parameters, name) == kind.parameters.end())
      return fail(ErrorKind::bad_input, "there is no parameter '" + name + "'", "", "see /api/v1");
    if (!plain(value))
      return fail(ErrorKind::bad_input, "'" + name + "' is not a plain word", "", "see /api/v1/workloads");
  }
  if (question.path == "/api/v1/fit" && !question.query.contains("network"))
    return fail(ErrorKind::bad_input, "name a network", "", "see /api/v1/networks");
  return {};
}

Result<std::string> answer(const Question& question, const Ask& ask) {
  const auto document = ask_once(question, ask);
  if (!document) return tl::make_unexpected(document.error());
  if (document->schema == "listing") return flat(*document);
  for (const Renderer* r : renderers())
    if (r->id == "json") return r->render(*document);
  return fail(ErrorKind::internal, "no renderer", "", "");
}

}  // namespace ridgepoint::serve
