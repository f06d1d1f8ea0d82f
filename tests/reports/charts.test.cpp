// SPDX-License-Identifier: Apache-2.0
#include "model/core/recommendation.h"
#include "reports/bar_chart.h"
#include "reports/front_chart.h"
#include "reports/pages/answer.h"
#include "tests/reports/documents.h"
#include "tests/reports/html_reader.h"

namespace ridgepoint::testing_reports {
namespace {

using namespace report;

Answer golden_answer() {
  return decode<Recommendation>(golden_document("recommendation").body, "golden")->answers[0];
}

template <class Chart>
std::vector<Chart> charts_of(const Section& section) {
  std::vector<Chart> out;
  for (const Block& b : section.blocks)
    if (const Figure* f = std::get_if<Figure>(&b))
      if (const Chart* c = std::get_if<Chart>(&f->chart)) out.push_back(*c);
  return out;
}

TEST(FrontChart, KeepsWhatNothingBeatsInBoth) {
  const std::vector<Candidate> some = {
      {"slow, cheap", 1, 10}, {"beaten", 4, 6}, {"fast, dear", 9, 1}, {"middle", 3, 5}, {"equal", 3, 5}};
  EXPECT_EQ(front_of(some), (std::vector<std::size_t>{0, 3, 2}));
}

TEST(FrontChart, OfEqualCostsTheFasterIsOnTheFront) {
  EXPECT_EQ(front_of({{"slow", 1, 10}, {"fast", 1, 2}}), (std::vector<std::size_t>{1}));
}

TEST(FrontChart, NeedsTwoCandidatesThatALogScaleCanShow) {
  FrontChart chart{"t", {"x", "usd"}, {"y", "s"}, {{"a", 1, 1}}};
  EXPECT_FALSE(chart.drawable());
  chart.candidates.push_back({"b", 0, 1});
  EXPECT_FALSE(chart.drawable());
  chart.candidates.back().x = 2;
  EXPECT_TRUE(chart.drawable());
}

TEST(FrontChart, TheSummaryNamesTheFrontWithUnits) {
  const FrontChart chart{"t", {"cost", "usd"}, {"time", "s"}, {{"a", 1, 10}, {"b", 2, 20}, {"c", 3, 2}}};
  EXPECT_EQ(front_summary(chart),
            "2 of 3 are on the front, from the least cost to the least time: a ($1, 10 s); c ($3, 2 s).");
}

TEST(FrontChart, DrawsOneMarkACandidateAndNamesTheFront) {
  const FrontChart chart{"t", {"cost", "usd"}, {"time", "s"}, {{"a", 1, 10}, {"b", 2, 20}, {"c", 3, 2}}};
  const std::string svg = svg_front(chart, "x");
  EXPECT_EQ(read_html(svg).trouble, "");
  EXPECT_TRUE(contains(svg, ">a<") && contains(svg, ">c<") && !contains(svg, ">b<"));
  EXPECT_TRUE(contains(svg, "rl-dot"));
}

TEST(BarChart, SaysRangesSharesAndWhatAMarkMeans) {
  BarChart chart{"t",          {"margin", "times"}, Spread::linear, {{"price", 0.9, 1.2, {}, true}},
                 {{"tie", 1}}, "changes the winner"};
  EXPECT_EQ(bar_summary(chart), "price: 0.9x to 1.2x, changes the winner. A line at 1x: tie.");
  chart = {"t", {"chance", "share"}, Spread::linear, {{"a", 0, 0.25, 0.5, false}}, {}, {}};
  EXPECT_EQ(bar_summary(chart), "a: 25 %, up to 50 %.");
}

TEST(BarChart, ALogarithmicAxisRefusesZero) {
  BarChart chart{"t", {"x", "times"}, Spread::logarithmic, {{"a", 1, 10}}, {}, {}};
  EXPECT_TRUE(chart.drawable());
  chart.bars.push_back({"b", 0, 1});
  EXPECT_FALSE(chart.drawable());
}

TEST(BarChart, EqualBarsAndOneValueAreDrawn) {
  for (const Spread spread : {Spread::linear, Spread::logarithmic}) {
    const BarChart chart{"t", {"x", "times"}, spread, {{"a", 1, 1}, {"b", 1, 1}}, {}, {}};
    const std::string svg = svg_bars(chart, "x");
    EXPECT_EQ(read_html(svg).trouble, "");
    EXPECT_FALSE(contains(svg, "nan") || contains(svg, "inf\""));
  }
}

TEST(BarChart, MarkedBarsDifferWithoutColour) {
  const BarChart chart{"t", {"x", "share"}, Spread::linear, {{"a", 0, 1, {}, true}, {"b", 0, 0.5}}, {}, {}};
  const std::string svg = svg_bars(chart, "x");
  EXPECT_TRUE(contains(svg, "rl-bar-marked") && contains(svg, "rl-bar-pale"));
}

TEST(Axis, FewDecadesGetOneTwoAndFive) {
  EXPECT_EQ(log_ticks({-0.1, 1.1, 0, 100}, "s"), (std::vector<double>{1, 2, 5, 10}));
  EXPECT_EQ(log_ticks({-0.1, 3.1, 0, 100}, "s"), (std::vector<double>{1, 10, 100, 1000}));
  EXPECT_EQ(log_ticks({0, 3, 0, 100}, "byte"), (std::vector<double>{1, 16, 256}));
}

TEST(OddsSection, HasAChartAndATableForEachPartOfTheDecision) {
  const Section section = odds_section(golden_answer(), "2026-07");
  const auto bars = charts_of<BarChart>(section);
  ASSERT_EQ(bars.size(), 4u);
  EXPECT_EQ(bars[0].title, "Chance to be the best");
  EXPECT_EQ(bars[1].bars[0].reach, 0.071);
  EXPECT_EQ(bars[2].bars.size(), 2u) << "a bar without a margin at one end is in the table only";
  EXPECT_TRUE(bars[2].bars[0].marked && !bars[2].bars[1].marked);
  EXPECT_EQ(bars[3].spread, Spread::logarithmic) << "a factor of ten";
  EXPECT_FALSE(bars[3].bars.back().marked) << "the farthest is beyond reach";
  EXPECT_EQ(charts_of<FrontChart>(section).size(), 1u);
  std::size_t tables = 0;
  for (const Block& b : section.blocks) tables += std::holds_alternative<Table>(b) ? 1 : 0;
  EXPECT_EQ(tables, 4u);
}

TEST(OddsSection, EveryCaptionSaysTheDateAndTheBasis) {
  for (const Block& b : odds_section(golden_answer(), "2026-07").blocks)
    if (const Figure* f = std::get_if<Figure>(&b)) {
      EXPECT_TRUE(contains(words_of(f->caption), "Modelled, as of 2026-07."));
    }
}

TEST(OddsSection, AnAnswerWithoutTheseFiguresHasNone) {
  Answer a = golden_answer();
  a.tornado.clear();
  a.break_evens.clear();
  for (Estimate& e : a.estimates) {
    e.outlook.reset();
    e.cost_usd.reset();
  }
  EXPECT_TRUE(odds_section(a, "2026-07").blocks.empty());
}

TEST(OddsSection, StrayNumbersBreakNoChart) {
  Answer a = golden_answer();
  a.break_evens[0].now = 0;
  a.break_evens[1].flips_at = 1e300;
  a.tornado[0].margin_low = -1;
  a.estimates[0].cost_usd = Interval{0, 0, 0};
  a.estimates[0].outlook->p95_regret = 1e300;
  Recommendation r = *decode<Recommendation>(golden_document("recommendation").body, "golden");
  r.answers = {a};
  const std::string html = render("html", make_document("recommendation", r));
  EXPECT_EQ(read_html(html).trouble, "");
  EXPECT_FALSE(contains(html, "\"nan\"") || contains(html, "\"inf\""));
}

}  // namespace
}  // namespace ridgepoint::testing_reports
