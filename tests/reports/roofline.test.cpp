// SPDX-License-Identifier: Apache-2.0
#include "reports/roofline_layout.h"
#include "reports/svg_parts.h"
#include "reports/svg_roofline.h"
#include "tests/reports/documents.h"
#include "tests/reports/html_reader.h"

namespace ridgepoint::testing_reports {
namespace {

using namespace report;

/// One memory of 10 GB/s, one peak of 1 TFLOP/s: the ridge is at 100 FLOP/B.
RooflineChart known_chart() {
  RooflineChart chart;
  chart.bandwidth = {{"dram", 1e10}};
  chart.compute = {{"fp32", 1e12}};
  chart.points = {{"stream", 1, 1e10, 1e10, 1e10}, {"gemm", 100, 2e11, 1e11, 5e11}};
  return chart;
}

/// Sixty kernels at almost one place, several roofs close together.
RooflineChart crowded_chart() {
  RooflineChart chart;
  for (int i = 0; i < 6; ++i) {
    chart.bandwidth.push_back({"memory tier number " + std::to_string(i), 1e10 * (1 + 0.1 * i)});
    chart.compute.push_back({"data type number " + std::to_string(i), 1e12 * (1 + 0.05 * i)});
  }
  for (int i = 0; i < 60; ++i)
    chart.points.push_back({"kernel with a name " + std::to_string(i), 3 + 0.01 * i, 2e10, 1.9e10, 2.1e10});
  return chart;
}

struct Placed {
  std::vector<Label> labels;
  std::vector<Box> marks;
};

Placed placed(const RooflineLayout& layout) {
  Placed out;
  const auto keep = [&](const std::optional<Label>& label) {
    if (label) out.labels.push_back(*label);
  };
  for (const RoofLine& r : layout.bandwidth) keep(r.label);
  for (const RoofLine& r : layout.compute) keep(r.label);
  keep(layout.ridge_label);
  for (const PointMark& p : layout.points) {
    keep(p.label);
    out.marks.push_back(box_around(p.at, 6));
  }
  return out;
}

void expect_no_overlap(const RooflineLayout& layout) {
  const Placed all = placed(layout);
  const auto crossing = [](const std::vector<Box>& a, const std::vector<Box>& b) {
    return std::ranges::any_of(
        a, [&](const Box& x) { return std::ranges::any_of(b, [&](const Box& y) { return overlap(x, y); }); });
  };
  for (std::size_t i = 0; i < all.labels.size(); ++i) {
    const Label& label = all.labels[i];
    EXPECT_FALSE(crossing(label.boxes, all.marks)) << label.words << " covers a mark";
    for (const Box& box : label.boxes) EXPECT_TRUE(inside(box, kPlot)) << label.words;
    for (std::size_t j = 0; j < i; ++j)
      EXPECT_FALSE(crossing(label.boxes, all.labels[j].boxes))
          << label.words << " covers " << all.labels[j].words;
  }
}

RooflineChart golden_chart() {
  // The chart of the golden recommendation, without going through its page.
  RooflineChart chart;
  chart.bandwidth = {{"l1 read", 345.7e9}, {"l2 read", 142e9}, {"l3 read", 96.9e9}, {"dram triad", 37.2e9}};
  chart.compute = {{"fp32 avx2", 192.6e9}, {"fp64 avx2", 96.1e9}};
  chart.points = {{"medical/conv3d-unet", 18.4, 141.2e9, 132.9e9, 146.4e9},
                  {"sparse/spmv-csr", 0.155, 3.71e9, 2.88e9, 4.1e9},
                  {"sparse/stencil-27pt", 1.69, 38.4e9, 36.4e9, 40.8e9},
                  {"medical/conv3d-small", 9.1, 98.5e9, 84.8e9, 106e9}};
  return chart;
}

TEST(Roofline, RidgeIsWhereTheSlowestMemoryMeetsTheFastestArithmetic) {
  RooflineChart chart = known_chart();
  chart.bandwidth.insert(chart.bandwidth.begin(), {"l1", 1e12});
  chart.compute.push_back({"fp64", 5e11});
  const Ridge ridge = ridge_of(chart);
  EXPECT_DOUBLE_EQ(ridge.intensity, 100);
  EXPECT_DOUBLE_EQ(ridge.rate, 1e12);
  EXPECT_EQ(ridge.bandwidth + "/" + ridge.compute, "dram/fp32");
}

// Worked by hand. Intensities 1 to 100 are decades 0 to 2, with 0.25 before and 0.7 after: -0.25 to 2.7 over
// the 666 pixels from 78 to 744. Rates 1e10 to 1e12 are decades 10 to 12, with 0.25 on both sides: 9.75
// to 12.25 over the 392 pixels from 408 up to 16.
TEST(Roofline, PointsRoofsAndRidgeSitOnTheRightPixel) {
  const RooflineLayout layout = lay_out(known_chart());
  EXPECT_NEAR(layout.ridge.x, 78 + 666 * 2.25 / 2.95, 1e-9);
  EXPECT_NEAR(layout.ridge.y, 408 - 392 * 2.25 / 2.5, 1e-9);
  EXPECT_NEAR(layout.points[0].at.x, 78 + 666 * 0.25 / 2.95, 1e-9);
  EXPECT_NEAR(layout.points[0].at.y, 408 - 392 * 0.25 / 2.5, 1e-9);
  EXPECT_NEAR(layout.points[1].at.y, 408 - 392 * (11.301029995663981 - 9.75) / 2.5, 1e-9);
  EXPECT_NEAR(layout.points[1].bottom, 408 - 392 * 1.25 / 2.5, 1e-9) << "1e11";
  EXPECT_NEAR(layout.points[1].top, 408 - 392 * (11.698970004336019 - 9.75) / 2.5, 1e-9) << "5e11";
  EXPECT_NEAR(layout.bandwidth[0].to.x, layout.ridge.x, 1e-9);
  EXPECT_NEAR(layout.bandwidth[0].to.y, layout.ridge.y, 1e-9);
  EXPECT_NEAR(layout.compute[0].to.x, 744, 1e-9);
}

TEST(Roofline, TheDrawingUsesThesePixels) {
  const std::string svg = svg_roofline(known_chart(), "chart-1");
  EXPECT_TRUE(contains(svg, "<circle class=\"rl-ridge\" cx=\"586.0\" cy=\"55.2\" r=\"5\"/>"));
  EXPECT_TRUE(contains(svg, "<circle class=\"rl-mark\" cx=\"134.4\" cy=\"368.8\" r=\"5.5\"/>"));
  EXPECT_TRUE(
      contains(svg, "<line class=\"rl-error\" x1=\"586.0\" y1=\"102.4\" x2=\"586.0\" y2=\"212.0\"/>"));
}

TEST(Roofline, AKernelOnItsRoofLiesOnTheLine) {
  const RooflineLayout layout = lay_out(known_chart());
  const RoofLine& roof = layout.bandwidth[0];
  const Pixel p = layout.points[0].at;
  const double slope = (roof.to.y - roof.from.y) / (roof.to.x - roof.from.x);
  EXPECT_NEAR(p.y, roof.from.y + slope * (p.x - roof.from.x), 1e-9);
}

TEST(Roofline, EveryDecadeOnTheGridIsInsideAndLabelled) {
  const RooflineLayout layout = lay_out(golden_chart());
  EXPECT_EQ(layout.x.decades(), (std::vector<int>{-1, 0, 1}));
  EXPECT_EQ(layout.y.decades(), (std::vector<int>{10, 11}));
  const std::string svg = svg_roofline(golden_chart(), "c");
  for (const char* words :
       {">0.1<", ">1<", ">10<", ">100<", ">Arithmetic intensity (FLOP/B)<", ">Performance (GFLOP/s)<"})
    EXPECT_TRUE(contains(svg, words)) << words;
}

TEST(Roofline, NoLabelCoversAnotherOrAMark) {
  const RooflineLayout golden = lay_out(golden_chart());
  expect_no_overlap(golden);
  EXPECT_EQ(placed(golden).labels.size(), 11u) << "four bandwidths, two peaks, the ridge, four kernels";
  expect_no_overlap(lay_out(known_chart()));
}

TEST(Roofline, InACrowdLabelsAreLeftOutRatherThanPiledUp) {
  const RooflineLayout layout = lay_out(crowded_chart());
  expect_no_overlap(layout);
  EXPECT_LT(placed(layout).labels.size(), 60u);
  EXPECT_EQ(layout.points.size(), 60u) << "every kernel is still drawn";
}

TEST(Roofline, SixteenMarksDifferInShapeNotInColour) {
  RooflineChart chart = known_chart();
  chart.points.clear();
  for (int i = 0; i < 16; ++i) chart.points.push_back({"k", 10, 1e10, 1e10, 1e10});
  const HtmlReading reading = read_html(svg_roofline(chart, "c"));
  ASSERT_EQ(reading.trouble, "");
  std::set<std::string> shapes, names;
  for (const HtmlElement& e : reading.elements) {
    const auto style = e.attributes.find("class");
    if (style == e.attributes.end() || e.tag == "line" || e.tag == "text" || e.tag == "svg" ||
        e.tag == "rect")
      continue;
    if (style->second == "rl-ridge") continue;
    const auto path = e.attributes.find("d");
    shapes.insert(style->second + " " + (path == e.attributes.end() ? "round" : path->second));
  }
  for (std::size_t i = 0; i < 16; ++i) names.insert(std::string(marker_name(i)));
  EXPECT_EQ(shapes.size(), 16u);
  EXPECT_EQ(names.size(), 16u);
}

TEST(Roofline, SaysInWordsWhatItShows) {
  const HtmlReading reading = read_html(svg_roofline(known_chart(), "chart-7"));
  ASSERT_EQ(reading.trouble, "");
  const HtmlElement& svg = reading.elements.front();
  EXPECT_EQ(svg.attributes.at("role"), "img");
  EXPECT_EQ(svg.attributes.at("aria-labelledby"), "chart-7-title chart-7-desc");
  const HtmlElement& desc = reading.elements[2];
  EXPECT_EQ(desc.attributes.at("id"), "chart-7-desc");
  EXPECT_EQ(desc.text,
            "Bandwidth roofs: dram 10 GB/s. Compute roofs: fp32 1 TFLOP/s. The ridge of dram and fp32 is at "
            "100 FLOP/B. "
            "Kernels: stream at 1 FLOP/B reaches 10 GFLOP/s; gemm at 100 FLOP/B reaches 200 GFLOP/s.");
}

TEST(Roofline, HostileNamesStayTextInTheDrawing) {
  RooflineChart chart = known_chart(), plain = known_chart();
  chart.bandwidth[0].name = chart.compute[0].name = chart.points[0].name = kHostile;
  plain.bandwidth[0].name = plain.compute[0].name = plain.points[0].name = harmless();
  const HtmlReading hostile = read_html(svg_roofline(chart, "c"));
  EXPECT_EQ(hostile.trouble, "");
  EXPECT_EQ(hostile.elements.size(), read_html(svg_roofline(plain, "c")).elements.size());
}

TEST(Roofline, LongNamesEndInAnEllipsis) {
  EXPECT_EQ(shortened("abcdef", 6), "abcdef");
  EXPECT_EQ(shortened("abcdefg", 6), "abcde\xE2\x80\xA6");
  EXPECT_EQ(shortened("\xE6\xBC\xA2\xE6\xBC\xA2\xE6\xBC\xA2", 5), "\xE6\xBC\xA2\xE6\xBC\xA2\xE2\x80\xA6");
}

TEST(Roofline, IsDrawnOnlyWithBothKindsOfRoof) {
  EXPECT_TRUE(known_chart().drawable());
  EXPECT_FALSE((RooflineChart{{{"dram", 1e10}}, {}, {}}.drawable()));
  EXPECT_FALSE((RooflineChart{{}, {{"fp32", 1e12}}, {}}.drawable()));
}

TEST(RooflineDeathTest, LayingOutAnEmptyChartIsOurMistake) {
  EXPECT_DEATH(lay_out(RooflineChart{}), "precondition failed: chart.drawable");
}

}  // namespace
}  // namespace ridgepoint::testing_reports
