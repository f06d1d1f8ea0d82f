// SPDX-License-Identifier: Apache-2.0
#include "workloads/cases.h"

#include <gtest/gtest.h>

namespace ridgepoint {
namespace {

Kernel kernel() {
  Kernel k;
  k.id = "sparse/spmv-csr";
  k.default_shape = "grid=96 k=3";
  return k;
}

TEST(Cases, AreNamedLinesOverTheDefaults) {
  const auto cases = parse_cases("# sizes\n\nsmall grid=8\n  large grid=64 k=5\nplain\n", kernel(), "f");
  ASSERT_TRUE(cases);
  ASSERT_EQ(cases->size(), 3u);
  EXPECT_EQ((*cases)[0].name, "small");
  EXPECT_EQ((*cases)[0].shape.text(), "grid=8 k=3");
  EXPECT_EQ((*cases)[1].shape.text(), "grid=64 k=5");
  EXPECT_EQ((*cases)[2].shape.text(), "grid=96 k=3");
}

TEST(Cases, AWrongLineIsNamed) {
  for (const char* bad : {"a grid=8\ngrid=9", "a grid=8\nb gird=9", "a grid=8\na grid=9"}) {
    const auto cases = parse_cases(bad, kernel(), "f");
    ASSERT_FALSE(cases) << bad;
    EXPECT_EQ(cases.error().what.rfind("f:2: ", 0), 0u) << cases.error().what;
  }
}

/// Each shipped file belongs to a kernel and can be read.
TEST(Cases, EveryShippedFileIsOfAKernel) {
  int files = 0;
  for (const Kernel* k : kernels()) {
    const auto cases = load_cases(RIDGEPOINT_SOURCE_DIR "/configs", *k);
    ASSERT_TRUE(cases) << cases.error().what;
    EXPECT_GE(cases->size(), 1u) << k->id;
    files += cases->front().name == "default" ? 0 : 1;
  }
  EXPECT_GE(files, 3);
}

}  // namespace
}  // namespace ridgepoint
