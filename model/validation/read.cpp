// SPDX-License-Identifier: Apache-2.0
#include "model/validation/read.h"

#include <algorithm>
#include <cctype>

#include "model/core/document.h"
#include "model/core/text.h"

namespace ridgepoint {
namespace {

/// Reads one object and remembers the first trouble.
class RowReader {
 public:
  RowReader(const Json& in, std::string& trouble) : in_(in), trouble_(trouble) {}

  void must(const char* name, std::string& text) {
    const Json* v = find(name);
    if (v == nullptr) return stop("has no " + std::string(name));
    if (!v->is_string()) return stop(std::string(name) + " is not a text");
    text = v->get<std::string>();
    if (trim(text).empty()) stop(std::string(name) + " is empty");
  }
  void may(const char* name, std::string& text) {
    const Json* v = find(name);
    if (v != nullptr && v->is_string()) text = v->get<std::string>();
    if (v != nullptr && v->is_number_integer()) text = v->dump();  // a bare year
  }
  void may(const char* name, std::optional<std::string>& text) {
    const Json* v = find(name);
    if (v != nullptr && v->is_string()) text = v->get<std::string>();
  }
  void may(const char* name, bool& flag) {
    const Json* v = find(name);
    if (v != nullptr && v->is_boolean()) flag = v->get<bool>();
  }
  /// A count of things: positive.
  void may(const char* name, std::optional<double>& number) {
    const Json* v = find(name);
    if (v == nullptr) return;
    if (!v->is_number()) return stop(std::string(name) + " is not a number");
    if (!(v->get<double>() > 0)) return stop(std::string(name) + " is not positive");
    number = v->get<double>();
  }
  void must(const char* name, double& number) {
    std::optional<double> value;
    if (find(name) == nullptr) return stop("has no " + std::string(name));
    may(name, value);
    number = value.value_or(0);
  }

 private:
  const Json* find(const char* name) const {
    const auto it = in_.find(name);
    return it == in_.end() || it->is_null() ? nullptr : &*it;
  }
  void stop(const std::string& what) {
    if (trouble_.empty()) trouble_ = "unreadable row: " + what;
  }

  const Json& in_;
  std::string& trouble_;
};

ReadRow row_of(const Json& in) {
  ReadRow out;
  if (!in.is_object()) {
    out.trouble = "unreadable row: is not an object";
    return out;
  }
  PublishedRow& r = out.row;
  RowReader reader(in, out.trouble);
  reader.must("id", r.id);
  reader.must("workload_id", r.workload_id);
  reader.must("platform_id", r.platform_id);
  reader.must("metric", r.metric);
  reader.must("value", r.value);
  reader.must("unit", r.unit);
  for (const auto& [name, text] : {std::pair{"workload", &r.workload},
                                   {"phase", &r.phase},
                                   {"per", &r.per},
                                   {"platform", &r.platform},
                                   {"date", &r.date},
                                   {"source", &r.source}})
    reader.may(name, *text);
  for (const auto& [name, text] : {std::pair{"precision", &r.precision},
                                   {"scenario", &r.scenario},
                                   {"memory", &r.memory},
                                   {"host", &r.host},
                                   {"software", &r.software},
                                   {"notes", &r.notes}})
    reader.may(name, *text);
  for (const auto& [name, number] : {std::pair{"devices", &r.devices},
                                     {"devices_per_node", &r.devices_per_node},
                                     {"nodes", &r.nodes},
                                     {"cores", &r.cores}})
    reader.may(name, *number);
  reader.may("secondary", r.secondary);
  reader.may("derived", r.derived);
  return out;
}

bool digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// Where a number of exactly `length` digits stands at `at`.
bool number_at(std::string_view text, std::size_t at, std::size_t length) {
  if (at + length > text.size() || !digits(text.substr(at, length))) return false;
  const bool longer = at + length < text.size() && digits(text.substr(at + length, 1));
  return !longer && (at == 0 || !digits(text.substr(at - 1, 1)));
}

std::size_t first_year(std::string_view date) {
  for (std::size_t i = 0; i < date.size(); ++i)
    if (number_at(date, i, 4)) return i;
  return std::string_view::npos;
}

}  // namespace

Result<PublishedFile> parse_published(std::string_view text, const std::string& where) {
  const auto json = parse_json(text, where);
  if (!json) return tl::make_unexpected(json.error());
  if (!json->is_array())
    return fail(ErrorKind::bad_input, "'" + where + "' is not a list of published rows",
                "it must be a JSON list of objects", "see configs/published/README.md for the format");
  PublishedFile file{where, {}};
  file.rows.reserve(json->size());
  for (const Json& item : *json) file.rows.push_back(row_of(item));
  return file;
}

Result<PublishedFile> read_published(const std::string& path) {
  return read_text_file(path).and_then([&](const std::string& text) { return parse_published(text, path); });
}

std::string month_of_row(const std::string& date) {
  const std::string_view all = date;
  const std::size_t at = first_year(all);
  if (at == std::string_view::npos) return "";
  std::string year(all.substr(at, 4));
  const std::size_t next = at + 5;
  const bool dashed = next < all.size() && all[at + 4] == '-';
  if (dashed && number_at(all, next, 2)) {
    const std::string month(all.substr(next, 2));
    if (month >= "01" && month <= "12") return year + "-" + month;
  }
  const std::size_t open = all.find('(');
  const std::size_t end = open == std::string_view::npos ? all.size() : open;
  for (std::size_t i = at + 4; i < end; ++i)
    if (number_at(all, i, 4)) year = all.substr(i, 4);
  return year + "-12";
}

std::string round_of_row(const std::string& date) {
  const auto open = date.find('('), close = date.find(')', open);
  if (open != std::string::npos && close != std::string::npos)
    return std::string(trim(std::string_view(date).substr(open + 1, close - open - 1)));
  const std::size_t at = first_year(date);
  return at == std::string_view::npos ? "" : date.substr(at, 4);
}

std::string family_of_row(const PublishedRow& row) {
  return row.workload_id.substr(0, row.workload_id.find('/'));
}

double devices_of_row(const PublishedRow& row) {
  return row.devices ? *row.devices : row.devices_per_node.value_or(1) * row.nodes.value_or(1);
}

}  // namespace ridgepoint
