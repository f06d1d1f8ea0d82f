// SPDX-License-Identifier: Apache-2.0
// Bencher Metric Format: benchmark -> measure -> value with its bounds.
#include "reports/renderer.h"
#include "reports/rows.h"

namespace ridgepoint {
namespace {

/// Bencher names a measure by a slug: "roof-share.read" -> "roof-share-read".
std::string slug_of(const std::string& metric) {
  std::string slug;
  for (const char c : metric) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain)
      slug += c;
    else if (c >= 'A' && c <= 'Z')
      slug += static_cast<char>(c - 'A' + 'a');
    else if (!slug.empty() && slug.back() != '-')
      slug += '-';
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  return slug;
}

Result<std::string> render(const Document& document) {
  return report::rows_of(document).and_then([&](const std::vector<TidyRow>& rows) {
    Json out = Json::object();
    for (const TidyRow& r : rows) {
      TidyRow subject = r;
      subject.metric = document.schema;
      Json& measures = out[report::row_name(subject)];
      const std::string slug = slug_of(r.metric + " " + r.unit);
      if (measures.contains(slug)) continue;  // the first of that name
      measures[slug] = {{"value", encode_number(r.value)}};
      if (r.lo) measures[slug]["lower_value"] = encode_number(*r.lo);
      if (r.hi) measures[slug]["upper_value"] = encode_number(*r.hi);
    }
    return dump_json(out);
  });
}

}  // namespace

extern const Renderer bencher_renderer;
const Renderer bencher_renderer{.id = "bencher",
                                .suffix = ".bmf.json",
                                .summary = "Bencher Metric Format, for `bencher run --adapter json`",
                                .render = render,
                                .figures_only = true};

}  // namespace ridgepoint
