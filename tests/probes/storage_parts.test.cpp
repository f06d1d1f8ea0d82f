// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <limits>

#include "model/core/scratch_file.h"
#include "model/core/units.h"
#include "probes/storage_cells.h"
#include "probes/storage_device.h"
#include "probes/storage_latency.h"
#include "tests/probes/support/map_host.h"
#include "tests/probes/support/temp_folder.h"

namespace ridgepoint {
namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

TEST(LatencyHistogram, KeepsEveryLatencyWithinItsBucketWidth) {
  for (double seconds = 20e-9; seconds < 900; seconds *= 1.37) {
    LatencyHistogram h;
    for (int i = 0; i < 10; ++i) h.add(seconds);
    EXPECT_NEAR(*h.percentile(0.5) / seconds, 1, seconds < 64e-9 ? 0.03 : 0.012) << seconds;
  }
}

TEST(LatencyHistogram, TellsPercentilesOfAKnownDistribution) {
  LatencyHistogram odd, even;
  for (int i = 1; i <= 10000; ++i) (i % 2 == 1 ? odd : even).add(i * 1e-6);
  odd.add(even);
  EXPECT_EQ(odd.count(), 10000u);
  EXPECT_NEAR(*odd.percentile(0.5), 5e-3, 1e-4);
  EXPECT_NEAR(*odd.percentile(0.99), 9.9e-3, 2e-4);
  EXPECT_NEAR(*odd.percentile(0.999), 9.99e-3, 2e-4);
}

TEST(LatencyHistogram, IsSilentWhereTooFewRequestsTookLonger) {
  LatencyHistogram h;
  EXPECT_FALSE(h.percentile(0.5));
  for (int i = 0; i < 499; ++i) h.add(1e-3);
  EXPECT_TRUE(h.percentile(0.5));
  EXPECT_FALSE(h.percentile(0.99));
  h.add(1e-3);
  EXPECT_TRUE(h.percentile(0.99));
  EXPECT_FALSE(h.percentile(0.999));
}

TEST(FileSize, IsTheWishButAtMostAQuarterOfTheRoomAndTheLimit) {
  EXPECT_EQ(*file_size_for(256 * kMebi, {100 * kGibi, kNoLimit}), 256U << 20);
  EXPECT_EQ(*file_size_for(256 * kMebi, {100 * kMebi, kNoLimit}), 25U << 20);
  EXPECT_EQ(*file_size_for(256 * kMebi, {100 * kGibi, 9.9 * kMebi}), 9U << 20);
}

TEST(FileSize, RefusesWhereNothingUsefulFitsAndNamesWhatLimits) {
  const auto full = file_size_for(256 * kMebi, {15 * kMebi, kNoLimit});
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().kind, ErrorKind::unavailable);
  EXPECT_NE(full.error().fix.find("--storage-dir"), std::string::npos);
  const auto limited = file_size_for(256 * kMebi, {100 * kGibi, 1 * kMebi});
  ASSERT_FALSE(limited);
  EXPECT_EQ(limited.error().fix, "ulimit -f unlimited");
}

TEST(StorageTrouble, TellsNoRoomFromAFailingDevice) {
  EXPECT_EQ(storage_trouble("write", ENOSPC).kind, ErrorKind::unavailable);
  EXPECT_EQ(storage_trouble("write", EDQUOT).kind, ErrorKind::unavailable);
  EXPECT_EQ(storage_trouble("write", EROFS).kind, ErrorKind::unavailable);
  EXPECT_EQ(storage_trouble("read", EIO).kind, ErrorKind::io);
  for (const int code : {ENOSPC, EIO, EFBIG, EACCES})
    EXPECT_NE(storage_trouble("read", code).fix, "") << code;
}

TEST(ScratchFile, LeavesNoNameBehind) {
  const test::TempFolder folder;
  auto file = ScratchFile::open(folder.path());
  ASSERT_TRUE(file);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << "while it is open";
  file->prove_direct();
  EXPECT_EQ(file->direct(), file->obstacle().empty());
}

TEST(ScratchFile, SaysWhatToDoWhereNoFileCanBeMade) {
  const auto file = ScratchFile::open("/proc/self/no-such-folder");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().kind, ErrorKind::unavailable);
  EXPECT_NE(file.error().fix.find("--storage-dir"), std::string::npos);
}

test::MapHost disk_host(const std::string& disk) {
  const std::string folder = "sys/block/" + disk;
  return test::MapHost({{"proc/self/mountinfo", "22 1 259:2 / / rw - ext4 /dev/" + disk +
                                                    "p2 rw\n"
                                                    "23 22 0:40 / /tmp rw - tmpfs tmpfs rw\n"
                                                    "24 22 0:41 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"},
                        {"proc/self/cgroup", "0::/a/b\n"},
                        {"sys/dev/block/259:2/uevent", "MAJOR=259\nDEVNAME=" + disk + "p2\n"},
                        {folder + "/dev", "259:0\n"},
                        {folder + "/queue/rotational", "0\n"},
                        {folder + "/queue/scheduler", "[none] mq-deadline\n"},
                        {folder + "/device/model", "Samsung SSD 990 PRO 1TB                 \n"}});
}

TEST(SeeDevice, FindsTheDiskBehindAPartition) {
  const StorageDevice seen = see_device(disk_host("nvme0n1"), "/home/me", std::pair(259U, 2U));
  EXPECT_EQ(seen.file_system, "ext4");
  EXPECT_EQ(seen.disk, "nvme0n1");
  EXPECT_EQ(seen.number, "259:0");
  EXPECT_EQ(seen.model, "Samsung SSD 990 PRO 1TB");
  EXPECT_EQ(seen.scheduler, "none");
  EXPECT_EQ(seen.rotational, false);
  EXPECT_EQ(seen.virtual_sign, "");
  EXPECT_TRUE(seen.limits.empty());
  EXPECT_EQ(see_device(disk_host("nvme0n1"), "/home/me").disk, "nvme0n1") << "from the mount alone";
  auto host = disk_host("nvme0n1");
  host.files()["proc/self/mountinfo"] = "22 1 259:2 / / rw - ext4 /dev/root rw\n";
  EXPECT_EQ(see_device(host, "/home/me").disk, "") << "/dev/root is no device";
  EXPECT_EQ(see_device(host, "/home/me", std::pair(259U, 2U)).disk, "nvme0n1") << "from the number alone";
}

TEST(SeeDevice, FindsNoDiskBehindMemoryOrNothing) {
  const StorageDevice memory = see_device(disk_host("nvme0n1"), "/tmp/x", std::pair(0U, 40U));
  EXPECT_EQ(memory.file_system, "tmpfs");
  EXPECT_EQ(memory.disk, "");
  EXPECT_FALSE(memory.rotational) << "absent is not false";
  EXPECT_EQ(see_device(test::MapHost({}), "/").file_system, "");
}

TEST(SeeDevice, KnowsVirtualDisksByNameMakerAndModel) {
  EXPECT_NE(see_device(disk_host("vda"), "/", {}).virtual_sign, "");
  auto host = disk_host("nvme0n1");
  host.files()["sys/block/nvme0n1/device/model"] = "Amazon Elastic Block Store\n";
  EXPECT_NE(see_device(host, "/").virtual_sign.find("Elastic"), std::string::npos);
  host.files()["sys/block/nvme0n1/device/model"] = "Amazon EC2 NVMe Instance Storage\n";
  EXPECT_EQ(see_device(host, "/").virtual_sign, "") << "a disk of the machine itself";
  host.files()["sys/block/nvme0n1/device/vendor"] = "QEMU    \n";
  EXPECT_NE(see_device(host, "/").virtual_sign.find("QEMU"), std::string::npos);
}

TEST(SeeDevice, NamesTheLimitsOfBothGenerationsOfControlGroups) {
  auto host = disk_host("nvme0n1");
  host.files()["sys/fs/cgroup/a/io.max"] =
      "8:0 rbps=1 wbps=1\n259:0 rbps=1048576 wbps=max riops=max wiops=9\n";
  EXPECT_EQ(see_device(host, "/").limits,
            std::vector<std::string>{"/sys/fs/cgroup/a/io.max rbps=1048576 wiops=9"});
  host.files()["sys/fs/cgroup/a/io.max"] = "259:0 rbps=max wbps=max riops=max wiops=max\n";
  EXPECT_TRUE(see_device(host, "/").limits.empty());
  host.files()["proc/self/mountinfo"] += "25 22 0:42 / /sys/fs/cgroup/blkio rw - cgroup cgroup rw,blkio\n";
  host.files()["proc/self/cgroup"] = "7:blkio:/\n";
  host.files()["sys/fs/cgroup/blkio/blkio.throttle.write_bps_device"] = "259:0 2097152\n";
  EXPECT_EQ(see_device(host, "/").limits,
            std::vector<std::string>{"/sys/fs/cgroup/blkio/blkio.throttle.write_bps_device 2097152"});
}

TEST(Medium, TellsWhoAnswers) {
  EXPECT_EQ(medium_of("ext4"), Medium::disk);
  EXPECT_EQ(medium_of("tmpfs"), Medium::memory);
  EXPECT_EQ(medium_of("fuse.sshfs"), Medium::network);
  EXPECT_EQ(medium_of("fuseblk"), Medium::disk) << "NTFS through FUSE is on a local disk";
  EXPECT_EQ(medium_of("overlay"), Medium::overlay);
  EXPECT_EQ(medium_of("zfs"), Medium::own_cache);
}

std::vector<std::string> keys_at(Level level) {
  std::vector<std::string> keys;
  for (const StorageCell& c : storage_cells(StorageEffort::at(level), 256 * kMebi)) keys.push_back(c.key);
  return keys;
}

TEST(StorageCells, AreOfOneGrammarAndFewerAtTheQuickLevel) {
  EXPECT_EQ(keys_at(Level::quick),
            (std::vector<std::string>{"storage.read.sequential.8d", "storage.write.sequential.8d",
                                      "storage.read.random.1d", "storage.read.random.32d",
                                      "storage.write.random.1d", "storage.write.random.32d",
                                      "storage.sync.latency"}));
  EXPECT_EQ(keys_at(Level::full).size(), 11u);
  EXPECT_EQ(keys_at(Level::full), keys_at(Level::smoke)) << "smoke proves that every cell runs";
}

TEST(StorageEffort, BoundsWhatAVisitWrites) {
  for (const double file : {4 * kMebi, 100 * kMebi, 256 * kMebi, kGibi, 4 * kGibi}) {
    int writes = 0;
    for (const StorageCell& c : storage_cells(StorageEffort::at(Level::full), file)) {
      writes += c.job.write ? 1 : 0;
      if (c.job.write) {
        EXPECT_LE(static_cast<double>(c.job.most * c.job.block), StorageEffort::sample_byte(file)) << c.key;
      }
    }
    const double rounds = StorageEffort::most_samples(file, writes) + 1;
    EXPECT_LE(file + rounds * writes * StorageEffort::sample_byte(file), StorageEffort::most_written(file))
        << file;
  }
}

TEST(StorageCells, PercentilesAreSeriesOfTheVisitAndAbsentWhereUnsure) {
  StorageCell cell = storage_cells(StorageEffort::at(Level::full), kGibi).front();
  for (int i = 0; i < 600; ++i) cell.latency.add(1e-3);
  ProbeOutcome o;
  add_percentiles(cell, "a test", {}, o);
  ASSERT_EQ(o.samples.size(), 2u);
  EXPECT_EQ(o.samples[1].key, "storage.read.sequential.1d.latency.p99");
  EXPECT_NEAR(o.samples[1].values.at(0), 1e-3, 2e-5);
  ProbeOutcome none;
  add_percentiles(cell, "a test", {"storage.read.sequential.1d"}, none);
  EXPECT_TRUE(none.samples.empty()) << "not asked for";
}

Samples series(const std::string& key, const std::vector<double>& values) {
  return {key, "byte/s", "a test", values};
}

TEST(Throttle, IsAFallThatStays) {
  const std::string key = "storage.write.sequential.8d";
  EXPECT_EQ(throttle_warnings({series(key, {900, 950, 910, 400, 300, 300, 310, 305})}).size(), 1u);
  EXPECT_TRUE(throttle_warnings({series(key, {900, 300, 910, 400, 900, 300, 900, 305})}).empty()) << "noise";
  EXPECT_TRUE(throttle_warnings({series(key, {1000, 250, 300, 300, 300, 300, 300, 300})}).empty())
      << "one fast sample is no plateau";
  EXPECT_TRUE(throttle_warnings({series(key, {900, 950, 910, 800, 700, 600, 610, 605})}).empty()) << "drift";
  EXPECT_TRUE(throttle_warnings({series(key, {900, 300})}).empty()) << "too few";
  EXPECT_TRUE(throttle_warnings({series(key, {300, 310, 305, 900, 950, 910, 900, 920})}).empty()) << "a rise";
}

}  // namespace
}  // namespace ridgepoint
