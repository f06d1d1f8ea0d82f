// SPDX-License-Identifier: Apache-2.0
#include "probes/host.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "model/core/file_io.h"
#include "model/core/text.h"
#include "probes/parse.h"

namespace ridgepoint {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> refused(const std::string& path, const std::string& why) {
  return fail(ErrorKind::bad_input, "the path '" + printable(path) + "' is refused", why,
              "record the machine again with scripts/record_host.sh");
}

tl::unexpected<Error> trouble(const std::string& verb, const std::string& path, const std::error_code& code) {
  const std::string what = "cannot " + verb + " '" + printable(path) + "'";
  if (code == std::errc::no_such_file_or_directory || code == std::errc::not_a_directory)
    return fail(ErrorKind::unavailable, what, "it does not exist here",
                "nothing to do if this machine has none");
  if (code == std::errc::permission_denied || code == std::errc::operation_not_permitted)
    return fail(ErrorKind::unavailable, what, code.message(), "run as a user who may read it");
  return fail(ErrorKind::io, what, code.message(), "check the file system that holds it");
}

/// Why a path may not be asked for, or an empty text.
std::string objection(const std::string& path) {
  if (path.empty()) return "it is empty";
  if (path.front() == '/') return "it is absolute";
  if (path.find('\0') != std::string::npos) return "it holds a zero byte";
  for (const std::string& part : split(path, '/'))
    if (part == "..") return "it climbs with '..'";
  return {};
}

bool below(const fs::path& root, const fs::path& path) {
  const auto [r, p] = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
  return r == root.end();
}

/// read_file tells kinds for a user's files; a machine that lacks one is not the user's mistake.
Result<std::string> read_regular(const std::string& full, const std::string& path) {
  std::error_code code;
  const fs::file_status status = fs::status(full, code);
  if (code) return trouble("read", path, code);
  if (status.type() == fs::file_type::not_found)
    return trouble("read", path, std::make_error_code(std::errc::no_such_file_or_directory));
  if (status.type() != fs::file_type::regular) return refused(path, "it is not a regular file");
  auto text = read_file(full, kSmallFile);
  if (text || text.error().kind != ErrorKind::io) return text;
  const bool forbidden = text.error().why.find("ermi") != std::string::npos;  // EACCES, EPERM
  return fail(
      ErrorKind::unavailable, "cannot read '" + printable(path) + "'", text.error().why,
      forbidden ? "run as a user who may read it" : "see what 'cat /" + printable(path) + "' says here");
}

}  // namespace

RootedHost::RootedHost(std::string root) : root_(std::move(root)), live_(root_.empty() || root_ == "/") {
  if (live_) root_ = "/";
}

Result<std::string> RootedHost::resolve(const std::string& path) const {
  if (const std::string why = objection(path); !why.empty()) return refused(path, why);
  const fs::path full = fs::path(root_) / path;
  if (live_) return full.string();
  std::error_code code;
  const fs::path root = fs::canonical(root_, code);
  if (code) return trouble("open", root_, code);
  const fs::path real = fs::canonical(full, code);
  if (code) return trouble("read", path, code);
  if (!below(root, real)) return refused(path, "it leads out of the recorded tree");
  return real.string();
}

Result<std::string> RootedHost::read(const std::string& path) const {
  return resolve(path).and_then([&](const std::string& full) { return read_regular(full, path); });
}

Result<std::vector<std::string>> RootedHost::list(const std::string& path) const {
  const auto full = resolve(path);
  if (!full) return tl::make_unexpected(full.error());
  std::error_code code;
  std::vector<std::string> names;
  auto it = fs::directory_iterator(*full, code);
  for (const auto end = fs::directory_iterator(); !code && it != end; it.increment(code))
    names.push_back(it->path().filename().string());
  if (code) return trouble("list", path, code);
  std::ranges::sort(names);
  return names;
}

Result<std::string> NoHost::read(const std::string& path) const {
  return fail(ErrorKind::unavailable, "there is no '" + printable(path) + "'", "only a topology was given",
              "add --host-root with a recorded machine");
}

Result<std::vector<std::string>> NoHost::list(const std::string& path) const {
  return read(path).map([](const std::string&) { return std::vector<std::string>(); });
}

bool readable(const Host& host, const std::string& path) {
  return host.list(path).has_value() || host.read(path).has_value();
}

std::string read_line(const Host& host, const std::string& path) {
  const auto text = host.read(path);
  return text ? first_line(*text) : std::string();
}

std::optional<std::uint64_t> read_count(const Host& host, const std::string& path) {
  const auto text = host.read(path);
  return text ? parse_count(*text) : std::nullopt;
}

std::vector<std::string> numbered(const Host& host, const std::string& folder, const std::string& prefix) {
  std::vector<std::pair<std::uint64_t, std::string>> found;
  for (const std::string& name : host.list(folder).value_or(std::vector<std::string>()))
    if (starts_with(name, prefix))
      if (const auto number = parse_count(name.substr(prefix.size()))) found.emplace_back(*number, name);
  std::ranges::sort(found);
  std::vector<std::string> names;
  names.reserve(found.size());
  for (auto& [number, name] : found) names.push_back(std::move(name));
  return names;
}

}  // namespace ridgepoint
