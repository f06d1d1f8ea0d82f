// SPDX-License-Identifier: Apache-2.0
// The whole pipeline around the network, on the user's study or a generated one.
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "model/core/random.h"
#include "workloads/kernel.h"
#include "workloads/volume/phantom.h"
#include "workloads/volume/pipeline.h"
#include "workloads/volume/rows_simd.h"
#include "workloads/volume/stages.h"
#include "workloads/volume/volume_write.h"
#include "workloads/volume/voxels.h"

namespace ridgepoint {
namespace {

namespace fs = std::filesystem;

/// A folder of our own, gone with its last owner.
class ScratchFolder {
 public:
  static Result<std::shared_ptr<ScratchFolder>> make(const std::string& wanted) {
    const char* environment = std::getenv("TMPDIR");
    fs::path base = !wanted.empty()                               ? wanted
                    : environment != nullptr && *environment != 0 ? environment
                                                                  : "/var/tmp";
    std::string name = (base / "ridgepoint-pipeline-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      return fail(ErrorKind::unavailable, "cannot make a folder in '" + base.string() + "'",
                  "the pipeline writes there", "name another with --dir");
    return std::shared_ptr<ScratchFolder>(new ScratchFolder(std::move(name)));
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code code;
    fs::remove_all(path_, code);
  }
  std::string file(const std::string& name) const { return (fs::path(path_) / name).string(); }

 private:
  explicit ScratchFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

struct Job {
  Team team;
  std::shared_ptr<ScratchFolder> folder;
  PipelineRequest request = {};
  WindowNetwork network = {};
  std::optional<Error> trouble = {};

  void run() {
    const auto result = run_pipeline(request, network, team);
    trouble = result ? std::nullopt : std::optional(result.error());
  }
};

constexpr std::int64_t kProbes = 20000;
constexpr float kHalf = 0.5F;

/// With a network that answers its input, the mask is the study windowed, taken to the network's grid and
/// back, above the threshold or not. Voxel by voxel, in double, with 8 x 8 taps. Share of voxels that differ;
/// what is within float error of the threshold does not count.
Result<double> wrong_share(Job& job, std::uint64_t seed) {
  PipelineRequest request = job.request;
  request.threshold = kHalf;
  request.how = Interpolation::linear;
  const auto in_window = static_cast<std::size_t>(job.network.edge * job.network.edge * job.network.edge);
  const WindowNetwork same{"identity", job.network.edge, 0, 0,
                           [&](const float* in, float* out) { std::copy_n(in, in_window, out); }};
  if (auto done = run_pipeline(request, same, job.team); !done) return tl::make_unexpected(done.error());
  const auto study = load_volume(request.source, request.limit_byte),
             mask = load_volume({request.out}, request.limit_byte);
  for (const auto* v : {&study, &mask})
    if (!*v) return tl::make_unexpected(v->error());
  const GridMap map = plan_pipeline(study->header, request, same).map;
  const GridMap back = {inverse_map(map[0]), inverse_map(map[1]), inverse_map(map[2])};
  const VoxelGrid& grid = study->header.grid;
  const auto nx = static_cast<std::uint64_t>(map[0].out), ny = static_cast<std::uint64_t>(map[1].out);
  const auto coarse = [&](std::size_t i) {
    return resampled_voxel(
        [&](std::size_t k) { return windowed_value(*study, request.low, request.high, k); }, map,
        Interpolation::linear,
        {static_cast<std::int64_t>(i % nx), static_cast<std::int64_t>(i / nx % ny),
         static_cast<std::int64_t>(i / nx / ny)});
  };
  double wrong = 0;
  for (std::int64_t probe = 0; probe < kProbes; ++probe) {
    std::array<std::int64_t, 3> at{};
    for (std::size_t c = 0; c < 3; ++c)
      at[c] = random_below(seed, static_cast<std::uint64_t>(3 * probe) + c,
                           static_cast<std::uint32_t>(grid.size[c]));
    const double value = resampled_voxel(coarse, back, Interpolation::linear, at);
    if (std::abs(value - static_cast<double>(kHalf)) < 1e-5) continue;
    const auto i = static_cast<std::size_t>((at[2] * grid.size[1] + at[1]) * grid.size[0] + at[0]);
    const bool inside = stored_voxel<std::uint8_t>(mask->data.get(), i) != 0;
    if (inside != (value >= static_cast<double>(kHalf))) wrong += 1;
  }
  return wrong / static_cast<double>(kProbes);
}

/// A scan of `size` voxels an edge over the same chest, whatever the size.
Result<std::string> generated(const KernelRequest& request, const ScratchFolder& folder, Team& team) {
  const std::int64_t n = request.shape["size"];
  PhantomRequest phantom;
  phantom.size = {n, n, n};
  const double scale = 256.0 / static_cast<double>(n);
  phantom.spacing = {0.7 * scale, 0.7 * scale, std::min(5.0, 1.25 * scale)};
  phantom.seed = request.seed;
  const auto made = make_phantom(phantom, team, request.memory_limit_byte);
  if (!made) return tl::make_unexpected(made.error());
  std::string path = folder.file("scan.nii.gz");
  if (auto written = write_volume(path, made->volume, team); !written)
    return tl::make_unexpected(written.error());
  return path;
}

Result<Prepared> prepare(const KernelRequest& request) {
  if (request.input.empty() && (request.shape["size"] < 64 || request.shape["size"] > 512))
    return fail(ErrorKind::bad_input, "a scan of size=" + std::to_string(request.shape["size"]), "",
                "give 64 to 512");
  if (request.shape["window"] < 16 || request.shape["window"] > 256)
    return fail(ErrorKind::bad_input, "window=" + std::to_string(request.shape["window"]), "",
                "give 16 to 256");
  auto folder = ScratchFolder::make(request.directory);
  if (!folder) return tl::make_unexpected(folder.error());
  const auto job = std::shared_ptr<Job>(new Job{Team(request.cpus), std::move(*folder)});
  auto path = request.input.empty() ? generated(request, *job->folder, job->team)
                                    : Result<std::string>(request.input);
  if (!path) return tl::make_unexpected(path.error());
  job->request.source.path = std::move(*path);
  job->request.spacing_mm = static_cast<double>(request.shape["grid_um"]) / 1000;
  if (job->request.spacing_mm < 0.2 || job->request.spacing_mm > 20)
    return fail(ErrorKind::bad_input, "grid_um=" + std::to_string(request.shape["grid_um"]), "",
                "give 200 to 20000");
  job->request.limit_byte = request.memory_limit_byte;
  job->request.out = job->folder->file("mask.nii.gz");
  job->network = blob_network(request.shape["window"], job->request.spacing_mm, job->team);
  const auto header = read_volume_header(job->request.source);
  if (!header) return tl::make_unexpected(header.error());
  const PipelinePlan plan = plan_pipeline(*header, job->request, job->network);
  const auto wrong = wrong_share(*job, request.seed + 1);
  if (!wrong) return tl::make_unexpected(wrong.error());
  Prepared out;
  out.verification = {
      *wrong == 0,
      "voxels of the mask through an identity network against 8 x 8 taps in double, 20000 random ones",
      *wrong, 0};
  for (const StageCost& s : plan.stages) {
    const bool storage = s.name == "decode";
    out.cost.work_flop += s.work_flop;
    if (storage)
      out.cost.storage_read_byte = s.read_byte;
    else
      out.cost.read_byte += s.read_byte;
    out.cost.written_byte += s.written_byte;
  }
  out.working_set_byte = plan.peak_byte;
  out.dtype = "fp32";
  out.isa = rows_isa();
  out.body = [job] { job->run(); };
  out.trouble = [job] { return job->trouble; };
  return out;
}

}  // namespace

extern const Kernel pipeline_workload;
const Kernel pipeline_workload{
    .id = "medical/pipeline",
    .family = "medical",
    .kernel_class = "medical-pipeline",
    .summary = "a scan from file to findings: decode, window, resample, detect, blend, write",
    .default_shape = "size=96 grid_um=2000 window=48",
    .input = "volume",
    .prepare = prepare};

}  // namespace ridgepoint
