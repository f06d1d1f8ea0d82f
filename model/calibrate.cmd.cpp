// SPDX-License-Identifier: Apache-2.0
// `ridgepoint calibrate`: published rows and this machine's runs -> the document `calibration`.
#include <algorithm>
#include <cmath>

#include "model/catalogue.h"
#include "model/core/command.h"
#include "model/core/file_io.h"
#include "model/core/machine.h"
#include "model/core/runs.h"
#include "model/law/leave_out.h"
#include "model/validation/observe.h"
#include "model/validation/read.h"

namespace ridgepoint {
namespace {

/// The shipped files of rows, in name order.
Result<std::vector<std::string>> shipped_rows(const std::string& configs) {
  auto files = list_files(configs + "/published", ".json");
  if (!files) return tl::make_unexpected(files.error());
  std::erase_if(*files, [](const std::string& f) {
    return f.find("medical-memory") != std::string::npos || f.find("/workloads/") != std::string::npos;
  });
  return files;
}

std::string base_name(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

Result<void> add_rows(const std::string& file, const RowReader& reader, std::vector<Observation>& all,
                      std::vector<std::string>& sources) {
  const auto rows = read_published(file);
  if (!rows) return tl::make_unexpected(rows.error());
  std::size_t used = 0;
  for (const ReadRow& r : rows->rows) {
    if (!r.trouble.empty()) continue;
    auto seen = reader.observe(r.row);
    if (!seen) continue;
    all.push_back(std::move(seen->observation));
    ++used;
  }
  sources.push_back(base_name(file) + ": " + std::to_string(used) + " of " +
                    std::to_string(rows->rows.size()) + " rows");
  return {};
}

Fact declared(double value, const std::string& unit) {
  Fact f;
  f.value = value;
  f.unit = unit;
  f.basis = Basis::derived;
  f.source = "the kernel's declared cost";
  return f;
}

/// A verified run as an observation; nothing where the machine lacks a roof it needs.
std::optional<Observation> observation_of(const KernelRun& run, const Resources& machine) {
  Workload w;
  w.id = run.id;
  w.phase = Phase::solver;
  w.footprint = declared(1, "byte");
  Stage s;
  s.id = s.kernel_class = run.kernel_class;
  if (run.cost.work_flop > 0) {
    s.work = declared(run.cost.work_flop, "flop");
    s.precisions = {run.dtype};
  }
  s.read = declared(run.cost.read_byte, "byte");
  s.written = declared(run.cost.written_byte, "byte");
  w.stages = {s};
  auto stages = law_terms(w, machine, {});
  if (!stages || !run.verification.passed || run.time_s.median <= 0) return std::nullopt;
  const Occasion occasion = occasion_of(w, *stages, false);
  return Observation{run.id, std::move(*stages), occasion, machine, {}, run.time_s.median};
}

Result<void> add_runs(const Arguments& a, std::vector<Observation>& all, std::vector<std::string>& sources) {
  if (!a.has("runs") && !a.has("machine")) return {};
  if (!a.has("runs") || !a.has("machine"))
    return fail(ErrorKind::bad_input, "--machine and --runs belong together",
                "a run is compared with the roofs of the machine it ran on", "give both");
  const auto machine = read_document_as<Machine>(a.value("machine"), "machine");
  if (!machine) return tl::make_unexpected(machine.error());
  const auto runs = read_document_as<RunSet>(a.value("runs"), "runs");
  if (!runs) return tl::make_unexpected(runs.error());
  const Resources resources = resources_of(machine->platform);
  std::size_t used = 0;
  for (const KernelRun& run : runs->runs)
    if (auto o = observation_of(run, resources)) {
      all.push_back(std::move(*o));
      ++used;
    }
  sources.push_back("this machine: " + std::to_string(used) + " of " + std::to_string(runs->runs.size()) +
                    " runs");
  return {};
}

/// Five significant digits: what differs between compilers does not show.
double rounded(double x) {
  if (x == 0) return 0;
  const double scale = std::pow(10.0, 4 - std::floor(std::log10(std::abs(x))));
  return std::round(x * scale) / scale;
}

void round_all(Calibration& c) {
  for (auto& [key, e] : c.effects) e = {rounded(e.value), rounded(e.sd), e.rows};
  for (auto& [key, sd] : c.spread) sd = rounded(sd);
  for (auto& [key, f] : c.widening) f = rounded(f);
  for (ClassError& e : c.leave_platform_out)
    e = {e.kernel_class, e.rows, rounded(e.median), rounded(e.p90), rounded(e.bias), rounded(e.coverage)};
}

Result<RowReader> make_reader(const Arguments& a, const Ports& ports) {
  auto platforms = load_platforms(a.has("platforms") ? a.value("platforms") : ports.configs + "/platforms");
  if (!platforms) return tl::make_unexpected(platforms.error());
  auto workloads =
      load_workload_sets(a.has("workloads") ? a.value("workloads") : ports.configs + "/published/workloads");
  if (!workloads) return tl::make_unexpected(workloads.error());
  return RowReader(*platforms, std::move(*workloads));
}

Result<Output> run(const Arguments& a, Ports& ports) {
  const auto reader = make_reader(a, ports);
  if (!reader) return tl::make_unexpected(reader.error());
  auto files =
      a.positional.empty() ? shipped_rows(ports.configs) : Result<std::vector<std::string>>(a.positional);
  if (!files) return tl::make_unexpected(files.error());
  std::vector<Observation> all;
  std::vector<std::string> sources;
  for (const std::string& file : *files)
    if (auto ok = add_rows(file, *reader, all, sources); !ok) return tl::make_unexpected(ok.error());
  if (auto ok = add_runs(a, all, sources); !ok) return tl::make_unexpected(ok.error());
  if (all.empty())
    return fail(ErrorKind::failed_check, "no row of these files can be used",
                "there is none, or each names a platform or workload that is not known",
                "see ridgepoint validate FILE");
  Calibration c = calibrate(all);
  if (Interrupt::requested())
    return fail(ErrorKind::interrupted, "the calibration was interrupted", "half a fit is none",
                "start it again");
  c.sources = std::move(sources);
  round_all(c);
  return Output{make_document("calibration", c), "", 0, false};
}

}  // namespace

extern const Command calibrate_cmd;
const Command calibrate_cmd{
    .name = "calibrate",
    .summary = "fit the time law to published results and to this machine's runs",
    .positional = "[FILE...]",
    .options = {{"machine", "FILE", "the machine that --runs ran on (ridgepoint probe)", "", false, {}},
                {"runs", "FILE", "its kernels take part in the fit (ridgepoint run)", "", false, {}},
                {"platforms", "DIR", "another catalogue folder", "", false, {}},
                {"workloads", "DIR", "another folder of workload definitions", "", false, {}}},
    .example = "ridgepoint calibrate --machine machine.json --runs runs.json --out calibration.json",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
