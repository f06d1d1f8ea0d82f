// SPDX-License-Identifier: Apache-2.0
#include "model/validation/read.h"

#include <gtest/gtest.h>

#include "model/core/text.h"

namespace ridgepoint {
namespace {

const std::string kGood =
    R"({"id": "a", "workload_id": "w/x", "platform_id": "p", "metric": "time", "value": 2, "unit": "s",
        "devices": null, "cores": 8, "date": 2021, "notes": ["odd"], "from_tomorrow": {"x": 1}})";

std::vector<ReadRow> rows_of(const std::string& text) {
  const auto file = parse_published(text, "t");
  EXPECT_TRUE(file) << (file ? "" : file.error().why);
  return file ? file->rows : std::vector<ReadRow>{};
}

std::string without(std::string text, const std::string& part, const std::string& instead = "") {
  const auto at = text.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return text.replace(at, part.size(), instead);
}

TEST(ReadPublished, KeepsWhatItKnowsAndIgnoresTheRest) {
  const auto rows = rows_of("[" + kGood + "]");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].trouble, "");
  EXPECT_EQ(rows[0].row.value, 2);
  EXPECT_EQ(rows[0].row.cores, 8);
  EXPECT_FALSE(rows[0].row.devices);
  EXPECT_EQ(rows[0].row.date, "2021");
  EXPECT_FALSE(rows[0].row.notes);
}

TEST(ReadPublished, RefusesARowWithoutWhatAPredictionNeeds) {
  for (const char* key : {"id", "workload_id", "platform_id", "metric", "value", "unit"}) {
    const auto rows = rows_of("[" + without(kGood, "\"" + std::string(key) + "\"", "\"x\"") + "]");
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].trouble, "unreadable row: has no " + std::string(key));
  }
}

TEST(ReadPublished, RefusesNumbersInQuotesZeroAndNegativeOnes) {
  for (const auto& [from, to, what] :
       {std::tuple{"\"value\": 2", "\"value\": \"2\"", "value is not a number"},
        {"\"value\": 2", "\"value\": 0", "value is not positive"},
        {"\"value\": 2", "\"value\": -1", "value is not positive"},
        {"\"cores\": 8", "\"cores\": \"8\"", "cores is not a number"},
        {"\"unit\": \"s\"", "\"unit\": \" \"", "unit is empty"},
        {"\"id\": \"a\"", "\"id\": 7", "id is not a text"}}) {
    const auto rows = rows_of("[" + without(kGood, from, to) + "]");
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].trouble, std::string("unreadable row: ") + what);
    EXPECT_EQ(rows[0].row.platform_id, "p") << "what can be read is kept";
  }
}

TEST(ReadPublished, OneBadRowDoesNotSinkTheOthers) {
  const auto rows = rows_of("[7, null, [], " + kGood + ", {}]");
  ASSERT_EQ(rows.size(), 5u);
  for (const std::size_t bad : {0u, 1u, 2u, 4u}) EXPECT_NE(rows[bad].trouble, "");
  EXPECT_EQ(rows[3].trouble, "");
}

TEST(ReadPublished, HostileTextIsAClearError) {
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "[";
  for (const std::string& text :
       {std::string(), std::string("{}"), std::string("7"), std::string("null"), std::string("[1,"), deep,
        std::string("[{\"value\": 1e999}]"), std::string("[{\"a\":1,\"a\":2}]"), std::string("[NaN]"),
        std::string("\x00\xff\xfe", 3), std::string("[] []"), std::string(kMaxJsonBytes + 1, ' ')}) {
    const auto file = parse_published(text, "evil.json");
    ASSERT_FALSE(file) << text.substr(0, 20);
    EXPECT_EQ(file.error().kind, ErrorKind::bad_input);
    EXPECT_NE(file.error().what.find("evil.json"), std::string::npos);
    EXPECT_NE(file.error().fix, "");
  }
}

TEST(ReadPublished, EveryTruncationOfAGoodFileIsRefused) {
  const std::string text = "[" + kGood + "]";
  for (std::size_t n = 0; n < text.size(); ++n) EXPECT_FALSE(parse_published(text.substr(0, n), "t")) << n;
}

TEST(ReadPublished, TheShippedFilesAreReadable) {
  std::size_t rows = 0;
  for (const char* name : {"analytics", "bandwidth", "deep-learning", "gbdt-recsys", "mlperf-inference",
                           "mlperf-training", "spmv-hpcg"}) {
    const auto file =
        read_published(std::string(RIDGEPOINT_SOURCE_DIR "/configs/published/") + name + ".json");
    ASSERT_TRUE(file) << file.error().what;
    for (const ReadRow& r : file->rows) {
      EXPECT_EQ(r.trouble, "") << r.row.id;
      EXPECT_NE(month_of_row(r.row.date), "") << r.row.id << " " << r.row.date;
    }
    rows += file->rows.size();
  }
  EXPECT_EQ(rows, 642u);
}

TEST(MonthOfRow, TakesTheMonthElseDecemberOfTheLastYear) {
  EXPECT_EQ(month_of_row("2021-04 (MLPerf Inference v1.0)"), "2021-04");
  EXPECT_EQ(month_of_row("2026-05-11"), "2026-05");
  EXPECT_EQ(month_of_row("2018"), "2018-12");
  EXPECT_EQ(month_of_row("2022-2025"), "2025-12");
  EXPECT_EQ(month_of_row("2024-08/09"), "2024-08");
  EXPECT_EQ(month_of_row("to 2024-06"), "2024-06");
  EXPECT_EQ(month_of_row("2021-13"), "2021-12");
  EXPECT_EQ(month_of_row("2019 (round of 2020)"), "2019-12");
  EXPECT_EQ(month_of_row("last year"), "");
  EXPECT_EQ(month_of_row(""), "");
}

TEST(RoundOfRow, IsTheWordsInParenthesesElseTheYear) {
  EXPECT_EQ(round_of_row("2021-04 (MLPerf Inference v1.0)"), "MLPerf Inference v1.0");
  EXPECT_EQ(round_of_row("2022-2025"), "2022");
  EXPECT_EQ(round_of_row("to 2024-06"), "2024");
  EXPECT_EQ(round_of_row("(open"), "");
}

TEST(DevicesOfRow, AreStatedOrPerNodeTimesNodesOrOne) {
  PublishedRow r;
  EXPECT_EQ(devices_of_row(r), 1);
  r.devices_per_node = 8;
  r.nodes = 4;
  EXPECT_EQ(devices_of_row(r), 32);
  r.devices = 30;
  EXPECT_EQ(devices_of_row(r), 30);
}

}  // namespace
}  // namespace ridgepoint
