// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/core/command.h"
#include "model/money/settings.h"

namespace ridgepoint::money {

/// The options that say how money is counted: --basis, --region, --electricity, --grid, --utilisation,
/// --assumptions, --prices; the command's own come first.
std::vector<Option> with_money_options(std::vector<Option> own);

/// The settings they stand for, on top of the assumptions of the price folder.
Result<Settings> read_settings(const Arguments& arguments, const Ports& ports);

/// The folder of price files: --prices; empty = the one beside the platforms.
std::string prices_folder(const Arguments& arguments);

}  // namespace ridgepoint::money
