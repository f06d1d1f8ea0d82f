// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "model/core/result.h"

namespace ridgepoint {

/// Objects are sorted by key, so the same value always gives the same bytes.
using Json = nlohmann::json;

/// Limits on what is read, so that a hostile file costs bounded memory and stack.
inline constexpr std::size_t kMaxJsonBytes = 64u * 1024 * 1024;
inline constexpr int kMaxJsonDepth = 64;

/// Text to value. Refuses: more than kMaxJsonBytes, deeper than kMaxJsonDepth, duplicate keys, NaN and
/// infinities (also as 1e999), text after the end. `where` names the input in the message.
Result<Json> parse_json(std::string_view text, const std::string& where);

/// Value to text, two-space indent, shortest round-trip numbers, trailing newline. Invalid UTF-8 is replaced.
/// A NaN or an infinity inside is a bug of ours and refused (ErrorKind::internal).
Result<std::string> dump_json(const Json& value);

/// Same bytes without line breaks, for NDJSON.
Result<std::string> dump_json_line(const Json& value);

}  // namespace ridgepoint
