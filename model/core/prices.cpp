// SPDX-License-Identifier: Apache-2.0
#include "model/core/prices.h"

namespace ridgepoint {
namespace {

tl::unexpected<Error> refuse(const std::string& where, const std::string& what, const std::string& fix) {
  return fail(ErrorKind::bad_input, "'" + where + "': " + what, "", fix);
}

}  // namespace

Result<void> check_prices(const PriceFile& p, const std::string& where) {
  if (!is_id(p.id))
    return refuse(where, "the id '" + printable(p.id) + "' is not made of a-z, 0-9, '-' and '.'",
                  "rename it");
  if (p.provider.empty()) return refuse(where, "the provider is empty", "say who asks these prices");
  if (p.currency != "USD")
    return refuse(where, "prices in '" + printable(p.currency) + "' cannot be compared yet",
                  "convert them to USD, and name rate and date in each source");
  for (std::size_t i = 0; i < p.offers.size(); ++i) {
    const std::string name = "offers[" + std::to_string(i) + "]";
    if (!is_id(p.offers[i].platform)) return refuse(where, name + " names no platform", "give a platform id");
    if (auto ok = check_offer(p.offers[i].offer, where, name); !ok) return ok;
  }
  return {};
}

Result<void> check_assumptions(const Assumptions& a, const std::string& where) {
  for (const auto& [key, fact] : a.facts) {
    if (auto ok = check_fact(key, fact); !ok) return in_context("'" + where + "'", ok.error());
    if (!fact.is_number()) return refuse(where, "'" + printable(key) + "' is not a number", "give a number");
  }
  return {};
}

}  // namespace ridgepoint
