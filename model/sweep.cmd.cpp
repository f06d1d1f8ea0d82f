// SPDX-License-Identifier: Apache-2.0
// `ridgepoint sweep`: one input of the answer varied -> the document `sweep`.
#include <algorithm>
#include <cmath>

#include "model/catalogue.h"
#include "model/core/command.h"
#include "model/core/format.h"
#include "model/money/job.h"
#include "model/money/options.h"
#include "model/sweep/sweep.h"

namespace ridgepoint {
namespace {

/// "FACTOR=FROM:TO" or "FACTOR".
Result<SweepQuestion> read_vary(const std::string& text) {
  SweepQuestion q;
  const std::size_t equals = text.find('=');
  q.vary = text.substr(0, equals);
  const auto& known = sweep_factors();
  if (std::ranges::find(known, q.vary) == known.end()) {
    const std::string near = nearest(q.vary, known);
    return fail(ErrorKind::bad_input, "there is no factor '" + printable(q.vary) + "' to vary", "",
                near.empty() ? "one of " + join(known, ", ") : "did you mean '" + near + "'?");
  }
  if (equals == std::string::npos) return q;
  const auto parts = split(text.substr(equals + 1), ':');
  const auto from = parse_number(parts[0], "--vary");
  const auto to = parts.size() == 2 ? parse_number(parts[1], "--vary") : from;
  if (!from || !to || !(*from > 0) || !(*to > *from) || !std::isfinite(*to / *from) || parts.size() != 2)
    return fail(ErrorKind::bad_input, "--vary '" + printable(text) + "' names no range", "",
                "write FACTOR=FROM:TO with 0 < FROM < TO, for example price=0.25:4");
  q.from = *from;
  q.to = *to;
  return q;
}

Result<Workload> named_workload(const Arguments& arguments, const Ports& ports) {
  auto workloads = load_workloads(ports.configs + "/workloads");
  if (!workloads) return tl::make_unexpected(workloads.error());
  if (arguments.positional.size() != 1)
    return fail(ErrorKind::bad_input, "name one workload", "", "see ridgepoint workloads");
  const std::string& id = arguments.positional.front();
  std::vector<std::string> known;
  for (Workload& w : *workloads) {
    if (w.id == id) return std::move(w);
    known.push_back(w.id);
  }
  const std::string near = nearest(id, known);
  return fail(ErrorKind::bad_input, "there is no workload '" + printable(id) + "'", "",
              near.empty() ? "see ridgepoint workloads" : "did you mean '" + near + "'?");
}

Result<Output> run(const Arguments& arguments, Ports& ports) {
  auto question = read_vary(arguments.value("vary"));
  if (!question) return tl::make_unexpected(question.error());
  question->on = arguments.value("on");
  const auto points = parse_number(arguments.value("points"), "--points");
  if (!points || *points < 2 || *points > 10001 || *points != std::trunc(*points))
    return fail(ErrorKind::bad_input, "--points " + printable(arguments.value("points")) + " is out of range",
                "", "give a whole number from 2 to 10001");
  question->points = static_cast<int>(*points);
  EstimateContext context;
  context.as_of = arguments.has("as-of") ? arguments.value("as-of") : ports.today;
  if (!is_month(context.as_of))
    return fail(ErrorKind::bad_input, "--as-of '" + printable(context.as_of) + "' is not a month", "",
                "write YYYY-MM, for example 2017-06");
  context.objective = enum_from<Objective>(arguments.value("objective")).value_or(Objective::cost);
  const auto workload = named_workload(arguments, ports);
  if (!workload) return tl::make_unexpected(workload.error());
  const auto platforms = load_platforms(ports.configs + "/platforms", money::prices_folder(arguments));
  if (!platforms) return tl::make_unexpected(platforms.error());
  auto settings = money::read_settings(arguments, ports);
  if (!settings) return tl::make_unexpected(settings.error());
  context.money = std::move(*settings);
  auto calibration = load_calibration(ports.configs);
  if (!calibration) return tl::make_unexpected(calibration.error());
  context.calibration = std::move(*calibration);
  auto swept = sweep(*question, *workload, *platforms, context);
  if (!swept) return tl::make_unexpected(swept.error());
  swept->provenance = ports.provenance;
  return Output{make_document("sweep", *swept), "", 0, false};
}

}  // namespace

extern const Command sweep_cmd;
const Command sweep_cmd{
    .name = "sweep",
    .summary = "vary one input and see where the best platform changes",
    .positional = "WORKLOAD",
    .options = money::with_money_options(
        {{"vary",
          "FACTOR[=FROM:TO]",
          "work, traffic, compute, bandwidth, efficiency, price",
          "price",
          false,
          {}},
         {"on", "PLATFORM", "vary it on this platform only; default: on all", "", false, {}},
         {"points", "N", "values of the factor, evenly spaced in its logarithm", "33", false, {}},
         {"objective", "WHAT", "what to minimise", "cost", false, {"cost", "time", "energy", "carbon"}},
         {"as-of", "YYYY-MM", "platforms and prices of that month; default: today", "", false, {}}}),
    .example =
        "ridgepoint sweep medical/unet3d-train-fp32 --vary price=0.25:4 --on nvidia-h100-sxm --as-of 2025-08",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
