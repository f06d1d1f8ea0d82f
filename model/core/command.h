// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/core/document.h"
#include "model/core/ports.h"
#include "model/core/result.h"

namespace ridgepoint {

/// One option of one command. The parser, --help, the man pages and the shell completions are made from it.
struct Option {
  std::string name;         ///< without dashes: "as-of"
  std::string placeholder;  ///< "YYYY-MM"; empty = a flag without value
  std::string help;         ///< one line
  std::string fallback;     ///< value when not given; empty = none
  bool repeated = false;
  std::vector<std::string> choices;  ///< closed list of values, for checks and completion
};

/// Refuses a second value where one is expected, an empty value, and one outside the closed list.
Result<void> check_values(const Option& option, const std::vector<std::string>& values);

/// What the user gave, after defaults.
struct Arguments {
  std::map<std::string, std::vector<std::string>> values;
  std::vector<std::string> positional;

  bool has(const std::string& name) const { return values.contains(name); }
  /// First value, or empty.
  std::string value(const std::string& name) const {
    const auto it = values.find(name);
    return it == values.end() || it->second.empty() ? std::string() : it->second.front();
  }
  std::vector<std::string> all(const std::string& name) const {
    const auto it = values.find(name);
    return it == values.end() ? std::vector<std::string>() : it->second;
  }
};

/// What a command answers: a document (main renders it in the asked format), or plain text.
struct Output {
  std::optional<Document> document;
  std::string text;
  int exit = 0;  ///< 0 done, 1 done and the answer is no, 3 a needed facility is missing (--strict)
  bool interrupted = false;  ///< the document holds what was finished; main keeps it beside --out, exit 130
  bool stdout_is_taken = false;       ///< by a program that was run: without --out the page goes to stderr
  std::string no_longer_needed = {};  ///< file (a journal) that main removes once the answer is written whole
};

/// A command is a record found by file name (`<id>.cmd.cpp` defines `<id>_cmd`).
struct Command {
  std::string name;
  std::string summary;          ///< one line for the overview
  std::string positional;       ///< "[WORKLOAD...]", or empty when none are taken
  std::vector<Option> options;  ///< --format, --out, --quiet, --help are added by main
  std::string example;          ///< last lines of --help
  std::string default_format = "text";
  Result<Output> (*run)(const Arguments&, Ports&) = nullptr;
};

}  // namespace ridgepoint
