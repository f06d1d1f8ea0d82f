// SPDX-License-Identifier: Apache-2.0
#include "reports/rows.h"

#include <regex>
#include <set>

#include "model/core/runs.h"
#include "reports/prometheus_text.h"
#include "tests/reports/documents.h"

namespace ridgepoint::testing_reports {
namespace {

Document two_runs() {
  RunSet set;
  set.provenance.created = "2026-01-02T03:04:05Z";
  set.machine_id = "box";
  KernelRun right;
  right.id = "sparse/spmv";
  right.shape = "grid=10";
  right.isa = "avx2";
  right.threads = 2;
  right.working_set_byte = 4096;
  right.cost.read_byte = 100;
  right.verification.passed = true;
  right.wall_s = {0.5, 0.1, 0.3, 0.2, 0.4};
  right.time_s = summarise(right.wall_s);
  KernelRun wrong = right;
  wrong.id = "sparse/wrong";
  wrong.verification.passed = false;
  set.runs = {right, wrong};
  return make_document("runs", set);
}

TEST(Rows, AKernelThatIsRightHasItsTimeWithInterval) {
  const auto rows = report::rows_of(two_runs());
  ASSERT_TRUE(rows);
  const auto time = std::ranges::find_if(
      *rows, [](const TidyRow& r) { return r.metric == "time" && r.workload == "sparse/spmv"; });
  ASSERT_NE(time, rows->end());
  EXPECT_EQ(time->time, "2026-01-02T03:04:05Z");
  EXPECT_EQ(time->platform, "box");
  EXPECT_EQ(time->scenario, "grid=10, 2 threads, avx2");
  EXPECT_EQ(time->unit, "s");
  EXPECT_DOUBLE_EQ(time->value, 0.3);
  EXPECT_DOUBLE_EQ(*time->lo, 0.14);
  EXPECT_DOUBLE_EQ(*time->hi, 0.46);
  EXPECT_EQ(time->basis, Basis::measured);
}

TEST(Rows, AWrongAnswerHasNoTime) {
  const auto rows = report::rows_of(two_runs());
  ASSERT_TRUE(rows);
  std::set<std::string> metrics;
  for (const TidyRow& r : *rows)
    if (r.workload == "sparse/wrong") metrics.insert(r.metric);
  EXPECT_EQ(metrics, (std::set<std::string>{"verified", "working-set"}));
}

TEST(Rows, EveryAnswerKindHasSome) {
  for (const std::string kind : {"assumptions", "calibration", "cost", "doctor", "machine", "peers",
                                 "platform", "prices", "profile", "recommendation", "runs", "validation"}) {
    const auto rows = report::rows_of(golden_document(kind));
    ASSERT_TRUE(rows) << kind;
    EXPECT_FALSE(rows->empty()) << kind;
    for (const TidyRow& r : *rows)
      EXPECT_TRUE(!r.metric.empty() && !r.unit.empty()) << kind << " " << r.metric;
  }
}

TEST(Rows, APeersRatioHasItsRangeAndOursHasNone) {
  const auto rows = report::rows_of(golden_document("peers"));
  ASSERT_TRUE(rows);
  std::vector<TidyRow> ratios;
  std::ranges::copy_if(*rows, std::back_inserter(ratios),
                       [](const TidyRow& r) { return r.metric == "peer.ratio"; });
  ASSERT_EQ(ratios.size(), 3);
  EXPECT_EQ(ratios[0].workload, "analytics/q6-scan");
  EXPECT_EQ(ratios[0].scenario, "Q6 wide, 60000000 rows, 2 threads, DuckDB");
  EXPECT_DOUBLE_EQ(ratios[0].value, 28.0 / 9);
  EXPECT_DOUBLE_EQ(*ratios[0].lo, 3);
  EXPECT_DOUBLE_EQ(*ratios[0].hi, 36.0 / 11);
  EXPECT_EQ(ratios[1].workload, "join, 16000 x 64000 rows") << "where it is no kernel of run";
}

TEST(Rows, AMonthBecomesItsFirstSecond) {
  EXPECT_EQ(report::full_time("2017-06"), "2017-06-01T00:00:00Z");
  EXPECT_EQ(report::full_time("2017-06-02T00:00:00Z"), "2017-06-02T00:00:00Z");
  EXPECT_EQ(report::full_time(""), "");
}

TEST(Rows, JsonCarriesThemAndReadingLeavesThemOut) {
  const std::string text = render("json", two_runs());
  const auto json = parse_json(text, "t");
  ASSERT_TRUE(json);
  ASSERT_TRUE(json->contains("rows"));
  EXPECT_EQ((*json)["rows"], encode(*report::rows_of(two_runs())));
  const auto again = parse_document(text, "t");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->body, two_runs().body);
}

TEST(Rows, DocumentsWithRowsOfTheirOwnKeepThem) {
  for (const std::string kind : {"validation", "listing"})
    EXPECT_EQ((*parse_json(render("json", golden_document(kind)), "t"))["rows"],
              golden_document(kind).body["rows"])
        << kind;
}

// ---- csv ----

TEST(Csv, NoTextIsAFormulaAndNumbersStayNumbers) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"=1+1", "'=1+1"},           {"+1", "'+1"},           {"-1", "'-1"},
      {"@SUM(A1)", "'@SUM(A1)"},   {"\t=1", "' =1"},        {"\r=1", "' =1"},
      {"  =1", "'  =1"},           {"\uFF1D1", "'\uFF1D1"}, {"=a,\"b\"", "\"'=a,\"\"b\"\"\""},
      {"plain-name", "plain-name"}};
  for (const auto& [text, cell] : cases) {
    Document document = two_runs();
    document.body["machine_id"] = text;
    const std::string csv = render("csv", document);
    EXPECT_TRUE(contains(csv, "avx2\",," + cell + ",sparse/spmv,")) << csv;
  }
  Document cold = golden_document("machine");
  cold.body["platform"]["facts"] = {
      {"a.b", {{"value", -3.5}, {"unit", "1"}, {"basis", "measured"}, {"source", "x"}}}};
  EXPECT_TRUE(contains(render("csv", cold), ",a.b,1,-3.5,,,measured\r\n")) << render("csv", cold);
}

TEST(Csv, EveryLineHasElevenCells) {
  for (const std::string kind : kKinds)
    for (std::string line : lines_of(render("csv", golden_document(kind)))) {
      line = std::regex_replace(line, std::regex("\"([^\"]|\"\")*\""), "x");
      EXPECT_EQ(std::ranges::count(line, ','), 10) << kind << ": " << line;
    }
}

// ---- prometheus ----

TEST(Prometheus, NamesCarryTheUnitAndStandInBaseUnits) {
  EXPECT_EQ(report::prometheus_name("memory.dram.bandwidth.copy", "byte/s"),
            "ridgepoint_memory_dram_bandwidth_copy_bytes_per_second");
  EXPECT_EQ(report::prometheus_name("time", "s"), "ridgepoint_time_seconds");
  EXPECT_EQ(report::prometheus_name("noise.Throttle-events", "1"), "ridgepoint_noise_throttle_events");
  EXPECT_EQ(report::prometheus_name("pages.total", "1"), "ridgepoint_pages_total_value");
}

TEST(Prometheus, LabelsAreEscapedAndEmptyOnesLeftOut) {
  EXPECT_EQ(report::prometheus_labels({{"a", "x\"y\\z\nw"}, {"b", ""}}), "{a=\"x\\\"y\\\\z w\"}");
  EXPECT_EQ(report::prometheus_labels({}), "");
}

TEST(Prometheus, EachFamilyIsThereOnceWithoutTimestamps) {
  const std::regex sample("[a-z0-9_]+(\\{.*\\})? [-+0-9.e]+");
  for (const std::string kind : kKinds) {
    std::set<std::string> types, series;
    for (const std::string& line : lines_of(render("prometheus", golden_document(kind)))) {
      if (line.starts_with("# TYPE")) {
        EXPECT_TRUE(types.insert(line).second) << line;
      } else if (!line.starts_with("#")) {
        EXPECT_TRUE(std::regex_match(line, sample)) << line;
        EXPECT_TRUE(series.insert(line.substr(0, line.rfind(' '))).second) << line;
      }
    }
    EXPECT_FALSE(series.empty()) << kind;
  }
}

TEST(Prometheus, TheSameSeriesTwiceIsWrittenOnce) {
  Document twice = two_runs();
  twice.body["runs"].push_back(twice.body["runs"][0]);
  EXPECT_EQ(render("prometheus", twice), render("prometheus", two_runs()));
}

// ---- trackers ----

TEST(Trackers, AListKnowsOneWay) {
  const auto small = parse_json(render("github-action-benchmark", two_runs()), "t");
  const auto big = parse_json(render("github-action-benchmark-rates", two_runs()), "t");
  ASSERT_TRUE(small && big);
  ASSERT_EQ(small->size(), 1u) << small->dump();  // cpu-time has no samples
  EXPECT_EQ((*small)[0]["name"], "sparse/spmv on box: time (grid=10, 2 threads, avx2)");
  EXPECT_EQ((*small)[0]["unit"], "s");
  EXPECT_EQ((*small)[0]["value"], 0.3);
  ASSERT_EQ(big->size(), 1u) << big->dump();
  EXPECT_EQ((*big)[0]["unit"], "byte/s");
}

TEST(Trackers, BencherHasMeasuresWithBounds) {
  const auto json = parse_json(render("bencher", two_runs()), "t");
  ASSERT_TRUE(json);
  const Json& measures = (*json)["sparse/spmv on box: runs (grid=10, 2 threads, avx2)"];
  EXPECT_EQ(measures["time-s"]["value"], 0.3);
  EXPECT_EQ(measures["time-s"]["upper_value"], 0.46);
  EXPECT_FALSE(measures["working-set-byte"].contains("upper_value"));
}

TEST(Trackers, NdjsonHasARowALine) {
  const auto rows = report::rows_of(two_runs());
  const auto lines = lines_of(render("ndjson", two_runs()));
  ASSERT_EQ(lines.size(), rows->size());
  EXPECT_EQ(*parse_json(lines.front(), "t"), encode(*rows)[0]);
}

}  // namespace
}  // namespace ridgepoint::testing_reports
