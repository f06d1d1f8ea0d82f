// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "model/core/json.h"

namespace ridgepoint {

/// Document kind -> its JSON Schema, made from the types. `platform` is not here: its schema is written by
/// hand in configs/schemas/, stricter (units, key grammar) because people write those files.
const std::map<std::string, Json>& generated_schemas();

}  // namespace ridgepoint
