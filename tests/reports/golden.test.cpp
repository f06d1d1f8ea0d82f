// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "model/core/file_io.h"
#include "tests/reports/documents.h"

namespace ridgepoint::testing_reports {
namespace {

/// The first line in which two texts differ, with its number.
std::string first_difference(const std::string& expected, const std::string& actual) {
  const auto a = lines_of(expected), b = lines_of(actual);
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const std::string was = i < a.size() ? a[i] : "(end)", is = i < b.size() ? b[i] : "(end)";
    if (was != is) return "line " + std::to_string(i + 1) + "\n  approved: " + was + "\n  now:      " + is;
  }
  return "line ends";
}

class Golden : public testing::TestWithParam<const char*> {};

TEST_P(Golden, EveryFormatGivesTheApprovedBytes) {
  const Document document = golden_document(GetParam());
  for (const Renderer* r : renderers()) {
    if (r->figures_only) continue;  // rows.test.cpp
    const std::string path = golden_folder() + GetParam() + r->suffix;
    const std::string now = render(r->id, document);
    if (std::getenv("RIDGEPOINT_UPDATE_GOLDENS") != nullptr) {
      ASSERT_TRUE(write_file_atomically(path, now));
      continue;
    }
    const auto approved = read_text_file(path);
    ASSERT_TRUE(approved) << approved.error().what
                          << "; set RIDGEPOINT_UPDATE_GOLDENS=1 and read the difference";
    EXPECT_TRUE(*approved == now) << path << " differs, " << first_difference(*approved, now);
  }
}

TEST_P(Golden, RenderingAgainGivesTheSameBytes) {
  const Document document = golden_document(GetParam());
  for (const Renderer* r : renderers()) EXPECT_EQ(render(r->id, document), render(r->id, document)) << r->id;
}

TEST_P(Golden, JsonOfJsonIsTheSameDocument) {
  const std::string once = render("json", golden_document(GetParam()));
  const auto again = parse_document(once, "golden");
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->body, golden_document(GetParam()).body);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Golden, testing::ValuesIn(kKinds),
                         [](const auto& kind) { return std::string(kind.param); });

// A recommendation whose every name attacks; the browser tests open its page.
INSTANTIATE_TEST_SUITE_P(Names, Golden, testing::Values("hostile"),
                         [](const auto& name) { return std::string(name.param); });

}  // namespace
}  // namespace ridgepoint::testing_reports
