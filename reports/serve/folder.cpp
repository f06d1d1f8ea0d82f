// SPDX-License-Identifier: Apache-2.0
#include "reports/serve/folder.h"

#include <chrono>
#include <filesystem>

#include "model/core/file_io.h"

namespace ridgepoint::serve {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMostDocuments = 10000;

std::int64_t second_now() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

std::string created_of(const Json& body) {
  const auto it = body.find("provenance");
  if (it == body.end() || !it->is_object() || !it->contains("created") || !(*it)["created"].is_string())
    return "";
  return (*it)["created"].get<std::string>();
}

bool same_file(const FolderEntry& a, const FolderEntry& b) {
  return a.path == b.path && a.bytes == b.bytes && a.changed == b.changed;
}

}  // namespace

bool Folder::look() {
  if (looked_ == second_now()) return false;
  looked_ = second_now();
  const auto files = list_files(root_, ".json");
  std::map<std::string, FolderEntry> found, others;
  for (const std::string& path : files.value_or(std::vector<std::string>{})) {
    if (found.size() >= kMostDocuments) break;
    std::error_code code;
    FolderEntry entry;
    entry.path = path;
    entry.bytes = fs::file_size(path, code);
    entry.changed = static_cast<std::int64_t>(fs::last_write_time(path, code).time_since_epoch().count());
    const std::string name = fs::path(path).lexically_relative(root_).generic_string();
    const auto known = entries_.find(name), other = passed_over_.find(name);
    if (known != entries_.end() && same_file(known->second, entry)) {
      found[name] = known->second;
      continue;
    }
    if (other != passed_over_.end() && same_file(other->second, entry)) {
      others[name] = entry;
      continue;
    }
    const auto document =
        read_text_file(path).and_then([&](const std::string& text) { return parse_document(text, name); });
    if (document) {
      entry.kind = document->schema;
      entry.created = created_of(document->body);
    }
    (document ? found : others)[name] = entry;
  }
  bool changed = found.size() != entries_.size();
  for (const auto& [name, entry] : found)
    changed = changed || !entries_.contains(name) || !same_file(entries_.at(name), entry);
  entries_ = std::move(found);
  passed_over_ = std::move(others);
  return changed;
}

Result<std::string> Folder::text(const std::string& name) const {
  const auto it = entries_.find(name);
  if (it == entries_.end())
    return fail(ErrorKind::not_found, "there is no document '" + name + "'", "", "see /api/v1/documents");
  return read_text_file(it->second.path);
}

}  // namespace ridgepoint::serve
