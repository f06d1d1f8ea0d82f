// SPDX-License-Identifier: Apache-2.0
#include "reports/renderer.h"
#include "reports/rows.h"

namespace ridgepoint {
namespace {

Result<std::string> render(const Document& document) {
  const auto rows = report::rows_of(document);
  if (!rows) return tl::make_unexpected(rows.error());
  std::string out;
  for (const Json& row : encode(*rows)) {
    const auto line = dump_json_line(row);
    if (!line) return tl::make_unexpected(line.error());
    out += *line;
  }
  return out;
}

}  // namespace

extern const Renderer ndjson_renderer;
const Renderer ndjson_renderer{.id = "ndjson",
                               .suffix = ".ndjson",
                               .summary = "One figure a line as JSON, for a log or a queue",
                               .render = render,
                               .figures_only = true};

}  // namespace ridgepoint
