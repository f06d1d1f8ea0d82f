// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <vector>

#include "model/core/document.h"
#include "reports/renderer.h"

// The fixed documents of tests/golden/input, and what tests do with them.

namespace ridgepoint::testing_reports {

inline constexpr auto kKinds = std::to_array<const char*>({
    "assumptions",
    "calibration",
    "claims",
    "cost",
    "doctor",
    "listing",
    "machine",
    "peers",
    "platform",
    "prices",
    "profile",
    "recommendation",
    "runs",
    "sweep",
    "validation",
    "workload",
});

inline std::string golden_folder() { return RIDGEPOINT_SOURCE_DIR "/tests/golden/"; }

inline std::string input_path(const std::string& kind) {
  std::string path = golden_folder();
  path.append("input/").append(kind).append(".json");
  return path;
}

inline Document golden_document(const std::string& kind) {
  const std::string path = input_path(kind);
  auto document =
      read_text_file(path).and_then([&](const std::string& text) { return parse_document(text, path); });
  EXPECT_TRUE(document) << (document ? "" : document.error().what);
  return document ? *document : Document{};
}

inline const Renderer& renderer(const std::string& id) {
  for (const Renderer* r : renderers())
    if (r->id == id) return *r;
  ADD_FAILURE() << "no renderer '" << id << "'";
  return *renderers().front();
}

inline std::string render(const std::string& id, const Document& document) {
  const auto bytes = renderer(id).render(document);
  EXPECT_TRUE(bytes) << (bytes ? "" : bytes.error().what);
  return bytes ? *bytes : "";
}

/// Calls `change` on every text of a document that a person or a machine may have chosen: all but the words
/// of enumerations, whose codec accepts nothing else. The names of facts and packages are texts too.
inline void change_texts(Json& value, const std::function<std::string(const std::string&)>& change,
                         const std::string& key = "") {
  static constexpr auto kClosed = std::to_array<std::string_view>(
      {"platform_class", "standing", "objective", "class", "kind", "basis", "status", "health", "phase",
       "bound", "tier", "leave_out", "judgement", "verdict"});
  if (value.is_string()) {
    if (std::find(kClosed.begin(), kClosed.end(), key) == kClosed.end())
      value = change(value.get<std::string>());
  } else if (value.is_array()) {
    for (Json& item : value) change_texts(item, change, key);
  } else if (value.is_object()) {
    Json out = Json::object();
    for (auto& [name, item] : value.items()) {
      change_texts(item, change, name);
      out[key == "facts" || key == "packages" ? change(name) : name] = item;
    }
    value = std::move(out);
  }
}

inline Document with_texts(const std::string& kind,
                           const std::function<std::string(const std::string&)>& change) {
  Document document = golden_document(kind);
  change_texts(document.body, change);
  return document;
}

/// Every attack at once: HTML elements and handlers, attribute ends, Markdown, terminal escapes, control
/// bytes, direction overrides, line breaks.
inline const std::string kHostile =
    "<script>alert(1)</script>\"><img src=x onerror=alert(2)>' onload='x a|b`c [d](javascript:e) **f** _g_ "
    "&lt; "
    "https://h.example www.i.example \x1b[31m\x07\x7f\r\n# j\n- k\n| l |\n</svg></title><!-- ]]> "
    "\xE2\x80\xAE \xC2\x9B";

/// The same length, dots and shape of words as kHostile, without any meaning.
inline std::string harmless() {
  std::string out;
  for (const char c : kHostile)
    out += c == '.'                                         ? '.'
           : c == ' ' || c == '\n' || c == '\r'             ? ' '
           : (static_cast<unsigned char>(c) & 0xC0) == 0x80 ? '\0'
                                                            : 'x';
  std::erase(out, '\0');
  return out;
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace ridgepoint::testing_reports
