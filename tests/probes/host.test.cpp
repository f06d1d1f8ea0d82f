// SPDX-License-Identifier: Apache-2.0
#include "probes/host.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probes/child_process.h"
#include "tests/probes/support/map_host.h"
#include "tests/probes/support/temp_folder.h"

namespace ridgepoint {
namespace {

using test::MapHost;
using test::TempFolder;
namespace fs = std::filesystem;

TEST(RootedHost, ReadsAndListsBelowItsRoot) {
  const TempFolder folder;
  folder.write("proc/meminfo", "MemTotal: 1 kB\n");
  folder.write("proc/cpuinfo", "x\n");
  const RootedHost host(folder.path());
  EXPECT_EQ(host.read("proc/meminfo").value_or(""), "MemTotal: 1 kB\n");
  EXPECT_EQ(host.list("proc").value_or(std::vector<std::string>()),
            (std::vector<std::string>{"cpuinfo", "meminfo"}));
  EXPECT_FALSE(host.live());
  EXPECT_EQ(host.origin(), folder.path());
}

TEST(RootedHost, OfTheRootFolderIsThisMachine) {
  const RootedHost host("/");
  EXPECT_TRUE(host.live());
  EXPECT_EQ(host.origin(), "this machine");
  EXPECT_TRUE(host.read("proc/self/stat"));
}

TEST(RootedHost, RefusesPathsThatClimbOrAreAbsolute) {
  const TempFolder folder;
  folder.write("inside/file", "x");
  const RootedHost host(folder.path() + "/inside");
  for (const char* path : {"../file", "/etc/passwd", "a/../../b", "..", ""}) {
    const auto text = host.read(path);
    ASSERT_FALSE(text) << path;
    EXPECT_EQ(text.error().kind, ErrorKind::bad_input) << path;
    EXPECT_FALSE(host.list(path)) << path;
  }
  EXPECT_FALSE(host.read(std::string("file\0", 5)));
}

TEST(RootedHost, FollowsLinksInsideTheTreeOnly) {
  const TempFolder folder;
  folder.write("outside", "secret");
  folder.write("tree/real", "text");
  fs::create_symlink("real", folder.path() + "/tree/near");
  fs::create_symlink(folder.path() + "/outside", folder.path() + "/tree/far");
  fs::create_symlink("..", folder.path() + "/tree/up");
  fs::create_symlink("loop", folder.path() + "/tree/loop");
  const RootedHost host(folder.path() + "/tree");
  EXPECT_EQ(host.read("near").value_or(""), "text");
  EXPECT_FALSE(host.read("far"));
  EXPECT_FALSE(host.read("up/outside"));
  EXPECT_FALSE(host.list("up"));
  EXPECT_FALSE(host.read("loop"));
}

TEST(RootedHost, DoesNotTakeASiblingWithTheSamePrefixForItsTree) {
  const TempFolder folder;
  folder.write("tree2/file", "secret");
  folder.write("tree/real", "text");
  fs::create_symlink("../tree2/file", folder.path() + "/tree/link");
  EXPECT_FALSE(RootedHost(folder.path() + "/tree").read("link"));
}

TEST(RootedHost, RefusesPipesFoldersAndLargeFiles) {
  const TempFolder folder;
  ASSERT_EQ(::mkfifo((folder.path() + "/pipe").c_str(), 0600), 0);
  folder.write("large", std::string(kSmallFile + 1, 'x'));
  folder.write("full", std::string(kSmallFile, 'x'));
  folder.write("sub/file", "x");
  const RootedHost host(folder.path());
  EXPECT_FALSE(host.read("pipe"));
  EXPECT_FALSE(host.read("large"));
  EXPECT_FALSE(host.read("sub"));
  EXPECT_EQ(host.read("full").value_or("").size(), kSmallFile);
}

TEST(RootedHost, CallsAMissingFileUnavailableAndNotAMistake) {
  const TempFolder folder;
  folder.write("file", "x");
  const RootedHost host(folder.path());
  for (const char* path : {"nothing", "no/such/folder", "file/below"}) {
    const auto text = host.read(path);
    ASSERT_FALSE(text) << path;
    EXPECT_EQ(text.error().kind, ErrorKind::unavailable) << path;
    EXPECT_FALSE(text.error().fix.empty());
  }
  EXPECT_EQ(host.list("nothing").error().kind, ErrorKind::unavailable);
  EXPECT_EQ(RootedHost(folder.path() + "/gone").read("x").error().kind, ErrorKind::unavailable);
}

TEST(RootedHost, CallsAForbiddenFileUnavailable) {
  constexpr uid_t kNobody = 65534;
  const TempFolder folder;
  ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod(folder.write("file", "x").c_str(), 0), 0);
  const auto answer = in_child(
      [&] {
        if (::geteuid() == 0 && ::seteuid(kNobody) != 0) return std::string("cannot give up root");
        const auto text = RootedHost(folder.path()).read("file");
        if (text) return std::string("it was read");
        return text.error().kind == ErrorKind::unavailable ? std::string("unavailable") : text.error().why;
      },
      10);
  EXPECT_EQ(answer.value_or("no answer"), "unavailable");
}

TEST(NoHost, HasNothing) {
  const NoHost host("hwloc synthetic 'pu:2'");
  EXPECT_FALSE(host.live());
  EXPECT_EQ(host.origin(), "hwloc synthetic 'pu:2'");
  EXPECT_EQ(host.read("proc/meminfo").error().kind, ErrorKind::unavailable);
  EXPECT_EQ(host.list("proc").error().kind, ErrorKind::unavailable);
}

TEST(ReadLine, GivesOneCleanLineOrNothing) {
  const MapHost host({{"a", "  two  words\x1b \nnext\n"}, {"b", "\n"}});
  EXPECT_EQ(read_line(host, "a"), "two words?");
  EXPECT_EQ(read_line(host, "b"), "");
  EXPECT_EQ(read_line(host, "c"), "");
}

TEST(ReadCount, TakesNothingButANumber) {
  const MapHost host({{"good", "12\n"}, {"bad", "12 kB\n"}});
  EXPECT_EQ(read_count(host, "good"), 12u);
  EXPECT_FALSE(read_count(host, "bad"));
  EXPECT_FALSE(read_count(host, "missing"));
}

TEST(Numbered, SortsByNumberAndLeavesOtherNamesOut) {
  const MapHost host({{"d/cpu10", ""}, {"d/cpu9", ""}, {"d/cpufreq", ""}, {"d/cpu", ""}, {"d/cpu1x", ""}});
  EXPECT_EQ(numbered(host, "d", "cpu"), (std::vector<std::string>{"cpu9", "cpu10"}));
}

}  // namespace
}  // namespace ridgepoint
