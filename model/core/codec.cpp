// SPDX-License-Identifier: Apache-2.0
#include "model/core/codec.h"

#include <algorithm>

namespace ridgepoint {

Json encode_number(double value) {
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (std::isfinite(value) && std::abs(value) <= kExact && value == std::trunc(value))
    return Json(static_cast<std::int64_t>(value));
  return Json(value);
}

void Decoder::refuse(const std::string& path, const std::string& what, const std::string& fix) {
  if (trouble_) return;
  trouble_ =
      Error{ErrorKind::bad_input, (path.empty() ? "the document" : "'" + path + "'") + " " + what, "", fix};
}

void Decoder::done() {
  if (trouble_ || !in_.is_object()) return;
  for (const auto& [k, v] : in_.items()) {
    if (std::ranges::find(known_, k) != known_.end()) continue;
    const std::string near = nearest(k, known_);
    return refuse(
        at(printable(k.substr(0, 80))), "is not a known key",
        near.empty() ? "remove it; known keys are " + join(known_, ", ") : "did you mean '" + near + "'?");
  }
  if (!missing_.empty()) refuse(at(missing_), "is missing", "add it");
}

}  // namespace ridgepoint
