// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "model/core/result.h"

namespace ridgepoint {

/// Runs `work` in a child process with its own memory limit and silent stdout and stderr, and returns the
/// bytes it answers. Empty bytes: it ran out of time or memory, or crashed. Ctrl-C ends it and gives an
/// `interrupted` error within 0.1 s; it dies with its parent.
Result<std::string> run_in_child(const std::function<std::string()>& work, double seconds,
                                 double memory_byte);

}  // namespace ridgepoint
