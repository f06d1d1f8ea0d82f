// SPDX-License-Identifier: Apache-2.0
// `ridgepoint serve`: documents and questions over HTTP, read-only, for this machine alone unless told
// otherwise.
#include <filesystem>

#include "model/core/command.h"
#include "model/core/format.h"
#include "reports/serve/server.h"

namespace ridgepoint {
namespace {

Result<double> read_number(const Arguments& arguments, const std::string& option, double least, double most) {
  auto value = parse_number(arguments.value(option), "--" + option);
  if (value && (*value < least || *value > most))
    return fail(ErrorKind::bad_input, "--" + option + " is out of range", "",
                "give " + show_number(least) + " to " + show_number(most));
  return value;
}

Result<serve::ServerOptions> read_options(const Arguments& arguments) {
  serve::ServerOptions options;
  options.address = arguments.value("listen");
  const auto port = read_number(arguments, "port", 0, 65535),
             timeout = read_number(arguments, "timeout", 0.1, 600),
             connections = read_number(arguments, "connections", 1, 10000);
  for (const auto* number : {&port, &timeout, &connections})
    if (!*number) return tl::make_unexpected(number->error());
  options.port = static_cast<unsigned short>(*port);
  options.timeout_s = *timeout;
  options.connections = static_cast<std::size_t>(*connections);
  return options;
}

Result<std::string> read_folder(const Arguments& arguments) {
  if (arguments.positional.size() > 1)
    return fail(ErrorKind::bad_input, "serve takes one folder", "", "ridgepoint serve out");
  const std::string folder = arguments.positional.empty() ? "out" : arguments.positional.front();
  std::error_code code;
  if (!std::filesystem::is_directory(folder, code))
    return fail(ErrorKind::bad_input, "there is no folder '" + printable(folder) + "'",
                "serve shows the documents of a folder", "make one, or name another");
  return folder;
}

Result<std::string> token_for(const Arguments& arguments, const std::string& address) {
  if (arguments.has("token-file")) return serve::read_token(arguments.value("token-file"));
  const auto loopback = serve::is_loopback(address);
  if (!loopback) return tl::make_unexpected(loopback.error());
  if (*loopback) return std::string();
  return fail(ErrorKind::bad_input, "others can reach " + address,
              "without a token they could read everything", "add --token-file FILE, or listen on 127.0.0.1");
}

Result<Output> run(const Arguments& arguments, Ports& ports) {
  const auto options = read_options(arguments);
  if (!options) return tl::make_unexpected(options.error());
  const auto folder = read_folder(arguments);
  if (!folder) return tl::make_unexpected(folder.error());
  const auto token = token_for(arguments, options->address);
  if (!token) return tl::make_unexpected(token.error());
  std::vector<std::string> hosts = {"localhost", "127.0.0.1", "[::1]"};
  for (const std::string& host : arguments.all("allow-host")) hosts.push_back(host);
  serve::Site site(serve::Folder(*folder), ports.configs, serve::Guard(hosts, *token));
  const std::string name =
      options->address.find(':') == std::string::npos ? options->address : "[" + options->address + "]";
  const auto done = serve::run_server(*options, site, ports.ask, [&](unsigned short port) {
    ports.log.note("serving '" + printable(*folder) + "' on http://" + name + ":" + std::to_string(port) +
                   "/ until Ctrl-C" + (token->empty() ? "" : ", for those who send the token"));
  });
  if (!done) return tl::make_unexpected(done.error());
  return Output{std::nullopt, "", 0, false};
}

}  // namespace

extern const Command serve_cmd;
const Command serve_cmd{
    .name = "serve",
    .summary = "documents, figures and questions over HTTP, with a dashboard",
    .positional = "[FOLDER]",
    .options = {{"port", "N", "port; 0 takes any free one", "8090", false, {}},
                {"listen", "ADDRESS", "another needs --token-file", "127.0.0.1", false, {}},
                {"token-file", "FILE", "what clients must send as a bearer token", "", false, {}},
                {"allow-host", "NAME", "a name to answer to, beside localhost", "", true, {}},
                {"timeout", "SECONDS", "for a whole request to arrive", "5", false, {}},
                {"connections", "N", "at most so many at once", "256", false, {}}},
    .example = "ridgepoint serve out --port 8090",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
