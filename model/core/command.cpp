// SPDX-License-Identifier: Apache-2.0
#include "model/core/command.h"

#include <algorithm>

namespace ridgepoint {

Result<void> check_values(const Option& o, const std::vector<std::string>& values) {
  if (!o.repeated && values.size() > 1)
    return fail(ErrorKind::bad_input, "--" + o.name + " is given twice", "", "give it once");
  for (const std::string& v : values) {
    if (v.empty())
      return fail(ErrorKind::bad_input, "--" + o.name + " is empty", "", "give it a value: " + o.placeholder);
    if (o.choices.empty() || std::ranges::find(o.choices, v) != o.choices.end()) continue;
    const std::string near = nearest(v, o.choices);
    return fail(ErrorKind::bad_input, "--" + o.name + " cannot be '" + printable(v) + "'",
                "known are " + join(o.choices, ", "),
                near.empty() ? "choose one of these" : "did you mean '" + near + "'?");
  }
  return {};
}

}  // namespace ridgepoint
