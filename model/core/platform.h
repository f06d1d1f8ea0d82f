// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/fact.h"

namespace ridgepoint {

enum class PlatformClass { cpu, manycore_cpu, gpu, npu, fpga, riscv_ai };

constexpr auto names(PlatformClass) {
  return enum_names<PlatformClass>({{PlatformClass::cpu, "cpu"},
                                    {PlatformClass::manycore_cpu, "manycore-cpu"},
                                    {PlatformClass::gpu, "gpu"},
                                    {PlatformClass::npu, "npu"},
                                    {PlatformClass::fpga, "fpga"},
                                    {PlatformClass::riscv_ai, "riscv-ai"}});
}

enum class OfferKind { cloud_hourly, purchase };

constexpr auto names(OfferKind) {
  return enum_names<OfferKind>(
      {{OfferKind::cloud_hourly, "cloud-hourly"}, {OfferKind::purchase, "purchase"}});
}

/// One price somebody asked, with the months in which it was seen.
struct Offer {
  OfferKind kind = OfferKind::cloud_hourly;
  std::string provider;
  std::optional<std::string> name;  ///< instance type
  std::string terms;  ///< on-demand, spot, reserved-1y, reserved-3y; list, launch, reseller, estimate ...
  std::optional<std::string> region;
  std::optional<double>
      devices;  ///< platforms of this kind in the instance; absent = not a whole number known
  std::optional<bool> host_included;    ///< false = an add-on that needs a virtual machine, priced apart
  std::optional<std::string> from, to;  ///< YYYY-MM, first and last month observed
  std::optional<bool> undated;
  Fact price;                        ///< usd/h for the whole instance, or usd for one platform
  std::optional<std::string> match;  ///< "exact", or how far the instance's part differs from this platform
};

/// What an offer says beside who made it and where.
template <class Io>
void offer_fields(Io& io, Offer& o) {
  io.field("kind", o.kind);
  io.field("name", o.name);
  io.field("terms", o.terms);
  io.field("devices", o.devices);
  io.field("host_included", o.host_included);
  io.field("from", o.from);
  io.field("to", o.to);
  io.field("undated", o.undated);
  io.field("price", o.price);
  io.field("match", o.match);
}

template <class Io>
void fields(Io& io, Offer& o) {
  io.field("provider", o.provider);
  io.field("region", o.region);
  offer_fields(io, o);
}

/// A computer or a device as a set of facts. A measured machine and a catalogue entry are the same type, so
/// the model cannot tell, and need not know, where a roof came from, except for its uncertainty.
struct Platform {
  std::string id;
  std::string name;
  std::string vendor;
  PlatformClass kind = PlatformClass::cpu;
  std::optional<std::string> microarchitecture;
  std::vector<std::string> compute_mix;  ///< scalar, vector, tensor, spatial
  Facts facts;
  std::vector<Offer> offers;
  std::vector<std::string> conflicts;  ///< where sources disagree
};

template <class Io>
void fields(Io& io, Platform& p) {
  io.field("id", p.id);
  io.field("name", p.name);
  io.field("vendor", p.vendor);
  io.field("class", p.kind);
  io.field("microarchitecture", p.microarchitecture);
  io.field("compute_mix", p.compute_mix);
  io.field("facts", p.facts);
  io.field("offers", p.offers);
  io.field("conflicts", p.conflicts);
}

/// Every fact and offer checked (check_fact), ids and month forms too. `where` names the input.
Result<void> check_platform(const Platform& platform, const std::string& where);

/// One offer: a positive dated price in its unit. `name` is how messages call it.
Result<void> check_offer(const Offer& offer, const std::string& where, const std::string& name);

/// Made of a-z, 0-9, '-' and '.', and not empty.
bool is_id(std::string_view text);

/// "2017-06" is a month; "2017-6", "2017-13" are not.
bool is_month(std::string_view text);

// Compiled once, in documents.cpp.
extern template Json encode(const Platform&);
extern template Result<Platform> decode<Platform>(const Json&, const std::string&);

}  // namespace ridgepoint
