// SPDX-License-Identifier: Apache-2.0
// Documents whose figures are facts.
#include <algorithm>

#include "model/core/doctor.h"
#include "model/core/machine.h"
#include "model/core/network.h"
#include "model/core/prices.h"
#include "model/core/profile.h"
#include "reports/rows/row_sets.h"

namespace ridgepoint::report {
namespace {

TidyRow about(std::string time, std::string scenario, std::string platform, std::string workload) {
  TidyRow row;
  row.time = std::move(time);
  row.scenario = std::move(scenario);
  row.platform = std::move(platform);
  row.workload = std::move(workload);
  return row;
}

}  // namespace

Result<Rows> machine_rows(const Document& document) {
  return decode<Machine>(document.body, document.schema).map([](const Machine& m) {
    Rows rows;
    RowMaker make(rows, about(m.provenance.created, m.level.value_or(""), m.platform.id, ""));
    make.add_facts(m.platform.facts);
    for (const ProbeReport& p : m.probes)
      make.add("probe." + p.id + ".elapsed", "s", p.elapsed_s, Basis::measured);
    return rows;
  });
}

Result<Rows> platform_rows(const Document& document) {
  return decode<Platform>(document.body, document.schema).map([](const Platform& p) {
    Rows rows;
    RowMaker(rows, about("", "", p.id, "")).add_facts(p.facts);
    return rows;
  });
}

Result<Rows> profile_rows(const Document& document) {
  return decode<Profile>(document.body, document.schema).map([](const Profile& p) {
    Rows rows;
    RowMaker make(rows,
                  about(p.provenance.created, std::string(name_of(p.bound)),
                        p.roofline ? p.roofline->machine_id : "", p.words.empty() ? "" : p.words.front()));
    make.add_facts(p.facts);
    if (p.roofline) {
      make.add("roofline.intensity", "flop/byte", p.roofline->intensity_flop_byte, Basis::derived);
      make.add("roofline.reached", "flop/s", p.roofline->reached_flop_s, Basis::derived);
    }
    return rows;
  });
}

Result<Rows> network_rows(const Document& document) {
  return decode<NetworkDescription>(document.body, document.schema).map([](const NetworkDescription& n) {
    Rows rows;
    RowMaker make(rows, about(n.provenance.created, n.precision + " " + n.phase, "", n.name));
    make.add_facts(n.figures);
    make.add("intensity", "flop/byte", n.intensity_flop_byte, Basis::derived);
    return rows;
  });
}

Result<Rows> assumptions_rows(const Document& document) {
  return decode<Assumptions>(document.body, document.schema).map([](const Assumptions& a) {
    Rows rows;
    RowMaker(rows, about("", a.id, "", "")).add_facts(a.facts);
    return rows;
  });
}

Result<Rows> prices_rows(const Document& document) {
  return decode<PriceFile>(document.body, document.schema).map([](const PriceFile& file) {
    Rows rows;
    for (const PriceRow& row : file.offers) {
      if (!row.offer.price.is_number()) continue;
      std::string scenario = row.offer.terms;
      if (row.offer.name) scenario += ", " + *row.offer.name;
      RowMaker(rows, about(full_time(row.offer.from.value_or("")), scenario, row.platform, ""))
          .add("price", row.offer.price.unit, row.offer.price.number(), row.offer.price.basis,
               row.offer.price.lo, row.offer.price.hi);
    }
    return rows;
  });
}

Result<Rows> doctor_rows(const Document& document) {
  return decode<Diagnosis>(document.body, document.schema).map([](const Diagnosis& d) {
    Rows rows;
    RowMaker make(rows, about(d.provenance.created, d.origin, "", ""));
    for (const auto& [health, word] : names(Health{}))
      make.add("findings." + std::string(word), "1",
               static_cast<double>(std::ranges::count(d.findings, health, &Finding::health)),
               Basis::measured);
    return rows;
  });
}

}  // namespace ridgepoint::report
