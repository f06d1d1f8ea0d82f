// SPDX-License-Identifier: Apache-2.0
#include "reports/renderer.h"
#include "reports/rows.h"

namespace ridgepoint {
namespace {

Result<std::string> render(const Document& document) {
  return report::rows_of(document).and_then(
      [](const std::vector<TidyRow>& rows) { return dump_json(encode(rows)); });
}

}  // namespace

extern const Renderer rows_json_renderer;
const Renderer rows_json_renderer{.id = "rows-json",
                                  .suffix = ".rows.json",
                                  .summary = "A flat list of figures, for Grafana and the like",
                                  .render = render,
                                  .figures_only = true};

}  // namespace ridgepoint
