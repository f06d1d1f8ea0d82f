// SPDX-License-Identifier: Apache-2.0
// NIfTI-1 (348 bytes of header) and NIfTI-2 (540), plain or gzip around everything.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "workloads/volume/deflate.h"
#include "workloads/volume/formats.h"

namespace ridgepoint {
namespace {

constexpr const char* kFormat = "NIfTI";
constexpr std::size_t kSize1 = 348, kSize2 = 540;

/// Fields of a header by their offset, in the header's byte order.
class Fields {
 public:
  Fields(std::string_view bytes, bool swapped) : bytes_(bytes), swapped_(swapped) {}

  template <class T>
  T at(std::size_t offset) const {
    std::array<char, sizeof(T)> raw;
    std::copy_n(bytes_.data() + offset, sizeof(T), raw.begin());
    if (swapped_) std::ranges::reverse(raw);
    return std::bit_cast<T>(raw);
  }

 private:
  std::string_view bytes_;
  bool swapped_;
};

/// The two versions, told alike.
struct Raw {
  int version = 1;
  std::int64_t type = 0;
  std::array<std::int64_t, 8> dim = {};
  std::array<double, 8> pixdim = {};
  double offset = 0, slope = 0, intercept = 0;
  std::int64_t units = 0, qform = 0, sform = 0;
  std::array<double, 3> quaternion = {}, position = {};
  std::array<double, 12> affine = {};
};

Raw version1(const Fields& f) {
  Raw r;
  for (std::size_t i = 0; i < 8; ++i) {
    r.dim[i] = f.at<std::int16_t>(40 + 2 * i);
    r.pixdim[i] = static_cast<double>(f.at<float>(76 + 4 * i));
  }
  r.type = f.at<std::int16_t>(70);
  r.offset = static_cast<double>(f.at<float>(108));
  r.slope = static_cast<double>(f.at<float>(112));
  r.intercept = static_cast<double>(f.at<float>(116));
  r.units = f.at<char>(123);
  r.qform = f.at<std::int16_t>(252);
  r.sform = f.at<std::int16_t>(254);
  for (std::size_t i = 0; i < 3; ++i) {
    r.quaternion[i] = static_cast<double>(f.at<float>(256 + 4 * i));
    r.position[i] = static_cast<double>(f.at<float>(268 + 4 * i));
  }
  for (std::size_t i = 0; i < 12; ++i) r.affine[i] = static_cast<double>(f.at<float>(280 + 4 * i));
  return r;
}

Raw version2(const Fields& f) {
  Raw r;
  r.version = 2;
  for (std::size_t i = 0; i < 8; ++i) {
    r.dim[i] = f.at<std::int64_t>(16 + 8 * i);
    r.pixdim[i] = f.at<double>(104 + 8 * i);
  }
  r.type = f.at<std::int16_t>(12);
  r.offset = static_cast<double>(f.at<std::int64_t>(168));
  r.slope = f.at<double>(176);
  r.intercept = f.at<double>(184);
  r.units = f.at<std::int32_t>(500);
  r.qform = f.at<std::int32_t>(344);
  r.sform = f.at<std::int32_t>(348);
  for (std::size_t i = 0; i < 3; ++i) {
    r.quaternion[i] = f.at<double>(352 + 8 * i);
    r.position[i] = f.at<double>(376 + 8 * i);
  }
  for (std::size_t i = 0; i < 12; ++i) r.affine[i] = f.at<double>(400 + 8 * i);
  return r;
}

std::optional<VoxelType> type_of(std::int64_t code) {
  switch (code) {
    case 2:
      return VoxelType::u8;
    case 4:
      return VoxelType::i16;
    case 8:
      return VoxelType::i32;
    case 16:
      return VoxelType::f32;
    case 64:
      return VoxelType::f64;
    case 256:
      return VoxelType::i8;
    case 512:
      return VoxelType::u16;
    case 768:
      return VoxelType::u32;
    default:
      return std::nullopt;
  }
}

/// Method 3 of nifti1.h: the rows of the affine matrix.
void by_affine(const Raw& r, VoxelGrid& grid) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double x = r.affine[axis], y = r.affine[4 + axis], z = r.affine[8 + axis];
    const double length = std::sqrt(x * x + y * y + z * z);
    grid.spacing[axis] = length;
    const std::array<double, 3> column = {x, y, z};
    for (std::size_t c = 0; c < 3; ++c) grid.direction[3 * axis + c] = column[c] / length;
    grid.origin[axis] = r.affine[4 * axis + 3];
  }
}

/// Method 2 of nifti1.h: a rotation by a unit quaternion, the third axis mirrored where pixdim[0] < 0.
void by_quaternion(const Raw& r, VoxelGrid& grid) {
  const double b = r.quaternion[0], c = r.quaternion[1], d = r.quaternion[2];
  const double a = std::sqrt(std::max(0.0, 1 - (b * b + c * c + d * d)));
  const double mirror = r.pixdim[0] < 0 ? -1 : 1;
  grid.direction = {
      a * a + b * b - c * c - d * d, 2 * (b * c + a * d),           2 * (b * d - a * c),
      2 * (b * c - a * d),           a * a + c * c - b * b - d * d, 2 * (c * d + a * b),
      mirror * 2 * (b * d + a * c),  mirror * 2 * (c * d - a * b),  mirror * (a * a + d * d - b * b - c * c)};
  grid.origin = r.position;
}

Result<void> geometry(const Raw& r, const std::string& path, VolumeHeader& header) {
  VoxelGrid& grid = header.grid;
  if (r.dim[0] < 1 || r.dim[0] > 7) return bad_volume(kFormat, path, "dim[0] is not from 1 to 7");
  for (std::size_t i = 1; i <= static_cast<std::size_t>(r.dim[0]); ++i) {
    if (i > 3 && r.dim[i] > 1)
      return bad_volume(kFormat, path, "it has more than three dimensions, and one volume is taken");
    if (i <= 3) grid.size[i - 1] = r.dim[i];
  }
  for (std::size_t i = 0; i < 3; ++i)
    grid.spacing[i] = static_cast<std::int64_t>(i) < r.dim[0] ? std::abs(r.pixdim[i + 1]) : 1;
  if (r.sform > 0) {
    by_affine(r, grid);
  } else if (r.qform > 0) {
    by_quaternion(r, grid);
  } else {
    header.notes.emplace_back("the file has neither sform nor qform: axes along the patient are assumed");
  }
  const std::int64_t unit = r.units & 7;
  const double factor = unit == 1 ? 1000 : unit == 3 ? 0.001 : 1;
  if (unit == 0) header.notes.emplace_back("the file names no unit of length: mm is assumed");
  for (std::size_t i = 0; i < 3; ++i) {
    grid.spacing[i] *= factor;
    grid.origin[i] *= factor;
  }
  from_ras(grid);
  return {};
}

/// The header as bytes, and whether they are swapped; nothing where these are not NIfTI.
std::optional<bool> swapped_of(std::string_view head) {
  if (head.size() < 4) return std::nullopt;
  for (const bool swapped : {false, true}) {
    const auto size = Fields(head, swapped).at<std::int32_t>(0);
    if (size == static_cast<std::int32_t>(kSize1) || size == static_cast<std::int32_t>(kSize2))
      return swapped;
  }
  return std::nullopt;
}

Result<Raw> raw_of(std::string_view head, const std::string& path, bool swapped) {
  const Fields fields(head, swapped);
  const bool second = fields.at<std::int32_t>(0) == static_cast<std::int32_t>(kSize2);
  if (head.size() < (second ? kSize2 : kSize1)) return bad_volume(kFormat, path, "its header is cut short");
  const std::string_view magic = head.substr(second ? 4 : 344, 3);
  if (magic == "ni1" || magic == "ni2")
    return bad_volume(kFormat, path, "its voxels are in a separate .img file");
  if (magic != (second ? "n+2" : "n+1"))
    return bad_volume(kFormat, path, "it lacks the magic word n+1 or n+2");
  return second ? version2(fields) : version1(fields);
}

}  // namespace

bool is_nifti(std::string_view head) { return swapped_of(head).has_value(); }

Result<VolumeHeader> nifti_header(const MappedFile& file, const std::string& path, bool packed) {
  std::string front;
  std::string_view head = file.text();
  if (packed) {
    auto unpacked = unpack_front(file.bytes(), kSize2, path);
    if (!unpacked) return tl::make_unexpected(unpacked.error());
    front = std::move(*unpacked);
    head = front;
  }
  const auto swapped = swapped_of(head);
  if (!swapped) return bad_volume(kFormat, path, "it does not begin with a NIfTI header");
  const auto raw = raw_of(head, path, *swapped);
  if (!raw) return tl::make_unexpected(raw.error());
  VolumeHeader header;
  header.format = raw->version == 1 ? "NIfTI-1" : "NIfTI-2";
  const auto type = type_of(raw->type);
  if (!type)
    return bad_volume(kFormat, path,
                      "voxels of data type " + std::to_string(raw->type) + " are not supported");
  header.type = *type;
  const bool big = *swapped == (std::endian::native == std::endian::little);
  header.order = big ? std::endian::big : std::endian::little;
  header.files = {path};
  header.packing = packed ? Packing::gzip : Packing::none;
  const auto least = static_cast<double>(raw->version == 1 ? kSize1 : kSize2);
  if (!(raw->offset >= least) || raw->offset > 0x1p40 || raw->offset != std::trunc(raw->offset))
    return bad_volume(kFormat, path, "vox_offset is not a place behind the header");
  (packed ? header.stream_offset : header.file_offset) = static_cast<std::uint64_t>(raw->offset);
  // Slope 0 or not a number: not scaled (nifti1.h).
  if (std::isfinite(raw->slope) && raw->slope != 0 && std::isfinite(raw->intercept)) {
    header.slope = raw->slope;
    header.intercept = raw->intercept;
  }
  if (auto done = geometry(*raw, path, header); !done) return tl::make_unexpected(done.error());
  return header;
}

}  // namespace ridgepoint
