// SPDX-License-Identifier: Apache-2.0
// NRRD: "NRRD000x", lines "field: value" up to an empty one, then the voxels or the name of their file.
#include <algorithm>
#include <cmath>
#include <map>

#include "model/core/text.h"
#include "workloads/volume/formats.h"

namespace ridgepoint {
namespace {

constexpr const char* kFormat = "NRRD";
constexpr std::size_t kMostHeader = std::size_t{1} << 20;

using Keys = std::map<std::string, std::string>;

struct Lines {
  Keys keys;
  std::size_t end = 0;
};

Result<Lines> lines_of(std::string_view text, const std::string& path) {
  Lines out;
  const std::string_view front = text.substr(0, kMostHeader);
  std::size_t at = std::min(front.find('\n'), front.size() - 1) + 1;
  while (at < front.size()) {
    const std::size_t stop = front.find('\n', at);
    if (stop == std::string_view::npos) break;
    std::string_view line = front.substr(at, stop - at);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    at = stop + 1;
    if (line.empty()) {
      out.end = at;
      return out;
    }
    const std::size_t colon = line.find(':');
    if (line[0] == '#' || (colon != std::string_view::npos && line.substr(colon, 2) == ":=")) continue;
    if (colon == std::string_view::npos) return bad_volume(kFormat, path, "a line of its header has no ':'");
    out.keys[lower_case(trim(line.substr(0, colon)))] = std::string(trim(line.substr(colon + 1)));
  }
  // A header that stands alone may end with the file.
  if (out.keys.contains("data file") || out.keys.contains("datafile")) return out;
  return bad_volume(kFormat, path, "its header does not end with an empty line");
}

std::optional<VoxelType> type_of(const std::string& word) {
  static const std::map<std::string, VoxelType> table = {{"signed char", VoxelType::i8},
                                                         {"int8", VoxelType::i8},
                                                         {"int8_t", VoxelType::i8},
                                                         {"uchar", VoxelType::u8},
                                                         {"unsigned char", VoxelType::u8},
                                                         {"uint8", VoxelType::u8},
                                                         {"uint8_t", VoxelType::u8},
                                                         {"short", VoxelType::i16},
                                                         {"short int", VoxelType::i16},
                                                         {"signed short", VoxelType::i16},
                                                         {"signed short int", VoxelType::i16},
                                                         {"int16", VoxelType::i16},
                                                         {"int16_t", VoxelType::i16},
                                                         {"ushort", VoxelType::u16},
                                                         {"unsigned short", VoxelType::u16},
                                                         {"unsigned short int", VoxelType::u16},
                                                         {"uint16", VoxelType::u16},
                                                         {"uint16_t", VoxelType::u16},
                                                         {"int", VoxelType::i32},
                                                         {"signed int", VoxelType::i32},
                                                         {"int32", VoxelType::i32},
                                                         {"int32_t", VoxelType::i32},
                                                         {"uint", VoxelType::u32},
                                                         {"unsigned int", VoxelType::u32},
                                                         {"uint32", VoxelType::u32},
                                                         {"uint32_t", VoxelType::u32},
                                                         {"float", VoxelType::f32},
                                                         {"double", VoxelType::f64}};
  const auto it = table.find(lower_case(word));
  return it == table.end() ? std::nullopt : std::optional(it->second);
}

/// "(1,0,0) (0,1,0)" -> "1 0 0 0 1 0".
std::string flat(std::string text) {
  for (char& c : text)
    if (c == '(' || c == ')' || c == ',') c = ' ';
  return text;
}

enum class Frame { lps, ras, las, none };

Result<Frame> frame_of(const Keys& keys, const std::string& path) {
  const auto it = keys.find("space");
  if (it == keys.end()) return Frame::none;
  const std::string word = lower_case(it->second);
  if (word == "left-posterior-superior" || word == "lps") return Frame::lps;
  if (word == "right-anterior-superior" || word == "ras") return Frame::ras;
  if (word == "left-anterior-superior" || word == "las") return Frame::las;
  return bad_volume(kFormat, path, "the space '" + printable(word.substr(0, 40)) + "' is not supported");
}

void to_lps(Frame frame, VoxelGrid& grid) {
  if (frame == Frame::ras) from_ras(grid);
  if (frame != Frame::las) return;
  grid.origin[1] = 0 - grid.origin[1];
  for (std::size_t axis = 0; axis < 3; ++axis)
    grid.direction[3 * axis + 1] = 0 - grid.direction[3 * axis + 1];
}

Result<void> directions(const std::string& value, const std::string& path, VoxelGrid& grid) {
  const auto list = numbers_of(flat(value), 9, kFormat, path);
  if (!list) return tl::make_unexpected(list.error());
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double* v = list->data() + 3 * axis;
    grid.spacing[axis] = std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    for (std::size_t c = 0; c < 3; ++c) grid.direction[3 * axis + c] = v[c] / grid.spacing[axis];
  }
  return {};
}

Result<void> geometry(const Keys& keys, const std::string& path, VolumeHeader& header) {
  const auto value = [&](const char* key) {
    const auto it = keys.find(key);
    return it == keys.end() ? std::string() : it->second;
  };
  const std::string dimension = value("dimension");
  if (dimension != "2" && dimension != "3") return bad_volume(kFormat, path, "dimension is not 2 or 3");
  const std::size_t n = dimension == "3" ? 3 : 2;
  const auto sizes = numbers_of(value("sizes"), n, kFormat, path);
  if (!sizes) return tl::make_unexpected(sizes.error());
  for (std::size_t i = 0; i < n; ++i) {
    if ((*sizes)[i] != std::trunc((*sizes)[i]) || std::abs((*sizes)[i]) > 0x1p53)
      return bad_volume(kFormat, path, "sizes are not whole numbers");
    header.grid.size[i] = static_cast<std::int64_t>((*sizes)[i]);
  }
  const auto frame = frame_of(keys, path);
  if (!frame) return tl::make_unexpected(frame.error());
  if (n == 3 && keys.contains("space directions")) {
    if (auto done = directions(value("space directions"), path, header.grid); !done) return done;
  } else if (keys.contains("spacings")) {
    const auto list = numbers_of(value("spacings"), n, kFormat, path);
    if (!list) return tl::make_unexpected(list.error());
    std::ranges::transform(*list, header.grid.spacing.begin(), [](double s) { return std::abs(s); });
  } else {
    header.notes.emplace_back("the file has no spacing: 1 mm is assumed");
  }
  if (n == 3 && keys.contains("space origin")) {
    const auto list = numbers_of(flat(value("space origin")), 3, kFormat, path);
    if (!list) return tl::make_unexpected(list.error());
    std::ranges::copy(*list, header.grid.origin.begin());
  }
  if (*frame == Frame::none)
    header.notes.emplace_back("the file names no space: left, posterior, superior is assumed");
  to_lps(*frame, header.grid);
  return {};
}

Result<void> place(const Lines& lines, const MappedFile& file, const std::string& path,
                   VolumeHeader& header) {
  const Keys& keys = lines.keys;
  header.files = {path};
  header.file_offset = lines.end;
  for (const char* key : {"data file", "datafile"})
    if (const auto it = keys.find(key); it != keys.end()) {
      if (starts_with(it->second, "LIST") || it->second.find('%') != std::string::npos)
        return bad_volume(kFormat, path, "its voxels are spread over a list of files");
      auto name = beside(path, it->second, kFormat);
      if (!name) return tl::make_unexpected(name.error());
      header.files = {std::move(*name)};
      header.file_offset = 0;
    }
  const auto encoding = keys.find("encoding");
  const std::string word = encoding == keys.end() ? "" : lower_case(encoding->second);
  if (word != "raw" && word != "gzip" && word != "gz")
    return bad_volume(kFormat, path, "the encoding '" + printable(word.substr(0, 40)) + "' is not supported");
  header.packing = word == "raw" ? Packing::none : Packing::gzip;
  for (const char* key : {"line skip", "lineskip"})
    if (const auto it = keys.find(key); it != keys.end() && it->second != "0")
      return bad_volume(kFormat, path, "lines to skip are not supported");
  for (const char* key : {"byte skip", "byteskip"}) {
    const auto it = keys.find(key);
    if (it == keys.end()) continue;
    const auto skip = whole_of(it->second);
    if (!skip || *skip < -1 || (*skip == -1 && header.packing != Packing::none))
      return bad_volume(kFormat, path, "byte skip is not a whole number from -1");
    if (*skip >= 0) {
      (header.packing == Packing::none ? header.file_offset : header.stream_offset) +=
          static_cast<std::uint64_t>(*skip);
      continue;
    }
    auto voxels =
        header.files.front() == path ? Result<MappedFile>(file) : MappedFile::open(header.files.front());
    if (!voxels) return tl::make_unexpected(voxels.error());
    if (auto good = check_header(header, path); !good) return good;
    const std::uint64_t size = voxels->bytes().size();
    header.file_offset = size >= header.voxel_bytes() ? size - header.voxel_bytes() : 0;
  }
  return {};
}

}  // namespace

bool is_nrrd(std::string_view head) { return starts_with(head, "NRRD000"); }

Result<VolumeHeader> nrrd_header(const MappedFile& file, const std::string& path) {
  const auto lines = lines_of(file.text(), path);
  if (!lines) return tl::make_unexpected(lines.error());
  VolumeHeader header;
  header.format = kFormat;
  const auto type = lines->keys.find("type");
  if (type == lines->keys.end()) return bad_volume(kFormat, path, "it has no type");
  const auto known = type_of(type->second);
  if (!known)
    return bad_volume(kFormat, path,
                      "the type '" + printable(type->second.substr(0, 40)) + "' is not supported");
  header.type = *known;
  const auto order = lines->keys.find("endian");
  if (order == lines->keys.end() && voxel_byte(header.type) > 1)
    return bad_volume(kFormat, path, "it does not say its byte order");
  if (order != lines->keys.end() && lower_case(order->second) == "big") header.order = std::endian::big;
  auto done = geometry(lines->keys, path, header);
  if (done) done = place(*lines, file, path, header);
  if (!done) return tl::make_unexpected(done.error());
  return header;
}

}  // namespace ridgepoint
