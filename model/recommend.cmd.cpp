// SPDX-License-Identifier: Apache-2.0
// `ridgepoint recommend`: machine + runs + catalogue + workloads -> the document `recommendation`.
#include <algorithm>

#include "model/catalogue.h"
#include "model/core/command.h"
#include "model/core/format.h"
#include "model/money/options.h"
#include "model/recommend.h"

namespace ridgepoint {
namespace {

template <class T>
Result<void> read_into(std::optional<T>& target, const Arguments& arguments, const std::string& option,
                       const std::string& kind) {
  if (!arguments.has(option)) return {};
  auto value = read_document_as<T>(arguments.value(option), kind);
  if (!value) return tl::make_unexpected(value.error());
  target = std::move(*value);
  return {};
}

Result<void> read_machine_price(Question& q, const Arguments& arguments) {
  if (!arguments.has("machine-price")) return {};
  const auto price = parse_number(arguments.value("machine-price"), "--machine-price");
  if (!price) return tl::make_unexpected(price.error());
  if (*price <= 0)
    return fail(ErrorKind::bad_input, "--machine-price must be positive",
                "a free machine would win every question", "give USD an hour, for example 0.12");
  q.machine_usd_per_hour = *price;
  return {};
}

Result<void> read_seconds(std::optional<double>& target, const Arguments& arguments,
                          const std::string& option) {
  if (!arguments.has(option)) return {};
  const auto seconds = parse_number(arguments.value(option), "--" + option);
  if (!seconds) return tl::make_unexpected(seconds.error());
  if (*seconds <= 0)
    return fail(ErrorKind::bad_input, "--" + option + " must be positive", "nothing is done in no time",
                "give seconds for one unit of work, for example 0.2");
  target = *seconds;
  return {};
}

Result<void> keep_workloads(Question& q, const std::vector<std::string>& ids) {
  if (ids.empty()) return {};
  std::vector<std::string> known;
  for (const Workload& w : q.workloads) known.push_back(w.id);
  for (const std::string& id : ids)
    if (std::ranges::find(known, id) == known.end()) {
      const std::string near = nearest(id, known);
      return fail(ErrorKind::bad_input, "there is no workload '" + printable(id) + "'", "",
                  near.empty() ? "see ridgepoint workloads" : "did you mean '" + near + "'?");
    }
  std::erase_if(q.workloads, [&](const Workload& w) { return std::ranges::find(ids, w.id) == ids.end(); });
  return {};
}

/// The shipped calibration, another one, or none.
Result<void> read_calibration(Question& q, const Arguments& arguments, const Ports& ports) {
  const std::string name =
      arguments.has("calibration") ? arguments.value("calibration") : ports.configs + "/calibration.json";
  if (name == "none") return {};
  auto value = read_document_as<Calibration>(name, "calibration");
  if (!value) return tl::make_unexpected(value.error());
  q.calibration = std::move(*value);
  return {};
}

Result<void> check_machine(const Question& q, const Arguments& arguments) {
  if (q.runs && !q.machine)
    return fail(ErrorKind::bad_input, "--runs needs --machine",
                "efficiency is measured against the machine's roofs", "add --machine machine.json");
  if (!q.machine) return {};
  return check_platform(q.machine->platform, arguments.value("machine"));
}

Result<Question> read_question(const Arguments& arguments, const Ports& ports) {
  Question q;
  q.as_of = arguments.has("as-of") ? arguments.value("as-of") : ports.today;
  if (!is_month(q.as_of))
    return fail(ErrorKind::bad_input, "--as-of '" + printable(q.as_of) + "' is not a month", "",
                "write YYYY-MM, for example 2017-06");
  q.objective = enum_from<Objective>(arguments.value("objective")).value_or(Objective::cost);
  const auto folder = [&](const char* name) {
    return arguments.has(name) ? arguments.value(name) : ports.configs + "/" + name;
  };
  auto platforms = load_platforms(folder("platforms"), money::prices_folder(arguments));
  if (!platforms) return tl::make_unexpected(platforms.error());
  auto workloads = load_workloads(folder("workloads"));
  if (!workloads) return tl::make_unexpected(workloads.error());
  auto settings = money::read_settings(arguments, ports);
  if (!settings) return tl::make_unexpected(settings.error());
  q.money = std::move(*settings);
  q.platforms = std::move(*platforms);
  q.workloads = std::move(*workloads);
  for (const auto& step :
       {read_into(q.machine, arguments, "machine", "machine"), read_into(q.runs, arguments, "runs", "runs"),
        read_machine_price(q, arguments), read_calibration(q, arguments, ports),
        read_seconds(q.deadline_s, arguments, "deadline"), read_seconds(q.slo_s, arguments, "slo"),
        keep_workloads(q, arguments.all("workload")), check_machine(q, arguments)})
    if (!step) return tl::make_unexpected(step.error());
  return q;
}

Result<Output> run(const Arguments& arguments, Ports& ports) {
  const auto question = read_question(arguments, ports);
  if (!question) return tl::make_unexpected(question.error());
  Recommendation r = recommend(*question);
  r.provenance = ports.provenance;
  const bool none = std::ranges::all_of(r.answers, [](const Answer& a) { return a.choice.empty(); });
  return Output{make_document("recommendation", r), "", none ? exit_code(ErrorKind::failed_check) : 0, false};
}

}  // namespace

extern const Command recommend_cmd;
const Command recommend_cmd{
    .name = "recommend",
    .summary = "rank every platform for every workload, with reasons and error bars",
    .positional = "",
    .options = money::with_money_options(
        {{"machine", "FILE", "the measured machine takes part (ridgepoint probe)", "", false, {}},
         {"runs", "FILE", "its kernels calibrate the model (ridgepoint run)", "", false, {}},
         {"objective", "WHAT", "what to minimise", "cost", false, {"cost", "time", "energy", "carbon"}},
         {"as-of", "YYYY-MM", "platforms and prices of that month; default: today", "", false, {}},
         {"workload", "ID", "only this workload (may be given several times)", "", true, {}},
         {"deadline", "SECONDS", "limit for one unit of work of training and solvers", "", false, {}},
         {"slo", "SECONDS", "limit for one unit of work of inference and queries", "", false, {}},
         {"machine-price", "USD", "what an hour of the measured machine costs", "", false, {}},
         {"calibration",
          "FILE",
          "another fit of the time law, or none; default: the shipped one",
          "",
          false,
          {}},
         {"platforms", "DIR", "another catalogue folder", "", false, {}},
         {"workloads", "DIR", "another workload folder", "", false, {}}}),
    .example = "ridgepoint recommend --as-of 2017-06 --objective time",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
