// SPDX-License-Identifier: Apache-2.0
// Top-k, string filter, running sum and the decoders.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <string>

#include "model/core/random.h"
#include "workloads/analytics/search_simd.h"
#include "workloads/kernel.h"

namespace ridgepoint {
namespace {

const Kernel& kernel_of(const std::string& id) {
  return **std::ranges::find_if(kernels(), [&](const Kernel* k) { return k->id == id; });
}

Result<Prepared> prepare(const std::string& id, const std::string& shape, std::vector<int> cpus = {0, 0}) {
  const Kernel& k = kernel_of(id);
  return k.prepare({*Shape::parse(shape, k.default_shape), std::move(cpus), 1});
}

TEST(TopK, IsThePartialSortWhateverTheOrder) {
  for (const int order : {0, 1, 2, 3}) {
    std::vector<std::int64_t> numbers(3001);
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = random_below(1, i, order == 3 ? 3 : 100000);
    if (order == 1) std::ranges::sort(numbers);
    if (order == 2) std::ranges::sort(numbers, std::greater<>());
    numbers[77] = std::numeric_limits<std::int64_t>::min();
    for (const std::size_t k : {1u, 7u, 100u, 2999u, 5000u}) {
      std::vector<std::int64_t> expected(std::min<std::size_t>(k, 2996));
      std::partial_sort_copy(numbers.begin() + 5, numbers.end(), expected.begin(), expected.end(),
                             std::greater<>());
      ASSERT_EQ(largest(numbers.data(), 5, numbers.size(), k), expected) << order << " " << k;
    }
  }
}

TEST(TextFind, IsTheLibrarysAtEveryPlace) {
  std::string text(700 + kTextPad, 'a');
  for (const std::string& pattern : {std::string("ab"), std::string("abc"), "a" + std::string(40, 'b') + "a"})
    for (std::size_t place = 0; place < 600; ++place) {
      std::string with = text;
      with.replace(place, pattern.size(), pattern);
      with.replace(place + 50, 2, "ba");
      for (const std::size_t end :
           {place - std::min<std::size_t>(place, 3), place, place + 1, std::size_t{600}}) {
        const std::size_t found = std::min(with.find(pattern), end);
        ASSERT_EQ(text_find(with.data(), 0, end, pattern), found) << pattern << " " << place << " " << end;
      }
    }
}

TEST(Columns, EveryKernelVerifiesAndDeclaresItsBytes) {
  const struct {
    const char *id, *shape;
    double read, written;
  } cases[] = {{"analytics/top-k", "rows=100003 k=17", 8.0 * 100003, 0},
               {"analytics/top-k", "rows=50 k=50", 8.0 * 50, 0},
               {"analytics/running-sum", "rows=100003 partition=100", 12.0 * 100003, 8.0 * 100003},
               {"analytics/running-sum", "rows=1000 partition=100000", 12.0 * 1000, 8.0 * 1000},
               {"analytics/decode-bits", "rows=103424 bits=12", 103424 * 1.5, 0},
               {"analytics/decode-bits", "rows=1024 bits=31", 1024 * 31 / 8.0, 0},
               {"analytics/decode-dictionary", "rows=103424 bits=10", 103424 * 1.25, 0},
               {"analytics/decode-runs", "rows=103424", 103424 / 16 * 8, 0}};
  for (const auto& c : cases)
    for (const auto& cpus : {std::vector<int>{0}, std::vector<int>{0, 0, 0}}) {
      const auto p = prepare(c.id, c.shape, cpus);
      ASSERT_TRUE(p) << c.id;
      EXPECT_TRUE(p->verification.passed) << c.id << " " << c.shape;
      EXPECT_EQ(p->cost.read_byte, c.read) << c.id;
      EXPECT_EQ(p->cost.written_byte, c.written) << c.id;
      EXPECT_EQ(p->roof->quantity, c.read + c.written) << c.id;
    }
}

TEST(Columns, TheStringFilterCountsEachStringOnceOnAnyNumberOfThreads) {
  for (const auto& cpus : {std::vector<int>{0}, std::vector<int>{0, 0, 0}}) {
    const auto p = prepare("analytics/string-filter", "rows=20011", cpus);
    ASSERT_TRUE(p);
    EXPECT_TRUE(p->verification.passed);
    EXPECT_GT(p->cost.read_byte, 20011 * 28.0);
  }
}

TEST(Columns, WhatCannotBeIsRefused) {
  EXPECT_EQ(prepare("analytics/top-k", "rows=10 k=11").error().kind, ErrorKind::bad_input);
  EXPECT_EQ(prepare("analytics/decode-bits", "bits=32").error().kind, ErrorKind::bad_input);
  EXPECT_EQ(prepare("analytics/decode-dictionary", "bits=17").error().kind, ErrorKind::bad_input);
  EXPECT_EQ(prepare("analytics/decode-bits", "rows=1000").error().kind, ErrorKind::bad_input);
  for (const char* id :
       {"analytics/top-k", "analytics/running-sum", "analytics/string-filter", "analytics/decode-runs"})
    EXPECT_EQ(prepare(id, "rows=1099511627776").error().kind, ErrorKind::unavailable) << id;
}

}  // namespace
}  // namespace ridgepoint
