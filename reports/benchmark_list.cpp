// SPDX-License-Identifier: Apache-2.0
#include "reports/benchmark_list.h"

#include <set>

namespace ridgepoint::report {

Result<std::string> benchmark_list(const Document& document, Better better) {
  return rows_of(document).and_then([&](const std::vector<TidyRow>& rows) {
    Json list = Json::array();
    std::set<std::string> seen;
    for (const TidyRow& r : rows) {
      const std::string name = row_name(r);
      if (better_of(r) != better || !seen.insert(name).second) continue;
      Json entry = {{"name", name},
                    {"unit", r.unit},
                    {"value", encode_number(r.value)},
                    {"extra", "basis: " + std::string(name_of(r.basis))}};
      if (r.lo && r.hi) entry["range"] = number_text(*r.lo) + " to " + number_text(*r.hi);
      list.push_back(std::move(entry));
    }
    return dump_json(list);
  });
}

}  // namespace ridgepoint::report
