// SPDX-License-Identifier: Apache-2.0
#include "model/core/file_io.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

namespace ridgepoint {
namespace {

namespace fs = std::filesystem;

class FileIo : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "ridgepoint-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string at(const std::string& name) const { return (folder_ / name).string(); }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

 private:
  fs::path folder_;
};

TEST_F(FileIo, AFileIsReplacedWhole) {
  ASSERT_TRUE(write_file_atomically(at("a"), "old"));
  ASSERT_TRUE(write_file_atomically(at("a"), "new and longer"));
  EXPECT_EQ(*read_file(at("a"), 100), "new and longer");
  EXPECT_EQ(entries(), 1u);
}

/// A failing write, made by the file-size limit of the process: the same path as a full disk (short write,
/// then error).
TEST_F(FileIo, AFailedWriteLeavesTheOldFileAndNoTrace) {
  ASSERT_TRUE(write_file_atomically(at("a"), "good"));
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit tight{1024, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &tight);
  const auto r = write_file_atomically(at("a"), std::string(1 << 16, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &before);
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().kind, ErrorKind::io);
  EXPECT_NE(r.error().what.find(at("a")), std::string::npos);
  EXPECT_EQ(*read_file(at("a"), 100), "good");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(FileIo, APipeIsWrittenToAndStaysAPipe) {
  ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
  const int reader = ::open(at("pipe").c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  EXPECT_TRUE(check_writable(at("pipe")));
  EXPECT_TRUE(write_file_atomically(at("pipe"), "through"));
  char got[16] = {};
  EXPECT_EQ(::read(reader, got, sizeof got - 1), 7);
  EXPECT_STREQ(got, "through");
  ::close(reader);
  EXPECT_TRUE(fs::is_fifo(at("pipe")));
  EXPECT_EQ(entries(), 1u);
}

TEST_F(FileIo, AFullDeviceIsAnErrorAndStaysADevice) {
  const auto full = write_file_atomically("/dev/full", "anything");
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().kind, ErrorKind::io);
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST_F(FileIo, ALinkStaysALink) {
  ASSERT_TRUE(write_file_atomically(at("a"), "old"));
  fs::create_symlink("a", at("link"));
  ASSERT_TRUE(write_file_atomically(at("link"), "new"));
  EXPECT_TRUE(fs::is_symlink(at("link")));
  EXPECT_EQ(*read_file(at("a"), 100), "new");
}

TEST_F(FileIo, CheckingAPathLeavesNothingBehind) {
  EXPECT_TRUE(check_writable(at("new/folder/file.json")));
  EXPECT_FALSE(fs::exists(at("new/folder/file.json")));
  EXPECT_TRUE(fs::is_empty(at("new/folder")));
}

TEST_F(FileIo, ADirectoryAMissingFileAndALargeFileAreClearErrors) {
  EXPECT_NE(read_file(at(""), 10).error().why.find("directory"), std::string::npos);
  EXPECT_NE(read_file(at("none"), 10).error().why.find("no such file"), std::string::npos);
  ASSERT_TRUE(write_file_atomically(at("big"), "0123456789A"));
  EXPECT_NE(read_file(at("big"), 10).error().why.find("larger than 10"), std::string::npos);
  EXPECT_EQ(write_file_atomically(at(""), "x").error().kind, ErrorKind::bad_input);
}

TEST_F(FileIo, FilesAreListedInOrder) {
  for (const char* name : {"b.json", "a.json", "c.txt"}) ASSERT_TRUE(write_file_atomically(at(name), "{}"));
  const auto list = list_files(at(""), ".json");
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 2u);
  EXPECT_TRUE((*list)[0].ends_with("a.json"));
}

}  // namespace
}  // namespace ridgepoint
