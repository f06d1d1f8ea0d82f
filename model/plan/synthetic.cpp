// SPDX-License-Identifier: Apache-2.0
#include "model/plan/synthetic.h"

#include <algorithm>
#include <cmath>

#include "model/core/format.h"
#include "model/core/random.h"

namespace ridgepoint {
namespace {

constexpr const char* kSource = "made up by ridgepoint plan --synthetic";

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : seed_(seed) {}
  double between(double low, double high) { return low + (high - low) * random_unit(seed_, next_++); }
  /// Two significant digits, so that a person can read the scenario.
  double round_between(double low, double high) {
    const double v = between(low, high), unit = std::pow(10, std::floor(std::log10(v)) - 1);
    return std::round(v / unit) * unit;
  }
  std::int64_t whole(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(between(0, static_cast<double>(high - low + 1) * (1 - 1e-12)));
  }

 private:
  std::uint64_t seed_, next_ = 0;
};

ServerOffer offer_of(std::size_t i, Dice& dice) {
  ServerOffer o;
  o.id = o.platform = "type-" + std::to_string(i + 1);
  o.vendor = "vendor-" + std::to_string(i % 4 + 1);
  o.kind = i % 3 == 0 ? "cpu" : "gpu";
  o.devices = o.kind == "cpu" ? 2 : 4;
  o.buy_usd = dice.round_between(12000, 60000) * (o.kind == "cpu" ? 1 : 3);
  o.rent_usd_per_h = std::round(*o.buy_usd / 36 / 730 * dice.between(1.5, 2.5) * 100) / 100;
  o.load_w = dice.round_between(600, 1200) * (o.kind == "cpu" ? 1 : 3);
  o.idle_w = std::round(o.load_w * 0.3);
  o.rack_units = o.kind == "cpu" ? 1 : 4;
  o.stock_per_month = dice.whole(10, 40);
  o.rent_limit = 400;
  o.lead_months = dice.whole(0, 3);
  o.maintenance_per_year = 0.05;
  o.residual = 0.8;
  o.embodied_kg = dice.round_between(1000, 4000);
  o.source = kSource;
  return o;
}

Demand demand_of(std::size_t i, Dice& dice) {
  Demand d;
  d.id = "work-" + std::to_string(i + 1);
  d.kind = i % 2 == 0 ? DemandKind::interactive : DemandKind::batch;
  d.requests_per_s = dice.round_between(5, 60);
  d.peak_factor = dice.round_between(1.2, 2.5);
  const double growth = dice.round_between(0.1, 0.5);
  d.growth = {growth / 2, growth, growth * 1.5};
  d.unmet_usd = 0.05;
  if (d.kind == DemandKind::interactive) {
    d.latency_s = 4;
    d.late_share = 0.05;
  } else {
    d.deadline_h = 24;
  }
  return d;
}

}  // namespace

Result<Scenario> synthetic_scenario(const std::string& size, std::uint64_t seed) {
  std::vector<std::size_t> n;
  for (const std::string& word : split(size, 'x')) {
    const auto value = parse_number(word, "--synthetic");
    if (value && *value >= 1 && *value <= 10000 && *value == std::floor(*value))
      n.push_back(static_cast<std::size_t>(*value));
  }
  if (n.size() != 4 || split(size, 'x').size() != 4)
    return fail(ErrorKind::bad_input, "--synthetic '" + printable(size) + "' is not a size",
                "four whole numbers are needed", "write TYPESxWORKLOADSxMONTHSxSITES, for example 5x8x12x1");
  Dice dice(seed);
  Scenario s;
  s.id = "synthetic-" + size + "-" + std::to_string(seed);
  s.name = "Made-up scenario " + size + ", seed " + std::to_string(seed);
  s.start = "2027-01";
  s.months = static_cast<std::int64_t>(n[2]);
  for (std::size_t i = 0; i < n[0]; ++i) s.offers.push_back(offer_of(i, dice));
  for (std::size_t i = 0; i < n[1]; ++i) s.demands.push_back(demand_of(i, dice));
  for (std::size_t i = 0; i < n[3]; ++i) {
    SupplySite site;
    site.id = "site-" + std::to_string(i + 1);
    // Room for about what the demand takes, so that the limits matter.
    site.power_w = 40e3 * static_cast<double>(n[1]) / static_cast<double>(n[3]) * dice.between(0.8, 1.2);
    site.rack_units = std::round(site.power_w / 300);
    site.electricity_usd_per_kwh = dice.round_between(0.06, 0.25);
    site.carbon_g_per_kwh = dice.round_between(50, 600);
    site.pue = dice.round_between(1.1, 1.6);
    site.space_usd_per_kw_month = dice.round_between(80, 160);
    s.sites.push_back(site);
  }
  for (const Demand& d : s.demands)
    for (const ServerOffer& o : s.offers) {
      const double rate = dice.round_between(0.5, 2) * (o.kind == "cpu" ? 0.7 : 2.5);
      s.throughputs.push_back({d.id, o.id, rate, rate * 0.8, rate * 1.25, Basis::assumed, kSource});
    }
  s.policy.discount_per_year = 0.05;
  s.assumptions = {"every figure is made up"};
  return s;
}

}  // namespace ridgepoint
