// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/core/codec.h"
#include "model/core/result.h"

namespace ridgepoint {

/// A versioned JSON document: the only thing that passes between probes, workloads, model and reports.
/// `body` holds every key but "schema" and "schema_version", which the envelope adds.
struct Document {
  std::string schema;  ///< "machine", "platform", "workload", "runs", "recommendation", "listing", "doctor",
                       ///< "profile", "validation"
                       ///< "profile", "scenario", "plan"
                       ///< "profile", "prices", "assumptions", "cost"
                       ///< "profile", "network", "volume", "phantom"
  Json body;
};

/// The one version of each document kind this program writes and reads.
inline constexpr int kSchemaVersion = 1;

/// The envelope written around a value: {"schema": "ridgepoint.<kind>", "schema_version": 1, ...}.
template <class T>
Document make_document(std::string kind, const T& value) {
  return Document{std::move(kind), encode(value)};
}

/// Deterministic bytes of a document, with its envelope.
Result<std::string> document_text(const Document& document);

/// Text to document: JSON limits, a known kind, the right version. `where` names the input in messages.
Result<Document> parse_document(std::string_view text, const std::string& where);

/// parse_document for one expected kind.
Result<Document> parse_document_of(std::string_view text, const std::string& kind, const std::string& where);

/// A document of one kind, decoded strictly.
template <class T>
Result<T> parse_as(std::string_view text, const std::string& kind, const std::string& where) {
  return parse_document_of(text, kind, where).and_then([&](const Document& d) {
    return decode<T>(d.body, where);
  });
}

/// parse_as of a file's content.
Result<std::string> read_text_file(const std::string& path);

template <class T>
Result<T> read_document_as(const std::string& path, const std::string& kind) {
  return read_text_file(path).and_then(
      [&](const std::string& text) { return parse_as<T>(text, kind, path); });
}

}  // namespace ridgepoint
