// SPDX-License-Identifier: Apache-2.0
#include "model/money/owned.h"

#include "model/core/format.h"
#include "model/money/formulas.h"
#include "model/money/power.h"
#include "model/price.h"

namespace ridgepoint::money {
namespace {

/// Reads assumptions; what is not there is noted in the bill and read as nothing.
class Reader {
 public:
  Reader(const Settings& settings, Bill& bill) : settings_(settings), bill_(bill) {}
  Factor operator()(const std::string& key) {
    if (const auto found = factor(settings_.assumptions, key)) return *found;
    bill_.missing.push_back({"the assumption '" + key + "'", "give it with --assumptions"});
    return exact(0);
  }

 private:
  const Settings& settings_;
  Bill& bill_;
};

/// What was paid for a device and its share of the server and the switches.
struct Price {
  Factor all;
  std::string how;
};

std::optional<Price> price_paid(const Platform& p, const std::string& as_of, const Settings& s, Reader& read,
                                Bill& bill) {
  std::optional<Factor> device;
  std::string whence;
  if (s.purchase_usd) {
    device = Factor{*s.purchase_usd, 0, Basis::assumed, {"--purchase-price"}};
    whence = "as given";
  } else if (const std::string gone = not_sold(p, as_of); !gone.empty()) {
    bill.missing.push_back({"nobody sells " + p.name + " in " + as_of + ": it " + gone,
                            "ask for another --as-of, or give --purchase-price USD for a used one"});
    return std::nullopt;
  } else if (const Offer* offer = best_purchase(p, as_of)) {
    device = factor_of(offer->price);
    bill.stale = is_stale(*offer, as_of);
    whence = offer->provider + " " + offer->terms + " price, seen " + *offer->from + " to " + *offer->to;
  } else {
    bill.missing.push_back({"no purchase price of " + p.name + " of " + as_of + " or earlier is known",
                            "give --purchase-price USD (one device or socket)"});
    return std::nullopt;
  }
  const Factor host = *device * read("host.price_share." + family_of(p.kind));
  const Factor network = (*device + host) * read("network.price_share");
  return Price{*device + host + network, show_usd(device->value) + " (" + whence + ") + host " +
                                             show_usd(host.value) + " + network " + show_usd(network.value)};
}

void add_capital(Bill& bill, const Price& price, Reader& read) {
  const Factor rate = read("discount_rate"), life = read("life"), residual = read("residual");
  if (!bill.missing.empty()) return;
  const double factor = capital_usd_per_month(1, residual.value, rate.value,
                                              life.value);  // of 1 USD; life dominates its spread
  Factor month = price.all * life;
  month.value = price.all.value * factor;
  month.basis = Basis::assumed;
  bill.items.push_back(item("capital", month, "usd/month",
                            price.how + ", over " + show_number(life.value) + " years at " +
                                show_percent(rate.value) + ", " + show_percent(residual.value) +
                                " left at the end"));
}

void add_upkeep(Bill& bill, const Platform& p, const Settings& s, const Price& price, Reader& read) {
  const Factor maintenance = read("maintenance"), failures = read("failures"),
               part = read("failures.price_share"), admin = read("admin.price");
  const auto shared = devices_per_server(p, s);
  if (!shared)
    bill.missing.push_back({"how many devices share a server", "give node.devices.* with --assumptions"});
  if (!bill.missing.empty()) return;
  const Factor monthly = exact(1 / kMonthsPerYear);
  bill.items.push_back(
      item("maintenance", price.all * maintenance * monthly, "usd/month",
           show_percent(maintenance.value) + " of " + show_usd(price.all.value) + " a year"));
  bill.items.push_back(item("failures", price.all * failures * part * monthly, "usd/month",
                            show_number(failures.value) + " a year x " + show_percent(part.value) + " of " +
                                show_usd(price.all.value)));
  bill.items.push_back(item("administration", admin * exact(1 / *shared), "usd/month",
                            show_usd(admin.value) + " a server / " + show_number(*shared) + " devices"));
}

void add_room(Bill& bill, const Power& power, Reader& read) {
  const Factor plant = read("plant.price"), life = read("plant.life"), rate = read("discount_rate");
  if (!bill.missing.empty()) return;
  Factor month = power.rated * plant * inverse(life);
  month.value =
      power.rated.value * plant.value * annuity(monthly_rate(rate.value), life.value * kMonthsPerYear);
  month.basis = Basis::assumed;
  bill.items.push_back(item("space, power and cooling plant", month, "usd/month",
                            show(power.rated.value, "w") + " x " + show_usd(plant.value) + "/W over " +
                                show_number(life.value) + " years"));
}

void add_electricity(Bill& bill, const Power& power, Reader& read) {
  const Factor price = read("electricity.price"), pue = read("pue.owned"), used = read("utilisation");
  if (!power.idle) bill.missing.push_back({"idle power", "give power.idle_share.* with --assumptions"});
  if (!bill.missing.empty()) return;
  const Factor load = power.load();
  const Factor watts = load * like(used.value, used) + *power.idle * like(1 - used.value, used);
  const double kwh = energy_kwh_per_month(mean_power_w(power.idle->value, load.value, used.value), pue.value);
  bill.items.push_back(item("electricity", watts * pue * price * exact(kHoursPerMonth / 1000), "usd/month",
                            show_number(kwh) + " kWh (" + show(power.idle->value, "w") + " idle, " +
                                show(load.value, "w") + " loaded, " + show_percent(used.value) +
                                " use, PUE " + show_number(pue.value) + ") x " + show_usd(price.value)));
}

}  // namespace

Bill owned_month(const Platform& p, const std::string& as_of, const Settings& s) {
  Bill bill{"owned, a month", "usd/month", {}, {}, {}, false};
  Reader read(s, bill);
  const auto price = price_paid(p, as_of, s, read, bill);
  const auto power = power_of(p, s);
  if (price) {
    add_capital(bill, *price, read);
    add_upkeep(bill, p, s, *price, read);
  }
  if (!power) bill.missing.push_back({"the power of " + p.name, "give power.tdp in a platform file"});
  const std::vector<MissingNumber> of_price = std::move(bill.missing);
  bill.missing.clear();  // what the price lacks does not hide what is known of the power
  if (power) {
    add_room(bill, *power, read);
    add_electricity(bill, *power, read);
  }
  bill.missing.insert(bill.missing.begin(), of_price.begin(), of_price.end());
  if (bill.missing.empty()) bill.total = total_of(bill.items);
  return bill;
}

Bill owned_useful_hour(const Bill& month, const Settings& s) {
  const auto used = factor(s.assumptions, "utilisation"), up = factor(s.assumptions, "availability");
  Bill none = month;
  none.total.reset();
  if (!used || used->value <= 0 || !up || up->value <= 0) {
    none.missing.push_back({"a utilisation and an availability above zero", "give --utilisation"});
    return none;
  }
  return scaled(month, inverse(*up * like(kHoursPerMonth * used->value, *used)), "owned, a useful hour",
                "usd/h");
}

std::optional<OwnedMonth> owned_line(const Platform& p, const std::string& as_of, const Settings& s) {
  const Bill bill = owned_month(p, as_of, s);
  const auto power = power_of(p, s);
  const auto price = factor(s.assumptions, "electricity.price"), pue = factor(s.assumptions, "pue.owned"),
             up = factor(s.assumptions, "availability");
  if (!bill.total || !power || !power->idle || !price || !pue || !up) return std::nullopt;
  OwnedMonth line;
  for (const CostItem& i : bill.items)
    if (i.name != "electricity") line.fixed_usd += i.value;
  const auto usd = [&](double watts) { return energy_kwh_per_month(watts, pue->value) * price->value; };
  line.idle_power_usd = usd(power->idle->value);
  line.busy_power_usd = usd(power->load().value - power->idle->value);
  line.availability = up->value;
  return line;
}

}  // namespace ridgepoint::money
