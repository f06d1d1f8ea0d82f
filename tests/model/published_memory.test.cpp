// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include "model/core/document.h"
#include "model/memory/published.h"

using namespace ridgepoint;

namespace {

std::vector<memory::Check> checks() {
  const auto text = read_text_file(RIDGEPOINT_SOURCE_DIR "/configs/published/medical-memory.json");
  const auto json = parse_json(*text, "figures");
  return *memory::check_published(*json);
}

TEST(PublishedMemory, IsPredictedWithinTheAim) {
  const auto all = memory::scores(checks()).back();
  EXPECT_EQ(all.group, "all");
  EXPECT_GE(all.figures, 18U);
  EXPECT_LE(all.median_error, 0.10);
  EXPECT_LE(static_cast<double>(all.under), 0.05 * static_cast<double>(all.figures));
}

TEST(PublishedMemory, SaysWhatFitsAndWhatDoesNot) {
  const auto list = checks();
  int said = 0;
  for (const auto& c : list) {
    if (!c.says_fits || !c.refused.empty()) continue;
    ++said;
    EXPECT_TRUE(c.right()) << c.id << " " << c.part << " " << c.predicted;
  }
  EXPECT_GE(said, 6);
}

TEST(PublishedMemory, RefusesWhatItDoesNotKnow) {
  const auto json = parse_json(R"({"figures": [{"id": "x", "workload": "Some Net training", "value": 3,
    "unit": "GB", "framework": "PyTorch", "device": "GPU"}]})",
                               "test");
  const auto list = *memory::check_published(*json);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].refused, "its network is not in the catalogue");
}

}  // namespace
