// SPDX-License-Identifier: Apache-2.0
#include "reports/command_help.h"

#include <algorithm>

#include "reports/renderer.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kWidth = 80;

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size() + 2, width), ' ');
  return text;
}

std::string option_word(const Option& o) {
  return "--" + o.name + (o.placeholder.empty() ? "" : " " + o.placeholder);
}

std::string option_help(const Option& o) {
  std::string text = o.help;
  if (!o.choices.empty()) text += " (" + join(o.choices, ", ") + ")";
  if (!o.fallback.empty()) text += " [" + o.fallback + "]";
  return text;
}

/// "  --word VALUE    help, wrapped under itself".
std::string option_lines(const Option& o, std::size_t column) {
  std::string out, line = padded("  " + option_word(o), column);
  for (const std::string& word : split(option_help(o), ' ')) {
    if (line.size() + word.size() > kWidth) {
      out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
      line = std::string(column, ' ');
    }
    line += word + " ";
  }
  return out + line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

/// Words after "--" belong to somebody else's program, so the options stand before them.
std::string usage_tail(const Command& c) {
  if (c.positional.empty()) return " [OPTIONS]";
  return starts_with(c.positional, "--") ? " [OPTIONS] " + c.positional : " " + c.positional + " [OPTIONS]";
}

std::string escaped_roff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '-' || c == '\\') out += '\\';
    out += c;
  }
  // A line that begins with a dot or quote would be a request.
  return !out.empty() && (out[0] == '.' || out[0] == '\'') ? "\\&" + out : out;
}

std::vector<Option> all_options(const Command& c) {
  std::vector<Option> list = c.options;
  list.insert(list.end(), common_options().begin(), common_options().end());
  return list;
}

std::vector<std::string> format_ids() {
  std::vector<std::string> ids;
  for (const Renderer* r : renderers()) ids.push_back(r->id);
  return ids;
}

}  // namespace

const std::vector<Option>& common_options() {
  static const std::vector<Option> options = {
      {"format", "FORMAT", "form of the output; default: from --out, else text", "", false, format_ids()},
      {"json", "", "short for --format json", "", false, {}},
      {"out", "FILE", "write there (whole or not at all) instead of stdout", "", false, {}},
      {"configs", "DIR", "folder with platforms/, workloads/ and schemas/", "", false, {}},
      {"quiet", "", "no progress, errors only", "", false, {}},
      {"help", "", "this text", "", false, {}}};
  return options;
}

std::string overview_text(const std::vector<const Command*>& commands) {
  std::string out =
      "Which platform should this workload run on, what will it cost, how sure are we?\n\n"
      "usage: ridgepoint                 probe, run, recommend and report into out/\n"
      "       ridgepoint COMMAND [OPTIONS]\n\ncommands:\n";
  for (const Command* c : commands)
    if (c->name != "main") out += padded("  " + c->name, 14) + c->summary + "\n";
  return out +
         "\nexit status: 0 done, 1 the answer is no, 2 bad input, 3 a facility is missing,\n"
         "             4 reading or writing failed, 70 our bug, 130 interrupted\n\n"
         "example: ridgepoint recommend --as-of 2017-06 --objective time\n"
         "more:    ridgepoint COMMAND --help\n";
}

std::string help_text(const Command& c) {
  const std::string name = c.name == "main" ? "" : " " + c.name;
  std::string out = c.summary + "\n\nusage: ridgepoint" + name + usage_tail(c) + "\n\noptions:\n";
  constexpr std::size_t kColumn = 24;
  for (const Option& o : c.options) out += option_lines(o, kColumn);
  out += "common options:\n";
  for (const Option& o : common_options()) out += option_lines(o, kColumn);
  return out + "\nexample: " + c.example + "\n";
}

std::string manual_page(const std::vector<const Command*>& commands, const std::string& version) {
  std::string out =
      ".TH RIDGEPOINT 1 \"\" \"ridgepoint " + escaped_roff(version) +
      "\" \"User Commands\"\n.SH NAME\nridgepoint \\- platform characterisation and recommendation by "
      "evidence\n.SH SYNOPSIS\n.B ridgepoint\n[COMMAND] [OPTIONS]\n.SH DESCRIPTION\n"
      "Without a command: probe this machine, run one kernel per workload family, model every workload on\n"
      "every catalogue platform, recommend, and write the report.\n.SH COMMANDS\n";
  for (const Command* c : commands) {
    out += ".SS \"ridgepoint" + (c->name == "main" ? "" : " " + escaped_roff(c->name)) +
           (c->positional.empty() ? "" : " " + escaped_roff(c->positional)) + "\"\n" +
           escaped_roff(c->summary) + "\n";
    for (const Option& o : c->options)
      out += ".TP\n.B " + escaped_roff(option_word(o)) + "\n" + escaped_roff(option_help(o)) + "\n";
    out += ".PP\nExample: " + escaped_roff(c->example) + "\n";
  }
  out += ".SH COMMON OPTIONS\n";
  for (const Option& o : common_options())
    out += ".TP\n.B " + escaped_roff(option_word(o)) + "\n" + escaped_roff(option_help(o)) + "\n";
  return out +
         ".SH EXIT STATUS\n0 done; 1 done, and the answer is no; 2 usage or input; 3 a needed facility is "
         "missing;\n"
         "4 input or output failed; 70 a bug in ridgepoint; 130 interrupted.\n"
         ".SH ENVIRONMENT\n.TP\n.B SOURCE_DATE_EPOCH\nSeconds since 1970 used as the current time, for "
         "reproducible "
         "documents.\n.SH SEE ALSO\nlstopo(1)\n";
}

namespace {

std::string bash_script(const std::vector<const Command*>& commands) {
  std::string names, cases;
  for (const Command* c : commands) {
    std::vector<std::string> words;
    for (const Option& o : all_options(*c)) words.push_back("--" + o.name);
    const bool bare = c->name == "main";
    if (!bare) names += (names.empty() ? "" : " ") + c->name;
    cases += "    " + (bare ? std::string("\"\"") : c->name) + ") words=\"" + join(words, " ") + "\" ;;\n";
  }
  return "# bash completion for ridgepoint (generated)\n_ridgepoint() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} words command=\"\"\n"
         "  [[ $COMP_CWORD -gt 1 && ${COMP_WORDS[1]} != -* ]] && command=${COMP_WORDS[1]}\n"
         "  case \"$command\" in\n" +
         cases +
         "  esac\n"
         "  [[ -z $command ]] && words=\"" +
         names +
         " $words\"\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n}\n"
         "complete -o default -F _ridgepoint ridgepoint\n";
}

std::string zsh_script(const std::vector<const Command*>& commands) {
  std::string names, cases;
  for (const Command* c : commands) {
    std::vector<std::string> words;
    for (const Option& o : all_options(*c)) words.push_back("--" + o.name);
    if (c->name == "main") continue;
    names += " " + c->name;
    cases += "    " + c->name + ") compadd -- " + join(words, " ") + "; _files ;;\n";
  }
  return "#compdef ridgepoint\n_ridgepoint() {\n  if (( CURRENT == 2 )); then compadd --" + names +
         "; return; fi\n  case \"$words[2]\" in\n" + cases + "  esac\n}\n_ridgepoint \"$@\"\n";
}

std::string fish_script(const std::vector<const Command*>& commands) {
  std::string out = "# fish completion for ridgepoint (generated)\n";
  const auto quoted = [](std::string text) {
    std::erase(text, '\'');
    return "'" + text + "'";
  };
  for (const Command* c : commands) {
    if (c->name == "main") continue;
    out +=
        "complete -c ridgepoint -n __fish_use_subcommand -a " + c->name + " -d " + quoted(c->summary) + "\n";
    for (const Option& o : all_options(*c))
      out += "complete -c ridgepoint -n '__fish_seen_subcommand_from " + c->name + "' -l " + o.name +
             (o.placeholder.empty() ? "" : " -r") +
             (o.choices.empty() ? "" : " -a " + quoted(join(o.choices, " "))) + " -d " + quoted(o.help) +
             "\n";
  }
  return out;
}

}  // namespace

std::string completion_script(const std::vector<const Command*>& commands, const std::string& shell) {
  if (shell == "zsh") return zsh_script(commands);
  if (shell == "fish") return fish_script(commands);
  return bash_script(commands);
}

}  // namespace ridgepoint
