// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "model/core/result.h"

namespace ridgepoint::serve {

/// What a client asked, as far as the site looks at it.
struct Request {
  std::string method;  ///< "GET"
  std::string path;    ///< decoded: "/api/v1/documents"
  std::map<std::string, std::string> query;
  std::string host, authorization, if_none_match;  ///< headers; empty when absent
};

/// Splits and decodes "/path?a=1&b=2" into the request. Refuses anything that is not a plain path: control
/// bytes, broken escapes, a name twice, bytes that are not UTF-8, more than 2,048 bytes.
Result<void> read_target(std::string_view target, Request& request);

struct Reply {
  int status = 200;
  std::string type = "application/json; charset=utf-8";
  std::shared_ptr<const std::string> body;
  std::string etag = {};
  std::map<std::string, std::string> headers = {};
};

Reply reply_of(std::string body, std::string type = "application/json; charset=utf-8");

/// {"error": {"what", "why", "fix"}}.
Reply error_reply(int status, const Error& error);

/// A strong tag of the bytes.
std::string etag_of(std::string_view body);

/// 304 without a body where the client has these bytes.
Reply unless_known(Reply reply, const std::string& if_none_match);

}  // namespace ridgepoint::serve
