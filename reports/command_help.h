// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/core/command.h"

namespace ridgepoint {

/// Everything here is made from the option table, so help, manual and completion cannot drift from the
/// parser.

/// Options that main adds to every command.
const std::vector<Option>& common_options();

/// `ridgepoint --help`: commands, a line each; fits a screen.
std::string overview_text(const std::vector<const Command*>& commands);
/// `ridgepoint COMMAND --help`: usage, options, an example at the end.
std::string help_text(const Command& command);
/// ridgepoint(1) in roff.
std::string manual_page(const std::vector<const Command*>& commands, const std::string& version);
/// Completion script for "bash", "zsh" or "fish".
std::string completion_script(const std::vector<const Command*>& commands, const std::string& shell);

}  // namespace ridgepoint
