// SPDX-License-Identifier: Apache-2.0
#include "model/core/recommendation.h"

#include "reports/page.h"
#include "reports/pages/answer.h"
#include "tests/reports/documents.h"
#include "tests/reports/html_reader.h"

namespace ridgepoint::testing_reports {
namespace {

using namespace report;

Recommendation golden() { return *decode<Recommendation>(golden_document("recommendation").body, "golden"); }

Page page(const Recommendation& r) {
  auto made = page_of(make_document("recommendation", r));
  EXPECT_TRUE(made) << (made ? "" : made.error().what);
  return made ? *made : Page{};
}

Recommendation with_one_answer(Answer answer) {
  Recommendation r = golden();
  r.answers = {std::move(answer)};
  return r;
}

template <class T>
std::vector<T> blocks_of(const Page& page, const std::string& heading) {
  std::vector<T> out;
  for (const Section& s : page.sections)
    for (const Block& b : s.blocks)
      if (const T* found = std::get_if<T>(&b); found != nullptr && s.heading == heading)
        out.push_back(*found);
  return out;
}

std::string steps(const Page& page) {
  std::string all;
  for (const List& list : blocks_of<List>(page, "What to do next"))
    for (const report::Text& item : list.items) all += words_of(item) + "\n";
  return all;
}

TEST(RecommendationPage, TheAnswerItsFlipsAndTheNextStepsComeFirst) {
  const Page p = page(golden());
  std::vector<std::string> headings;
  for (const Section& s : p.sections) headings.push_back(s.heading);
  EXPECT_EQ(headings,
            (std::vector<std::string>{
                "The answer", "This machine", "What to do next",
                "How sure, and what would change it: 3D U-Net training, fp32", "Why: 3D U-Net training, fp32",
                "How sure, and what would change it: Column scan with filter", "Why: Column scan with filter",
                "This machine: AMD EPYC 7B13, 2 vCPU", "Platforms not ranked", "Method and assumptions",
                "Warnings", "How this was made"}));
  const Cards cards = blocks_of<Cards>(p, "The answer").at(0);
  ASSERT_EQ(cards.cards.size(), 2u);
  const Card& card = cards.cards[0];
  EXPECT_EQ(words_of(card.headline), "NVIDIA L4");
  EXPECT_EQ(words_of(card.badge), "Clear, 93.4 % likely the best");
  std::string facts;
  for (const Entry& e : card.facts) facts += e.key + ": " + words_of(e.value) + "\n";
  EXPECT_EQ(facts,
            "Cost: $0.0765 per 1,000\n80 % range: $0.0646 to $0.0964\nRunner-up: NVIDIA A100 80 GB "
            "SXM\nMargin: 1.64 x\nRegret if wrong: 1.25 % expected, above 7.1 % in one case of 20\n");
  EXPECT_EQ(card.notes.size(), 2u);
}

TEST(RecommendationPage, OneQuestionGetsOneSentence) {
  EXPECT_EQ(words_of(page(with_one_answer(golden().answers[0])).lead),
            "NVIDIA L4 has the lowest cost for 3D U-Net training, fp32 as of 2026-07: $0.0765 per 1,000, "
            "between $0.0646 "
            "and $0.0964.");
}

TEST(RecommendationPage, PlatformsThatWinMoreThanOnceAreNamedOnce) {
  Recommendation r = golden();
  r.answers[1] = r.answers[0];
  r.answers[1].workload_name = "Another";
  EXPECT_EQ(words_of(page(r).lead),
            "For the lowest cost as of 2026-07: NVIDIA L4 for 3D U-Net training, fp32 and Another.");
}

TEST(RecommendationPage, ManyWorkloadsAreCountedMostWinsFirst) {
  Recommendation r = golden();
  r.answers = {r.answers[1], r.answers[0], r.answers[0]};
  EXPECT_EQ(words_of(page(r).lead),
            "For the lowest cost as of 2026-07: NVIDIA L4 for 2; AMD EPYC 7763 for 1 of 3 workloads. 1 "
            "answer is a close call.");
}

TEST(RecommendationPage, ManyWorkloadsGetATableBeforeTheirCards) {
  Recommendation r = golden();
  const auto tables = [&] { return read_html(render("html", make_document("recommendation", r))).elements; };
  const auto has_overview = [](const std::vector<HtmlElement>& all) {
    return std::ranges::any_of(
        all, [](const HtmlElement& e) { return e.text == "The best platform for each workload"; });
  };
  EXPECT_FALSE(has_overview(tables()));
  r.answers = {r.answers[0], r.answers[1], r.answers[0], r.answers[1]};
  EXPECT_TRUE(has_overview(tables()));
}

TEST(RecommendationPage, APriceIsAskedForOnce) {
  Recommendation r = golden();
  r.answers = {r.answers[1], r.answers[1]};
  r.answers[1].workload_name = "Another";
  const std::string all = steps(page(r));
  EXPECT_EQ(all.find("current price"), all.rfind("current price"));
}

TEST(RecommendationPage, TheTerminalGetsTheSummaryAndAFileEverything) {
  const Document document = make_document("recommendation", golden());
  const std::string text = render("text", document), markdown = render("markdown", document);
  EXPECT_FALSE(contains(text, "Method and assumptions"));
  EXPECT_TRUE(contains(markdown, "Method and assumptions"));
  EXPECT_TRUE(contains(text, "--format html, markdown or json"));
}

TEST(RecommendationPage, ThisMachineIsPlacedOrSaysWhyNot) {
  const std::vector<Table> tables = blocks_of<Table>(page(golden()), "This machine");
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_EQ(tables[0].rows.size(), golden().answers.size());
  Recommendation none = golden();
  for (Answer& a : none.answers)
    for (Estimate& e : a.estimates) e.measured_machine = false;
  EXPECT_FALSE(contains(render("text", make_document("recommendation", none)), "How this machine does"));
}

TEST(RecommendationPage, ACloseCallAsksForAMeasurement) {
  const std::string close = steps(page(with_one_answer(golden().answers[1])));
  EXPECT_TRUE(contains(close, "For Column scan with filter: measure AMD EPYC 7763 and NVIDIA T4")) << close;
  EXPECT_FALSE(contains(close, "choose"));
  EXPECT_TRUE(contains(steps(page(with_one_answer(golden().answers[0]))),
                       "For 3D U-Net training, fp32: choose NVIDIA L4."));
}

TEST(RecommendationPage, TheMeasurementWorthMostIsAskedForFirst) {
  EXPECT_TRUE(contains(steps(page(with_one_answer(golden().answers[0]))),
                       "Measure first: medical/conv3d-unet on NVIDIA L4; the expected regret for 3D U-Net "
                       "training, fp32 falls from 1.25 % to 0.4 %."));
}

TEST(RecommendationPage, AStalePriceAsksForACurrentOne) {
  Answer answer = golden().answers[1];
  EXPECT_TRUE(contains(steps(page(with_one_answer(answer))), "Ask for a current price of AMD EPYC 7763"));
  answer.estimates[0].price->stale = false;
  EXPECT_FALSE(contains(steps(page(with_one_answer(answer))), "current price"));
}

TEST(RecommendationPage, TheOnlyCandidateIsNotCalledTheBest) {
  Answer answer = golden().answers[0];
  answer.runner_up = "";
  answer.verdict = "only one";
  answer.margin_ratio = answer.probability_best = std::nullopt;
  const Page p = page(with_one_answer(answer));
  EXPECT_TRUE(contains(steps(p), "unopposed"));
  EXPECT_EQ(words_of(blocks_of<Cards>(p, "The answer").at(0).cards[0].facts[3].value), "none");
}

TEST(RecommendationPage, NoAnswerIsSaidFirstAndSaysWhatToDo) {
  Answer answer = golden().answers[0];
  answer.choice = answer.runner_up = "";
  answer.verdict = "no answer";
  answer.margin_ratio = answer.probability_best = std::nullopt;
  std::erase_if(answer.estimates, [](const Estimate& e) { return e.standing == Standing::ranked; });
  const Page p = page(with_one_answer(answer));
  EXPECT_EQ(words_of(p.lead), "1 workload has no answer: no platform could be ranked.");
  EXPECT_TRUE(contains(steps(p), "fill the gaps"));
}

TEST(RecommendationPage, WithoutAMeasuredMachineItAsksForOne) {
  Recommendation r = golden();
  EXPECT_FALSE(contains(steps(page(r)), "ridgepoint probe"));
  r.machine.reset();
  EXPECT_TRUE(contains(steps(page(r)), "ridgepoint probe"));
}

TEST(RecommendationPage, EveryUnrankedPlatformKeepsItsReason) {
  const auto tables = blocks_of<Table>(page(golden()), "Platforms not ranked");
  ASSERT_EQ(tables.size(), 2u);
  std::string rows;
  for (const Row& row : tables[0].rows) rows += words_of(row.cells[0]) + ": " + words_of(row.cells[1]) + "\n";
  EXPECT_EQ(rows,
            "Cerebras CS-2 (WSE-2): not enough is known\nNVIDIA T4: does not fit\nIntel Xeon 6980P: a figure "
            "is missing\n"
            "AMD EPYC 7B13, 2 vCPU (this machine): does not fit\n");
}

TEST(RecommendationPage, TheObjectivesColumnComesFirst) {
  Recommendation r = golden();
  for (const auto& [objective, heading] : {std::pair{Objective::cost, "Cost per 1,000"},
                                           {Objective::time, "Time"},
                                           {Objective::energy, "Energy"}}) {
    r.objective = objective;
    EXPECT_EQ(blocks_of<Table>(page(r), "Why: 3D U-Net training, fp32").at(0).columns[2].heading, heading);
  }
}

TEST(RecommendationPage, KernelsWithoutFlopAreListedButNotDrawn) {
  const Page p = page(golden());
  const std::string heading = "This machine: AMD EPYC 7B13, 2 vCPU";
  EXPECT_EQ(std::get<RooflineChart>(blocks_of<Figure>(p, heading).at(0).chart).points.size(), 4u);
  const Table kernels = blocks_of<Table>(p, heading).at(0);
  ASSERT_EQ(kernels.rows.size(), 5u);
  EXPECT_EQ(words_of(kernels.rows[1].cells[0]) + ", " + words_of(kernels.rows[1].cells[1]),
            "analytics/column-scan, not drawn");
}

TEST(RecommendationPage, AMachineWithoutRoofsHasNoChart) {
  Recommendation r = golden();
  r.machine->facts.clear();
  const std::string heading = "This machine: AMD EPYC 7B13, 2 vCPU";
  EXPECT_TRUE(blocks_of<Figure>(page(r), heading).empty());
  EXPECT_TRUE(contains(render("markdown", make_document("recommendation", r)), "No roofline is drawn"));
}

TEST(RecommendationPage, AStrayUtilisationBreaksNoChart) {
  Recommendation r = golden();
  r.kernels[0].utilisation = {0, 0, 0};
  r.kernels[2].utilisation = {1e-300, 0, 1e300};
  r.kernels[3].intensity_flop_per_byte = 1e-200;
  const std::string html = render("html", make_document("recommendation", r));
  EXPECT_TRUE(contains(html, "<svg") && !contains(html, "\"nan\"") && !contains(html, "\"inf\""));
}

TEST(CostScale, ShowsAsManyUnitsAsCostACent) {
  Answer answer;
  answer.estimates.resize(2);
  answer.estimates[1].cost_usd = Interval{0.5, 0.4, 0.6};
  for (const auto& [usd, units] :
       {std::pair{0.02, 1.0}, {0.0099, 1e3}, {1e-5, 1e3}, {9.9e-6, 1e6}, {1e-9, 1e9}, {1e-15, 1e9}}) {
    answer.estimates[0].cost_usd = Interval{usd, usd, usd};
    EXPECT_EQ(cost_scale(answer).units, units) << usd;
  }
  answer.estimates.clear();
  EXPECT_EQ(cost_scale(answer).units, 1);
}

}  // namespace
}  // namespace ridgepoint::testing_reports
