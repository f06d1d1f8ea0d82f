// SPDX-License-Identifier: Apache-2.0
#include "reports/page.h"

#include <limits>
#include <set>

#include "reports/pages/parts.h"
#include "tests/reports/documents.h"

namespace ridgepoint::testing_reports {
namespace {

/// The body without one of its keys, for every key at any depth.
void without_each_key(const Json& body, const std::function<void(const Json&)>& use) {
  const Json flat = body.flatten();
  std::set<std::string> done;
  for (const auto& [pointer, leaf] : flat.items()) {
    const Json::json_pointer at(pointer);
    for (Json::json_pointer p = at; !p.empty(); p = p.parent_pointer()) {
      if (p.back().find_first_not_of("0123456789") == std::string::npos) continue;  // an item of a list
      if (!done.insert(p.to_string()).second) break;
      Json less = body;
      less[p.parent_pointer()].erase(p.back());
      use(less);
    }
  }
}

TEST(Page, UnknownDocumentsAreRefused) {
  const auto page = report::page_of(Document{"invoice", Json::object()});
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().kind, ErrorKind::bad_input);
  EXPECT_TRUE(contains(page.error().what, "'invoice'"));
}

TEST(Page, AnUnknownKeyIsRefusedInEveryKindOfDocument) {
  for (const std::string kind : kKinds) {
    Document document = golden_document(kind);
    document.body["surprise"] = 1;
    const auto page = report::page_of(document);
    ASSERT_FALSE(page) << kind;
    EXPECT_TRUE(contains(page.error().what, "'surprise'")) << page.error().what;
  }
}

TEST(Page, AMissingKeyIsAnErrorOrAPageButNeverACrash) {
  for (const std::string kind : kKinds)
    without_each_key(golden_document(kind).body, [&](const Json& body) {
      for (const Renderer* r : renderers()) {
        const auto bytes = r->render(Document{kind, body});
        EXPECT_TRUE(bytes || bytes.error().kind == ErrorKind::bad_input);
      }
    });
}

TEST(Page, EmptyDocumentsHaveAPage) {
  for (const std::string kind : kKinds) {
    Document document = golden_document(kind);
    for (auto& [key, value] : document.body.items())
      if (value.is_array()) value = Json::array();
    for (const Renderer* r : renderers())
      EXPECT_TRUE(r->figures_only || render(r->id, document) != "") << kind << " " << r->id;
  }
}

TEST(Page, NanAndInfinityAreRefusedByEveryRenderer) {
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    Document document = golden_document("recommendation");
    document.body["answers"][0]["estimates"][0]["time_s"]["value"] = bad;
    for (const Renderer* r : renderers()) EXPECT_FALSE(r->render(document)) << r->id;
  }
}

TEST(Page, AListingWhoseRowsDoNotMatchItsColumnsIsRefused) {
  Document document = golden_document("listing");
  document.body["rows"][1].push_back("one too many");
  EXPECT_FALSE(report::page_of(document));
}

TEST(Parts, NumbersAreRoundedAndKeepTheirExactValue) {
  const report::Text text = report::quantity(37.2345e9, "byte/s");
  EXPECT_EQ(report::words_of(text), "37.2 GB/s");
  EXPECT_EQ(text.spans.front().exact, 37.2345e9);
  EXPECT_EQ(text.spans.front().unit, "byte/s");
}

TEST(Parts, ARangeSaysItsUnitOnceWhereBothEndsShareIt) {
  EXPECT_EQ(report::words_of(report::range(318e9, 360e9, "byte/s")), "318 to 360 GB/s");
  EXPECT_EQ(report::words_of(report::range(0.574, 1.04, "s")), "574 ms to 1.04 s");
  EXPECT_EQ(report::words_of(report::range(1, 2, "usd")), "$1 to $2");
}

TEST(Parts, TheUnknownIsAWordNotAZero) {
  EXPECT_EQ(report::words_of(report::or_unknown(std::nullopt, "byte")), "unknown");
  EXPECT_EQ(report::words_of(report::or_unknown(0.0, "byte")), "0 B");
  EXPECT_EQ(report::words_of(report::or_else("", "no offer")), "no offer");
}

TEST(Parts, SentencesBeginWithACapitalUnlessTheyBeginWithAName) {
  EXPECT_EQ(report::sentence("time = work / rate"), "Time = work / rate.");
  EXPECT_EQ(report::sentence("memory: it must fit"), "Memory: it must fit.");
  EXPECT_EQ(report::sentence("nvidia-l4 wins"), "nvidia-l4 wins.");
  EXPECT_EQ(report::sentence("fp32 is used."), "fp32 is used.");
  EXPECT_EQ(report::sentence(""), "");
}

TEST(Parts, ListsReadLikeEnglish) {
  EXPECT_EQ(report::listed({}), "");
  EXPECT_EQ(report::listed({"a"}), "a");
  EXPECT_EQ(report::listed({"a", "b", "c"}), "a, b and c");
}

}  // namespace
}  // namespace ridgepoint::testing_reports
