// SPDX-License-Identifier: Apache-2.0
#include "reports/serve/guard.h"

#include <sys/stat.h>

#include <algorithm>

#include "model/core/file_io.h"
#include "model/core/text.h"

namespace ridgepoint::serve {

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0u : 1u;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference |=
        static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b.empty() ? '\0' : b[i % b.size()]);
  return difference == 0;
}

bool Guard::known_host(std::string_view host) const {
  const auto bracket = host.rfind(']');
  const auto colon = host.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    const std::string_view port = host.substr(colon + 1);
    if (!std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; })) return false;
    host = host.substr(0, colon);
  }
  std::string name(host);
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return std::ranges::find(hosts_, name) != hosts_.end();
}

std::optional<Reply> Guard::refusal(const Request& request, bool open) const {
  if (!known_host(request.host))
    return error_reply(421, {ErrorKind::bad_input, "this server does not answer to that name",
                             "the Host header is not on its list", "use 127.0.0.1, or --allow-host NAME"});
  if (request.method != "GET" && request.method != "HEAD") {
    Reply reply = error_reply(405, {ErrorKind::bad_input, "only GET and HEAD are answered",
                                    "the server is read-only", "see /api/v1"});
    reply.headers["Allow"] = "GET, HEAD";
    return reply;
  }
  if (token_.empty() || open) return std::nullopt;
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view given = request.authorization;
  if (given.starts_with(kScheme) && equal_in_constant_time(given.substr(kScheme.size()), token_))
    return std::nullopt;
  Reply reply = error_reply(401, {ErrorKind::bad_input, "a token is needed",
                                  "the server was started with one", "send Authorization: Bearer TOKEN"});
  reply.headers["WWW-Authenticate"] = "Bearer";
  return reply;
}

Result<std::string> read_token(const std::string& path) {
  const auto text = read_file(path, 4096);
  if (!text) return tl::make_unexpected(text.error());
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && (status.st_mode & 077) != 0)
    return fail(ErrorKind::bad_input, "others may read the token in '" + path + "'", "", "chmod 600 " + path);
  const std::string token(trim(split(*text, '\n').front()));
  if (token.size() < 16)
    return fail(ErrorKind::bad_input, "the token in '" + path + "' is shorter than 16 characters",
                "it could be guessed", "openssl rand -hex 32 > " + path);
  return token;
}

}  // namespace ridgepoint::serve
