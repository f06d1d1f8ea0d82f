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

bool usable(const Offer& o, const std::string& as_of) {
  return o.kind == OfferKind::cloud_hourly && o.terms == "on-demand" && o.devices &&
         o.host_included.value_or(true) && o.from && o.to && *o.from <= as_of;
}

double per_device(const Offer& o) { return o.price.number() / *o.devices; }

/// A date fact as a month: "2014" counts from December, because only then is the launch certain.
std::string month_of(const std::string& date) { return date.size() == 4 ? date + "-12" : date.substr(0, 7); }

}  // namespace

int months_between(const std::string& a, const std::string& b) { return month_number(b) - month_number(a); }

std::optional<PriceUsed> hourly_price(const Platform& platform, const std::string& as_of) {
  const Offer* best = nullptr;
  // Order: seen last (up to the date asked for), then cheapest, then by name, so that ties are settled the
  // same way.
  const auto rank = [&](const Offer& o) {
    return std::tuple(-month_number(std::min(*o.to, as_of)), per_device(o), o.provider, o.name.value_or(""));
  };
  for (const Offer& o : platform.offers)
    if (usable(o, as_of) && (best == nullptr || rank(o) < rank(*best))) best = &o;
  if (best == nullptr) return std::nullopt;
  PriceUsed p;
  p.usd_per_hour = per_device(*best);
  p.offer = best->provider + " " + best->name.value_or("") + " " + best->terms + ", " +
            show_number(*best->devices) + (*best->devices == 1 ? " device" : " devices") +
            (best->match && *best->match != "exact" ? " (" + *best->match + ")" : "");
  p.from = *best->from;
  p.to = *best->to;
  p.stale = months_between(*best->to, as_of) > kStaleMonths;
  p.source = best->price.source;
  return p;
}

std::string not_on_sale(const Platform& platform, const std::string& as_of) {
  const std::string launch = text(platform.facts, "date.launch"),
                    end = text(platform.facts, "date.end_of_sale");
  if (!launch.empty() && month_of(launch) > as_of) return "launched " + launch + ", after " + as_of;
  if (!end.empty() && end.substr(0, 7) < as_of) {
    const auto rented = [&](const Offer& o) { return usable(o, as_of) && *o.to >= as_of; };
    if (std::ranges::none_of(platform.offers, rented))
      return "sales ended " + end + " and no hourly offer of " + as_of + " is known";
  }
  return "";
}

}  // namespace ridgepoint
