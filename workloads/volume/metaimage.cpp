// SPDX-License-Identifier: Apache-2.0
// MetaImage: lines "Key = Value" up to ElementDataFile, then the voxels or the name of their file.
#include <algorithm>
#include <cmath>
#include <map>

#include "model/core/text.h"
#include "workloads/volume/formats.h"

namespace ridgepoint {
namespace {

constexpr const char* kFormat = "MetaImage";
constexpr std::size_t kMostHeader = std::size_t{1} << 20;

using Keys = std::map<std::string, std::string>;

struct Lines {
  Keys keys;
  std::size_t end = 0;  ///< first byte behind the header
};

Result<Lines> lines_of(std::string_view text, const std::string& path) {
  Lines out;
  const std::string_view front = text.substr(0, kMostHeader);
  for (std::size_t at = 0; at < front.size();) {
    const std::size_t stop = std::min(front.find('\n', at), front.size());
    const std::string_view line = front.substr(at, stop - at);
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) {
      if (!trim(line).empty()) return bad_volume(kFormat, path, "a line of its header has no '='");
    } else {
      const std::string key(trim(line.substr(0, equals)));
      out.keys[key] = std::string(trim(line.substr(equals + 1)));
      if (key == "ElementDataFile") {
        out.end = std::min(stop + 1, text.size());
        return out;
      }
    }
    at = stop + 1;
  }
  return bad_volume(kFormat, path, "its header does not end with ElementDataFile");
}

/// The first of several spellings of one key.
const std::string* find(const Keys& keys, std::initializer_list<const char*> spellings) {
  for (const char* s : spellings)
    if (const auto it = keys.find(s); it != keys.end()) return &it->second;
  return nullptr;
}

bool yes(const std::string* value) {
  return value != nullptr && !value->empty() && ((*value)[0] == 'T' || (*value)[0] == 't' || *value == "1");
}

std::optional<VoxelType> type_of(const std::string& word) {
  static const std::map<std::string, VoxelType> table = {
      {"MET_UCHAR", VoxelType::u8},  {"MET_CHAR", VoxelType::i8},   {"MET_USHORT", VoxelType::u16},
      {"MET_SHORT", VoxelType::i16}, {"MET_UINT", VoxelType::u32},  {"MET_INT", VoxelType::i32},
      {"MET_FLOAT", VoxelType::f32}, {"MET_DOUBLE", VoxelType::f64}};
  const auto it = table.find(word);
  return it == table.end() ? std::nullopt : std::optional(it->second);
}

/// Reads the numbers of `value` into out[0 .. n), leaving the rest as it is.
template <std::size_t N>
Result<void> put(const std::string* value, std::size_t n, std::array<double, N>& out,
                 const std::string& path) {
  if (value == nullptr) return {};
  const auto list = numbers_of(*value, n, kFormat, path);
  if (!list) return tl::make_unexpected(list.error());
  std::ranges::copy(*list, out.begin());
  return {};
}

Result<void> geometry(const Keys& keys, const std::string& path, VolumeHeader& header) {
  const std::string* dims = find(keys, {"NDims"});
  const std::string* sizes = find(keys, {"DimSize"});
  if (dims == nullptr || (*dims != "3" && *dims != "2"))
    return bad_volume(kFormat, path, "NDims is not 2 or 3");
  const std::size_t n = *dims == "3" ? 3 : 2;
  if (sizes == nullptr) return bad_volume(kFormat, path, "it has no DimSize");
  const auto list = numbers_of(*sizes, n, kFormat, path);
  if (!list) return tl::make_unexpected(list.error());
  for (std::size_t i = 0; i < n; ++i) {
    if ((*list)[i] != std::trunc((*list)[i]) || std::abs((*list)[i]) > 0x1p53)
      return bad_volume(kFormat, path, "DimSize is not in whole numbers");
    header.grid.size[i] = static_cast<std::int64_t>((*list)[i]);
  }
  const std::string* spacing = find(keys, {"ElementSpacing", "ElementSize"});
  if (spacing == nullptr) header.notes.emplace_back("the file has no ElementSpacing: 1 mm is assumed");
  auto done = put(spacing, n, header.grid.spacing, path);
  if (done) done = put(find(keys, {"Offset", "Origin", "Position"}), n, header.grid.origin, path);
  if (done && n == 3)
    done = put(find(keys, {"TransformMatrix", "Rotation", "Orientation"}), 9, header.grid.direction, path);
  for (double& s : header.grid.spacing) s = std::abs(s);
  return done;
}

Result<void> scaling(const Keys& keys, const std::string& path, VolumeHeader& header) {
  std::array<double, 1> slope = {1}, intercept = {0};
  auto done = put(find(keys, {"ElementToIntensityFunctionSlope"}), 1, slope, path);
  if (done) done = put(find(keys, {"ElementToIntensityFunctionOffset"}), 1, intercept, path);
  header.slope = slope[0];
  header.intercept = intercept[0];
  return done;
}

Result<void> place(const Lines& lines, const MappedFile& file, const std::string& path,
                   VolumeHeader& header) {
  const Keys& keys = lines.keys;
  const std::string& data = keys.at("ElementDataFile");
  const bool local = data == "LOCAL" || data == "Local" || data == "local";
  if (!local && (starts_with(data, "LIST") || data.find('%') != std::string::npos))
    return bad_volume(kFormat, path, "its voxels are spread over a list of files");
  header.files = {path};
  header.file_offset = local ? lines.end : 0;
  if (!local) {
    auto name = beside(path, data, kFormat);
    if (!name) return tl::make_unexpected(name.error());
    header.files = {std::move(*name)};
  }
  header.packing = yes(find(keys, {"CompressedData"})) ? Packing::zlib : Packing::none;
  const std::string* skip = find(keys, {"HeaderSize"});
  if (skip == nullptr || header.packing != Packing::none) return {};
  const auto n = whole_of(*skip);
  if (!n || *n < -1) return bad_volume(kFormat, path, "HeaderSize is not a whole number from -1");
  if (*n >= 0) {
    header.file_offset += static_cast<std::uint64_t>(*n);
    return {};
  }
  // -1: the voxels are what the file ends with.
  auto voxels = local ? Result<MappedFile>(file) : MappedFile::open(header.files.front());
  if (!voxels) return tl::make_unexpected(voxels.error());
  if (auto good = check_header(header, path); !good) return good;
  const std::uint64_t size = voxels->bytes().size();
  header.file_offset = size >= header.voxel_bytes() ? size - header.voxel_bytes() : 0;
  return {};
}

}  // namespace

bool is_metaimage(std::string_view head) {
  return starts_with(head, "ObjectType") || starts_with(head, "NDims") || starts_with(head, "Comment =");
}

Result<VolumeHeader> metaimage_header(const MappedFile& file, const std::string& path) {
  const auto lines = lines_of(file.text(), path);
  if (!lines) return tl::make_unexpected(lines.error());
  const Keys& keys = lines->keys;
  VolumeHeader header;
  header.format = kFormat;
  const std::string* type = find(keys, {"ElementType"});
  if (type == nullptr) return bad_volume(kFormat, path, "it has no ElementType");
  const auto known = type_of(*type);
  if (!known) return bad_volume(kFormat, path, "ElementType '" + printable(*type) + "' is not supported");
  header.type = *known;
  if (const std::string* n = find(keys, {"ElementNumberOfChannels"}); n != nullptr && *n != "1")
    return bad_volume(kFormat, path, "it has " + printable(*n) + " values a voxel, and one is taken");
  if (const std::string* binary = find(keys, {"BinaryData"}); binary != nullptr && !yes(binary))
    return bad_volume(kFormat, path, "its voxels are written as text");
  header.order = yes(find(keys, {"BinaryDataByteOrderMSB", "ElementByteOrderMSB"})) ? std::endian::big
                                                                                    : std::endian::little;
  auto done = geometry(keys, path, header);
  if (done) done = scaling(keys, path, header);
  if (done) done = place(*lines, file, path, header);
  if (!done) return tl::make_unexpected(done.error());
  return header;
}

}  // namespace ridgepoint
