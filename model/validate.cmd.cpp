// SPDX-License-Identifier: Apache-2.0
// `ridgepoint validate`: published rows + catalogue + workloads -> the document `validation`.
#include <algorithm>
#include <functional>
#include <iterator>

#include "model/catalogue.h"
#include "model/core/command.h"
#include "model/core/file_io.h"
#include "model/core/format.h"
#include "model/here/replay_runs.h"
#include "model/price.h"
#include "model/validation/part.h"
#include "model/validation/replay.h"

namespace ridgepoint {
namespace {

/// Adds what a folder holds; what the catalogue has under such an id is replaced, with a warning.
template <class T>
Result<void> add(std::vector<T>& list, const std::string& folder, const std::string& kind,
                 const std::function<Result<std::vector<T>>(const std::string&)>& load,
                 std::vector<Warning>& warnings) {
  auto more = load(folder);
  if (!more) return tl::make_unexpected(more.error());
  for (const T& item : *more)
    if (std::erase_if(list, [&](const T& built_in) { return built_in.id == item.id; }) > 0)
      warnings.push_back({"replaced-" + kind,
                          "the " + kind + " '" + printable(item.id) + "' of '" + printable(folder) +
                              "' replaces the built-in one",
                          "give it another id to keep both"});
  list.insert(list.end(), std::make_move_iterator(more->begin()), std::make_move_iterator(more->end()));
  std::ranges::stable_sort(list, {}, &T::id);
  return {};
}

Result<LawInput> read_law_input(const Arguments& arguments, const Ports& ports,
                                std::vector<Warning>& warnings) {
  LawInput in;
  in.configs = ports.configs;
  in.calibration = arguments.value("calibration");
  auto platforms = load_platforms(ports.configs + "/platforms");
  if (!platforms) return tl::make_unexpected(platforms.error());
  auto workloads = load_workload_sets(ports.configs + "/published/workloads");
  if (!workloads) return tl::make_unexpected(workloads.error());
  auto own = load_workloads(ports.configs + "/workloads");
  if (!own) return tl::make_unexpected(own.error());
  workloads->insert(workloads->end(), own->begin(), own->end());
  in.platforms = std::move(*platforms);
  in.workloads = std::move(*workloads);
  const auto platforms_of = [](const std::string& folder) { return load_platforms(folder); };
  for (const std::string& folder : arguments.all("platforms"))
    if (auto ok = add<Platform>(in.platforms, folder, "platform", platforms_of, warnings); !ok)
      return tl::make_unexpected(ok.error());
  for (const std::string& folder : arguments.all("workloads"))
    if (auto ok = add<Workload>(in.workloads, folder, "workload", load_workload_sets, warnings); !ok)
      return tl::make_unexpected(ok.error());
  return in;
}

/// The lists of rows that come with the program; medical-memory.json there is of another kind.
Result<std::vector<PublishedRow>> read_shipped(const std::string& configs) {
  std::vector<PublishedRow> rows;
  const auto files = list_files(configs + "/published", ".json");
  if (!files) return tl::make_unexpected(files.error());
  for (const std::string& path : *files) {
    if (path.ends_with("medical-memory.json") || path.find("/workloads/") != std::string::npos) continue;
    const auto file = read_published(path);
    if (!file) return tl::make_unexpected(file.error());
    for (const ReadRow& r : file->rows)
      if (r.trouble.empty()) rows.push_back(r.row);
  }
  return rows;
}

Result<ReplayInput> read_replay_input(const Arguments& arguments, const Ports& ports) {
  ReplayInput in;
  if (arguments.positional.empty())
    return fail(ErrorKind::bad_input, "name at least one file of published rows", "",
                "for example ridgepoint validate " + ports.configs + "/published/spmv-hpcg.json");
  in.leave_out = enum_from<LeaveOut>(arguments.value("leave-out")).value_or(LeaveOut::none);
  for (const std::string& path : arguments.positional) {
    auto file = read_published(path);
    if (!file) return tl::make_unexpected(file.error());
    in.files.push_back(std::move(*file));
  }
  if (in.leave_out != LeaveOut::none) return in;
  auto shipped = read_shipped(ports.configs);
  if (!shipped) return tl::make_unexpected(shipped.error());
  in.shipped = std::move(*shipped);
  return in;
}

const Platform* find(const std::vector<Platform>& sorted, const std::string& id) {
  const auto it = std::ranges::lower_bound(sorted, id, {}, &Platform::id);
  return it == sorted.end() || it->id != id ? nullptr : &*it;
}

Result<std::int64_t> worst_of(const Arguments& arguments) {
  const auto n = parse_number(arguments.value("worst"), "--worst");
  if (!n) return tl::make_unexpected(n.error());
  if (*n < 0 || *n > 1e6 || *n != static_cast<double>(static_cast<std::int64_t>(*n)))
    return fail(ErrorKind::bad_input, "--worst must be a whole number from 0 to 1000000", "",
                "for example --worst 20");
  return static_cast<std::int64_t>(*n);
}

/// This machine's own kernels, each left out in turn.
Result<Output> run_here(const Arguments& arguments, Ports& ports, std::int64_t worst) {
  if (!arguments.has("machine") || !arguments.has("runs") || !arguments.positional.empty())
    return fail(ErrorKind::bad_input, "--machine and --runs go together, without other files",
                "runs are predicted from the roofs of the machine they ran on",
                "ridgepoint validate --machine machine.json --runs runs.json");
  const auto machine = read_document_as<Machine>(arguments.value("machine"), "machine");
  if (!machine) return tl::make_unexpected(machine.error());
  const auto runs = read_document_as<RunSet>(arguments.value("runs"), "runs");
  if (!runs) return tl::make_unexpected(runs.error());
  Validation v = replay_runs(*machine, *runs);
  v.worst = worst;
  v.provenance = ports.provenance;
  return Output{make_document("validation", v), "", 0, false};
}

Result<Output> run(const Arguments& arguments, Ports& ports) {
  const auto worst = worst_of(arguments);
  if (!worst) return tl::make_unexpected(worst.error());
  if (arguments.has("machine") || arguments.has("runs")) return run_here(arguments, ports, *worst);
  const auto input = read_replay_input(arguments, ports);
  if (!input) return tl::make_unexpected(input.error());
  std::vector<Warning> warnings;
  const auto law_input = read_law_input(arguments, ports, warnings);
  if (!law_input) return tl::make_unexpected(law_input.error());
  const auto law = make_law(*law_input);
  if (!law) return tl::make_unexpected(law.error());
  const auto point_of = [&](const std::string& id) -> std::optional<PlatformPoint> {
    const Platform* p = find(law_input->platforms, id);
    return p == nullptr ? std::nullopt : platform_point(p->facts);
  };
  std::vector<std::string> ids;
  for (const Platform& p : law_input->platforms) ids.push_back(p.id);
  const auto price_of = [&](const PublishedRow& row) -> std::optional<double> {
    const Platform* p = find(law_input->platforms, named_part(row, ids));
    const std::string month = month_of_row(row.date);
    if (p == nullptr || month.empty()) return std::nullopt;
    const auto price = hourly_price(*p, month);
    return price ? std::optional(price->usd_per_hour) : std::nullopt;
  };
  Validation v = replay(*input, *law, point_of, price_of);
  if (Interrupt::requested()) return fail(ErrorKind::interrupted, "interrupted", "", "run it again");
  v.worst = *worst;
  v.provenance = ports.provenance;
  v.warnings.insert(v.warnings.begin(), warnings.begin(), warnings.end());
  return Output{make_document("validation", v), "", 0, false};
}

}  // namespace

extern const Command validate_cmd;
const Command validate_cmd{
    .name = "validate",
    .summary = "replay published results against the model and state its error",
    .positional = "[FILE...]",
    .options = {{"leave-out",
                 "WHAT",
                 "calibrate on the rows that differ in it, then predict the others",
                 "none",
                 false,
                 {"none", "platform", "workload", "round"}},
                {"platforms", "DIR", "add the platforms of this folder", "", true, {}},
                {"workloads", "DIR", "add the workloads of this folder", "", true, {}},
                {"calibration", "FILE", "use this calibration; default: the one shipped", "", false, {}},
                {"machine", "FILE", "with --runs: predict this machine's own kernels", "", false, {}},
                {"runs", "FILE", "its runs (ridgepoint run), each left out in turn", "", false, {}},
                {"worst", "N", "how many of the worst rows to show", "10", false, {}}},
    .example = "ridgepoint validate results.json --leave-out platform --json",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
