// SPDX-License-Identifier: Apache-2.0
// `ridgepoint platforms`: the catalogue as a table, or one entry whole.
#include <algorithm>

#include "model/catalogue.h"
#include "model/core/command.h"
#include "model/core/format.h"
#include "model/core/listing.h"
#include "model/price.h"
#include "model/roofs.h"

namespace ridgepoint {
namespace {

std::string shown(const std::optional<double>& v, const std::string& unit) {
  return v ? show(*v, unit) : "unknown";
}

std::vector<std::string> row(const Platform& p, const std::string& as_of) {
  std::optional<double> capacity, bandwidth;
  for (const MemoryTier& t : memory_tiers(p.facts, 0)) {
    if (t.capacity_byte) capacity = std::max(capacity.value_or(0), *t.capacity_byte);
    if (t.bandwidth) bandwidth = std::max(bandwidth.value_or(0), t.bandwidth->nominal);
  }
  const auto fp32 = compute_roof(p.facts, {"fp32"}, false);
  const auto price = hourly_price(p, as_of);
  const std::string launch = text(p.facts, "date.launch");
  return {p.id,
          launch.empty() ? "unknown" : launch,
          fp32 ? show_rate(fp32->nominal, "FLOP/s") : "unknown",
          shown(bandwidth, "byte/s"),
          shown(capacity, "byte"),
          price ? show_usd(price->usd_per_hour) + (price->stale ? " *" : "") : "no price"};
}

Result<Output> one_platform(const std::vector<Platform>& list, const std::string& id) {
  std::vector<std::string> ids;
  for (const Platform& p : list) {
    if (p.id == id) return Output{make_document("platform", p), "", 0, false};
    ids.push_back(p.id);
  }
  const std::string near = nearest(id, ids);
  return fail(ErrorKind::bad_input, "there is no platform '" + printable(id) + "'", "",
              near.empty() ? "see ridgepoint platforms" : "did you mean '" + near + "'?");
}

Result<Output> run(const Arguments& arguments, Ports& ports) {
  const std::string as_of = arguments.has("as-of") ? arguments.value("as-of") : ports.today;
  if (!is_month(as_of))
    return fail(ErrorKind::bad_input, "--as-of '" + printable(as_of) + "' is not a month", "",
                "write YYYY-MM, for example 2017-06");
  const auto list =
      load_platforms(arguments.has("platforms") ? arguments.value("platforms") : ports.configs + "/platforms",
                     arguments.value("prices"));
  if (!list) return tl::make_unexpected(list.error());
  if (arguments.positional.size() > 1)
    return fail(ErrorKind::bad_input, "one platform at a time", "", "see ridgepoint platforms --help");
  if (!arguments.positional.empty()) return one_platform(*list, arguments.positional.front());
  Listing listing{ports.provenance,
                  "Platform catalogue, as of " + as_of,
                  {"platform", "launch", "FP32 peak", "bandwidth", "memory", "USD/hour"},
                  {},
                  {}};
  for (const Platform& p : *list) {
    if (arguments.has("class") && name_of(p.kind) != arguments.value("class")) continue;
    if (arguments.has("as-of") && !not_on_sale(p, as_of).empty()) continue;
    listing.rows.push_back(row(p, as_of));
  }
  listing.notes = {
      "peaks and bandwidths are nominal (datasheet, press or arithmetic); sources: ridgepoint platforms ID",
      "USD/hour: cheapest on-demand hour of one device seen at or before the date; * = last seen over 3 "
      "months before"};
  return Output{make_document("listing", listing), "", 0, false};
}

}  // namespace

extern const Command platforms_cmd;
const Command platforms_cmd{
    .name = "platforms",
    .summary = "list the platform catalogue, or show one entry with its sources",
    .positional = "[ID]",
    .options = {{"as-of", "YYYY-MM", "only what was on sale then, at then's prices", "", false, {}},
                {"class",
                 "CLASS",
                 "only this class",
                 "",
                 false,
                 {"cpu", "manycore-cpu", "gpu", "npu", "fpga", "riscv-ai"}},
                {"platforms", "DIR", "another catalogue folder", "", false, {}},
                {"prices", "DIR", "another folder of price files", "", false, {}}},
    .example = "ridgepoint platforms --as-of 2017-06 --class gpu",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
