// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/core/codec.h"

// JSON Schemas made from the same `fields` functions that read and write the documents, so that a schema
// cannot drift from the program. Only keywords that mean the same in Draft-07 and 2020-12 are used.

namespace ridgepoint {

template <class T>
Json schema_of();

class SchemaWriter {
 public:
  explicit SchemaWriter(Json& object) : object_(object) {}
  template <class T>
  void field(const char* name, T& value) {
    if constexpr (requires { value.has_value(); }) {
      object_["properties"][name] = schema_of<typename T::value_type>();
    } else {
      object_["properties"][name] = schema_of<T>();
      if (!(requires { value.clear(); } && !std::is_same_v<T, std::string>))
        object_["required"].push_back(name);
    }
  }

 private:
  Json& object_;
};

template <class T>
Json schema_of() {
  if constexpr (std::is_same_v<T, bool>) {
    return {{"type", "boolean"}};
  } else if constexpr (std::is_integral_v<T>) {
    return {{"type", "integer"}};
  } else if constexpr (std::is_floating_point_v<T>) {
    return {{"type", "number"}};
  } else if constexpr (std::is_same_v<T, std::string>) {
    return {{"type", "string"}};
  } else if constexpr (std::is_enum_v<T>) {
    Json words = Json::array();
    for (const auto& [value, word] : names(T{})) words.push_back(std::string(word));
    return {{"type", "string"}, {"enum", words}};
  } else if constexpr (std::is_same_v<T, std::variant<double, std::string, bool>>) {
    return {{"type", {"number", "string", "boolean"}}};
  } else if constexpr (requires { typename T::mapped_type; }) {
    return {{"type", "object"}, {"additionalProperties", schema_of<typename T::mapped_type>()}};
  } else if constexpr (requires(T & v) { v.push_back({}); }) {
    return {{"type", "array"}, {"items", schema_of<typename T::value_type>()}};
  } else {
    Json object = {{"type", "object"},
                   {"additionalProperties", false},
                   {"properties", Json::object()},
                   {"required", Json::array()}};
    T value{};
    SchemaWriter writer(object);
    fields(writer, value);
    return object;
  }
}

/// The whole schema of a document kind, envelope included.
template <class T>
Json document_schema(const std::string& kind, const std::string& title) {
  Json s = schema_of<T>();
  s["$schema"] = "http://json-schema.org/draft-07/schema#";
  s["title"] = title;
  s["properties"]["schema"] = {{"const", "ridgepoint." + kind}};
  s["properties"]["schema_version"] = {{"const", 1}};
  s["required"].push_back("schema");
  s["required"].push_back("schema_version");
  return s;
}

}  // namespace ridgepoint
