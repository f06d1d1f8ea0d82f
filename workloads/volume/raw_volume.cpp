// SPDX-License-Identifier: Apache-2.0
// Plain voxels, described by the user: "size=512x512x300 type=int16 spacing=0.7x0.7x1.25 offset=0 order=big".
#include <algorithm>
#include <cmath>

#include "model/core/text.h"
#include "workloads/volume/formats.h"

namespace ridgepoint {
namespace {

constexpr const char* kFormat = "raw";

tl::unexpected<Error> refuse(const std::string& what) {
  return fail(ErrorKind::bad_input, "--raw: " + what, "",
              "write for example --raw 'size=512x512x300 type=int16 spacing=0.7x0.7x1.25'");
}

Result<std::array<double, 3>> three(const std::string& word) {
  std::string spaced = word;
  std::ranges::replace(spaced, 'x', ' ');
  const auto list = numbers_of(spaced, 3, kFormat, "--raw");
  if (!list) return refuse("'" + printable(word) + "' is not three numbers joined by x");
  return std::array<double, 3>{(*list)[0], (*list)[1], (*list)[2]};
}

Result<void> set(const std::string& key, const std::string& value, VolumeHeader& header) {
  if (key == "type") {
    const auto type = enum_from<VoxelType>(value);
    if (!type) return refuse("the type '" + printable(value) + "' is not one of uint8 to float64");
    header.type = *type;
    return {};
  }
  if (key == "order" && (value == "little" || value == "big")) {
    header.order = value == "big" ? std::endian::big : std::endian::little;
    return {};
  }
  if (key == "offset") {
    const auto n = whole_of(value);
    if (!n || *n < 0) return refuse("the offset '" + printable(value) + "' is not a whole number");
    header.file_offset = static_cast<std::uint64_t>(*n);
    return {};
  }
  if (key != "size" && key != "spacing")
    return refuse("there is no '" + printable(key) + "=" + printable(value) +
                  "'; size, type, spacing, offset and order=little|big are known");
  const auto list = three(value);
  if (!list) return tl::make_unexpected(list.error());
  if (key == "spacing") {
    header.grid.spacing = *list;
    return {};
  }
  for (std::size_t i = 0; i < 3; ++i) {
    if ((*list)[i] != std::trunc((*list)[i]) || std::abs((*list)[i]) > 0x1p53)
      return refuse("the size is not in whole numbers");
    header.grid.size[i] = static_cast<std::int64_t>((*list)[i]);
  }
  return {};
}

}  // namespace

Result<VolumeHeader> raw_header(const MappedFile&, const VolumeSource& source) {
  VolumeHeader header;
  header.format = kFormat;
  header.files = {source.path};
  std::vector<std::string> seen;
  for (const std::string& word : split(source.raw, ' ')) {
    if (word.empty()) continue;
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) return refuse("'" + printable(word) + "' is not KEY=VALUE");
    seen.push_back(word.substr(0, equals));
    if (auto done = set(seen.back(), word.substr(equals + 1), header); !done)
      return tl::make_unexpected(done.error());
  }
  if (std::ranges::find(seen, "size") == seen.end()) return refuse("the size is missing");
  if (std::ranges::find(seen, "type") == seen.end()) return refuse("the type is missing");
  if (std::ranges::find(seen, "spacing") == seen.end())
    header.notes.emplace_back("no spacing was given: 1 mm is assumed");
  return header;
}

}  // namespace ridgepoint
