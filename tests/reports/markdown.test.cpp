// SPDX-License-Identifier: Apache-2.0
#include "reports/escape.h"
#include "tests/reports/documents.h"

namespace ridgepoint::testing_reports {
namespace {

using report::markdown_text;

std::string append_hostile(const std::string& text) { return text + kHostile; }

/// Occurrences of `c` that no backslash precedes.
std::size_t bare(const std::string& line, char c) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\')
      ++i;
    else if (line[i] == c)
      ++count;
  }
  return count;
}

class Markdown : public testing::TestWithParam<const char*> {};

TEST_P(Markdown, EveryTableRowHasTheCellsOfItsHeading) {
  for (const Document& document : {golden_document(GetParam()), with_texts(GetParam(), append_hostile)}) {
    std::size_t cells = 0;
    for (const std::string& line : lines_of(render("markdown", document))) {
      if (line.rfind('|', 0) != 0) {
        cells = 0;
        continue;
      }
      if (cells == 0) cells = bare(line, '|');
      EXPECT_EQ(bare(line, '|'), cells) << line;
    }
  }
}

TEST_P(Markdown, HostileNamesMakeNoHtmlCodeOrLink) {
  const std::string markdown = render("markdown", with_texts(GetParam(), append_hostile));
  EXPECT_TRUE(contains(markdown, "&lt;script&gt;"));
  for (const std::string& line : lines_of(markdown)) {
    for (const char c : {'<', '>', '`', '[', ']', '~', '_', '$'})
      EXPECT_EQ(bare(line, c), 0u) << c << " in " << line;
    EXPECT_EQ(bare(line, '*') % 4, 0u) << "only our own pairs of ** : " << line;
    EXPECT_FALSE(contains(line, "https://") || contains(line, "www.")) << line;
  }
}

TEST_P(Markdown, HostileNamesMakeNoBlocks) {
  const auto hostile = lines_of(render("markdown", with_texts(GetParam(), append_hostile)));
  const auto plain = lines_of(
      render("markdown", with_texts(GetParam(), [](const std::string& s) { return s + harmless(); })));
  ASSERT_EQ(hostile.size(), plain.size());
  for (std::size_t i = 0; i < plain.size(); ++i)
    EXPECT_EQ(hostile[i].substr(0, 2), plain[i].substr(0, 2)) << hostile[i];
}

INSTANTIATE_TEST_SUITE_P(Kinds, Markdown, testing::ValuesIn(kKinds),
                         [](const auto& kind) { return std::string(kind.param); });

TEST(MarkdownText, EscapesWhatGithubReadsAsMarkup) {
  EXPECT_EQ(markdown_text("a|b`c*d_e[f]g~h\\i$j"), "a\\|b\\`c\\*d\\_e\\[f\\]g\\~h\\\\i\\$j");
  EXPECT_EQ(markdown_text("<b>&amp;"), "&lt;b&gt;&amp;amp;");
  EXPECT_EQ(markdown_text("line\nbreak"), "line break");
  EXPECT_EQ(markdown_text("# not a heading"), "\\# not a heading");
  EXPECT_EQ(markdown_text("- not a list"), "\\- not a list");
  EXPECT_EQ(markdown_text("1. not a list"), "1\\. not a list");
  EXPECT_EQ(markdown_text("see https://x.example and www.y.example"),
            "see https\\://x.example and www\\.y.example");
}

TEST(MarkdownText, LeavesOrdinaryWordsReadable) {
  EXPECT_EQ(markdown_text("Xeon 6980P, 1.64 x (fp32), C# and a-b"), "Xeon 6980P, 1.64 x (fp32), C# and a-b");
}

}  // namespace
}  // namespace ridgepoint::testing_reports
