// SPDX-License-Identifier: Apache-2.0
#include "model/core/codec.h"

#include <gtest/gtest.h>

namespace ridgepoint {
namespace {

enum class Colour { red, dark_blue };
constexpr auto names(Colour) {
  return enum_names<Colour>({{Colour::red, "red"}, {Colour::dark_blue, "dark-blue"}});
}

struct Inner {
  double size = 0;
};
template <class Io>
void fields(Io& io, Inner& i) {
  io.field("size", i.size);
}

struct Outer {
  std::string name;
  std::int64_t count = 0;
  Colour colour = Colour::red;
  std::optional<double> maybe;
  std::vector<Inner> list;
  std::map<std::string, Inner> table;
};
template <class Io>
void fields(Io& io, Outer& o) {
  io.field("name", o.name);
  io.field("count", o.count);
  io.field("colour", o.colour);
  io.field("maybe", o.maybe);
  io.field("list", o.list);
  io.field("table", o.table);
}

Error refused(const char* text) {
  const auto r = decode<Outer>(Json::parse(text), "file.json");
  EXPECT_FALSE(r);
  return r ? Error{} : r.error();
}

TEST(Codec, WhatIsWrittenIsReadBack) {
  Outer o{"n", 3, Colour::dark_blue, 0.5, {{1}, {2.5}}, {{"k", {7}}}};
  const Json json = encode(o);
  EXPECT_EQ(
      json.dump(),
      R"({"colour":"dark-blue","count":3,"list":[{"size":1},{"size":2.5}],"maybe":0.5,"name":"n","table":{"k":{"size":7}}})");
  const auto back = decode<Outer>(json, "x");
  ASSERT_TRUE(back);
  EXPECT_EQ(encode(*back), json);
}

TEST(Codec, AbsentOptionalStaysAbsent) {
  const auto o = decode<Outer>(Json::parse(R"({"name":"n","count":1,"colour":"red"})"), "x");
  ASSERT_TRUE(o);
  EXPECT_FALSE(o->maybe);
  EXPECT_FALSE(encode(*o).contains("maybe"));
}

TEST(Codec, AnUnknownKeyNamesTheNearestKnownOne) {
  const Error e = refused(R"({"nmae":"n","count":1,"colour":"red"})");
  EXPECT_NE(e.what.find("'nmae' is not a known key"), std::string::npos);
  EXPECT_EQ(e.fix, "did you mean 'name'?");
}

TEST(Codec, TroubleSaysWhere) {
  EXPECT_NE(refused(R"({"name":"n","count":1,"colour":"red","list":[{"size":1},{"size":"x"}]})")
                .what.find("'list[1].size'"),
            std::string::npos);
  EXPECT_NE(refused(R"({"name":"n","count":1,"colour":"red","table":{"k":{}}})")
                .what.find("'table.k.size' is missing"),
            std::string::npos);
  EXPECT_NE(refused(R"({"name":"n","count":1.5,"colour":"red"})").what.find("whole number"),
            std::string::npos);
  EXPECT_NE(refused(R"({"name":"n","count":1,"colour":"green"})").what.find("red, dark-blue"),
            std::string::npos);
  EXPECT_NE(refused("[]").what.find("must be an object"), std::string::npos);
  EXPECT_NE(refused(R"({"name":null,"count":1,"colour":"red"})").what.find("must be a text"),
            std::string::npos);
}

TEST(Codec, IntegersAreWrittenWithoutAFraction) {
  EXPECT_EQ(encode(Inner{1024}).dump(), R"({"size":1024})");
  EXPECT_EQ(encode(Inner{0.5}).dump(), R"({"size":0.5})");
  EXPECT_EQ(encode(Inner{1e300}).dump(), R"({"size":1e+300})");
}

}  // namespace
}  // namespace ridgepoint
