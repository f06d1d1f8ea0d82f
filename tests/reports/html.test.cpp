// SPDX-License-Identifier: Apache-2.0
#include <cctype>
#include <regex>
#include <set>

#include "model/core/format.h"
#include "reports/escape.h"
#include "tests/reports/documents.h"
#include "tests/reports/html_reader.h"

namespace ridgepoint::testing_reports {
namespace {

std::string append_hostile(const std::string& text) { return text + kHostile; }
std::string append_harmless(const std::string& text) { return text + harmless(); }

std::vector<HtmlElement> elements_of(const Document& document) {
  const HtmlReading reading = read_html(render("html", document));
  EXPECT_EQ(reading.trouble, "");
  return reading.elements;
}

std::string attribute(const HtmlElement& e, const std::string& name) {
  const auto it = e.attributes.find(name);
  return it == e.attributes.end() ? "" : it->second;
}

/// Every number of a document, in the document's own notation.
void collect_numbers(const Json& value, std::set<std::string>& out) {
  if (value.is_number()) out.insert(encode_number(value.get<double>()).dump());
  if (value.is_structured())
    for (const Json& item : value) collect_numbers(item, out);
}

std::set<std::string> numbers_of(const Json& value) {
  std::set<std::string> out;
  collect_numbers(value, out);
  return out;
}

class Html : public testing::TestWithParam<const char*> {};

TEST_P(Html, IsWellFormed) { EXPECT_EQ(read_html(render("html", golden_document(GetParam()))).trouble, ""); }

TEST_P(Html, HostileNamesChangeNoElementAndNoAttributeName) {
  const auto hostile = elements_of(with_texts(GetParam(), append_hostile));
  const auto plain = elements_of(with_texts(GetParam(), append_harmless));
  ASSERT_EQ(hostile.size(), plain.size());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    EXPECT_EQ(hostile[i].tag, plain[i].tag);
    std::vector<std::string> a, b;
    for (const auto& [name, value] : hostile[i].attributes) a.push_back(name);
    for (const auto& [name, value] : plain[i].attributes) b.push_back(name);
    EXPECT_EQ(a, b) << plain[i].tag;
  }
}

TEST_P(Html, HostileNamesArriveAsText) {
  const std::string html = render("html", with_texts(GetParam(), append_hostile));
  EXPECT_TRUE(contains(html, "&lt;script&gt;alert(1)&lt;/script&gt;"));
  for (const char c : html) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  EXPECT_FALSE(contains(html, "\xE2\x80\xAE")) << "a direction override";
  EXPECT_FALSE(contains(html, "\xC2\x9B")) << "a C1 control";
}

TEST_P(Html, HoldsNothingThatExecutesOrFetches) {
  static const std::set<std::string> kAllowed = {
      "html",   "head",    "meta",  "link",    "title", "style", "body",   "a",      "header",
      "p",      "h1",      "h2",    "h3",      "h4",    "nav",   "ul",     "ol",     "li",
      "main",   "section", "div",   "article", "dl",    "dt",    "dd",     "span",   "data",
      "table",  "caption", "thead", "tbody",   "tr",    "th",    "td",     "figure", "figcaption",
      "footer", "svg",     "desc",  "g",       "rect",  "line",  "circle", "path",   "text"};
  for (const HtmlElement& e : elements_of(with_texts(GetParam(), append_hostile))) {
    EXPECT_TRUE(kAllowed.contains(e.tag)) << e.tag;
    for (const auto& [name, value] : e.attributes) {
      EXPECT_NE(name.rfind("on", 0), 0u) << name;
      EXPECT_FALSE(name == "src" || name == "style" || name == "srcset") << name;
      if (name == "href") {
        EXPECT_TRUE(value.rfind('#', 0) == 0 || value == "data:,") << value;
      }
    }
    if (e.tag == "style") {
      EXPECT_FALSE(contains(e.text, "url(") || contains(e.text, "@import"));
    }
  }
}

TEST_P(Html, ForbidsEverythingButItsOwnStyle) {
  const auto elements = elements_of(golden_document(GetParam()));
  const auto policy = std::ranges::find_if(
      elements, [](const HtmlElement& e) { return attribute(e, "http-equiv") == "Content-Security-Policy"; });
  ASSERT_NE(policy, elements.end());
  EXPECT_EQ(attribute(*policy, "content"), "default-src 'none'; style-src 'unsafe-inline'; img-src data:");
}

TEST_P(Html, IdsAreUniqueAndEveryReferenceHasATarget) {
  std::set<std::string> ids, wanted, regions;
  for (const HtmlElement& e : elements_of(golden_document(GetParam()))) {
    if (const std::string id = attribute(e, "id"); !id.empty()) {
      EXPECT_TRUE(ids.insert(id).second) << id;
    }
    if (const std::string href = attribute(e, "href"); href.rfind('#', 0) == 0) wanted.insert(href.substr(1));
    std::istringstream names(attribute(e, "aria-labelledby"));
    for (std::string name; names >> name;) wanted.insert(name);
    if (attribute(e, "role") == "region") {
      EXPECT_TRUE(regions.insert(attribute(e, "aria-label")).second);
    }
  }
  for (const std::string& id : wanted) EXPECT_TRUE(ids.contains(id)) << id;
}

TEST_P(Html, EveryExactValueIsTheDocuments) {
  const Document document = golden_document(GetParam());
  const std::set<std::string> known = numbers_of(document.body);
  for (const HtmlElement& e : elements_of(document))
    if (e.tag == "data" && attribute(e, "data-origin") != "derived") {
      EXPECT_TRUE(known.contains(attribute(e, "value"))) << attribute(e, "value") << " shown as " << e.text;
    }
}

TEST_P(Html, EveryShownNumberIsItsExactValueRounded) {
  for (const HtmlElement& e : elements_of(golden_document(GetParam()))) {
    const std::string title = attribute(e, "title");
    if (e.tag != "data" || title.empty()) continue;
    const std::string unit = title.substr(title.find(' ') + 1);
    if (unit == "usd" || unit == "flop/byte")
      continue;  // shown per 1,000 or per million; has a unit of its own
    const std::string expected = show(std::stod(attribute(e, "value")), unit);
    // In "318 to 360 GB/s" the first number leaves its unit to the second.
    EXPECT_TRUE(e.text == expected || e.text == expected.substr(0, expected.rfind(' ')))
        << e.text << ", not " << expected;
  }
}

TEST_P(Html, EveryShownNumberIsADataElement) {
  // A digit in a number cell belongs to a <data>; the cell's own text holds none, unless it is a text of the
  // document.
  const Document document = golden_document(GetParam());
  const std::string texts = document.body.dump();
  for (const HtmlElement& e : elements_of(document)) {
    const bool digits = std::ranges::any_of(e.text, [](unsigned char c) { return std::isdigit(c) != 0; });
    if (e.tag == "td" && attribute(e, "class") == "number" && digits) {
      EXPECT_TRUE(contains(texts, "\"value\":\"" + e.text + "\"")) << e.text;
    }
  }
}

TEST_P(Html, NeverSaysNanOrInfinity) {
  const std::regex not_a_number("\\b(nan|inf|infinity)\\b", std::regex::icase);
  for (const Renderer* r : renderers())
    EXPECT_FALSE(std::regex_search(render(r->id, golden_document(GetParam())), not_a_number)) << r->id;
}

TEST_P(Html, TablesNameTheirColumnsAndRows) {
  bool in_table = false;
  for (const HtmlElement& e : elements_of(golden_document(GetParam()))) {
    if (e.tag == "table") in_table = true;
    if (e.tag == "th") {
      EXPECT_TRUE(attribute(e, "scope") == "col" || attribute(e, "scope") == "row");
    }
    if (e.tag == "caption") {
      EXPECT_NE(e.text, "");
    }
  }
  EXPECT_TRUE(in_table);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Html, testing::ValuesIn(kKinds),
                         [](const auto& kind) { return std::string(kind.param); });

TEST(HtmlRecommendation, HoldsEveryEstimateExactly) {
  const Document document = golden_document("recommendation");
  std::set<std::string> shown;
  for (const HtmlElement& e : elements_of(document))
    if (e.tag == "data") shown.insert(attribute(e, "value"));
  for (const Json& answer : document.body["answers"])
    for (const Json& estimate : answer["estimates"])
      for (const char* key : {"time_s", "cost_usd", "energy_j"}) {
        const bool in_ranking = estimate["standing"] == "ranked" || std::string(key) == "time_s";
        if (!in_ranking || !estimate.contains(key)) continue;
        for (const std::string& number : numbers_of(estimate[key]))
          EXPECT_TRUE(shown.contains(number)) << key << number;
      }
}

TEST(HtmlRecommendation, ShowsAMissingPriceAsWords) {
  const auto elements = elements_of(golden_document("recommendation"));
  std::size_t no_price = 0;
  for (const HtmlElement& e : elements) {
    if (e.text == "no price") ++no_price;
    if (e.tag == "data") {
      EXPECT_NE(attribute(e, "value"), "0") << "a zero nobody measured, shown as " << e.text;
    }
  }
  EXPECT_EQ(no_price, 6u);  // three platforms without a price, for two workloads
}

TEST(HtmlRecommendation, RegionsDifferEvenWhenTheirTablesHaveOneName) {
  Document document = golden_document("recommendation");
  document.body["answers"][1] = document.body["answers"][0];
  std::set<std::string> labels;
  for (const HtmlElement& e : elements_of(document)) {
    if (attribute(e, "role") == "region") {
      EXPECT_TRUE(labels.insert(attribute(e, "aria-label")).second) << attribute(e, "aria-label");
    }
  }
  EXPECT_GT(labels.size(), 5u);
}

TEST(HtmlReaderItself, SeesWhatBrowsersForgive) {
  EXPECT_EQ(read_html("<p class=\"a\">x &amp; y</p>").trouble, "");
  for (const char* broken : {"<p>", "<p></b></p>", "<p a=b></p>", "<p>a & b</p>", "<p>a > b</p>",
                             "<p a=\"1\" a=\"2\"></p>", "<p a=\"<\"></p>", "< p></p>"})
    EXPECT_NE(read_html(broken).trouble, "") << broken;
}

}  // namespace
}  // namespace ridgepoint::testing_reports
