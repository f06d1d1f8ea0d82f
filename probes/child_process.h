// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "model/core/result.h"

namespace ridgepoint {

/// Runs `work` in a forked child whose standard streams lead nowhere, and returns its text. A child that
/// crashes, exits by itself, is silent for longer than `limit_s` or is interrupted is an error
/// (ErrorKind::unavailable) here and nothing worse.
Result<std::string> in_child(const std::function<std::string()>& work, double limit_s);

}  // namespace ridgepoint
