// SPDX-License-Identifier: Apache-2.0
#include "model/money/rented.h"

#include "model/core/format.h"
#include "model/money/formulas.h"
#include "model/price.h"

namespace ridgepoint::money {
namespace {

std::string terms_of(const Settings& s) {
  if (s.basis == CostBasis::spot) return "spot";
  if (s.basis == CostBasis::reserved) return s.reserved_years == 3 ? "reserved-3y" : "reserved-1y";
  return "on-demand";
}

std::string share_key(const Settings& s) {
  if (s.basis == CostBasis::spot) return "spot.price_share";
  return s.reserved_years == 3 ? "reserved.3y.price_share" : "reserved.1y.price_share";
}

std::optional<HourlyPrice> offered(const Platform& p, const OfferQuestion& q, const Settings& s) {
  HourlyPrice price;
  const Offer* offer = best_offer(p, q);
  if (offer == nullptr) {
    price.host = factor(s.assumptions, "rent.host_vm");
    OfferQuestion add_on = q;
    add_on.add_on = true;
    offer = price.host ? best_offer(p, add_on) : nullptr;
  }
  if (offer == nullptr) return std::nullopt;
  price.used = price_used(*offer, q.as_of);
  price.device = factor_of(offer->price) * exact(1 / *offer->devices);
  if (price.host) {
    price.used.usd_per_hour += price.host->value;
    price.used.offer += " + host";
  }
  return price;
}

Bill nothing_known(Bill bill, const std::string& as_of, const Settings& s) {
  const std::string where = s.region.empty() ? "" : " in " + s.region;
  bill.missing.push_back(
      {"no hourly price of " + as_of + " or earlier is known" + where,
       s.region.empty() ? "add an offer to a price file" : "leave --region out, or add an offer"});
  return bill;
}

void add_idle_hours(Bill& bill, const Factor& price, const Settings& s) {
  const auto used = factor(s.assumptions, "utilisation");
  if (!used || used->value <= 0) {
    bill.missing.push_back({"a utilisation above zero", "give --utilisation"});
    return;
  }
  bill.items.push_back(
      item("idle hours", price * like(1 / used->value - 1, *used), "usd/h",
           show_usd(price.value) + " x (1 / " + show_percent(used->value) + " - 1): every hour is paid"));
}

void add_interruptions(Bill& bill, const Factor& price, const Settings& s) {
  const auto mtti = factor(s.assumptions, "spot.interruption"), save = factor(s.assumptions, "spot.save"),
             restart = factor(s.assumptions, "spot.restart");
  if (!mtti || !save || !restart) {
    bill.missing.push_back({"how often spot machines are taken away", "give spot.* with --assumptions"});
    return;
  }
  const double interval = best_checkpoint_interval_s(save->value, mtti->value);
  bill.items.push_back(item("interruptions", price * (exact(interval / 2) + *restart) * inverse(*mtti),
                            "usd/h",
                            show_usd(price.value) + " x (" + show_seconds(interval) + " / 2 + " +
                                show_seconds(restart->value) + ") / " + show_seconds(mtti->value)));
  bill.items.push_back(item("checkpoints", price * *save * exact(1 / interval), "usd/h",
                            show_usd(price.value) + " x " + show_seconds(save->value) + " / " +
                                show_seconds(interval) + ", the best interval"));
}

}  // namespace

std::optional<HourlyPrice> price_of(const Platform& p, const std::string& as_of, const Settings& s) {
  OfferQuestion q{as_of, terms_of(s), s.region, false};
  if (auto own = offered(p, q, s)) return own;
  if (s.basis == CostBasis::rented) return std::nullopt;
  const auto share = factor(s.assumptions, share_key(s));
  q.terms = "on-demand";
  auto price = share ? offered(p, q, s) : std::nullopt;
  if (!price) return std::nullopt;
  price->device = price->device * *share;
  if (price->host) price->host = *price->host * *share;
  price->used.usd_per_hour *= share->value;
  price->used.offer +=
      ", at " + show_percent(share->value) + " of it as " + terms_of(s) + " (no such offer is known)";
  return price;
}

Bill rented_hour(const Platform& p, const std::string& as_of, const Settings& s) {
  Bill bill{"", "usd/h", {}, {}, {}, false};
  const auto price = price_of(p, as_of, s);
  if (!price) return nothing_known(std::move(bill), as_of, s);
  bill.stale = price->used.stale;
  const std::string seen = ", seen " + price->used.from + " to " + price->used.to;
  bill.items.push_back(item("rent", price->device, "usd/h", price->used.offer + seen));
  if (price->host)
    bill.items.push_back(item("host", *price->host, "usd/h", "the machine that holds the device"));
  const Factor all = price->host ? price->device + *price->host : price->device;
  if (s.basis == CostBasis::reserved) add_idle_hours(bill, all, s);
  if (s.basis == CostBasis::spot) add_interruptions(bill, all, s);
  if (bill.missing.empty()) bill.total = total_of(bill.items);
  return bill;
}

}  // namespace ridgepoint::money
