// SPDX-License-Identifier: Apache-2.0
#include "workloads/volume/volume_file.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstring>
#include <filesystem>

#include "model/core/buffer.h"
#include "model/core/format.h"
#include "model/core/text.h"
#include "workloads/volume/deflate.h"
#include "workloads/volume/formats.h"

namespace ridgepoint {
namespace {

bool is_gzip(std::string_view head) { return head.size() > 2 && head[0] == '\x1f' && head[1] == '\x8b'; }

bool ends_in(const std::string& path, std::string_view suffix) {
  const std::string name = lower_case(path);
  return name.size() >= suffix.size() && std::string_view(name).substr(name.size() - suffix.size()) == suffix;
}

Result<VolumeHeader> header_of(const MappedFile& file, const VolumeSource& source) {
  if (!source.raw.empty()) return raw_header(file, source);
  const std::string_view text = file.text();
  if (is_gzip(text)) return nifti_header(file, source.path, true);
  if (is_nrrd(text)) return nrrd_header(file, source.path);
  if (is_dicom(text)) return dicom_header(source);
  if (is_nifti(text) || ends_in(source.path, ".nii")) return nifti_header(file, source.path, false);
  if (is_metaimage(text) || ends_in(source.path, ".mhd") || ends_in(source.path, ".mha"))
    return metaimage_header(file, source.path);
  return fail(ErrorKind::bad_input, "'" + printable(source.path) + "' is of no format that is known",
              "it is neither MetaImage, NIfTI, NRRD nor DICOM",
              "describe plain voxels with --raw 'size=512x512x300 type=int16'");
}

/// Voxels that lie in one file: are they all there?
Result<void> check_extent(const VolumeHeader& header, const MappedFile& file) {
  const std::string& path = header.files.front();
  const std::uint64_t size = file.bytes().size(), wanted = header.voxel_bytes();
  const std::uint64_t rest = size > header.file_offset ? size - header.file_offset : 0;
  const std::uint64_t most = header.packing == Packing::none ? rest : rest * kMostExpansion;
  if (wanted <= most) return {};
  return bad_volume(header.format, path,
                    "its header tells of " + std::to_string(wanted) + " bytes of voxels and the file has " +
                        (header.packing == Packing::none ? "" : "too few packed bytes for that: ") +
                        std::to_string(rest));
}

Result<MappedFile> voxel_file(const VolumeHeader& header, const VolumeSource& source,
                              const MappedFile& file) {
  if (header.files.front() == source.path) return file;
  return MappedFile::open(header.files.front());
}

void swap_bytes(std::span<std::byte> bytes, std::size_t width) {
  for (std::size_t i = 0; i + width <= bytes.size(); i += width)
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(i),
                 bytes.begin() + static_cast<std::ptrdiff_t>(i + width));
}

struct Opened {
  VolumeHeader header;
  MappedFile file;  ///< with the voxels; empty for a series
};

Result<Opened> open_source(const VolumeSource& source) {
  std::error_code code;
  if (std::filesystem::is_directory(source.path, code)) {
    auto header = dicom_header(source);
    if (!header) return tl::make_unexpected(header.error());
    if (auto good = check_header(*header, source.path); !good) return tl::make_unexpected(good.error());
    return Opened{std::move(*header), {}};
  }
  const auto file = MappedFile::open(source.path);
  if (!file) return tl::make_unexpected(file.error());
  auto header = header_of(*file, source);
  if (!header) return tl::make_unexpected(header.error());
  if (auto good = check_header(*header, source.path); !good) return tl::make_unexpected(good.error());
  if (header->packing == Packing::per_slice) return Opened{std::move(*header), {}};
  auto voxels = voxel_file(*header, source, *file);
  if (!voxels) return tl::make_unexpected(voxels.error());
  if (auto there = check_extent(*header, *voxels); !there) return tl::make_unexpected(there.error());
  return Opened{std::move(*header), std::move(*voxels)};
}

Result<void> fill(const Opened& opened, std::span<std::byte> out) {
  const VolumeHeader& header = opened.header;
  if (header.packing == Packing::per_slice) return dicom_voxels(header, out);
  const auto packed = opened.file.bytes().subspan(header.file_offset);
  if (header.packing == Packing::none)
    std::memcpy(out.data(), packed.data(), out.size());
  else if (auto done = unpack_exactly(packed, header.stream_offset, out, header.files.front()); !done)
    return done;
  if (header.order != std::endian::native) swap_bytes(out, voxel_byte(header.type));
  return {};
}

}  // namespace

Result<VolumeHeader> read_volume_header(const VolumeSource& source) {
  auto opened = open_source(source);
  if (!opened) return tl::make_unexpected(opened.error());
  return std::move(opened->header);
}

Result<Volume> load_volume(const VolumeSource& source, double limit_byte) {
  auto opened = open_source(source);
  if (!opened) return tl::make_unexpected(opened.error());
  VolumeHeader& header = opened->header;
  Volume volume;
  if (header.packing == Packing::none && header.order == std::endian::native) {
    const auto& owner = opened->file.owner();
    volume.data = std::shared_ptr<const std::byte>(owner, owner.get() + header.file_offset);
    volume.mapped = true;
    volume.header = std::move(header);
    return volume;
  }
  const auto bytes = header.voxel_bytes();
  if (static_cast<double>(bytes) > limit_byte)
    return fail(
        ErrorKind::unavailable,
        "the voxels of '" + printable(source.path) + "' need " + show_bytes(static_cast<double>(bytes)),
        "that is more than the " + show_bytes(limit_byte) + " allowed",
        "allow more with --memory, or read the header alone with --header-only");
  auto buffer = Buffer::make(bytes);
  if (!buffer) return tl::make_unexpected(buffer.error());
  const auto kept = std::make_shared<Buffer>(std::move(*buffer));
  if (auto filled = fill(*opened, {kept->as<std::byte>(), static_cast<std::size_t>(bytes)}); !filled)
    return tl::make_unexpected(filled.error());
  volume.data = std::shared_ptr<const std::byte>(kept, kept->as<const std::byte>());
  header.order = std::endian::native;
  volume.header = std::move(header);
  return volume;
}

tl::unexpected<Error> bad_volume(const std::string& format, const std::string& path, const std::string& why) {
  return fail(ErrorKind::bad_input, "'" + printable(path) + "' is no usable " + format + " file", why,
              "write it again, or convert it to plain NIfTI");
}

Result<std::vector<double>> numbers_of(std::string_view text, std::size_t n, const std::string& format,
                                       const std::string& path) {
  std::vector<double> out;
  while (!(text = trim(text)).empty()) {
    double value = 0;
    const auto end = std::min(text.find_first_of(" \t"), text.size());
    const auto got = std::from_chars(text.data(), text.data() + end, value);
    if (got.ec != std::errc() || got.ptr != text.data() + end || !std::isfinite(value))
      return bad_volume(
          format, path,
          "'" + printable(text.substr(0, std::min<std::size_t>(end, 40))) + "' is not a number");
    out.push_back(value);
    text.remove_prefix(end);
    if (out.size() > n) break;
  }
  if (out.size() != n)
    return bad_volume(format, path,
                      std::to_string(n) + " numbers were expected and " +
                          (out.size() > n ? "more" : std::to_string(out.size())) + " are there");
  return out;
}

std::optional<std::int64_t> whole_of(std::string_view text) {
  text = trim(text);
  std::int64_t value = 0;
  const auto got = std::from_chars(text.data(), text.data() + text.size(), value);
  constexpr std::int64_t kMost = std::int64_t{1} << 53;
  if (got.ec != std::errc() || got.ptr != text.data() + text.size() || value > kMost || value < -kMost)
    return std::nullopt;
  return value;
}

Result<std::string> beside(const std::string& header_path, std::string_view name, const std::string& format) {
  if (name.empty() || name.find('/') != std::string_view::npos || name.find('\0') != std::string_view::npos ||
      name == "." || name == "..")
    return bad_volume(format, header_path,
                      "its voxels are said to be in '" + printable(name.substr(0, 80)) +
                          "', and only a file in the same folder is read");
  return (std::filesystem::path(header_path).parent_path() / name).string();
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace ridgepoint
