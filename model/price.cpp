// SPDX-License-Identifier: Apache-2.0
#include "model/price.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "model/core/format.h"

namespace ridgepoint {
namespace {

constexpr int kStaleMonths = 3;  // about 90 days

int month_number(const std::string& month) {
  return std::stoi(month.substr(0, 4)) * 12 + std::stoi(month.substr(5, 2));
}

bool usable(const Offer& o, const OfferQuestion& q) {
  return o.kind == OfferKind::cloud_hourly && o.terms == q.terms && o.devices &&
         o.host_included.value_or(true) != q.add_on && o.from && o.to && *o.from <= q.as_of &&
         (q.region.empty() || o.region.value_or("") == q.region);
}

double per_device(const Offer& o) { return o.price.number() / *o.devices; }

/// A date fact as a month: "2014" counts from December, because only then is the launch certain.
std::string month_of(const std::string& date) { return date.size() == 4 ? date + "-12" : date.substr(0, 7); }

}  // namespace

int months_between(const std::string& a, const std::string& b) { return month_number(b) - month_number(a); }

const Offer* best_offer(const Platform& platform, const OfferQuestion& question) {
  const Offer* best = nullptr;
  // Order: seen last (up to the date asked for), then cheapest, then by name, so that ties are settled the
  // same way.
  const auto rank = [&](const Offer& o) {
    return std::tuple(-month_number(std::min(*o.to, question.as_of)), per_device(o), o.provider,
                      o.name.value_or(""));
  };
  for (const Offer& o : platform.offers)
    if (usable(o, question) && (best == nullptr || rank(o) < rank(*best))) best = &o;
  return best;
}

const Offer* best_purchase(const Platform& platform, const std::string& as_of) {
  const Offer* best = nullptr;
  const auto rank = [&](const Offer& o) {
    return std::tuple(-month_number(std::min(*o.to, as_of)), o.provider == "market", o.price.number(),
                      o.provider);
  };
  for (const Offer& o : platform.offers)
    if (o.kind == OfferKind::purchase && o.from && o.to && *o.from <= as_of &&
        (best == nullptr || rank(o) < rank(*best)))
      best = &o;
  return best;
}

bool is_stale(const Offer& offer, const std::string& as_of) {
  return months_between(*offer.to, as_of) > kStaleMonths;
}

PriceUsed price_used(const Offer& o, const std::string& as_of) {
  PriceUsed p;
  p.usd_per_hour = per_device(o);
  p.offer = o.provider + " " + o.name.value_or("") + " " + o.terms + ", " + show_number(*o.devices) +
            (*o.devices == 1 ? " device" : " devices") +
            (o.match && *o.match != "exact" ? " (" + *o.match + ")" : "");
  p.from = *o.from;
  p.to = *o.to;
  p.stale = is_stale(o, as_of);
  p.source = o.price.source;
  return p;
}

std::optional<PriceUsed> hourly_price(const Platform& platform, const std::string& as_of) {
  const Offer* offer = best_offer(platform, {as_of, "on-demand", "", false});
  if (offer == nullptr) return std::nullopt;
  return price_used(*offer, as_of);
}

std::string not_sold(const Platform& platform, const std::string& as_of) {
  const std::string launch = text(platform.facts, "date.launch"),
                    end = text(platform.facts, "date.end_of_sale");
  if (!launch.empty() && month_of(launch) > as_of) return "was launched " + launch;
  if (!end.empty() && end.substr(0, 7) < as_of) return "was sold until " + end;
  return "";
}

std::string not_on_sale(const Platform& platform, const std::string& as_of) {
  const std::string launch = text(platform.facts, "date.launch"),
                    end = text(platform.facts, "date.end_of_sale");
  if (!launch.empty() && month_of(launch) > as_of) return "launched " + launch + ", after " + as_of;
  if (!end.empty() && end.substr(0, 7) < as_of) {
    const auto rented = [&](const Offer& o) {
      return usable(o, {as_of, "on-demand", "", false}) && *o.to >= as_of;
    };
    if (std::ranges::none_of(platform.offers, rented))
      return "sales ended " + end + " and no hourly offer of " + as_of + " is known";
  }
  return "";
}

}  // namespace ridgepoint
