// SPDX-License-Identifier: Apache-2.0
// `ridgepoint volume FILE`: what a medical image is, from its header or with its voxels; the document
// `volume`.
#include <filesystem>

#include "model/core/command.h"
#include "model/core/format.h"
#include "model/core/volume.h"
#include "workloads/volume/pipeline.h"
#include "workloads/volume/volume_file.h"
#include "workloads/volume/voxels.h"

namespace ridgepoint {
namespace {

Fact exact(double value, std::string unit, std::string source) {
  return {value, std::move(unit), Basis::derived, std::move(source), {}, {}, {}, {}};
}

VolumeDescription describe(const VolumeSource& source, const VolumeHeader& h) {
  VolumeDescription d;
  d.path = source.path;
  d.format = h.format;
  d.type = std::string(name_of(h.type));
  d.byte_order = h.order == std::endian::big ? "big" : "little";
  d.packing = std::string(name_of(h.packing));
  d.size.assign(h.grid.size.begin(), h.grid.size.end());
  d.spacing_mm.assign(h.grid.spacing.begin(), h.grid.spacing.end());
  d.origin_mm.assign(h.grid.origin.begin(), h.grid.origin.end());
  d.direction.assign(h.grid.direction.begin(), h.grid.direction.end());
  d.slope = h.slope;
  d.intercept = h.intercept;
  d.files = std::ssize(h.files);
  d.notes = h.notes;
  d.figures["memory.voxels"] =
      exact(static_cast<double>(h.voxel_bytes()), "byte", "header: voxels x bytes of the type");
  d.figures["memory.voxels.fp32"] =
      exact(4.0 * static_cast<double>(h.grid.voxels()), "byte", "header: voxels x 4 bytes");
  constexpr std::int64_t kEdge = 64;
  const WindowNetwork network{"", kEdge, 12.0 * kEdge * kEdge * kEdge, 0, {}};
  d.figures["memory.pipeline"] = exact(plan_pipeline(h, {.source = source}, network).peak_byte, "byte",
                                       "header: ridgepoint pipeline at 1 mm with windows of 64^3");
  double bytes = 0;
  for (const std::string& file : h.files) {
    std::error_code code;
    const auto size = std::filesystem::file_size(file, code);
    if (code) return d;  // gone meanwhile: the figure stays away
    bytes += static_cast<double>(size);
  }
  d.figures["storage.files"] = exact(bytes, "byte", "sizes of the files with voxels");
  return d;
}

Result<Output> run(const Arguments& arguments, Ports& ports) {
  if (arguments.positional.size() != 1)
    return fail(ErrorKind::bad_input, "volume needs one file", "",
                "name a file, or a folder with one DICOM series");
  const VolumeSource source{arguments.positional.front(), arguments.value("raw"), arguments.value("series")};
  const auto limit = parse_bytes(arguments.value("memory"));
  if (!limit) return tl::make_unexpected(limit.error());
  VolumeDescription description;
  if (arguments.has("header-only")) {
    const auto header = read_volume_header(source);
    if (!header) return tl::make_unexpected(header.error());
    description = describe(source, *header);
  } else {
    ports.log.progress("reading voxels", 0);
    const auto volume = load_volume(source, *limit);
    if (!volume) return tl::make_unexpected(volume.error());
    description = describe(source, volume->header);
    Team team(allowed_cpus());
    ports.log.progress("looking at voxels", 0.5);
    description.values = values_of(*volume, team);
    ports.log.progress("done", 1);
    if (Interrupt::requested())
      return fail(ErrorKind::interrupted, "stopped while looking at the voxels", "", "run it again");
  }
  description.provenance = ports.provenance;
  return Output{make_document("volume", description), "", 0, false};
}

}  // namespace

extern const Command volume_cmd;
const Command volume_cmd{
    .name = "volume",
    .summary = "what a medical image is: MetaImage, NIfTI, NRRD, DICOM or raw voxels",
    .positional = "FILE|FOLDER",
    .options = {{"header-only", "", "read no voxels: geometry, type and bytes alone", "", false, {}},
                {"raw",
                 "'KEY=VALUE ...'",
                 "what a file without header holds: size, type, spacing, offset, order",
                 "",
                 false,
                 {}},
                {"series", "UID", "which series, where a folder holds several", "", false, {}},
                {"memory", "BYTES", "most memory for unpacked voxels", "4e9", false, {}}},
    .example = "ridgepoint volume study.nii.gz --header-only",
    .default_format = "text",
    .run = run};

}  // namespace ridgepoint
