// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/platform.h"

namespace ridgepoint {

/// One offer and the platform it is an offer of. Provider and region are the file's.
struct PriceRow {
  std::string platform;
  Offer offer;
};

template <class Io>
void fields(Io& io, PriceRow& r) {
  io.field("platform", r.platform);
  offer_fields(io, r.offer);
}

/// The document `prices`: what one provider asked, in one region, with the months in which it was seen. The
/// home of every price of the catalogue (configs/prices/); a platform file of one's own may hold offers too.
struct PriceFile {
  std::string id;
  std::string title;
  std::string provider;               ///< "AWS", "Intel"; "market" for resellers and estimates
  std::optional<std::string> region;  ///< absent = the source does not say
  std::string currency;               ///< USD; others are refused until there are dated exchange rates
  std::vector<std::string> notes;
  std::vector<PriceRow> offers;
};

template <class Io>
void fields(Io& io, PriceFile& p) {
  io.field("id", p.id);
  io.field("title", p.title);
  io.field("provider", p.provider);
  io.field("region", p.region);
  io.field("currency", p.currency);
  io.field("notes", p.notes);
  io.field("offers", p.offers);
}

Result<void> check_prices(const PriceFile& prices, const std::string& where);

/// The document `assumptions`: what a cost depends on beside prices (electricity, PUE, grid, life, discount
/// rate ...), each a fact with basis and source, so that every one can be argued with and replaced.
struct Assumptions {
  std::string id;
  std::string title;
  Facts facts;
};

template <class Io>
void fields(Io& io, Assumptions& a) {
  io.field("id", a.id);
  io.field("title", a.title);
  io.field("facts", a.facts);
}

Result<void> check_assumptions(const Assumptions& assumptions, const std::string& where);

// Compiled once, in documents.cpp.
extern template Json encode(const PriceFile&);
extern template Result<PriceFile> decode<PriceFile>(const Json&, const std::string&);
extern template Json encode(const Assumptions&);
extern template Result<Assumptions> decode<Assumptions>(const Json&, const std::string&);

}  // namespace ridgepoint
