// SPDX-License-Identifier: Apache-2.0
#include "reports/escape.h"

#include <gtest/gtest.h>

#include "reports/visible.h"

namespace ridgepoint::report {
namespace {

TEST(HtmlText, EscapesWhatBeginsMarkup) {
  EXPECT_EQ(html_text("<b>&\"'"), "&lt;b&gt;&amp;\"'");
  EXPECT_EQ(html_attribute("<b>&\"'"), "&lt;b&gt;&amp;&quot;&#39;");
}

TEST(Visible, TurnsControlAndInvisibleCharactersIntoQuestionMarks) {
  EXPECT_EQ(visible("a\x1b[31mb\x07\x7f"), "a?[31mb??");
  EXPECT_EQ(visible("c1 \xC2\x9B"), "c1 ?");
  EXPECT_EQ(visible("\xE2\x80\xAEtxt.exe"), "?txt.exe");
  EXPECT_EQ(visible("zero\xE2\x80\x8Bwidth\xEF\xBB\xBF"), "zero?width?");
  EXPECT_EQ(visible(std::string_view("nul\0", 4)), "nul?");
}

TEST(Visible, TurnsLineBreaksIntoSpaces) { EXPECT_EQ(visible("a\nb\r\tc"), "a b  c"); }

TEST(Visible, KeepsForeignLetters) {
  const std::string names = "\xC3\xA4 \xE6\xBC\xA2 \xF0\x9F\x9A\x80";
  EXPECT_EQ(visible(names), names);
}

TEST(Visible, RefusesBytesThatAreNotUtf8) {
  EXPECT_EQ(visible("\xFF"), "?");
  EXPECT_EQ(visible("\xC3"), "?") << "cut short";
  EXPECT_EQ(visible("\xC0\xAF"), "??") << "an overlong '/'";
  EXPECT_EQ(visible("\xE0\x80\xAF"), "???") << "the same in three bytes";
  EXPECT_EQ(visible("\xED\xA0\x80"), "???") << "a surrogate";
  EXPECT_EQ(visible("\xF4\x90\x80\x80"), "????") << "beyond Unicode";
}

TEST(ColumnsOf, CountsWideLettersTwice) {
  EXPECT_EQ(columns_of("abc"), 3u);
  EXPECT_EQ(columns_of("\xC3\xA4"), 1u);
  EXPECT_EQ(columns_of("\xE6\xBC\xA2"), 2u);
  EXPECT_EQ(columns_of("\xF0\x9F\x9A\x80"), 2u);
}

}  // namespace
}  // namespace ridgepoint::report
