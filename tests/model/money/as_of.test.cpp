// SPDX-License-Identifier: Apache-2.0
// What a buyer then could buy, at then's prices: known facts against the shipped catalogue and price files.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "model/catalogue.h"
#include "model/core/document.h"
#include "model/core/file_io.h"
#include "model/money/owned.h"
#include "model/money/rented.h"
#include "model/price.h"

namespace ridgepoint::money {
namespace {

const std::string kConfigs = std::string(RIDGEPOINT_SOURCE_DIR) + "/configs";

const std::vector<Platform>& catalogue() {
  static const std::vector<Platform> list = *load_platforms(kConfigs + "/platforms");
  return list;
}

const Platform& named(const std::string& id) { return *std::ranges::find(catalogue(), id, &Platform::id); }

Settings settings(CostBasis basis) {
  Settings s;
  s.basis = basis;
  s.assumptions = *load_assumptions(kConfigs + "/prices", "");
  return s;
}

std::optional<double> rent(const std::string& id, const std::string& as_of) {
  const auto price = price_of(named(id), as_of, settings(CostBasis::rented));
  if (!price) return std::nullopt;
  return price->used.usd_per_hour;
}

TEST(AsOf, AwsCutTheH100In2025) {
  EXPECT_DOUBLE_EQ(*rent("nvidia-h100-sxm", "2025-04"), 98.32 / 8);
  EXPECT_DOUBLE_EQ(*rent("nvidia-h100-sxm", "2025-08"), 55.04 / 8);
  EXPECT_FALSE(rent("nvidia-h100-sxm", "2022-11")) << "launched, but no cloud had it yet";
}

TEST(AsOf, TheP100CouldBeBoughtIn2017AndRentedAsAnAddOnLater) {
  EXPECT_NE(not_on_sale(named("nvidia-p100-pcie16"), "2016-05"), "");
  EXPECT_EQ(not_on_sale(named("nvidia-p100-pcie16"), "2017-06"), "");
  EXPECT_TRUE(owned_month(named("nvidia-p100-pcie16"), "2017-06", settings(CostBasis::owned)).total);
  EXPECT_FALSE(rent("nvidia-p100-pcie16", "2017-06")) << "no price of that month is known";
  EXPECT_DOUBLE_EQ(*rent("nvidia-p100-pcie16", "2022-11"), 1.46 + 0.38);
  EXPECT_FALSE(hourly_price(named("nvidia-p100-pcie16"), "2022-11")) << "not without a host";
}

TEST(AsOf, TheK80CouldBeRentedInJune2017) {
  EXPECT_DOUBLE_EQ(*rent("nvidia-k80", "2017-06"), 2 * 0.7 + 0.38);
}

TEST(AsOf, KnightsLandingHalvedItsPriceAndEndedIn2018) {
  const Platform& knl = named("intel-xeon-phi-7250");
  EXPECT_DOUBLE_EQ(best_purchase(knl, "2016-12")->price.number(), 4876);
  EXPECT_DOUBLE_EQ(best_purchase(knl, "2017-08")->price.number(), 2436);
  EXPECT_EQ(not_on_sale(knl, "2018-08"), "");
  EXPECT_NE(not_on_sale(knl, "2018-09"), "");
  EXPECT_FALSE(owned_month(knl, "2018-09", settings(CostBasis::owned)).total);
}

/// Platforms that the question of 2017, 2022 and 2026 is about, with the month before which nobody could have
/// them.
TEST(AsOf, NothingIsOnSaleBeforeItsLaunch) {
  const std::vector<std::pair<std::string, std::string>> launches = {
      {"intel-xeon-phi-7250", "2016-06"}, {"nvidia-p100-pcie16", "2016-06"},
      {"intel-xeon-8180", "2017-07"},     {"intel-xeon-phi-7295", "2017-12"},
      {"nvidia-a100-sxm-40", "2020-05"},  {"intel-xeon-max-9480", "2023-01"},
      {"nvidia-h100-sxm", "2022-09"},     {"amd-mi300x", "2023-12"},
      {"nvidia-b200", "2024-11"}};
  for (const auto& [id, launch] : launches) {
    const std::string known = text(named(id).facts, "date.launch");
    EXPECT_EQ(known.substr(0, 7), launch) << id;
  }
}

TEST(Prices, EveryPriceOfTheCatalogueStandsInAPriceFileAndNoneWasLost) {
  const auto files = load_prices(kConfigs + "/prices");
  ASSERT_TRUE(files) << files.error().what;
  std::size_t rows = 0, attached = 0;
  for (const PriceFile& f : *files) rows += f.offers.size();
  for (const Platform& p : catalogue()) {
    attached += p.offers.size();
    const auto own = read_document_as<Platform>(kConfigs + "/platforms/" + p.id + ".json", "platform");
    EXPECT_TRUE(own->offers.empty()) << p.id << " keeps a price of its own: move it to configs/prices";
  }
  EXPECT_EQ(rows, attached);
  EXPECT_GE(rows, 211u);
}

TEST(Prices, EveryAssumptionHasABasisASourceAndAnInterval) {
  const auto facts = load_assumptions(kConfigs + "/prices", "");
  ASSERT_TRUE(facts);
  EXPECT_GE(facts->size(), 40u);
  const std::set<std::string> chosen = {"utilisation"};
  for (const auto& [key, f] : *facts) {
    if (chosen.contains(key) || key.starts_with("grid.intensity.")) continue;
    EXPECT_TRUE(f.lo && f.hi && *f.lo > 0) << key << " has no range";
  }
}

TEST(Prices, APriceOfAnUnknownPlatformIsRefusedWithTheNearestName) {
  const std::string folder = ::testing::TempDir() + "ridgepoint-stranger";
  const auto copy = [&](const std::string& from, const std::string& to, const std::string& was,
                        const std::string& is) {
    std::string text = *read_file(from, 1 << 22);
    if (const auto at = text.find(was); !was.empty() && at != std::string::npos)
      text.replace(at, was.size(), is);
    ASSERT_TRUE(check_writable(to));
    ASSERT_TRUE(write_file_atomically(to, text));
  };
  copy(kConfigs + "/platforms/nvidia-t4.json", folder + "/platforms/nvidia-t4.json", "", "");
  copy(kConfigs + "/prices/ampere.json", folder + "/prices/ampere.json", "\"platform\": \"ampere",
       "\"platform\": \"nvidia-t5");
  const auto list = load_platforms(folder + "/platforms");
  ASSERT_FALSE(list);
  EXPECT_NE(list.error().what.find("unknown platform"), std::string::npos);
  EXPECT_TRUE(load_platforms(folder + "/platforms", folder + "/prices"))
      << "a folder asked for may hold others";
}

TEST(Prices, OwnAssumptionsReplaceSingleOnesAndUnknownKeysAreRefused) {
  const std::string file = ::testing::TempDir() + "ridgepoint-mine.json";
  const auto write = [&](const std::string& key, const std::string& unit) {
    ASSERT_TRUE(write_file_atomically(
        file, R"({"schema":"ridgepoint.assumptions","schema_version":1,"id":"mine","title":"t","facts":{")" +
                  key + R"(":{"value":0.3,"unit":")" + unit +
                  R"(","basis":"assumed","source":"my bill"}}})"));
  };
  write("electricity.price", "usd/kwh");
  const auto facts = load_assumptions(kConfigs + "/prices", file);
  ASSERT_TRUE(facts) << facts.error().what;
  EXPECT_DOUBLE_EQ(*number(*facts, "electricity.price"), 0.3);
  EXPECT_TRUE(facts->contains("pue.owned"));
  write("electricity.prize", "usd/kwh");
  EXPECT_FALSE(load_assumptions(kConfigs + "/prices", file));
  write("electricity.price", "usd");
  EXPECT_FALSE(load_assumptions(kConfigs + "/prices", file));
}

}  // namespace
}  // namespace ridgepoint::money
