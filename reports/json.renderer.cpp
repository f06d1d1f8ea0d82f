// SPDX-License-Identifier: Apache-2.0
#include "reports/renderer.h"

namespace ridgepoint {

extern const Renderer json_renderer;
const Renderer json_renderer{.id = "json",
                             .suffix = ".json",
                             .summary = "The document itself, in base units, for programs",
                             .render = document_text};

}  // namespace ridgepoint
