// SPDX-License-Identifier: Apache-2.0
#include "reports/text_layout.h"
#include "reports/visible.h"
#include "tests/reports/documents.h"

namespace ridgepoint::testing_reports {
namespace {

using report::columns_of;
using report::Grid;
using report::grid_lines;
using report::Justify;
using report::wrap;

void expect_narrow(const Document& document, const std::string& what) {
  for (const std::string& line : lines_of(render("text", document)))
    EXPECT_LE(columns_of(line), 80u) << what << ": " << line;
}

class Text : public testing::TestWithParam<const char*> {};

TEST_P(Text, NoLineIsWiderThan80Columns) { expect_narrow(golden_document(GetParam()), "golden"); }

TEST_P(Text, LongAndForeignNamesWrapInto80Columns) {
  expect_narrow(with_texts(GetParam(), [](const std::string& s) { return s + std::string(300, 'x'); }),
                "one long word");
  expect_narrow(
      with_texts(GetParam(), [](const std::string& s) { return s + " a long name of many words" + s + s; }),
      "words");
  expect_narrow(with_texts(GetParam(),
                           [](const std::string& s) {
                             std::string wide = s;
                             for (int i = 0; i < 90; ++i) wide += "\xE6\xBC\xA2";
                             return wide;
                           }),
                "wide letters");
  expect_narrow(with_texts(GetParam(), [](const std::string& s) { return s + kHostile; }), "hostile");
  expect_narrow(with_texts(GetParam(), [](const std::string&) { return std::string(); }), "empty");
}

TEST_P(Text, HostileNamesDriveNoTerminal) {
  for (const char c :
       render("text", with_texts(GetParam(), [](const std::string& s) { return s + kHostile; })))
    EXPECT_TRUE(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
}

TEST_P(Text, NoLineEndsInASpace) {
  for (const std::string& line : lines_of(render("text", golden_document(GetParam()))))
    EXPECT_FALSE(line.ends_with(' ')) << line;
}

INSTANTIATE_TEST_SUITE_P(Kinds, Text, testing::ValuesIn(kKinds),
                         [](const auto& kind) { return std::string(kind.param); });

TEST(TextRecommendation, BeginsWithTheAnswerTable) {
  const auto lines = lines_of(render("text", golden_document("recommendation")));
  ASSERT_GT(lines.size(), 10u);
  const auto heading =
      std::ranges::find_if(lines, [](const std::string& l) { return l.rfind("Workload", 0) == 0; });
  ASSERT_LT(heading - lines.begin(), 12);
  for (const char* column : {"Best platform", "Cost", "80 % range", "Runner-up", "Margin"})
    EXPECT_TRUE(contains(*heading, column)) << column;
  EXPECT_TRUE(contains(heading[2], "NVIDIA L4") && contains(heading[2], "$0.0765") &&
              contains(heading[2], "1.64 x"));
}

TEST(TextMachine, ANumberStaysOnTheLineOfItsUnit) {
  Document document = golden_document("machine");
  for (std::size_t length = 1; length < 80; ++length) {
    document.body["platform"]["name"] = std::string(length, 'x');
    for (const std::string& line : lines_of(render("text", document)))
      EXPECT_FALSE(line.starts_with("GFLOP/s") || line.starts_with("GB/s") || line.starts_with("FLOP/B"))
          << line;
  }
}

TEST(Wrap, BreaksAtSpacesAndCutsOnlyWordsLongerThanALine) {
  EXPECT_EQ(wrap("one two three", 7), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrap("abcdefghij", 4), (std::vector<std::string>{"abcd", "efgh", "ij"}));
  EXPECT_EQ(wrap("a/long/path/here", 8), (std::vector<std::string>{"a/long/", "path/", "here"}));
  EXPECT_EQ(wrap("", 10), (std::vector<std::string>{""}));
}

TEST(Wrap, KeepsANumberWithItsUnit) {
  const std::string solid = std::string("about 1.2") + report::kSolidSpace + "GB/s";
  EXPECT_EQ(wrap(solid, 12), (std::vector<std::string>{"about", "1.2 GB/s"}));
}

TEST(Wrap, CutsWideLettersWhole) {
  EXPECT_EQ(wrap("\xE6\xBC\xA2\xE6\xBC\xA2\xE6\xBC\xA2", 5),
            (std::vector<std::string>{"\xE6\xBC\xA2\xE6\xBC\xA2", "\xE6\xBC\xA2"}));
}

Grid grid_of(std::size_t columns, const std::string& cell) {
  Grid grid;
  grid.columns.push_back({"Name", Justify::left});
  for (std::size_t i = 1; i < columns; ++i)
    grid.columns.push_back({"Heading " + std::to_string(i), Justify::right});
  grid.rows.push_back(std::vector<std::string>(columns, cell));
  grid.rows.front().front() = "row";
  return grid;
}

TEST(GridLines, ColumnsThatDoNotFitFormAPanelThatRepeatsTheRowHeader) {
  const auto lines = grid_lines(grid_of(9, "value of 12.3"), 80);
  std::size_t names = 0, rows = 0;
  std::string all;
  for (const std::string& line : lines) {
    EXPECT_LE(columns_of(line), 80u);
    names += line.rfind("Name", 0) == 0 ? 1u : 0u;
    rows += line.rfind("row", 0) == 0 ? 1u : 0u;
    all += line;
  }
  EXPECT_GE(names, 2u);
  EXPECT_EQ(names, rows);
  for (int i = 1; i < 9; ++i) EXPECT_TRUE(contains(all, "Heading " + std::to_string(i)));
}

TEST(GridLines, NumbersAreRightAligned) {
  const auto lines = grid_lines(grid_of(2, "7"), 80);
  EXPECT_EQ(lines, (std::vector<std::string>{"Name  Heading 1", "----  ---------", "row           7"}));
}

}  // namespace
}  // namespace ridgepoint::testing_reports
