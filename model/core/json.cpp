// SPDX-License-Identifier: Apache-2.0
#include "model/core/json.h"

#include <cmath>
#include <set>
#include <vector>

namespace ridgepoint {
namespace {

/// Walks the text once before a tree is built: a deep or repeated structure is refused while it is still
/// cheap.
class Guard : public nlohmann::json_sax<Json> {
 public:
  std::string trouble;

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t value, const string_t&) override {
    return std::isfinite(value) || stop("a number is too large for a double");
  }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override {
    keys_.emplace_back();
    return deeper();
  }
  bool key(string_t& name) override {
    return keys_.back().insert(name).second ||
           stop("the key '" + name.substr(0, 60) + "' stands twice in one object");
  }
  bool end_object() override {
    keys_.pop_back();
    --depth_;
    return true;
  }
  bool start_array(std::size_t) override { return deeper(); }
  bool end_array() override {
    --depth_;
    return true;
  }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const Json::exception& error) override {
    // nlohmann's text is "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error
    // ...".
    std::string text = error.what();
    if (const auto end = text.find("] "); end != std::string::npos) text = text.substr(end + 2);
    return stop(text + " (byte " + std::to_string(position) + ")");
  }

 private:
  bool deeper() {
    return ++depth_ <= kMaxJsonDepth || stop("nested deeper than " + std::to_string(kMaxJsonDepth));
  }
  bool stop(std::string why) {
    trouble = std::move(why);
    return false;
  }

  int depth_ = 0;
  std::vector<std::set<std::string>> keys_;
};

bool all_finite(const Json& value) {
  if (value.is_number_float()) return std::isfinite(value.get<double>());
  if (value.is_structured())
    for (const auto& item : value)
      if (!all_finite(item)) return false;
  return true;
}

Result<std::string> dump(const Json& value, int indent) {
  if (!all_finite(value))
    return fail(ErrorKind::internal, "a document holds a NaN or an infinity", "absence must be an absent key",
                "");
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Result<Json> parse_json(std::string_view text, const std::string& where) {
  const auto refuse = [&](const std::string& why, const std::string& fix) {
    return fail(ErrorKind::bad_input, "'" + where + "' is not usable JSON", why, fix);
  };
  if (text.size() > kMaxJsonBytes)
    return refuse(
        "it has " + std::to_string(text.size()) + " bytes, the limit is " + std::to_string(kMaxJsonBytes),
        "give a smaller file");
  if (text.empty()) return refuse("it is empty", "write the document again");
  try {
    Guard guard;
    if (!Json::sax_parse(text, &guard)) return refuse(guard.trouble, "correct the file, or write it again");
    return Json::parse(text);
  } catch (const Json::exception& e) {
    return refuse(e.what(), "correct the file, or write it again");
  }
}

Result<std::string> dump_json(const Json& value) {
  return dump(value, 2).map([](const std::string& s) { return s + "\n"; });
}

Result<std::string> dump_json_line(const Json& value) {
  return dump(value, -1).map([](const std::string& s) { return s + "\n"; });
}

}  // namespace ridgepoint
