// SPDX-License-Identifier: Apache-2.0
#include "workloads/volume/pipeline.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>

#include "model/core/buffer.h"
#include "model/core/format.h"
#include "model/core/ports.h"
#include "model/core/text.h"
#include "workloads/volume/blob_filter.h"
#include "workloads/volume/deflate.h"
#include "workloads/volume/stages.h"
#include "workloads/volume/volume_write.h"

namespace ridgepoint {
namespace {

constexpr double kOverlap = 0.1;    ///< of boxes, above which the weaker goes
constexpr std::int64_t kSlab = 16;  ///< slices taken back to the study's grid at a time
enum StageIndex {
  decode,
  window,
  resampled,
  extract,
  network_run,
  blend,
  components,
  inverse,
  write,
  stage_count
};

VoxelBox out_size(const GridMap& map) { return {map[0].out, map[1].out, map[2].out}; }

GridMap map_of(const VoxelGrid& grid, double spacing_mm) {
  GridMap map;
  for (std::size_t c = 0; c < 3; ++c) {
    const double extent = static_cast<double>(grid.size[c]) * grid.spacing[c];
    map[c] = extent_map(grid.size[c], std::max<std::int64_t>(1, std::llround(extent / spacing_mm)));
  }
  return map;
}

double file_bytes(const std::vector<std::string>& files) {
  double sum = 0;
  for (const std::string& f : files) {
    std::error_code code;
    const auto size = std::filesystem::file_size(f, code);
    if (!code) sum += static_cast<double>(size);
  }
  return sum;
}

/// Seconds of the stages, added up while windows go round.
class StageClock {
 public:
  StageClock() : seconds_(stage_count, 0.0) {}
  template <class F>
  auto in(StageIndex stage, F&& work) {
    struct Stop {
      double& seconds;
      std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
      ~Stop() { seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); }
    } stop{seconds_[stage]};
    return work();
  }
  std::vector<double> take() { return std::move(seconds_); }

 private:
  std::vector<double> seconds_;
};

tl::unexpected<Error> stopped() {
  return fail(ErrorKind::interrupted, "stopped within the pipeline", "", "run it again");
}

/// All windows of `image` through the network, blended.
Result<Buffer> infer(const Buffer& image, const VoxelBox& size, const WindowNetwork& network, Team& team,
                     StageClock& clock) {
  const auto voxels = static_cast<std::size_t>(size[0] * size[1] * size[2]);
  const auto in_window = static_cast<std::size_t>(network.edge * network.edge * network.edge);
  auto sum = Buffer::make(4 * voxels), weight = Buffer::make(4 * voxels), in = Buffer::make(4 * in_window),
       out = Buffer::make(4 * in_window);
  for (const auto* b : {&sum, &weight, &in, &out})
    if (!*b) return tl::make_unexpected(b->error());
  const std::vector<float> gauss = importance(network.edge);
  for (const VoxelBox& place : window_places(size, network.edge)) {
    if (Interrupt::requested()) return stopped();
    clock.in(extract,
             [&] { extract_window(image.as<float>(), size, place, network.edge, in->as<float>(), team); });
    clock.in(network_run, [&] { network.run(in->as<float>(), out->as<float>()); });
    clock.in(blend, [&] {
      blend_window(out->as<float>(), size, place, network.edge, gauss, sum->as<float>(), weight->as<float>(),
                   team);
    });
  }
  clock.in(blend, [&] { finish_blend(sum->as<float>(), weight->as<float>(), voxels, team); });
  return std::move(*sum);
}

/// The map in the study's grid, above the threshold or not, a few slices at a time.
Result<Volume> mask_of(const Buffer& map, const GridMap& grid_map, const VolumeHeader& study, float threshold,
                       Team& team) {
  Volume mask;
  mask.header.format = "mask";
  mask.header.grid = study.grid;
  mask.header.type = VoxelType::u8;
  mask.header.order = std::endian::native;
  const auto slice = static_cast<std::size_t>(study.grid.size[0] * study.grid.size[1]);
  auto bytes = Buffer::make(static_cast<std::size_t>(mask.bytes()));
  auto slab = Buffer::make(4 * slice * static_cast<std::size_t>(kSlab));
  for (const auto* b : {&bytes, &slab})
    if (!*b) return tl::make_unexpected(b->error());
  const GridMap back = {inverse_map(grid_map[0]), inverse_map(grid_map[1]), inverse_map(grid_map[2])};
  for (std::int64_t z = 0; z < study.grid.size[2]; z += kSlab) {
    if (Interrupt::requested()) return stopped();
    GridMap part = back;
    part[2].out = std::min(kSlab, study.grid.size[2] - z);
    part[2].start += static_cast<double>(z) * part[2].step;
    resample(map.as<float>(), slab->as<float>(), part, Interpolation::linear, team);
    const std::size_t n = slice * static_cast<std::size_t>(part[2].out);
    std::uint8_t* out = bytes->as<std::uint8_t>() + slice * static_cast<std::size_t>(z);
    team.run([&](int member) {
      const Share share = share_of(n, member, team.size(), 64);
      const float* in = slab->as<float>();
      for (std::size_t i = share.begin; i < share.end; ++i) out[i] = in[i] >= threshold ? 1 : 0;
    });
  }
  const auto kept = std::make_shared<Buffer>(std::move(*bytes));
  mask.data = std::shared_ptr<const std::byte>(kept, kept->as<const std::byte>());
  return mask;
}

/// The windowed image in the network's grid. The study and the windowed study live only here.
Result<Buffer> prepared_image(const PipelineRequest& request, VolumeHeader& header, GridMap& map, Team& team,
                              StageClock& clock) {
  auto volume = clock.in(decode, [&] { return load_volume(request.source, request.limit_byte); });
  if (!volume) return tl::make_unexpected(volume.error());
  header = volume->header;
  map = map_of(header.grid, request.spacing_mm);
  auto fine = Buffer::make(4 * voxels_in(map)), image = Buffer::make(4 * voxels_out(map));
  for (const auto* b : {&fine, &image})
    if (!*b) return tl::make_unexpected(b->error());
  clock.in(window, [&] { window_values(*volume, request.low, request.high, fine->as<float>(), team); });
  volume->data.reset();
  clock.in(resampled, [&] {
    if (request.how == Interpolation::cubic) to_spline(fine->as<float>(), map, team);
    resample(fine->as<float>(), image->as<float>(), map, request.how, team);
  });
  if (Interrupt::requested()) return stopped();
  return image;
}

}  // namespace

PipelinePlan plan_pipeline(const VolumeHeader& header, const PipelineRequest& request,
                           const WindowNetwork& network) {
  PipelinePlan plan;
  plan.map = map_of(header.grid, request.spacing_mm);
  const auto n = static_cast<double>(voxels_in(plan.map)), m = static_cast<double>(voxels_out(plan.map));
  const auto w = static_cast<double>(network.edge * network.edge * network.edge);
  plan.windows = std::ssize(window_places(out_size(plan.map), network.edge));
  const auto k = static_cast<double>(plan.windows);
  const auto stored = static_cast<double>(header.voxel_bytes());
  const double files = file_bytes(header.files);
  const GridMap back = {inverse_map(plan.map[0]), inverse_map(plan.map[1]), inverse_map(plan.map[2])};
  const bool writes = !request.out.empty();
  plan.stages = {{"decode", files, header.packing == Packing::none ? 0 : stored, 0},
                 {"window", stored, 4 * n, 4 * n},
                 {"resample", resample_read_byte(plan.map, request.how),
                  resample_written_byte(plan.map, request.how), resample_flop(plan.map, request.how)},
                 {"extract", 4 * w * k, 4 * w * k, 0},
                 {"network", 4 * w * k, 4 * w * k, network.work_flop * k},
                 {"blend", 12 * w * k + 8 * m, 8 * w * k + 4 * m, 4 * w * k + m},
                 {"components", 4 * m, 0, 0},
                 {"inverse", 4 * m, n, resample_flop(back, Interpolation::linear)},
                 {"write", writes ? n : 0, 0, 0}};
  // Which buffers live together, in order of the stages. A packed mask is at most a little larger than the
  // mask.
  const double slab = 4.0 * static_cast<double>(kSlab * header.grid.size[0] * header.grid.size[1]);
  plan.peak_byte =
      std::max({files + stored, (header.packing == Packing::none ? files : stored) + 4 * n + 4 * m,
                12 * m + 8 * w + network.scratch_byte, 4 * m + n + slab + network.scratch_byte,
                4 * m + (writes ? 2.01 : 1) * n + network.scratch_byte});
  return plan;
}

Result<PipelineResult> run_pipeline(const PipelineRequest& request, const WindowNetwork& network,
                                    Team& team) {
  const auto known = read_volume_header(request.source);
  if (!known) return tl::make_unexpected(known.error());
  const PipelinePlan plan = plan_pipeline(*known, request, network);
  if (plan.peak_byte > request.limit_byte)
    return fail(
        ErrorKind::unavailable,
        "the pipeline on '" + printable(request.source.path) + "' needs " + show_bytes(plan.peak_byte),
        "that is more than the " + show_bytes(request.limit_byte) + " allowed",
        "allow more with --memory, or take a coarser grid");
  PipelineResult result;
  StageClock clock;
  VolumeHeader header;
  GridMap map;
  auto map_buffer = prepared_image(request, header, map, team, clock).and_then([&](const Buffer& image) {
    return infer(image, out_size(map), network, team, clock);
  });
  if (!map_buffer) return tl::make_unexpected(map_buffer.error());
  const float* values = map_buffer->as<float>();
  result.findings = clock.in(components, [&] {
    return suppressed(
        connected_components(values, out_size(map), request.threshold, request.least_voxels, team), kOverlap);
  });
  auto mask = clock.in(inverse, [&] { return mask_of(*map_buffer, map, header, request.threshold, team); });
  if (!mask) return tl::make_unexpected(mask.error());
  if (!request.out.empty()) {
    auto written = clock.in(write, [&] { return write_volume(request.out, *mask, team); });
    if (!written) return tl::make_unexpected(written.error());
  }
  result.stage_s = clock.take();
  return result;
}

WindowNetwork blob_network(std::int64_t edge, double spacing_mm, Team& team) {
  const auto filter = std::make_shared<BlobFilter>(std::array<std::int64_t, 3>{edge, edge, edge},
                                                   std::array<double, 3>{spacing_mm, spacing_mm, spacing_mm},
                                                   std::vector<double>{4, 7, 12});
  return {"difference of Gaussians at 4, 7 and 12 mm", edge, filter->scratch_byte(), filter->work_flop(),
          [filter, &team](const float* in, float* out) { filter->run(in, out, team); }};
}

}  // namespace ridgepoint
