// SPDX-License-Identifier: Apache-2.0
#include "model/core/fact.h"

#include <gtest/gtest.h>

#include <limits>

#include "model/core/document.h"
#include "model/core/platform.h"

namespace ridgepoint {
namespace {

Fact good() { return measured(1e9, "byte/s", "test"); }

TEST(Fact, AFigureWithoutUnitOrSourceIsRefused) {
  EXPECT_TRUE(check_fact("k", good()));
  Fact f = good();
  f.source.clear();
  EXPECT_FALSE(check_fact("k", f));
  f = good();
  f.unit.clear();
  EXPECT_FALSE(check_fact("k", f));
  f = good();
  f.unit = "byte/";
  EXPECT_EQ(check_fact("k", f).error().fix, "did you mean 'byte'?");
}

TEST(Fact, NegativeInfiniteAndCrossedFiguresAreRefused) {
  for (const double v :
       {-1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    Fact f = good();
    f.value = v;
    EXPECT_FALSE(check_fact("memory.dram.bandwidth.peak", f)) << v;
  }
  Fact f = good();
  f.lo = 2e9;
  EXPECT_FALSE(check_fact("k", f));
  f.lo.reset();
  f.hi = 0.5e9;
  EXPECT_FALSE(check_fact("k", f));
}

TEST(Fact, UnknownIsNeitherZeroNorText) {
  Facts facts;
  EXPECT_FALSE(number(facts, "x"));
  facts["x"] = measured_text("fast", "test");
  EXPECT_FALSE(number(facts, "x"));
  EXPECT_EQ(text(facts, "x"), "fast");
}

TEST(Platform, MonthsHaveOneForm) {
  EXPECT_TRUE(is_month("2017-06"));
  for (const char* bad : {"2017-6", "2017-13", "2017-00", "201706", "2017/06", "2017-06-01", ""})
    EXPECT_FALSE(is_month(bad)) << bad;
}

TEST(Platform, AZeroPriceIsRefused) {
  Platform p;
  p.id = "x";
  p.name = "X";
  Offer o;
  o.price = good();
  o.price.unit = "usd/h";
  o.terms = "on-demand";
  o.undated = true;
  p.offers.push_back(o);
  EXPECT_TRUE(check_platform(p, "x"));
  p.offers[0].price.value = 0.0;
  EXPECT_FALSE(check_platform(p, "x"));
  p.offers[0].price.value = 1.0;
  p.offers[0].undated.reset();
  EXPECT_FALSE(check_platform(p, "x")) << "a price without a date";
}

TEST(Document, WrongSchemaAndVersionAreToldApart) {
  EXPECT_NE(parse_document(R"({"schema":"ridgepoint.machien","schema_version":1})", "f")
                .error()
                .fix.find("machine"),
            std::string::npos);
  EXPECT_NE(parse_document(R"({"schema":"ridgepoint.machine","schema_version":2})", "f")
                .error()
                .what.find("schema_version 2"),
            std::string::npos);
  EXPECT_NE(parse_document(R"({"schema":"ridgepoint.machine"})", "f").error().what.find("(none)"),
            std::string::npos);
  EXPECT_NE(parse_document("[1]", "f").error().what.find("not a ridgepoint document"), std::string::npos);
  EXPECT_NE(parse_document_of(R"({"schema":"ridgepoint.runs","schema_version":1})", "machine", "f")
                .error()
                .what.find("is a runs document"),
            std::string::npos);
}

}  // namespace
}  // namespace ridgepoint
