// SPDX-License-Identifier: Apache-2.0
#include "workloads/volume/volume_write.h"

#include <array>
#include <filesystem>
#include <vector>

#include "model/core/file_io.h"
#include "model/core/json.h"
#include "model/core/text.h"
#include "workloads/volume/deflate.h"
#include "workloads/volume/formats.h"

namespace ridgepoint {
namespace {

bool ends_in(const std::string& path, std::string_view suffix) {
  const std::string name = lower_case(path);
  return name.size() > suffix.size() && std::string_view(name).substr(name.size() - suffix.size()) == suffix;
}

template <class T>
void put(std::string& bytes, std::size_t offset, T value) {
  const auto raw = std::bit_cast<std::array<char, sizeof(T)>>(value);
  bytes.replace(offset, sizeof(T), raw.data(), sizeof(T));
}

std::int16_t nifti_code(VoxelType type) {
  constexpr std::array<std::int16_t, 8> kCodes = {2, 256, 512, 4, 768, 8, 16, 64};
  return kCodes[static_cast<std::size_t>(type)];
}

Result<std::string> nifti_front(const VolumeHeader& h, const std::string& path) {
  std::string bytes(352, '\0');
  put(bytes, 0, std::int32_t{348});
  put(bytes, 40, std::int16_t{3});
  VoxelGrid g = h.grid;
  from_ras(g);  // there and back are the same
  put(bytes, 76, 1.0F);
  for (std::size_t i = 0; i < 7; ++i) put(bytes, 42 + 2 * i, std::int16_t{1});
  for (std::size_t i = 0; i < 3; ++i) {
    if (g.size[i] > 32767)
      return fail(ErrorKind::bad_input,
                  "'" + printable(path) + "' cannot hold an axis of " + std::to_string(g.size[i]),
                  "NIfTI-1 counts to 32767", "write .mha");
    put(bytes, 42 + 2 * i, static_cast<std::int16_t>(g.size[i]));
    put(bytes, 80 + 4 * i, static_cast<float>(g.spacing[i]));
    for (std::size_t axis = 0; axis < 3; ++axis)
      put(bytes, 280 + 16 * i + 4 * axis, static_cast<float>(g.direction[3 * axis + i] * g.spacing[axis]));
    put(bytes, 280 + 16 * i + 12, static_cast<float>(g.origin[i]));
  }
  put(bytes, 70, nifti_code(h.type));
  put(bytes, 72, static_cast<std::int16_t>(8 * voxel_byte(h.type)));
  put(bytes, 108, 352.0F);
  put(bytes, 112, static_cast<float>(h.slope));
  put(bytes, 116, static_cast<float>(h.intercept));
  bytes[123] = 2;  // mm
  put(bytes, 254, std::int16_t{1});
  bytes.replace(344, 4, std::string_view("n+1\0", 4));
  return bytes;
}

std::string meta_type(VoxelType type) {
  constexpr std::array<const char*, 8> kWords = {"UCHAR", "CHAR", "USHORT", "SHORT",
                                                 "UINT",  "INT",  "FLOAT",  "DOUBLE"};
  return std::string("MET_") + kWords[static_cast<std::size_t>(type)];
}

template <class List>
std::string words(const List& list) {
  std::string out;
  for (const auto& v : list) {
    if (!out.empty()) out += ' ';
    out += dump_json(Json(v)).value_or("0");
    while (!out.empty() && out.back() == '\n') out.pop_back();
  }
  return out;
}

std::string meta_front(const VolumeHeader& h, const std::string& data, std::size_t packed_bytes) {
  std::string out = "ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = ";
  out += std::endian::native == std::endian::big ? "True" : "False";
  out += packed_bytes > 0 ? "\nCompressedData = True\nCompressedDataSize = " + std::to_string(packed_bytes)
                          : std::string("\nCompressedData = False");
  out += "\nTransformMatrix = " + words(h.grid.direction) + "\nOffset = " + words(h.grid.origin) +
         "\nElementSpacing = " + words(h.grid.spacing) + "\nDimSize = " + words(h.grid.size);
  if (h.slope != 1 || h.intercept != 0)
    out += "\nElementToIntensityFunctionSlope = " + words(std::array{h.slope}) +
           "\nElementToIntensityFunctionOffset = " + words(std::array{h.intercept});
  return out + "\nElementType = " + meta_type(h.type) + "\nElementDataFile = " + data + "\n";
}

Result<void> write_pair(const std::string& path, const Volume& volume, std::string_view voxels, Team& team) {
  const auto packed = pack({&voxels, 1}, Wrapper::zlib, team);
  if (!packed) return tl::make_unexpected(packed.error());
  std::filesystem::path data(path);
  data.replace_extension(".zraw");
  // The voxels first: a header is never there without them.
  if (auto done = write_file_atomically(data.string(), *packed); !done) return done;
  return write_file_atomically(path, meta_front(volume.header, data.filename().string(), packed->size()));
}

}  // namespace

Result<void> check_volume_name(const std::string& path) {
  for (const char* suffix : {".nii", ".nii.gz", ".mha", ".mhd"})
    if (ends_in(path, suffix)) return {};
  return fail(ErrorKind::bad_input, "'" + printable(path) + "' does not tell its format", "",
              "end the name in .nii, .nii.gz, .mha or .mhd");
}

Result<void> write_volume(const std::string& path, const Volume& volume, Team& team) {
  if (auto good = check_volume_name(path); !good) return good;
  const std::string_view voxels(reinterpret_cast<const char*>(volume.data.get()),
                                static_cast<std::size_t>(volume.bytes()));
  if (ends_in(path, ".mhd")) return write_pair(path, volume, voxels, team);
  const auto front = ends_in(path, ".mha") ? Result<std::string>(meta_front(volume.header, "LOCAL", 0))
                                           : nifti_front(volume.header, path);
  if (!front) return tl::make_unexpected(front.error());
  const std::array<std::string_view, 2> parts = {*front, voxels};
  if (!ends_in(path, ".gz")) return write_file_atomically(path, parts);
  const auto packed = pack(parts, Wrapper::gzip, team);
  if (!packed) return tl::make_unexpected(packed.error());
  return write_file_atomically(path, *packed);
}

}  // namespace ridgepoint
