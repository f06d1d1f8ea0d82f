// SPDX-License-Identifier: Apache-2.0
// scripts/record_host.sh: what it records replays, and names nobody.
#include <gtest/gtest.h>

#include <cstdlib>

#include "model/core/file_io.h"
#include "probes/host.h"
#include "tests/probes/support/map_host.h"
#include "tests/probes/support/temp_folder.h"

namespace ridgepoint {
namespace {

using test::run_probe;
using test::TempFolder;

int record(const std::string& arguments) {
  std::string script = RIDGEPOINT_SOURCE_DIR;  // += and not +: GCC 12 warns of a bound that is kept
  script += "/scripts/record_host.sh";
  const int status = std::system(("bash '" + script + "' " + arguments + " > /dev/null 2>&1").c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(RecordHost, ReplaysTheMachineItRecorded) {
  const TempFolder folder;
  ASSERT_EQ(record("'" + folder.path() + "/x'"), 0);
  const RootedHost live("/"), replay(folder.path() + "/x");
  const auto here = load_topology("", live), there = load_topology("", replay);
  ASSERT_TRUE(here && there);
  EXPECT_EQ(there->allowed, here->allowed);
  EXPECT_EQ(there->cores, here->cores);
  EXPECT_EQ(there->caches.size(), here->caches.size());
  const Facts want = run_probe("identity", live, *here).facts,
              got = run_probe("identity", replay, *there).facts;
  for (const auto& [key, fact] : want) EXPECT_EQ(text(got, key), fact.text()) << key;
  for (const auto& [key, fact] : got) EXPECT_TRUE(want.contains(key)) << key;
  const Facts limits = run_probe("memory", live, *here).facts,
              replayed = run_probe("memory", replay, *there).facts;
  for (const char* key : {"memory.cgroup.limit", "cpu.cgroup.quota", "memory.address_space.limit"})
    EXPECT_EQ(number(replayed, key), number(limits, key)) << key;
  EXPECT_EQ(text(replayed, "cpu.cgroup.cpuset"), text(limits, "cpu.cgroup.cpuset"));
}

TEST(RecordHost, NamesNobody) {
  const TempFolder folder;
  ASSERT_EQ(record("'" + folder.path() + "/x'"), 0);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
    if (!entry.is_regular_file()) continue;
    std::string text = read_file(entry.path().string(), kSmallFile).value_or("");
    for (std::size_t at; (at = text.find("serialize")) != std::string::npos;)
      text.erase(at, 9);  // an instruction
    for (const char* word :
         {"HostName", "Serial", "serial", "UUID", "\"Address\"", "OSVersion", "LinuxCgroup"})
      EXPECT_EQ(text.find(word), std::string::npos) << entry.path() << " holds " << word;
  }
  const std::string own = read_file(folder.path() + "/x/proc/self/cgroup", kSmallFile).value_or("");
  for (std::size_t at = own.find(":/"); at != std::string::npos; at = own.find(":/", at + 1)) {
    const std::string path = own.substr(at + 1, own.find('\n', at) - at - 1);
    EXPECT_TRUE(path == "/" || path.starts_with("/level1")) << path;
  }
}

TEST(RecordHost, OverwritesNothing) {
  const TempFolder folder;
  folder.write("precious", "x");
  EXPECT_EQ(record("'" + folder.path() + "'"), 2);
  EXPECT_EQ(record(""), 2);
  EXPECT_EQ(record("--help"), 2);
  EXPECT_EQ(RootedHost(folder.path()).list(".").value_or(std::vector<std::string>()),
            std::vector<std::string>{"precious"});
}

}  // namespace
}  // namespace ridgepoint
