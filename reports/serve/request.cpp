// SPDX-License-Identifier: Apache-2.0
#include "reports/serve/request.h"

#include <cstdint>
#include <cstdio>

#include "model/core/json.h"
#include "model/core/text.h"
#include "reports/visible.h"

namespace ridgepoint::serve {
namespace {

constexpr std::size_t kLongest = 2048;

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

tl::unexpected<Error> bad(const std::string& what) {
  return fail(ErrorKind::bad_input, what, "the address cannot be read", "see /api/v1");
}

Result<std::string> decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? hex(text[i + 1]) : -1, low = high < 0 ? -1 : hex(text[i + 2]);
      if (low < 0) return bad("a broken escape");
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    out += c;
  }
  if (report::visible(out) != out) return bad("a control character, or bytes that are not UTF-8");
  return out;
}

}  // namespace

Result<void> read_target(std::string_view target, Request& request) {
  if (target.size() > kLongest) return bad("a long address");
  if (target.empty() || target.front() != '/') return bad("an address that is no path");
  const auto mark = target.find('?');
  auto path = decoded(target.substr(0, mark), false);
  if (!path) return tl::make_unexpected(path.error());
  request.path = std::move(*path);
  if (mark == std::string_view::npos) return {};
  for (const std::string& part : split(target.substr(mark + 1), '&')) {
    if (part.empty()) continue;
    const auto equals = part.find('=');
    const auto name = decoded(part.substr(0, equals), true);
    const auto value = decoded(equals == std::string::npos ? "" : part.substr(equals + 1), true);
    if (!name || !value) return tl::make_unexpected((!name ? name : value).error());
    if (!request.query.emplace(*name, *value).second) return bad("'" + *name + "' twice");
  }
  return {};
}

std::string etag_of(std::string_view body) {
  std::uint64_t h = 0xcbf29ce484222325ull;
  for (const char c : body) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  char text[48];
  std::snprintf(text, sizeof text, "\"%016llx-%zx\"", static_cast<unsigned long long>(h), body.size());
  return text;
}

Reply reply_of(std::string body, std::string type) {
  Reply reply;
  reply.type = std::move(type);
  reply.etag = etag_of(body);
  reply.body = std::make_shared<const std::string>(std::move(body));
  return reply;
}

Reply error_reply(int status, const Error& error) {
  const Json body = {{"error", {{"what", error.what}, {"why", error.why}, {"fix", error.fix}}}};
  Reply reply = reply_of(dump_json(body).value_or("{}\n"));
  reply.status = status;
  reply.etag.clear();
  return reply;
}

Reply unless_known(Reply reply, const std::string& if_none_match) {
  if (reply.status != 200 || reply.etag.empty()) return reply;
  for (const std::string& part : split(if_none_match, ',')) {
    std::string_view tag = trim(part);
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag != reply.etag && tag != "*") continue;
    reply.status = 304;
    reply.body = std::make_shared<const std::string>();
    break;
  }
  return reply;
}

}  // namespace ridgepoint::serve
