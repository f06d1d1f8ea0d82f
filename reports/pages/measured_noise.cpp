// SPDX-License-Identifier: Apache-2.0
#include "model/core/text.h"
#include "reports/pages/measured.h"
#include "reports/pages/parts.h"

namespace ridgepoint::report {
namespace {

/// Every fact below a prefix as a line, with the prefix left out.
KeyValues below(const Facts& facts, const std::string& prefix) {
  KeyValues list;
  for (const auto& [key, fact] : facts)
    if (starts_with(key, prefix)) list.rows.push_back({key.substr(prefix.size()), fact_value(fact)});
  return list;
}

}  // namespace

Section noise_section(const Facts& facts) {
  Section section{"How quiet the machine was", {}};
  if (KeyValues list = below(facts, "noise."); !list.rows.empty())
    section.blocks.emplace_back(std::move(list));
  return section;
}

}  // namespace ridgepoint::report
