// SPDX-License-Identifier: Apache-2.0
#include "probes/memory_info.h"

#include "model/core/text.h"
#include "model/core/units.h"
#include "probes/host.h"
#include "probes/parse.h"

namespace ridgepoint {
namespace {

std::optional<double> kilobytes(const std::map<std::string, std::string>& fields, const std::string& key) {
  const auto it = fields.find(key);
  if (it == fields.end()) return std::nullopt;
  const std::vector<std::string> parts = words(it->second);
  if (parts.size() != 2 || parts[1] != "kB") return std::nullopt;
  const auto count = parse_count(parts[0]);
  if (!count) return std::nullopt;
  return static_cast<double>(*count) * kKibi;
}

}  // namespace

Meminfo parse_meminfo(std::string_view text) {
  const auto fields = parse_colon_lines(text);
  Meminfo info{.total_byte = kilobytes(fields, "MemTotal"),
               .available_byte = kilobytes(fields, "MemAvailable"),
               .hugetlb_byte = {},
               .swap_byte = kilobytes(fields, "SwapTotal"),
               .swap_free_byte = kilobytes(fields, "SwapFree")};
  const auto page = kilobytes(fields, "Hugepagesize");
  const auto it = fields.find("HugePages_Total");
  const auto pages = it == fields.end() ? std::nullopt : parse_count(it->second);
  if (page && pages) info.hugetlb_byte = *page * static_cast<double>(*pages);
  return info;
}

std::optional<MemoryBlocks> read_memory_blocks(const Host& host) {
  const std::string folder = "sys/devices/system/memory";
  const auto size = parse_hex(host.read(folder + "/block_size_bytes").value_or(""));
  if (!size || *size == 0) return std::nullopt;
  MemoryBlocks blocks{.block_byte = static_cast<double>(*size)};
  for (const std::string& name : numbered(host, folder, "memory")) {
    const std::string state = read_line(host, folder + "/" + name + "/state");
    if (state.empty()) continue;
    ++blocks.present;
    if (state != "online") continue;  // "going-offline" is no longer to be counted on
    ++blocks.online;
    if (read_line(host, folder + "/" + name + "/valid_zones") == "Movable") ++blocks.movable;
  }
  if (blocks.present == 0) return std::nullopt;
  return blocks;
}

std::optional<double> parse_address_space_limit(std::string_view text) {
  for (const std::string& line : lines(text)) {
    const std::vector<std::string> parts = words(line);
    if (parts.size() < 4 || parts[0] != "Max" || parts[1] != "address" || parts[2] != "space") continue;
    const auto limit = parse_count(parts[3]);
    if (!limit) return std::nullopt;
    return static_cast<double>(*limit);
  }
  return std::nullopt;
}

}  // namespace ridgepoint
