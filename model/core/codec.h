// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "model/core/json.h"
#include "model/core/result.h"
#include "model/core/text.h"

// A document type states its fields once:
//
//   template <class Io> void fields(Io& io, Thing& t) { io.field("name", t.name); io.field("note", t.note); }
//
// and Encoder writes them, Decoder reads them strictly. std::optional and std::vector/std::map members may be
// absent in the text (absent = empty); everything else is required. An unknown key is an error that names the
// nearest known one. Enumerations give their words through an overload `names(Enum)`.

namespace ridgepoint {

template <class E, std::size_t N>
using EnumNames = std::array<std::pair<E, std::string_view>, N>;

template <class E, std::size_t N>
constexpr EnumNames<E, N> enum_names(const std::pair<E, std::string_view> (&list)[N]) {
  EnumNames<E, N> out{};
  for (std::size_t i = 0; i < N; ++i) out[i] = list[i];
  return out;
}

/// The word of an enumerator.
template <class E>
requires std::is_enum_v<E>
constexpr std::string_view name_of(E value) {
  for (const auto& [e, word] : names(E{}))
    if (e == value) return word;
  return "?";
}

template <class E>
requires std::is_enum_v<E> std::optional<E> enum_from(std::string_view word) {
  for (const auto& [e, w] : names(E{}))
    if (w == word) return e;
  return std::nullopt;
}

template <class T>
Json encode(const T& value);

class Encoder {
 public:
  explicit Encoder(Json& out) : out_(out) {}
  template <class T>
  void field(const char* name, const T& value) {
    if constexpr (requires { value.has_value(); }) {
      if (value) out_[name] = encode(*value);
    } else {
      out_[name] = encode(value);
    }
  }

 private:
  Json& out_;
};

/// A number leaves as an integer when it is one, so that 1024 reads "1024" and not "1024.0".
Json encode_number(double value);

template <class T>
Json encode(const T& value) {
  if constexpr (std::is_same_v<T, double>) {
    return encode_number(value);
  } else if constexpr (std::is_enum_v<T>) {
    return Json(std::string(name_of(value)));
  } else if constexpr (std::is_same_v<T, std::variant<double, std::string, bool>>) {
    return std::visit([](const auto& v) { return encode(v); }, value);
  } else if constexpr (requires { typename T::mapped_type; }) {
    Json out = Json::object();
    for (const auto& [k, v] : value) out[k] = encode(v);
    return out;
  } else if constexpr (requires { value.begin(); } && !std::is_same_v<T, std::string>) {
    Json out = Json::array();
    for (const auto& v : value) out.push_back(encode(v));
    return out;
  } else if constexpr (requires(Encoder & e, T & t) { fields(e, t); }) {
    Json out = Json::object();
    Encoder e(out);
    fields(e, const_cast<T&>(value));  // the Encoder only reads
    return out;
  } else {
    return Json(value);
  }
}

/// Collects the first trouble; later calls do nothing, so decoding code needs no early returns.
class Decoder {
 public:
  Decoder(const Json& in, std::string path, std::optional<Error>& trouble)
      : in_(in), path_(std::move(path)), trouble_(trouble) {}

  template <class T>
  void field(const char* name, T& value) {
    known_.emplace_back(name);
    if (trouble_ || !in_.is_object()) return;
    const auto it = in_.find(name);
    constexpr bool kMayBeAbsent = requires { value.has_value(); }
    || (requires { value.clear(); } && !std::is_same_v<T, std::string>);
    if (it == in_.end()) {
      if (!kMayBeAbsent && missing_.empty()) missing_ = name;
      return;
    }
    decode_into(*it, at(name), value);
  }

  /// Call after all fields: refuses what no field has asked for, then what is missing. In this order,
  /// because a misspelt key is both and the near-miss is the better message.
  void done();

  template <class T>
  void decode_into(const Json& in, const std::string& path, T& value);

 private:
  std::string at(const std::string& name) const { return path_.empty() ? name : path_ + "." + name; }
  void refuse(const std::string& path, const std::string& what, const std::string& fix);

  const Json& in_;
  std::string path_;
  std::optional<Error>& trouble_;
  std::vector<std::string> known_;
  std::string missing_;
};

// One rung a kind of type; only one is compiled for each T, so the ladder is flat whatever its measured
// complexity.
template <class T>
// NOLINTNEXTLINE(readability-function-cognitive-complexity)
void Decoder::decode_into(const Json& in, const std::string& path, T& value) {
  if (trouble_) return;
  if constexpr (requires { value.has_value(); }) {
    value.emplace();
    decode_into(in, path, *value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (!in.is_string()) return refuse(path, "must be a text", "put it in quotes");
    value = in.get<std::string>();
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!in.is_boolean()) return refuse(path, "must be true or false", "write true or false");
    value = in.get<bool>();
  } else if constexpr (std::is_integral_v<T>) {
    if (!in.is_number_integer())
      return refuse(path, "must be a whole number", "write it without fraction or quotes");
    value = in.get<T>();
  } else if constexpr (std::is_floating_point_v<T>) {
    if (!in.is_number()) return refuse(path, "must be a number", "write it without quotes");
    value = in.get<double>();
  } else if constexpr (std::is_enum_v<T>) {
    std::vector<std::string> words;
    for (const auto& [e, w] : names(T{})) words.emplace_back(w);
    const auto found = in.is_string() ? enum_from<T>(in.get<std::string>()) : std::nullopt;
    if (!found) return refuse(path, "must be one of " + join(words, ", "), "choose one of these");
    value = *found;
  } else if constexpr (std::is_same_v<T, std::variant<double, std::string, bool>>) {
    if (in.is_number())
      value = in.get<double>();
    else if (in.is_string())
      value = in.get<std::string>();
    else if (in.is_boolean())
      value = in.get<bool>();
    else
      refuse(path, "must be a number, a text, true or false",
             "leave the key out where the value is not known");
  } else if constexpr (requires { typename T::mapped_type; }) {
    if (!in.is_object()) return refuse(path, "must be an object", "write { ... }");
    for (const auto& [k, v] : in.items()) decode_into(v, path + "." + k, value[k]);
  } else if constexpr (requires { value.push_back({}); }) {
    if (!in.is_array()) return refuse(path, "must be a list", "write [ ... ]");
    for (std::size_t i = 0; i < in.size(); ++i) {
      value.emplace_back();
      decode_into(in[i], path + "[" + std::to_string(i) + "]", value.back());
    }
  } else {
    if (!in.is_object()) return refuse(path, "must be an object", "write { ... }");
    Decoder inner(in, path, trouble_);
    fields(inner, value);
    inner.done();
  }
}

/// Strict reading of a whole value. `where` (a file name) goes in front of the message.
template <class T>
Result<T> decode(const Json& in, const std::string& where) {
  std::optional<Error> trouble;
  T value{};
  Decoder d(in, "", trouble);
  d.decode_into(in, "", value);
  if (trouble) return in_context("'" + where + "'", *trouble);
  return value;
}

}  // namespace ridgepoint
