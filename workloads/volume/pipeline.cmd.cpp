// SPDX-License-Identifier: Apache-2.0
// `ridgepoint pipeline FILE`: a study from file to findings, stage by stage; the document `pipeline`.
#include <algorithm>
#include <cmath>

#include "model/core/command.h"
#include "model/core/file_io.h"
#include "model/core/format.h"
#include "model/core/pipeline.h"
#include "workloads/volume/pipeline.h"
#include "workloads/volume/volume_write.h"

namespace ridgepoint {
namespace {

Result<double> number_within(const Arguments& arguments, const std::string& name, double lo, double hi) {
  const auto v = parse_number(arguments.value(name), "--" + name);
  if (v && (*v < lo || *v > hi))
    return fail(ErrorKind::bad_input, "--" + name + " " + arguments.value(name) + " is out of range", "",
                "give a number from " + show_number(lo) + " to " + show_number(hi));
  return v;
}

struct Wanted {
  PipelineRequest request;
  std::int64_t window = 64, samples = 3;
};

Result<Wanted> wanted_of(const Arguments& arguments) {
  if (arguments.positional.size() != 1)
    return fail(ErrorKind::bad_input, "pipeline needs one file", "",
                "name a study, for example one of ridgepoint phantom");
  Wanted w;
  w.request.source = {arguments.positional.front(), arguments.value("raw"), arguments.value("series")};
  w.request.out = arguments.value("mask");
  w.request.how = arguments.value("interpolation") == "cubic" ? Interpolation::cubic : Interpolation::linear;
  const auto grid = number_within(arguments, "grid", 0.2, 20),
             window = number_within(arguments, "window", 16, 256),
             samples = number_within(arguments, "samples", 1, 100),
             threshold = number_within(arguments, "threshold", 0.001, 1);
  const auto limit = parse_bytes(arguments.value("memory"));
  for (const auto* r : {&grid, &window, &samples, &threshold, &limit})
    if (!*r) return tl::make_unexpected(r->error());
  w.request.spacing_mm = *grid;
  w.request.threshold = static_cast<float>(*threshold);
  w.request.limit_byte = *limit;
  w.window = static_cast<std::int64_t>(*window);
  w.samples = static_cast<std::int64_t>(*samples);
  if (!w.request.out.empty())
    if (auto good = check_volume_name(w.request.out).and_then([&] { return check_writable(w.request.out); });
        !good)
      return tl::make_unexpected(good.error());
  return w;
}

PipelineFinding finding_of(const Component& c, const GridMap& map, const VoxelGrid& study) {
  PipelineFinding f;
  f.score = static_cast<double>(c.highest);
  double voxel = 1;
  std::array<double, 3> at{};  // in voxels of the study
  for (std::size_t k = 0; k < 3; ++k) {
    at[k] = map[k].start + c.centre[k] * map[k].step;
    voxel *= map[k].step * study.spacing[k];
  }
  f.diameter_mm = std::cbrt(static_cast<double>(c.voxels) * voxel * 6 / 3.14159265358979323846);
  for (std::size_t k = 0; k < 3; ++k) {
    double v = study.origin[k];
    for (std::size_t axis = 0; axis < 3; ++axis)
      v += at[axis] * study.spacing[axis] * study.direction[3 * axis + k];
    f.centre_mm.push_back(v);
  }
  return f;
}

void fill_stages(const PipelinePlan& plan, const std::vector<PipelineResult>& results, PipelineRun& out) {
  std::vector<double> totals(results.size());
  double longest = -1;
  for (std::size_t s = 0; s < plan.stages.size(); ++s) {
    std::vector<double> times;
    for (std::size_t i = 0; i < results.size(); ++i) {
      times.push_back(results[i].stage_s[s]);
      totals[i] += times.back();
    }
    const StageCost& cost = plan.stages[s];
    out.stages.push_back({cost.name, summarise(times), cost.read_byte, cost.written_byte, cost.work_flop});
    if (out.stages.back().time_s.median <= longest) continue;
    longest = out.stages.back().time_s.median;
    out.binds = cost.name;
  }
  out.total_s = summarise(totals);
}

Result<Output> run(const Arguments& arguments, Ports& ports) {
  const auto wanted = wanted_of(arguments);
  if (!wanted) return tl::make_unexpected(wanted.error());
  const PipelineRequest& request = wanted->request;
  const auto header = read_volume_header(request.source);
  if (!header) return tl::make_unexpected(header.error());
  Team team(allowed_cpus());
  const WindowNetwork network = blob_network(wanted->window, request.spacing_mm, team);
  const PipelinePlan plan = plan_pipeline(*header, request, network);
  PipelineRun out;
  out.announced_byte = plan.peak_byte;
  std::vector<PipelineResult> results;
  reset_peak();
  const auto before = resident_now();
  for (std::int64_t i = 0; i < wanted->samples; ++i) {
    ports.log.progress("pipeline, at most " + show_bytes(plan.peak_byte) + " of memory",
                       static_cast<double>(i) / static_cast<double>(wanted->samples));
    auto result = run_pipeline(request, network, team);
    if (!result) return tl::make_unexpected(result.error());
    results.push_back(std::move(*result));
  }
  ports.log.progress("pipeline done", 1);
  const auto peak = resident_peak();
  if (before && peak) out.peak_byte = std::max(0.0, *peak - *before);
  out.provenance = ports.provenance;
  out.path = request.source.path;
  out.network = network.name;
  out.size.assign(header->grid.size.begin(), header->grid.size.end());
  for (const AxisMap& axis : plan.map) out.grid_size.push_back(axis.out);
  out.grid_mm = request.spacing_mm;
  out.windows = plan.windows;
  out.window_edge = network.edge;
  out.threads = team.size();
  fill_stages(plan, results, out);
  for (const Component& c : results.back().findings)
    out.findings.push_back(finding_of(c, plan.map, header->grid));
  if (out.peak_byte && *out.peak_byte > 1.1 * out.announced_byte + 32e6)
    out.warnings.push_back({"memory-over-plan",
                            "the pipeline took " + show_bytes(*out.peak_byte) + " and had announced " +
                                show_bytes(out.announced_byte),
                            "report it with the header of the study (ridgepoint volume --header-only)"});
  return Output{make_document("pipeline", out), "", 0, false};
}

}  // namespace

extern const Command pipeline_cmd;
const Command pipeline_cmd{
    .name = "pipeline",
    .summary = "take a medical image from file to findings, stage by stage",
    .positional = "FILE|FOLDER",
    .options =
        {{"grid", "MM", "spacing of the grid that the network sees", "1", false, {}},
         {"window", "N", "voxels an edge of the network's window", "64", false, {}},
         {"interpolation", "KIND", "of the resampling to that grid", "linear", false, {"linear", "cubic"}},
         {"threshold", "X", "answers from here on are findings", "0.08", false, {}},
         {"mask", "FILE", "write the findings as a mask in the study's grid", "", false, {}},
         {"samples", "N", "whole runs", "3", false, {}},
         {"raw", "'KEY=VALUE ...'", "what a file without header holds (see volume)", "", false, {}},
         {"series", "UID", "which series, where a folder holds several", "", false, {}},
         {"memory", "BYTES", "most memory at once", "4e9", false, {}}},
    .example = "ridgepoint pipeline scan.nii.gz --mask found.nii.gz",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
