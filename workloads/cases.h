// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/core/result.h"
#include "workloads/kernel.h"

namespace ridgepoint {

/// A named size of a kernel.
struct Case {
  std::string name;
  Shape shape;
};

/// Text data, one case a line: "NAME key=value ..."; what a line leaves open is the kernel's default. Empty
/// lines and those that begin with '#' count for nothing. A wrong line is refused with `where` and its
/// number.
Result<std::vector<Case>> parse_cases(std::string_view text, const Kernel& kernel, const std::string& where);

/// The cases of `<configs>/cases/<kernel id>.txt`; the default shape alone, named "default", without a file.
Result<std::vector<Case>> load_cases(const std::string& configs, const Kernel& kernel);

}  // namespace ridgepoint
