// SPDX-License-Identifier: Apache-2.0
// `ridgepoint study NAME`: a case study reproduced on generated data; the document `study`.
#include <cmath>

#include "model/core/command.h"
#include "model/core/format.h"
#include "model/core/text.h"
#include "model/networks/library.h"
#include "workloads/study/batch_size.h"
#include "workloads/study/convergence.h"
#include "workloads/study/resolution.h"

namespace ridgepoint {
namespace {

using namespace study;  // NOLINT(google-build-using-namespace)

constexpr double kChest_mm = 360;
constexpr const char* kDetectorNetwork = "dsb2017-nodule-detector";

/// A whole number option, or `fallback` where it was not given.
Result<std::int64_t> whole(const Arguments& arguments, const std::string& name, double lo, double hi,
                           std::int64_t fallback) {
  if (!arguments.has(name)) return fallback;
  const auto v = parse_number(arguments.value(name), "--" + name);
  if (!v) return tl::make_unexpected(v.error());
  if (*v < lo || *v > hi || *v != std::trunc(*v))
    return fail(ErrorKind::bad_input,
                "--" + name + " " + printable(arguments.value(name)) + " is out of range", "",
                "give a whole number from " + show_number(lo) + " to " + show_number(hi));
  return static_cast<std::int64_t>(*v);
}

struct Common {
  std::uint64_t seed = 1001;
  std::string as_of;
  std::vector<std::string> platforms;
  bool full = false;
};

Result<Common> common_of(const Arguments& arguments, const Ports& ports) {
  const auto seed = whole(arguments, "seed", 0, 0x1p52, 1001);
  if (!seed) return tl::make_unexpected(seed.error());
  Common c{.seed = static_cast<std::uint64_t>(*seed),
           .as_of = arguments.has("as-of") ? arguments.value("as-of") : ports.today,
           .platforms = arguments.all("platform"),
           .full = arguments.has("full")};
  if (!is_month(c.as_of))
    return fail(ErrorKind::bad_input, "--as-of '" + printable(c.as_of) + "' is not a month", "",
                "write YYYY-MM, for example 2017-06");
  if (c.platforms.empty())  // two of the years of the claim, two of today
    c.platforms = {"nvidia-v100-sxm2-16", "intel-xeon-8280", "nvidia-h200", "amd-epyc-9654"};
  return c;
}

/// "1x1x360x360x360" for a whole chest at this size of voxels.
Result<std::string> chest_input(double voxel_mm) {
  const auto entry = find_network(kDetectorNetwork);
  if (!entry) return tl::make_unexpected(entry.error());
  const auto edge = static_cast<std::int64_t>(std::ceil(kChest_mm / voxel_mm - 1e-9));
  return net::shape_text(padded_input(**entry, {1, 1, edge, edge, edge}));
}

/// Memory, time and cost of the network at each size of voxels.
Result<void> price(const Common& common, const Ports& ports, ResolutionResult& result) {
  result.network = kDetectorNetwork;
  for (ResolutionPoint& p : result.points) {
    const auto input = chest_input(p.voxel_mm);
    if (!input) return tl::make_unexpected(input.error());
    p.network_input = *input;
    JobQuestion q{.network = result.network, .input = *input, .phase = "training", .as_of = common.as_of};
    const auto train = ask_fit(q, common.platforms.front(), ports);
    if (!train) return tl::make_unexpected(train.error());
    p.train_byte = train->footprint.expected_byte;
    q.phase = "inference";
    for (const std::string& platform : common.platforms) {
      const auto answer = ask_fit(q, platform, ports);
      if (!answer) return tl::make_unexpected(answer.error());
      p.jobs.push_back(job_of(*answer));
    }
  }
  return {};
}

Result<StudyReport> resolution_study(const Arguments& arguments, const Common& common, Ports& ports) {
  ResolutionSettings settings;
  settings.seed = common.seed;
  const auto scans = whole(arguments, "scans", 1, 10000, common.full ? 60 : settings.scans);
  const auto edge = whole(arguments, "edge", 48, 512, settings.edge);
  for (const auto* v : {&scans, &edge})
    if (!*v) return tl::make_unexpected(v->error());
  settings.scans = *scans;
  settings.edge = *edge;
  // Asked first on an empty result: a wrong platform is told before the work.
  ResolutionResult none;
  none.points.resize(1);
  none.points.front().voxel_mm = settings.voxels_mm.front();
  if (auto ok = price(common, ports, none); !ok) return tl::make_unexpected(ok.error());
  Team team(allowed_cpus());
  ports.log.progress("study: " + std::to_string(settings.scans) + " scans", 0);
  auto result = run_resolution(settings, team, [&](double done) { ports.log.progress("study", done); });
  if (!result) return tl::make_unexpected(result.error());
  if (auto ok = price(common, ports, *result); !ok) return tl::make_unexpected(ok.error());
  StudyReport report;
  report.fixed = resolution_fixed(settings);
  report.claims = resolution_claims(*result);
  report.evidence = resolution_evidence();
  report.limits = resolution_limits();
  report.resolution = std::move(*result);
  return report;
}

Result<StudyReport> batch_study(const Arguments& arguments, const Common& common, Ports& ports) {
  BatchSettings settings;
  settings.seed = common.seed;
  const auto seeds = whole(arguments, "seeds", 1, 1000, common.full ? 20 : settings.seeds);
  const auto patches = whole(arguments, "patches", 16, 100000, static_cast<std::int64_t>(settings.train));
  for (const auto* v : {&seeds, &patches})
    if (!*v) return tl::make_unexpected(v->error());
  settings.seeds = *seeds;
  settings.train = static_cast<std::size_t>(*patches);
  settings.large_batch = *patches / 10;
  const auto convergence = read_convergence(ports.configs + "/convergence/mlperf-3d-unet-kits19.json");
  if (!convergence) return tl::make_unexpected(convergence.error());
  auto jobs = price_batches(*convergence, common.platforms, common.as_of, ports);
  if (!jobs) return tl::make_unexpected(jobs.error());
  Team team(allowed_cpus());
  ports.log.progress("study: " + std::to_string(2 * settings.seeds) + " trainings", 0);
  auto result = run_batches(settings, team, [&](double done) { ports.log.progress("study", done); });
  if (!result) return tl::make_unexpected(result.error());
  result->network = convergence->network + ", to " + convergence->target;
  result->source = convergence->source;
  result->spread_lo = convergence->spread_lo;
  result->spread_hi = convergence->spread_hi;
  result->jobs = std::move(*jobs);
  StudyReport report;
  report.fixed = batch_fixed(settings);
  report.claims = batch_claims(*result);
  report.evidence = batch_evidence();
  report.limits = batch_limits();
  report.batch_size = std::move(*result);
  return report;
}

Result<Output> run(const Arguments& arguments, Ports& ports) {
  const bool resolution = arguments.positional == std::vector<std::string>{"resolution"};
  if (!resolution && arguments.positional != std::vector<std::string>{"batch-size"})
    return fail(ErrorKind::bad_input, "study needs the name of one study", "known: batch-size, resolution",
                "ridgepoint study resolution");
  const auto common = common_of(arguments, ports);
  if (!common) return tl::make_unexpected(common.error());
  auto report =
      resolution ? resolution_study(arguments, *common, ports) : batch_study(arguments, *common, ports);
  if (!report) return tl::make_unexpected(report.error());
  report->provenance = ports.provenance;
  report->name = arguments.positional.front();
  report->as_of = common->as_of;
  report->seed = static_cast<std::int64_t>(common->seed);
  return Output{make_document("study", *report), "", 0, false};
}

}  // namespace

extern const Command study_cmd;
const Command study_cmd{
    .name = "study",
    .summary = "reproduce a case study on generated data: batch-size, resolution",
    .positional = "NAME",
    .options = {{"full", "", "60 scans instead of 12, 20 seeds instead of 5", "", false, {}},
                {"seed", "N", "of the first scan or training", "1001", false, {}},
                {"scans", "N", "resolution: scans to generate", "", false, {}},
                {"edge", "N", "resolution: voxels of 1 mm an edge of a scan [192]", "", false, {}},
                {"seeds", "N", "batch-size: trainings of each batch", "", false, {}},
                {"patches", "N", "batch-size: to learn from [1500]", "", false, {}},
                {"platform", "ID", "price it on this platform [two of 2018, two of today]", "", true, {}},
                {"as-of", "YYYY-MM", "platforms and prices of that month; default: today", "", false, {}}},
    .example = "ridgepoint study resolution --out resolution.html",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
