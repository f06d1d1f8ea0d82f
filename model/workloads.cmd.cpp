// SPDX-License-Identifier: Apache-2.0
// `ridgepoint workloads`: the jobs that can be asked about.
#include "model/catalogue.h"
#include "model/core/command.h"
#include "model/core/format.h"
#include "model/core/listing.h"

namespace ridgepoint {
namespace {

std::vector<std::string> row(const Workload& w) {
  double work = 0, traffic = 0;
  for (const Stage& s : w.stages) {
    if (s.work) work += s.work->number();
    traffic += s.read.number() + s.written.number();
  }
  return {w.id, work > 0 ? show(work, "flop") : "not costed", show_bytes(traffic),
          show_bytes(w.footprint.number()), w.unit_of_work};
}

Result<Output> run(const Arguments& arguments, Ports& ports) {
  const auto list = load_workloads(arguments.has("workloads") ? arguments.value("workloads")
                                                              : ports.configs + "/workloads");
  if (!list) return tl::make_unexpected(list.error());
  if (arguments.positional.size() > 1)
    return fail(ErrorKind::bad_input, "one workload at a time", "", "see ridgepoint workloads --help");
  std::vector<std::string> ids;
  Listing listing{
      ports.provenance, "Workloads", {"workload", "work", "traffic", "footprint", "unit of work"}, {}, {}};
  for (const Workload& w : *list) {
    if (!arguments.positional.empty() && w.id == arguments.positional.front())
      return Output{make_document("workload", w), "", 0, false};
    ids.push_back(w.id);
    listing.rows.push_back(row(w));
  }
  if (!arguments.positional.empty()) {
    const std::string near = nearest(arguments.positional.front(), ids);
    return fail(ErrorKind::bad_input,
                "there is no workload '" + printable(arguments.positional.front()) + "'", "",
                near.empty() ? "see ridgepoint workloads" : "did you mean '" + near + "'?");
  }
  return Output{make_document("listing", listing), "", 0, false};
}

}  // namespace

extern const Command workloads_cmd;
const Command workloads_cmd{.name = "workloads",
                            .summary = "list the workloads, or show one with its sources",
                            .positional = "[ID]",
                            .options = {{"workloads", "DIR", "another workload folder", "", false, {}}},
                            .example = "ridgepoint workloads medical/unet3d-train-fp32",
                            .default_format = "text",
                            .run = run};

}  // namespace ridgepoint
