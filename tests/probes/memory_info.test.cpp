// SPDX-License-Identifier: Apache-2.0
#include "probes/memory_info.h"

#include <gtest/gtest.h>

#include "model/core/units.h"
#include "tests/probes/support/map_host.h"

namespace ridgepoint {
namespace {

using test::MapHost;

TEST(ParseMeminfo, TakesTotalAndAvailableInBytes) {
  const Meminfo info =
      parse_meminfo("MemTotal:       24684084 kB\nMemFree: 1 kB\nMemAvailable:   24411024 kB\n");
  EXPECT_EQ(info.total_byte, 24684084 * kKibi);
  EXPECT_EQ(info.available_byte, 24411024 * kKibi);
}

TEST(ParseMeminfo, LeavesOutWhatAnOldKernelDoesNotTell) {
  const Meminfo info = parse_meminfo("MemTotal: 8 kB\nMemFree: 4 kB\n");
  EXPECT_TRUE(info.total_byte);
  EXPECT_FALSE(info.available_byte);
}

TEST(ParseMeminfo, TakesNoGarbageForANumber) {
  for (const char* bad :
       {"", "MemTotal:", "MemTotal: kB", "MemTotal: -5 kB", "MemTotal: 12", "MemTotal: 12 MB",
        "MemTotal: 99999999999999999999999 kB", "MemTotal: 1 2 kB", "MemTotal 12 kB", "\xff\xfe:\x01"})
    EXPECT_FALSE(parse_meminfo(bad).total_byte) << bad;
}

MapHost blocks(const std::string& size, const std::vector<std::string>& states) {
  std::map<std::string, std::string> files{{"sys/devices/system/memory/block_size_bytes", size},
                                           {"sys/devices/system/memory/auto_online_blocks", "offline\n"}};
  for (std::size_t i = 0; i < states.size(); ++i)
    files["sys/devices/system/memory/memory" + std::to_string(i * 7) + "/state"] = states[i];
  return MapHost(std::move(files));
}

TEST(MemoryBlocks, TellInstalledAndOnlineApart) {
  const auto found =
      read_memory_blocks(blocks("8000000\n", {"online\n", "offline\n", "going-offline\n", "online\n"}));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->installed_byte(), 4 * 128 * kMebi);
  EXPECT_EQ(found->online_byte(), 2 * 128 * kMebi);
}

TEST(MemoryBlocks, AreNotKnownWithoutASizeOrABlock) {
  EXPECT_FALSE(read_memory_blocks(blocks("", {"online"})));
  EXPECT_FALSE(read_memory_blocks(blocks("0", {"online"})));
  EXPECT_FALSE(read_memory_blocks(blocks("huge", {"online"})));
  EXPECT_FALSE(read_memory_blocks(blocks("8000000", {})));
  EXPECT_FALSE(read_memory_blocks(MapHost({})));
}

TEST(AddressSpaceLimit, IsTheSoftLimitAndNothingWhenUnlimited) {
  EXPECT_EQ(parse_address_space_limit("Limit  Soft Limit\nMax address space  2147483648  unlimited  bytes\n"),
            2147483648.0);
  for (const char* none : {"Max address space unlimited unlimited bytes", "Max address space",
                           "Max open files 5 5 files", "", "Max address space -1 -1 bytes"})
    EXPECT_FALSE(parse_address_space_limit(none)) << none;
}

}  // namespace
}  // namespace ridgepoint
