// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <set>

#include "model/core/units.h"
#include "probes/host.h"
#include "probes/session.h"
#include "probes/storage_cells.h"
#include "tests/probes/support/map_host.h"
#include "tests/probes/support/temp_folder.h"

namespace ridgepoint {
namespace {

const Probe& storage() {
  for (const Probe* p : probes())
    if (p->id == "storage") return *p;
  throw std::runtime_error("there is no probe storage");
}

/// A small file through the page cache, so that the tests run on every file system.
class StorageIo : public testing::TestWithParam<const char*> {
 protected:
  static constexpr std::size_t kFile = 4U << 20;

  void SetUp() override {
    Interrupt::clear();
    descriptor_ = ::open(folder_.path().c_str(), O_TMPFILE | O_RDWR, 0600);
    if (descriptor_ < 0) GTEST_SKIP() << "no unnamed files below the folder for temporary files";
    ASSERT_TRUE(memory_);
    blocks_.emplace(descriptor_, kFile, *memory_);
  }
  void TearDown() override {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  Result<IoTally> run(const IoJob& job) {
    if (std::string(GetParam()) == "threads") return run_blocking(job, *blocks_, team_);
    auto ring = Uring::make(job.depth);
    return ring ? ring->run(job, *blocks_) : tl::make_unexpected(ring.error());
  }
  bool missing() { return std::string(GetParam()) == "io_uring" && !Uring::make(4); }
  IoJob whole_file() {
    return {.write = true, .block = kRandomBlock * 4, .depth = 4, .seconds = 60, .most = 256};
  }

  test::TempFolder folder_;
  int descriptor_ = -1;
  Result<Buffer> memory_ = Buffer::make(1U << 20);
  std::optional<IoBlocks> blocks_;
  Team team_{{0, 0, 0, 0}};
};

TEST_P(StorageIo, WritesTheWholeFileWithBlocksThatAllDiffer) {
  if (missing()) GTEST_SKIP() << "io_uring is refused here";
  ASSERT_TRUE(run(whole_file()));
  EXPECT_GE(blocks_->written_byte(), kFile);
  std::set<std::string> seen;
  std::string block(4096, '\0');
  for (std::size_t at = 0; at < kFile; at += 4096) {
    ASSERT_EQ(::pread(descriptor_, block.data(), 4096, static_cast<off_t>(at)), 4096);
    EXPECT_TRUE(IoBlocks::right(reinterpret_cast<const std::byte*>(block.data()), at, 4096)) << at;
    seen.insert(block);
  }
  EXPECT_EQ(seen.size(), kFile / 4096);
  ASSERT_TRUE(run(whole_file()));
  ASSERT_EQ(::pread(descriptor_, block.data(), 4096, 0), 4096);
  EXPECT_FALSE(seen.contains(block)) << "written again it is another block";
}

TEST_P(StorageIo, ReadsWhatWasWrittenAndCountsLatencies) {
  if (missing()) GTEST_SKIP() << "io_uring is refused here";
  ASSERT_TRUE(run(whole_file()));
  const auto tally = run({.random = true, .block = kRandomBlock, .depth = 4, .seconds = 60, .most = 400});
  ASSERT_TRUE(tally);
  EXPECT_GT(tally->per_s, 0);
  EXPECT_GE(tally->latency.count(), 300u);
  EXPECT_LE(tally->latency.count(), 400u) << "not more requests than allowed";
}

TEST_P(StorageIo, NoticesABlockThatIsNotTheOneWritten) {
  if (missing()) GTEST_SKIP() << "io_uring is refused here";
  ASSERT_TRUE(run(whole_file()));
  ASSERT_EQ(::pwrite(descriptor_, "wrong", 5, 40960), 5);
  const auto tally = run({.block = kRandomBlock, .depth = 4, .seconds = 60, .most = 2000});
  ASSERT_FALSE(tally);
  EXPECT_EQ(tally.error().kind, ErrorKind::failed_check);
}

TEST_P(StorageIo, TellsAFileThatIsShorterThanItShouldBe) {
  if (missing()) GTEST_SKIP() << "io_uring is refused here";
  const auto tally = run({.block = kRandomBlock, .depth = 2, .seconds = 60, .most = 100});
  ASSERT_FALSE(tally);
  EXPECT_EQ(tally.error().kind, ErrorKind::io);
  EXPECT_NE(tally.error().why.find("less than its block"), std::string::npos);
}

TEST_P(StorageIo, TellsADescriptorThatCannotBeWritten) {
  if (missing()) GTEST_SKIP() << "io_uring is refused here";
  const int closed = ::open("/dev/null", O_RDONLY);
  blocks_.emplace(closed, kFile, *memory_);
  const auto tally = run({.write = true, .block = kRandomBlock, .depth = 4, .seconds = 60, .most = 100});
  ::close(closed);
  ASSERT_FALSE(tally);
  EXPECT_NE(tally.error().what.find("write"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Both, StorageIo, testing::Values("io_uring", "threads"));

TEST(StorageBlocks, RandomRequestsReachTheWholeFile) {
  const auto memory = Buffer::make(4096);
  IoBlocks blocks(-1, 64 * 4096, *memory);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 2000; ++i) seen.insert(blocks.next({.random = true, .block = 4096}));
  EXPECT_EQ(seen.size(), 64u);
  EXPECT_EQ(*seen.rbegin(), 63u * 4096);
}

/// A context for what is pure.
struct NoMachine {
  test::MapHost host{{}};
  Topology topology;
  test::QuietLog log;
  ProbeContext context{.host = host, .topology = topology, .memory_limit_byte = 0, .log = log};
};

ProbeOutcome smoke(const std::string& folder, std::vector<std::string> cells = {}) {
  Interrupt::clear();
  const RootedHost host("/");
  const auto topology = load_topology("", host);
  test::QuietLog log;
  ProbeOutcome outcome = storage().run({.host = host,
                                        .topology = *topology,
                                        .level = Level::smoke,
                                        .memory_limit_byte = 8 * kMebi,
                                        .log = log,
                                        .budget_s = 0.02,
                                        .cells = std::move(cells),
                                        .storage_folder = folder});
  return outcome;
}

TEST(StorageProbe, SamplesEveryCellAndLeavesNothing) {
  const test::TempFolder folder;
  const ProbeOutcome o = smoke(folder.path());
  ASSERT_TRUE(o.status == ProbeStatus::ok || o.status == ProbeStatus::degraded) << o.reason;
  EXPECT_EQ(o.status == ProbeStatus::degraded, !o.reason.empty());
  for (const StorageCell& c : storage_cells(StorageEffort::at(Level::smoke), 8 * kMebi)) {
    const auto it = std::ranges::find(o.samples, c.key, &Samples::key);
    ASSERT_NE(it, o.samples.end()) << c.key;
    EXPECT_GT(it->values.at(0), 0) << c.key;
    EXPECT_EQ(it->unit, c.unit);
    EXPECT_TRUE(it->source.find("io_uring") != std::string::npos ||
                it->source.find("pread") != std::string::npos)
        << it->source;
    EXPECT_TRUE(it->source.find("O_DIRECT") != std::string::npos ||
                it->source.find("page cache") != std::string::npos)
        << it->source;
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(StorageProbe, SaysHowMuchItWrote) {
  const test::TempFolder folder;
  ProbeOutcome joined;
  for (int visit = 0; visit < 2; ++visit) join_visit(joined, smoke(folder.path(), {"storage.sync.*"}));
  ASSERT_NE(storage().conclude, nullptr);
  const NoMachine none;
  storage().conclude(none.context, joined);
  const double file = joined.facts.at("storage.file").number();
  EXPECT_GE(joined.facts.at("storage.written").number(), 2 * file);
}

TEST(StorageProbe, IsUnavailableInAFolderThatTakesNoFile) {
  const ProbeOutcome o = smoke("/proc/self");
  EXPECT_EQ(o.status, ProbeStatus::unavailable);
  EXPECT_NE(o.reason, "");
  EXPECT_NE(o.fix.find("--storage-dir"), std::string::npos) << o.fix;
  EXPECT_TRUE(o.samples.empty());
}

TEST(StorageProbe, NeverCallsMemoryADevice) {
  if (::access("/dev/shm", W_OK) != 0) GTEST_SKIP() << "no /dev/shm";
  const ProbeOutcome o = smoke("/dev/shm");
  if (o.status == ProbeStatus::unavailable) GTEST_SKIP() << o.reason;
  EXPECT_EQ(o.status, ProbeStatus::degraded);
  EXPECT_NE(o.reason.find("memory"), std::string::npos) << o.reason;
}

TEST(StorageProbe, DoesNothingWhenNoneOfItsCellsIsAskedFor) {
  EXPECT_TRUE(smoke("/proc/self/none", {"memory.*"}).samples.empty());
  EXPECT_EQ(smoke("/proc/self/none", {"memory.*"}).status, ProbeStatus::ok);
}

TEST(StorageProbe, AThrottledSessionIsDegradedWithTheEvidence) {
  ProbeOutcome o;
  o.samples.push_back(
      {"storage.read.sequential.8d", "byte/s", "a test", {9e9, 9e9, 9e9, 5e9, 1e9, 1e9, 1e9, 1e9}});
  const NoMachine none;
  storage().conclude(none.context, o);
  EXPECT_EQ(o.status, ProbeStatus::degraded);
  ASSERT_EQ(o.warnings.size(), 1u);
  EXPECT_EQ(o.warnings[0].code, "storage-throttled");
  EXPECT_NE(o.warnings[0].what.find("9 GB/s"), std::string::npos) << o.warnings[0].what;
}

}  // namespace
}  // namespace ridgepoint
