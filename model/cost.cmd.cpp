// SPDX-License-Identifier: Apache-2.0
// `ridgepoint cost`: platform [+ workload] -> the document `cost`.
#include <algorithm>

#include "model/catalogue.h"
#include "model/core/command.h"
#include "model/core/format.h"
#include "model/money/options.h"
#include "model/money/sheet.h"

namespace ridgepoint {
namespace {

Result<double> positive(const Arguments& arguments, const std::string& option, const std::string& example) {
  auto value = parse_number(arguments.value(option), "--" + option);
  if (value && *value <= 0)
    return fail(ErrorKind::bad_input, "--" + option + " must be positive", "", "for example " + example);
  return value;
}

/// The ids in whatever order they were given.
Result<void> take_ids(money::SheetQuestion& q, const std::vector<std::string>& ids,
                      const std::vector<Platform>& platforms, const std::vector<Workload>& workloads) {
  std::vector<std::string> known;
  known.reserve(platforms.size() + workloads.size());
  for (const Platform& p : platforms) known.push_back(p.id);
  for (const Workload& w : workloads) known.push_back(w.id);
  for (const std::string& id : ids) {
    const auto p = std::ranges::find(platforms, id, &Platform::id);
    const auto w = std::ranges::find(workloads, id, &Workload::id);
    if (p != platforms.end() && q.platform.id.empty()) {
      q.platform = *p;
    } else if (w != workloads.end() && !q.workload) {
      q.workload = *w;
    } else {
      const bool second = p != platforms.end() || w != workloads.end();
      const std::string near = nearest(id, known);
      return fail(ErrorKind::bad_input,
                  second ? "one platform and one workload at a time"
                         : "there is no platform or workload '" + printable(id) + "'",
                  "", near.empty() || second ? "see ridgepoint platforms" : "did you mean '" + near + "'?");
    }
  }
  if (q.platform.id.empty())
    return fail(ErrorKind::bad_input, "name a platform", "a cost is that of a platform, or of a job on it",
                "for example ridgepoint cost nvidia-a100-sxm-80; ridgepoint recommend compares all");
  return {};
}

Result<Output> run(const Arguments& arguments, Ports& ports) {
  money::SheetQuestion q;
  q.as_of = arguments.has("as-of") ? arguments.value("as-of") : ports.today;
  if (!is_month(q.as_of))
    return fail(ErrorKind::bad_input, "--as-of '" + printable(q.as_of) + "' is not a month", "",
                "write YYYY-MM, for example 2017-06");
  const auto folder = [&](const char* name) {
    return arguments.has(name) ? arguments.value(name) : ports.configs + "/" + name;
  };
  const auto platforms = load_platforms(folder("platforms"), money::prices_folder(arguments));
  if (!platforms) return tl::make_unexpected(platforms.error());
  const auto workloads = load_workloads(folder("workloads"));
  if (!workloads) return tl::make_unexpected(workloads.error());
  if (auto ok = take_ids(q, arguments.positional, *platforms, *workloads); !ok)
    return tl::make_unexpected(ok.error());
  auto settings = money::read_settings(arguments, ports);
  if (!settings) return tl::make_unexpected(settings.error());
  q.settings = std::move(*settings);
  const auto units = positive(arguments, "units", "1000");
  if (!units) return tl::make_unexpected(units.error());
  q.units = *units;
  auto calibration = load_calibration(ports.configs);
  if (!calibration) return tl::make_unexpected(calibration.error());
  q.calibration = std::move(*calibration);
  if (arguments.has("purchase-price")) {
    const auto price = positive(arguments, "purchase-price", "25000");
    if (!price) return tl::make_unexpected(price.error());
    q.settings.purchase_usd = *price;
  }
  CostSheet sheet = money::cost_sheet(q);
  sheet.provenance = ports.provenance;
  const bool none =
      std::ranges::none_of(sheet.lines, [](const CostLine& l) { return l.usd_per_useful_hour.has_value(); });
  return Output{make_document("cost", sheet), "", none ? exit_code(ErrorKind::failed_check) : 0, false};
}

}  // namespace

extern const Command cost_cmd;
const Command cost_cmd{
    .name = "cost",
    .summary = "what a platform costs, owned and rented, item by item, and a job on it",
    .positional = "PLATFORM [WORKLOAD]",
    .options = money::with_money_options(
        {{"as-of", "YYYY-MM", "prices of that month; default: today", "", false, {}},
         {"purchase-price", "USD", "what one device or socket costs to buy", "", false, {}},
         {"units", "N", "units of work to price together, as in a training run", "1000", false, {}},
         {"platforms", "DIR", "another catalogue folder", "", false, {}},
         {"workloads", "DIR", "another workload folder", "", false, {}}}),
    .example = "ridgepoint cost nvidia-h100-sxm medical/unet3d-train-mixed --as-of 2025-08",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
