// SPDX-License-Identifier: Apache-2.0
// `ridgepoint plan`: scenario + catalogue + workloads -> the document `plan`.
#include <cmath>

#include "model/catalogue.h"
#include "model/core/command.h"
#include "model/core/file_io.h"
#include "model/core/format.h"
#include "model/plan/planner.h"
#include "model/plan/synthetic.h"

namespace ridgepoint {
namespace {

Result<double> number_in(const Arguments& a, const std::string& name, double least, double most) {
  auto value = parse_number(a.value(name), "--" + name);
  if (!value || (*value >= least && *value <= most)) return value;
  return fail(ErrorKind::bad_input,
              "--" + name + " must be within " + show_number(least) + " to " + show_number(most, 6), "",
              "give another number");
}

Result<PlanOptions> read_options(const Arguments& a, Ports& ports) {
  PlanOptions options;
  const auto seconds = number_in(a, "seconds", 0.1, 86400), gap = number_in(a, "gap", 0, 1),
             memory = number_in(a, "memory-gib", 0.25, 65536), seed = number_in(a, "seed", 0, 9e15);
  for (const auto& value : {seconds, gap, memory, seed})
    if (!value) return tl::make_unexpected(value.error());
  options.seconds = *seconds;
  options.gap = *gap;
  options.memory_byte = *memory * 1024 * 1024 * 1024;
  options.seed = std::llround(*seed);
  options.progress = [&ports](const std::string& what, double fraction) {
    ports.log.progress(what, fraction);
  };
  return options;
}

/// A bare word names an example of configs/scenarios.
std::string file_of(const std::string& word, const std::string& configs) {
  return word.find_first_of("./") == std::string::npos ? configs + "/scenarios/" + word + ".json" : word;
}

Result<Scenario> read_scenario(const Arguments& a, const std::string& configs, std::int64_t seed) {
  if (a.has("synthetic")) {
    if (!a.positional.empty())
      return fail(ErrorKind::bad_input, "a scenario file and --synthetic do not go together", "",
                  "leave one out");
    return synthetic_scenario(a.value("synthetic"), static_cast<std::uint64_t>(seed));
  }
  if (a.positional.size() != 1)
    return fail(ErrorKind::bad_input, "name one scenario file", "",
                "ridgepoint plan scenario.json, or ridgepoint plan hospital-group");
  return read_document_as<Scenario>(file_of(a.positional.front(), configs), "scenario");
}

Result<PlanQuestion> read_question(const Arguments& a, const Ports& ports, std::int64_t seed) {
  auto scenario = read_scenario(a, ports.configs, seed);
  if (!scenario) return tl::make_unexpected(scenario.error());
  if (a.has("growth")) scenario->growth = enum_from<GrowthCase>(a.value("growth")).value_or(GrowthCase::base);
  if (a.has("caution")) scenario->caution = enum_from<Caution>(a.value("caution")).value_or(Caution::p90);
  const std::string where = a.positional.empty() ? scenario->id : a.positional.front();
  if (const auto good = check_scenario(*scenario, where); !good) return tl::make_unexpected(good.error());
  auto platforms = load_platforms(a.has("platforms") ? a.value("platforms") : ports.configs + "/platforms");
  if (!platforms) return tl::make_unexpected(platforms.error());
  auto workloads = load_workloads(a.has("workloads") ? a.value("workloads") : ports.configs + "/workloads");
  if (!workloads) return tl::make_unexpected(workloads.error());
  auto calibration = load_calibration(ports.configs);
  if (!calibration) return tl::make_unexpected(calibration.error());
  return PlanQuestion{std::move(*scenario), std::move(*platforms), std::move(*workloads),
                      std::move(*calibration)};
}

Result<Output> run(const Arguments& a, Ports& ports) {
  const auto options = read_options(a, ports);
  if (!options) return tl::make_unexpected(options.error());
  const auto question = read_question(a, ports, options->seed);
  if (!question) return tl::make_unexpected(question.error());
  if (a.has("scenario-only")) return Output{make_document("scenario", question->scenario), ""};
  if (a.has("export-lp"))
    if (const auto done = write_file_atomically(a.value("export-lp"), lp_text(program_of(*question))); !done)
      return tl::make_unexpected(done.error());
  auto plan = make_plan(*question, *options);
  if (plan && a.has("portfolio"))
    if (const auto done = add_portfolio(*question, *options, *plan); !done)
      return tl::make_unexpected(done.error());
  if (plan && a.has("what-if"))
    if (const auto done = add_what_if(*question, *options, a.all("what-if"), *plan); !done)
      return tl::make_unexpected(done.error());
  if (!plan) return tl::make_unexpected(plan.error());
  plan->provenance = ports.provenance;
  add_rows(*plan);
  const bool none = plan->months.empty();
  return Output{make_document("plan", *plan), "", none ? exit_code(ErrorKind::failed_check) : 0};
}

}  // namespace

extern const Command plan_cmd;
const Command plan_cmd{
    .name = "plan",
    .summary = "what to buy, rent, keep and retire for a demand, at least cost",
    .positional = "[SCENARIO]",
    .options = {{"growth", "CASE", "which growth of demand to plan for", "", false, {"low", "base", "high"}},
                {"caution", "LEVEL", "throughput to count on", "", false, {"p50", "p90"}},
                {"portfolio",
                 "",
                 "also with one platform, GPUs or CPUs alone: the value of diversity",
                 "",
                 false,
                 {}},
                {"what-if",
                 "CHANGE",
                 "also with price=, demand=, stock= or electricity= times a factor",
                 "",
                 true,
                 {}},
                {"gap", "RATIO", "stop within this share of the optimum", "0.01", false, {}},
                {"seconds", "S", "time to search for the plan", "60", false, {}},
                {"memory-gib", "GIB", "memory for the solver", "8", false, {}},
                {"seed", "N", "of the simulation and of --synthetic", "1", false, {}},
                {"export-lp", "FILE", "write the program for another solver", "", false, {}},
                {"synthetic", "SIZE", "a made-up scenario, TYPESxWORKLOADSxMONTHSxSITES", "", false, {}},
                {"scenario-only", "", "print the scenario instead of planning", "", false, {}},
                {"platforms", "DIR", "another catalogue folder", "", false, {}},
                {"workloads", "DIR", "another workload folder", "", false, {}}},
    .example = "ridgepoint plan hospital-group --portfolio",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
