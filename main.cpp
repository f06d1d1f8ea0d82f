// SPDX-License-Identifier: Apache-2.0
// Composition root: argv -> command -> document -> renderer -> exit code. Sole user of Boost.Program_options,
// sole writer of stdout.
#include <unistd.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "model/core/build_info.h"
#include "model/core/command.h"
#include "model/core/file_io.h"
#include "model/core/stderr_log.h"
#include "probes/live_events.h"
#include "reports/command_help.h"
#include "reports/renderer.h"

namespace ridgepoint {

// Generated tables, one an area.
const std::vector<const Command*>& model_commands();
const std::vector<const Command*>& probes_commands();
const std::vector<const Command*>& workloads_commands();
const std::vector<const Command*>& reports_commands();

namespace {

namespace po = boost::program_options;
using Words = std::vector<std::string>;

int execute(const Words& words);

int print_error(const Error& e) {
  std::fprintf(stderr, "ridgepoint: error: %s%s%s%s\n", printable(e.what).c_str(),
               e.why.empty() ? "" : (" (" + printable(e.why) + ")").c_str(), e.fix.empty() ? "" : "; ",
               e.fix.empty() ? "" : printable(e.fix).c_str());
  return exit_code(e.kind);
}

/// The first signal asks for an orderly end (at most two seconds); the second one ends at once.
extern "C" void on_signal(int) {
  if (Interrupt::requested()) ::_exit(130);
  Interrupt::request();
}

std::string utc(const char* format) {
  std::time_t now = std::time(nullptr);
  if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH"))
    now = static_cast<std::time_t>(std::strtoll(epoch, nullptr, 10));
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char buffer[32];
  std::strftime(buffer, sizeof buffer, format, &parts);
  return buffer;
}

Provenance provenance(const Words& words) {
  const BuildInfo& b = build_info();
  return {"ridgepoint",
          b.version,
          b.commit,
          b.compiler,
          b.flags,
          b.packages,
          utc("%Y-%m-%dT%H:%M:%SZ"),
          words.empty() ? "ridgepoint" : "ridgepoint " + join(words, " ")};
}

/// --configs, else the installed folder beside the program, else the source tree it was built from.
std::string configs_folder(const Arguments& arguments) {
  if (arguments.has("configs")) return arguments.value("configs");
  std::error_code code;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", code);
  const auto installed = self.parent_path().parent_path() / "share" / "ridgepoint" / "configs";
  return std::filesystem::is_directory(installed, code) ? installed.string() : build_info().source_configs;
}

// ---- commands of the program itself ----

/// The main job is a row of the other commands that hand documents to one another through files.
Result<Output> run_main(const Arguments& arguments, Ports& ports) {
  const std::string dir = arguments.value("out-dir"), machine = dir + "/machine.json",
                    runs = dir + "/runs.json", answer = dir + "/recommendation.json";
  Words recommend = {"recommend", "--machine", machine,     "--runs",     runs,
                     "--out",     answer,      "--configs", ports.configs};
  for (const char* option : {"as-of", "objective", "machine-price"})
    if (arguments.has(option))
      recommend.insert(recommend.end(), {std::string("--") + option, arguments.value(option)});
  const std::vector<Words> steps = {{"probe", "--out", machine},
                                    {"run", "--machine", machine, "--out", runs},
                                    recommend,
                                    {"report", answer, "--out", dir + "/report.html"},
                                    {"report", answer, "--out", dir + "/report.md"},
                                    {"report", answer}};
  if (arguments.has("dry-run")) {
    std::string text;
    for (const Words& step : steps) text += "ridgepoint " + join(step, " ") + "\n";
    return Output{std::nullopt, text, 0, false};
  }
  int answer_is_no = 0;
  for (Words step : steps) {
    if (arguments.has("quiet")) step.push_back("--quiet");
    const int code = execute(step);
    if (code == 1 && step.front() == "recommend")
      answer_is_no = 1;  // the report then says why
    else if (code != 0)
      return Output{std::nullopt, "", code, false};
  }
  std::string text = "\n";
  for (const char* name : {"machine.json", "runs.json", "recommendation.json", "report.html", "report.md"})
    text += dir + "/" + name + "\n";
  return Output{std::nullopt, text, answer_is_no, false};
}

const std::vector<const Command*>& commands();

Result<Output> run_manual(const Arguments&, Ports&) {
  return Output{std::nullopt, manual_page(commands(), build_info().version), 0, false};
}

Result<Output> run_completion(const Arguments& arguments, Ports&) {
  const Words shells = {"bash", "fish", "zsh"};
  const std::string shell = arguments.positional.empty() ? "" : arguments.positional.front();
  if (arguments.positional.size() != 1 || std::ranges::find(shells, shell) == shells.end())
    return fail(ErrorKind::bad_input, "name one shell", "known are bash, fish and zsh",
                "ridgepoint completion bash");
  return Output{std::nullopt, completion_script(commands(), shell), 0, false};
}

const Command main_command{
    .name = "main",
    .summary = "probe this machine, run the kernels, recommend, write the report",
    .positional = "",
    .options = {{"out-dir", "DIR", "folder for the documents and reports", "out", false, {}},
                {"objective", "WHAT", "what to minimise [cost]", "", false, {"cost", "time", "energy"}},
                {"as-of", "YYYY-MM", "platforms and prices of that month", "", false, {}},
                {"machine-price", "USD", "what an hour of this machine costs", "", false, {}},
                {"dry-run", "", "print the steps and stop", "", false, {}},
                {"version", "", "print the version and stop", "", false, {}}},
    .example = "ridgepoint --out-dir out --objective time",
    .run = run_main};
const Command manual_command{.name = "manual",
                             .summary = "print the man page (roff)",
                             .positional = "",
                             .options = {},
                             .example = "ridgepoint manual | man -l -",
                             .run = run_manual};
const Command completion_command{.name = "completion",
                                 .summary = "print a shell completion script",
                                 .positional = "SHELL",
                                 .options = {},
                                 .example = "source <(ridgepoint completion bash)",
                                 .run = run_completion};

const std::vector<const Command*>& commands() {
  static const std::vector<const Command*> table = [] {
    std::vector<const Command*> list = {&main_command, &manual_command, &completion_command};
    for (const auto* area :
         {&probes_commands(), &workloads_commands(), &model_commands(), &reports_commands()})
      list.insert(list.end(), area->begin(), area->end());
    std::ranges::sort(list, {}, [](const Command* c) { return c->name; });
    return list;
  }();
  return table;
}

// ---- parsing ----

Result<const Command*> find_command(const std::string& name) {
  Words known;
  for (const Command* c : commands()) {
    if (c->name == name) return c;
    if (c->name != "main") known.push_back(c->name);
  }
  const std::string near = nearest(name, known);
  return fail(ErrorKind::bad_input, "there is no command '" + printable(name) + "'", "",
              near.empty() ? "see ridgepoint --help" : "did you mean '" + near + "'?");
}

std::vector<Option> options_of(const Command& command) {
  std::vector<Option> list = command.options;
  list.insert(list.end(), common_options().begin(), common_options().end());
  return list;
}

tl::unexpected<Error> unknown_option(const Command& command, const std::string& given) {
  Words known;
  for (const Option& o : options_of(command)) known.push_back("--" + o.name);
  const std::string near = nearest(given, known);
  return fail(ErrorKind::bad_input, "there is no option '" + printable(given) + "'", "",
              near.empty() ? "see ridgepoint " + (command.name == "main" ? "" : command.name + " ") + "--help"
                           : "did you mean '" + near + "'?");
}

Result<Arguments> parse(const Command& command, const Words& words) {
  po::options_description description;
  for (const Option& o : options_of(command)) {
    auto* value = po::value<Words>()->composing();
    if (o.placeholder.empty()) value->zero_tokens();
    description.add_options()(o.name.c_str(), value);
  }
  description.add_options()("positional", po::value<Words>()->composing());
  Arguments arguments;
  try {
    po::positional_options_description positional;
    positional.add("positional", -1);
    using Style = po::command_line_style::style_t;
    const int style = po::command_line_style::unix_style & ~Style::allow_guessing;
    const auto parsed =
        po::command_line_parser(words).options(description).positional(positional).style(style).run();
    for (const auto& option : parsed.options) {
      if (option.string_key == "positional")
        arguments.positional.insert(arguments.positional.end(), option.value.begin(), option.value.end());
      else
        arguments.values[option.string_key].insert(arguments.values[option.string_key].end(),
                                                   option.value.begin(), option.value.end());
    }
  } catch (const po::unknown_option& e) {
    return unknown_option(command, e.get_option_name());
  } catch (const po::error& e) {
    return fail(ErrorKind::bad_input, e.what(), "",
                "see ridgepoint " + (command.name == "main" ? "" : command.name + " ") + "--help");
  }
  for (const Option& o : options_of(command)) {
    if (arguments.has(o.name)) {
      if (auto ok = check_values(o, arguments.all(o.name)); !ok) return tl::make_unexpected(ok.error());
    } else if (!o.fallback.empty()) {
      arguments.values[o.name] = {o.fallback};
    }
  }
  if (command.positional.empty() && !arguments.positional.empty())
    return fail(ErrorKind::bad_input,
                "'" + printable(arguments.positional.front()) + "' is not expected here", "",
                "see ridgepoint " + command.name + " --help");
  return arguments;
}

// ---- output ----

const Renderer* choose_renderer(const Command& command, const Arguments& arguments) {
  std::string id = command.default_format;
  const std::string out = arguments.value("out");
  std::size_t longest = 0;  // ".rows.json" before ".json"
  for (const Renderer* r : renderers())
    if (out.size() > r->suffix.size() && out.ends_with(r->suffix) && r->suffix.size() > longest) {
      id = r->id;
      longest = r->suffix.size();
    }
  if (arguments.has("json")) id = "json";
  if (arguments.has("format")) id = arguments.value("format");
  const auto it = std::ranges::find(renderers(), id, [](const Renderer* r) { return r->id; });
  return it == renderers().end() ? nullptr : *it;
}

/// "out/machine.json" -> "out/machine.partial.json": an unfinished document never replaces a finished one.
std::string partial_name(const std::string& path) {
  const std::filesystem::path p(path);
  return (p.parent_path() / (p.stem().string() + ".partial" + p.extension().string())).string();
}

Result<int> emit(const Command& command, const Arguments& arguments, const Output& output) {
  std::string bytes = output.text;
  if (output.document) {
    const Renderer* renderer = choose_renderer(command, arguments);
    if (renderer == nullptr) return fail(ErrorKind::internal, "no renderer", "", "");
    auto rendered = renderer->render(*output.document);
    if (!rendered) return tl::make_unexpected(rendered.error());
    bytes = std::move(*rendered);
  }
  const std::string out = arguments.value("out");
  if (out.empty() && output.stdout_is_taken) {
    if (auto ok = write_all(STDERR_FILENO, bytes, "stderr"); !ok) return tl::make_unexpected(ok.error());
  } else if (out.empty() || out == "-") {
    if (auto ok = write_all(STDOUT_FILENO, bytes, "stdout"); !ok) return tl::make_unexpected(ok.error());
  } else {
    const std::string target = output.interrupted ? partial_name(out) : out;
    if (auto ok = write_file_atomically(target, bytes); !ok) return tl::make_unexpected(ok.error());
    if (output.interrupted)
      std::fprintf(stderr, "ridgepoint: interrupted: what was finished is in '%s'\n", target.c_str());
  }
  std::error_code code;
  if (!output.no_longer_needed.empty()) std::filesystem::remove(output.no_longer_needed, code);
  return output.interrupted ? exit_code(ErrorKind::interrupted) : output.exit;
}

/// Runs a command for another one: nothing is printed or written.
Result<Output> answer(const Words& words, Ports& ports) {
  const auto command = find_command(words.empty() ? "" : words.front());
  if (!command) return tl::make_unexpected(command.error());
  const auto arguments = parse(**command, Words(words.begin() + 1, words.end()));
  if (!arguments) return tl::make_unexpected(arguments.error());
  Ports inner = ports;
  inner.provenance = provenance(words);
  return (*command)->run(*arguments, inner);
}

Result<int> try_execute(const Words& words) {
  const bool named = !words.empty() && !starts_with(words.front(), "-");
  const auto command = find_command(named ? words.front() : "main");
  if (!command) return tl::make_unexpected(command.error());
  const auto arguments = parse(**command, Words(words.begin() + (named ? 1 : 0), words.end()));
  if (!arguments) return tl::make_unexpected(arguments.error());
  if (arguments->has("version"))
    return emit(
        **command, {},
        {std::nullopt, "ridgepoint " + build_info().version + " (" + build_info().commit + ")\n", 0, false});
  if (arguments->has("help"))
    return emit(**command, {},
                {std::nullopt,
                 named ? help_text(**command) : overview_text(commands()) + "\n" + help_text(main_command), 0,
                 false});
  const std::string out = arguments->value("out");
  if (!out.empty() && out != "-")
    if (auto ok = check_writable(out); !ok) return tl::make_unexpected(ok.error());
  StderrLog log(arguments->has("quiet"));
  const auto events = live_events();  // tries nothing until it is asked
  Ports ports{log, configs_folder(*arguments), utc("%Y-%m"), provenance(words), events.get()};
  ports.ask = [&](const Words& asked) { return answer(asked, ports); };
  auto output = (*command)->run(*arguments, ports);
  if (!output) return tl::make_unexpected(output.error());
  return emit(**command, *arguments, *output);
}

int execute(const Words& words) {
  const auto code = try_execute(words);
  return code ? *code : print_error(code.error());
}

}  // namespace
}  // namespace ridgepoint

int main(int argc, char** argv) {
  struct sigaction action {};
  action.sa_handler = ridgepoint::on_signal;
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    ::sigaction(signal, nullptr, &before);
    if (signal == SIGHUP && before.sa_handler == SIG_IGN) continue;  // nohup
    ::sigaction(signal, &action, nullptr);
  }
  try {
    return ridgepoint::execute({argv + 1, argv + argc});
  } catch (const std::bad_alloc&) {
    return ridgepoint::print_error(
        {ridgepoint::ErrorKind::unavailable, "out of memory", "", "free some memory, or ask for less"});
  } catch (const std::exception& e) {
    return ridgepoint::print_error({ridgepoint::ErrorKind::internal, e.what(), "a bug in ridgepoint",
                                    "please report it with the command line"});
  }
}
