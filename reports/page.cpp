// SPDX-License-Identifier: Apache-2.0
#include "reports/page.h"

#include <array>

#include "model/core/text.h"
#include "reports/pages/pages.h"

namespace ridgepoint::report {
namespace {

struct Kind {
  std::string_view schema;
  Result<Page> (*page)(const Document&);
};

constexpr auto kKinds = std::to_array<Kind>({
    {"assumptions", assumptions_page},
    {"calibration", calibration_page},
    {"claims", claims_page},
    {"comparison", comparison_page},
    {"cost", cost_page},
    {"doctor", doctor_page},
    {"fit", fit_page},
    {"listing", listing_page},
    {"machine", machine_page},
    {"network", network_page},
    {"peers", peers_page},
    {"phantom", phantom_page},
    {"pipeline", pipeline_page},
    {"plan", plan_page},
    {"platform", platform_page},
    {"prices", prices_page},
    {"profile", profile_page},
    {"recommendation", recommendation_page},
    {"runs", runs_page},
    {"scenario", scenario_page},
    {"study", study_page},
    {"sweep", sweep_page},
    {"validation", validation_page},
    {"volume", volume_page},
    {"workload", workload_page},
});

}  // namespace

std::string words_of(const Text& text) {
  std::string out;
  for (const Span& s : text.spans) out += s.text;
  return out;
}

Table overview_of(const Cards& cards, Badges badges) {
  Table table;
  table.caption = cards.caption;
  if (cards.cards.empty()) return table;
  table.columns = {{cards.title_heading, Align::text}, {cards.headline_heading, Align::text}};
  for (const Entry& e : cards.cards.front().facts) table.columns.push_back({e.key, Align::text});
  if (badges == Badges::shown) table.columns.push_back({cards.badge_heading, Align::text});
  for (const Card& card : cards.cards) {
    Row row{{card.title, card.headline}, Emphasis::none};
    for (const Entry& e : card.facts) row.cells.push_back(e.value);
    if (badges == Badges::shown) row.cells.push_back(card.badge);
    table.rows.push_back(std::move(row));
  }
  return table;
}

Result<Page> page_of(const Document& document) {
  // Every number of a page comes from the document, so one check here keeps "nan" and "inf" out of all of
  // them.
  if (const auto text = document_text(document); !text) return tl::make_unexpected(text.error());
  for (const Kind& kind : kKinds)
    if (kind.schema == document.schema) return kind.page(document);
  return fail(ErrorKind::bad_input, "there is no report for a '" + printable(document.schema) + "' document",
              "reports know the document kinds of configs/schemas/", "give a file written by ridgepoint");
}

}  // namespace ridgepoint::report
