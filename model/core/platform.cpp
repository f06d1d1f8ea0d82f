// SPDX-License-Identifier: Apache-2.0
#include "model/core/platform.h"

#include <algorithm>

namespace ridgepoint {
namespace {

tl::unexpected<Error> refuse(const std::string& where, const std::string& what, const std::string& fix) {
  return fail(ErrorKind::bad_input, "'" + where + "': " + what, "", fix);
}

}  // namespace

Result<void> check_offer(const Offer& offer, const std::string& where, const std::string& name) {
  if (auto ok = check_fact(name + ".price", offer.price); !ok)
    return in_context("'" + where + "'", ok.error());
  if (!offer.price.is_number() || offer.price.number() <= 0)
    return refuse(where, name + " has no positive price", "leave the offer out: a missing price is not zero");
  const bool hourly = offer.kind == OfferKind::cloud_hourly;
  if (hourly && offer.terms != "on-demand" && offer.terms != "spot" && offer.terms != "reserved-1y" &&
      offer.terms != "reserved-3y")
    return refuse(where, name + " has the unknown terms '" + printable(offer.terms) + "'",
                  "use on-demand, spot, reserved-1y or reserved-3y");
  const std::string unit = hourly ? "usd/h" : "usd";
  if (offer.price.unit != unit) return refuse(where, name + ".price must be in " + unit, "convert it");
  if (offer.devices && *offer.devices <= 0)
    return refuse(where, name + ".devices must be positive", "correct it");
  const bool dated = offer.from && offer.to;
  if (!dated && !offer.undated.value_or(false))
    return refuse(where, name + " has no date", "give from and to as YYYY-MM, or \"undated\": true");
  if (dated && (!is_month(*offer.from) || !is_month(*offer.to) || *offer.to < *offer.from))
    return refuse(where, name + " has a period that is not YYYY-MM to YYYY-MM", "correct from and to");
  return {};
}

bool is_id(std::string_view text) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return !text.empty() && std::ranges::all_of(text, good);
}

bool is_month(std::string_view text) {
  if (text.size() != 7 || text[4] != '-') return false;
  for (const std::size_t i : {0u, 1u, 2u, 3u, 5u, 6u})
    if (text[i] < '0' || text[i] > '9') return false;
  const int month = (text[5] - '0') * 10 + (text[6] - '0');
  return month >= 1 && month <= 12;
}

Result<void> check_platform(const Platform& platform, const std::string& where) {
  if (!is_id(platform.id))
    return refuse(where, "the id '" + printable(platform.id) + "' is not made of a-z, 0-9, '-' and '.'",
                  "rename it");
  if (platform.name.empty()) return refuse(where, "the name is empty", "give the product's name");
  for (const auto& [key, fact] : platform.facts)
    if (auto ok = check_fact(key, fact); !ok) return in_context("'" + where + "'", ok.error());
  for (std::size_t i = 0; i < platform.offers.size(); ++i)
    if (auto ok = check_offer(platform.offers[i], where, "offers[" + std::to_string(i) + "]"); !ok) return ok;
  return {};
}

}  // namespace ridgepoint
