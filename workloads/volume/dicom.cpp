// SPDX-License-Identifier: Apache-2.0
// DICOM series through GDCM: slices are ordered by their position along the normal, never by name or number.
#include <gdcmAttribute.h>
#include <gdcmImageReader.h>
#include <gdcmReader.h>
#include <gdcmTrace.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <map>
#include <set>

#include "model/core/format.h"
#include "model/core/ports.h"
#include "model/core/text.h"
#include "workloads/volume/dicom_lengths.h"
#include "workloads/volume/formats.h"

namespace ridgepoint {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFormat = "DICOM";
constexpr std::size_t kMostFiles = 20000;

using Vector = std::array<double, 3>;

struct Slice {
  std::string path, series;
  std::int64_t columns = 0, rows = 0;
  VoxelType type = VoxelType::i16;
  Vector position = {};
  std::array<double, 6> axes = {1, 0, 0, 0, 1, 0};
  std::array<double, 2> spacing = {1, 1};  ///< between rows, between columns
  double slope = 1, intercept = 0, thickness = 0;
  double along = 0;  ///< of its position on the normal, mm
  std::vector<std::string> notes = {};
};

double dot(const Vector& a, const Vector& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

Vector normal_of(const std::array<double, 6>& a) {
  return {a[1] * a[5] - a[2] * a[4], a[2] * a[3] - a[0] * a[5], a[0] * a[4] - a[1] * a[3]};
}

std::string text_of(const gdcm::DataSet& set, gdcm::Tag tag) {
  if (!set.FindDataElement(tag)) return {};
  const gdcm::ByteValue* bytes = set.GetDataElement(tag).GetByteValue();
  if (bytes == nullptr || bytes->GetPointer() == nullptr) return {};
  std::string out(bytes->GetPointer(), bytes->GetLength());
  while (!out.empty() && (out.back() == '\0' || out.back() == ' ')) out.pop_back();
  return out;
}

/// Numbers of a decimal string "1\2\3"; absent elements leave `out` as it is, and say so.
template <std::size_t N>
Result<bool> decimals(const gdcm::DataSet& set, gdcm::Tag tag, std::array<double, N>& out,
                      const std::string& path) {
  std::string words = text_of(set, tag);
  if (words.empty()) return false;
  std::ranges::replace(words, '\\', ' ');
  const auto list = numbers_of(words, N, kFormat, path);
  if (!list) return tl::make_unexpected(list.error());
  std::ranges::copy(*list, out.begin());
  return true;
}

template <std::uint16_t Group, std::uint16_t Number>
std::optional<int> short_of(const gdcm::DataSet& set) {
  const gdcm::Tag tag(Group, Number);
  if (!set.FindDataElement(tag) || set.GetDataElement(tag).IsEmpty()) return std::nullopt;
  gdcm::Attribute<Group, Number> value;
  value.SetFromDataElement(set.GetDataElement(tag));
  return static_cast<int>(value.GetValue());
}

Result<VoxelType> type_of(const gdcm::DataSet& set, const std::string& path) {
  const int bits = short_of<0x0028, 0x0100>(set).value_or(16);
  const bool is_signed = short_of<0x0028, 0x0103>(set).value_or(0) == 1;
  if (bits == 8) return is_signed ? VoxelType::i8 : VoxelType::u8;
  if (bits == 16 || bits == 12) return is_signed ? VoxelType::i16 : VoxelType::u16;
  if (bits == 32) return is_signed ? VoxelType::i32 : VoxelType::u32;
  return bad_volume(kFormat, path, "its voxels have " + std::to_string(bits) + " bits");
}

Result<void> placement(const gdcm::DataSet& set, Slice& slice) {
  std::array<double, 1> slope = {1}, intercept = {0}, thickness = {0};
  const auto position = decimals(set, gdcm::Tag(0x0020, 0x0032), slice.position, slice.path);
  const auto axes = decimals(set, gdcm::Tag(0x0020, 0x0037), slice.axes, slice.path);
  const auto spacing = decimals(set, gdcm::Tag(0x0028, 0x0030), slice.spacing, slice.path);
  const auto s = decimals(set, gdcm::Tag(0x0028, 0x1053), slope, slice.path);
  const auto i = decimals(set, gdcm::Tag(0x0028, 0x1052), intercept, slice.path);
  const auto t = decimals(set, gdcm::Tag(0x0018, 0x0050), thickness, slice.path);
  for (const auto* r : {&position, &axes, &spacing, &s, &i, &t})
    if (!*r) return tl::make_unexpected(r->error());
  if (!*position || !*axes)
    slice.notes.emplace_back(
        "a slice does not tell its position or direction: the patient's axes are assumed");
  if (!*spacing) slice.notes.emplace_back("the slices have no PixelSpacing: 1 mm is assumed");
  slice.slope = slope[0];
  slice.intercept = intercept[0];
  slice.thickness = thickness[0];
  return {};
}

/// A slice's description; nothing for a file that is no image.
Result<std::optional<Slice>> slice_of(const std::string& path) {
  const auto file = MappedFile::open(path);
  if (!file) return tl::make_unexpected(file.error());
  if (!is_dicom(file->text())) return std::optional<Slice>();
  if (auto sane = check_dicom_lengths(file->bytes(), path); !sane) return tl::make_unexpected(sane.error());
  static const std::set<gdcm::Tag> kTags = {
      {0x0008, 0x0016}, {0x0018, 0x0050}, {0x0020, 0x000e}, {0x0020, 0x0032}, {0x0020, 0x0037},
      {0x0028, 0x0002}, {0x0028, 0x0008}, {0x0028, 0x0010}, {0x0028, 0x0011}, {0x0028, 0x0030},
      {0x0028, 0x0100}, {0x0028, 0x0103}, {0x0028, 0x1052}, {0x0028, 0x1053}};
  gdcm::Reader reader;
  reader.SetFileName(path.c_str());
  if (!reader.ReadSelectedTags(kTags)) return bad_volume(kFormat, path, "its tags cannot be read");
  const gdcm::DataSet& set = reader.GetFile().GetDataSet();
  const auto rows = short_of<0x0028, 0x0010>(set), columns = short_of<0x0028, 0x0011>(set);
  if (!rows || !columns) return std::optional<Slice>();
  if (short_of<0x0028, 0x0002>(set).value_or(1) != 1)
    return bad_volume(kFormat, path, "it has several values a voxel, and one is taken");
  const std::string frames = text_of(set, gdcm::Tag(0x0028, 0x0008));
  if (!frames.empty() && trim(frames) != "1")
    return bad_volume(kFormat, path, "it holds several frames, and one slice a file is taken");
  Slice slice;
  slice.path = path;
  slice.rows = *rows;
  slice.columns = *columns;
  slice.series = text_of(set, gdcm::Tag(0x0020, 0x000e));
  const auto type = type_of(set, path);
  if (!type) return tl::make_unexpected(type.error());
  slice.type = *type;
  if (auto placed = placement(set, slice); !placed) return tl::make_unexpected(placed.error());
  return std::optional(std::move(slice));
}

Result<std::vector<std::string>> files_of(const std::string& path) {
  std::error_code code;
  if (!fs::is_directory(path, code)) return std::vector<std::string>{path};
  std::vector<std::string> out;
  for (auto it = fs::directory_iterator(path, code); !code && it != fs::directory_iterator();
       it.increment(code)) {
    std::error_code of_one;
    if (!it->is_regular_file(of_one) || it->file_size(of_one) == 0 || of_one) continue;
    out.push_back(it->path().string());
    if (out.size() > kMostFiles)
      return bad_volume(kFormat, path, "the folder has more than " + std::to_string(kMostFiles) + " files");
  }
  if (code)
    return fail(ErrorKind::io, "cannot list the folder '" + printable(path) + "'", code.message(),
                "check the path and its permissions");
  std::ranges::sort(out);
  return out;
}

Result<std::vector<Slice>> slices_of(const VolumeSource& source) {
  const auto files = files_of(source.path);
  if (!files) return tl::make_unexpected(files.error());
  std::map<std::string, std::vector<Slice>> series;
  for (const std::string& file : *files) {
    if (Interrupt::requested())
      return fail(ErrorKind::interrupted, "stopped while reading '" + printable(source.path) + "'", "",
                  "run it again");
    auto slice = slice_of(file);
    if (!slice) return tl::make_unexpected(slice.error());
    if (*slice) series[(*slice)->series].push_back(std::move(**slice));
  }
  if (series.empty()) return bad_volume(kFormat, source.path, "no DICOM image is in it");
  if (!source.series.empty()) {
    const auto it = series.find(source.series);
    if (it == series.end())
      return bad_volume(kFormat, source.path, "it has no series '" + printable(source.series) + "'");
    return std::move(it->second);
  }
  if (series.size() > 1) {
    std::vector<std::string> lines;
    for (const auto& entry : series)
      lines.push_back(printable(entry.first) + " (" + std::to_string(entry.second.size()) + " slices)");
    return fail(ErrorKind::bad_input, "'" + printable(source.path) + "' holds several series",
                join(lines, ", "), "name one with --series UID");
  }
  return std::move(series.begin()->second);
}

std::string mm(double v) { return show_number(v, 4) + " mm"; }

/// Sorts along the normal and refuses what is no stack: other sizes or directions, slices that are doubled,
/// missing, or shifted sideways (a tilted gantry). The distance between slices.
Result<double> stack(std::vector<Slice>& slices, const std::string& path) {
  const Vector normal = normal_of(slices.front().axes);
  for (Slice& s : slices) {
    const Slice& first = slices.front();
    if (s.rows != first.rows || s.columns != first.columns || s.type != first.type)
      return bad_volume(kFormat, path, "its slices differ in size or type");
    for (std::size_t i = 0; i < 6; ++i)
      if (std::abs(s.axes[i] - first.axes[i]) > 1e-4)
        return bad_volume(kFormat, path, "its slices point in different directions");
    for (std::size_t i = 0; i < 2; ++i)
      if (std::abs(s.spacing[i] - first.spacing[i]) > 1e-4 * first.spacing[i])
        return bad_volume(kFormat, path, "its slices differ in spacing");
    s.along = dot(s.position, normal);
  }
  std::ranges::sort(slices, {}, [](const Slice& s) { return std::pair(s.along, s.path); });
  if (slices.size() == 1) return slices.front().thickness > 0 ? slices.front().thickness : 1;
  std::vector<double> gaps;
  for (std::size_t i = 1; i < slices.size(); ++i) gaps.push_back(slices[i].along - slices[i - 1].along);
  std::vector<double> sorted = gaps;
  std::ranges::sort(sorted);
  const double usual = sorted[sorted.size() / 2], tolerance = std::max(0.01, 0.01 * usual);
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    const std::string which = "slices " + std::to_string(i + 1) + " and " + std::to_string(i + 2);
    if (gaps[i] < 1e-3) return bad_volume(kFormat, path, which + " along the normal lie at the same place");
    if (std::abs(gaps[i] - usual) > tolerance)
      return bad_volume(kFormat, path,
                        which + " along the normal lie " + mm(gaps[i]) + " apart, the others " + mm(usual) +
                            ": a slice is missing or the gaps vary");
  }
  Vector shift = {};
  for (std::size_t c = 0; c < 3; ++c)
    shift[c] = slices.back().position[c] - slices.front().position[c] -
               normal[c] * (slices.back().along - slices.front().along);
  if (std::sqrt(dot(shift, shift)) > 0.5 * std::min(slices.front().spacing[0], slices.front().spacing[1]))
    return bad_volume(kFormat, path, "its slices are shifted sideways (a tilted gantry)");
  return (slices.back().along - slices.front().along) / static_cast<double>(gaps.size());
}

void quiet() {
  gdcm::Trace::WarningOff();
  gdcm::Trace::ErrorOff();
  gdcm::Trace::DebugOff();
}

std::optional<VoxelType> type_of(const gdcm::PixelFormat& format) {
  switch (format.GetScalarType()) {
    case gdcm::PixelFormat::UINT8:
      return VoxelType::u8;
    case gdcm::PixelFormat::INT8:
      return VoxelType::i8;
    case gdcm::PixelFormat::UINT12:
    case gdcm::PixelFormat::UINT16:
      return VoxelType::u16;
    case gdcm::PixelFormat::INT12:
    case gdcm::PixelFormat::INT16:
      return VoxelType::i16;
    case gdcm::PixelFormat::UINT32:
      return VoxelType::u32;
    case gdcm::PixelFormat::INT32:
      return VoxelType::i32;
    default:
      return std::nullopt;
  }
}

template <class T>
void scale(const std::vector<char>& stored, double slope, double intercept, std::span<std::byte> out) {
  for (std::size_t i = 0; i < out.size() / sizeof(float); ++i) {
    T v;
    std::memcpy(&v, stored.data() + i * sizeof(T), sizeof(T));
    const auto scaled = static_cast<float>(slope * static_cast<double>(v) + intercept);
    std::memcpy(out.data() + i * sizeof(float), &scaled, sizeof scaled);
  }
}

void scale(VoxelType type, const std::vector<char>& stored, double slope, double intercept,
           std::span<std::byte> out) {
  if (type == VoxelType::u8) scale<std::uint8_t>(stored, slope, intercept, out);
  if (type == VoxelType::i8) scale<std::int8_t>(stored, slope, intercept, out);
  if (type == VoxelType::u16) scale<std::uint16_t>(stored, slope, intercept, out);
  if (type == VoxelType::i16) scale<std::int16_t>(stored, slope, intercept, out);
  if (type == VoxelType::u32) scale<std::uint32_t>(stored, slope, intercept, out);
  if (type == VoxelType::i32) scale<std::int32_t>(stored, slope, intercept, out);
}

Result<void> read_slice(const VolumeHeader& header, const std::string& path, std::span<std::byte> out) {
  const auto file = MappedFile::open(path);
  if (!file) return tl::make_unexpected(file.error());
  if (auto sane = check_dicom_lengths(file->bytes(), path); !sane) return sane;
  gdcm::ImageReader reader;
  reader.SetFileName(path.c_str());
  if (!reader.Read()) return bad_volume(kFormat, path, "its voxels cannot be read");
  const gdcm::Image& image = reader.GetImage();
  const auto type = type_of(image.GetPixelFormat());
  const bool scaled = header.type == VoxelType::f32;
  const std::uint64_t voxels = out.size() / voxel_byte(header.type);
  if (!type || (!scaled && *type != header.type) || image.GetDimension(0) != header.grid.size[0] ||
      image.GetDimension(1) != header.grid.size[1] || image.GetBufferLength() != voxels * voxel_byte(*type))
    return bad_volume(kFormat, path, "its voxels are not what its tags say");
  if (!scaled) {
    if (!image.GetBuffer(reinterpret_cast<char*>(out.data())))
      return bad_volume(kFormat, path, "its voxels cannot be unpacked");
    return {};
  }
  std::vector<char> stored(image.GetBufferLength());
  if (!image.GetBuffer(stored.data())) return bad_volume(kFormat, path, "its voxels cannot be unpacked");
  scale(*type, stored, image.GetSlope(), image.GetIntercept(), out);
  return {};
}

}  // namespace

Result<VolumeHeader> dicom_header(const VolumeSource& source) try {
  quiet();
  auto slices = slices_of(source);
  if (!slices) return tl::make_unexpected(slices.error());
  const auto distance = stack(*slices, source.path);
  if (!distance) return tl::make_unexpected(distance.error());
  const Slice& first = slices->front();
  VolumeHeader header;
  header.format = kFormat;
  header.packing = Packing::per_slice;
  header.type = first.type;
  header.slope = first.slope;
  header.intercept = first.intercept;
  header.order = std::endian::native;
  header.notes = first.notes;
  header.grid.size = {first.columns, first.rows, std::ssize(*slices)};
  header.grid.spacing = {first.spacing[1], first.spacing[0], *distance};
  header.grid.origin = first.position;
  const Vector normal = normal_of(first.axes);
  std::ranges::copy(first.axes, header.grid.direction.begin());
  std::ranges::copy(normal, header.grid.direction.begin() + 6);
  for (const Slice& s : *slices) {
    header.files.push_back(s.path);
    if (s.slope == first.slope && s.intercept == first.intercept) continue;
    header.type = VoxelType::f32;
  }
  if (header.type == VoxelType::f32) {
    header.slope = 1;
    header.intercept = 0;
    header.notes.emplace_back("slope or intercept differ from slice to slice: the scaled values are kept");
  }
  return header;
} catch (const std::exception& e) {
  return bad_volume(kFormat, source.path, e.what());
}

Result<void> dicom_voxels(const VolumeHeader& header, std::span<std::byte> out) try {
  quiet();
  const std::size_t slice = out.size() / header.files.size();
  for (std::size_t i = 0; i < header.files.size(); ++i) {
    if (Interrupt::requested())
      return fail(ErrorKind::interrupted, "stopped while reading slices", "", "run it again");
    if (auto done = read_slice(header, header.files[i], out.subspan(i * slice, slice)); !done) return done;
  }
  return {};
} catch (const std::exception& e) {
  return bad_volume(kFormat, header.files.front(), e.what());
}

}  // namespace ridgepoint
