// SPDX-License-Identifier: Apache-2.0
#include "reports/renderer.h"
#include "reports/rows.h"

namespace ridgepoint {
namespace {

/// The document as it was decoded, and its tidy rows beside it where its kind carries them.
Result<std::string> render(const Document& document) {
  if (!carries_tidy_rows(document.schema)) return document_text(document);
  auto rows = report::rows_of(document);
  if (!rows) return tl::make_unexpected(rows.error());
  Document with_rows = document;
  with_rows.body["rows"] = encode(*rows);
  return document_text(with_rows);
}

}  // namespace

extern const Renderer json_renderer;
const Renderer json_renderer{.id = "json",
                             .suffix = ".json",
                             .summary = "The document itself, in base units, for programs",
                             .render = render};

}  // namespace ridgepoint
