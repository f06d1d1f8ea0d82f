// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>

#include "reports/store/history.h"
#include "reports/store/place.h"
#include "tests/reports/documents.h"

namespace ridgepoint::testing_reports {
namespace {

/// A folder that goes with the test.
class Folder {
 public:
  Folder() : path_(testing::TempDir() + "ridgepoint_store_XXXXXX") {
    EXPECT_NE(::mkdtemp(path_.data()), nullptr);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

std::string text_of(const std::string& kind) { return *read_text_file(input_path(kind)); }

TEST(History, GivesBackTheSameBytesAndCountsTheSameOnce) {
  const Folder folder;
  auto history = History::open(folder.file("a/b/history.sqlite"));
  ASSERT_TRUE(history) << history.error().what;
  std::int64_t id = 0;
  for (const std::string kind : kKinds) {
    const auto first = history->add(text_of(kind), kind, "2026-01-01T00:00:00Z");
    ASSERT_TRUE(first) << first.error().what;
    EXPECT_TRUE(first->is_new);
    EXPECT_EQ(first->id, ++id);
    const auto again = history->add(text_of(kind), kind, "2026-01-02T00:00:00Z");
    ASSERT_TRUE(again);
    EXPECT_FALSE(again->is_new);
    EXPECT_EQ(again->id, id);
    EXPECT_EQ(*history->text(std::to_string(id)), text_of(kind));
    EXPECT_EQ(*history->text("latest"), text_of(kind));
  }
  EXPECT_EQ(history->list("")->size(), kKinds.size());
  EXPECT_EQ(history->list("runs")->size(), 1u);
}

TEST(History, HoldsTheFiguresAndForgetsThemWithTheDocument) {
  const Folder folder;
  const std::string path = folder.file("history.sqlite");
  auto history = History::open(path);
  ASSERT_TRUE(history && history->add(text_of("runs"), "runs", ""));
  auto database = Database::open(path);
  ASSERT_TRUE(database);
  const auto count = [&] {
    return std::get<std::int64_t>((*database->ask("SELECT count(*) FROM figures WHERE kind = 'runs'"))[0][0]);
  };
  EXPECT_GT(count(), 5);
  ASSERT_TRUE(history->remove("1"));
  EXPECT_EQ(std::get<std::int64_t>((*database->ask("SELECT count(*) FROM figure"))[0][0]), 0);
  EXPECT_FALSE(history->text("1"));
}

TEST(History, AnIdIsNotUsedTwice) {
  const Folder folder;
  auto history = History::open(folder.file("history.sqlite"));
  ASSERT_TRUE(history && history->add(text_of("runs"), "runs", "") && history->remove("1"));
  EXPECT_EQ(history->add(text_of("runs"), "runs", "")->id, 2);
}

TEST(History, ARefusedDocumentLeavesNothing) {
  const Folder folder;
  auto history = History::open(folder.file("history.sqlite"));
  ASSERT_TRUE(history);
  Document broken = golden_document("runs");
  broken.body.erase("machine_id");
  EXPECT_FALSE(history->add(*document_text(broken), "broken", ""));
  EXPECT_FALSE(history->add("{}", "empty", ""));
  EXPECT_TRUE(history->list("")->empty());
  for (const char* id : {"0", "7", "-1", "x", "", "1; DROP TABLE document"}) EXPECT_FALSE(history->text(id));
}

TEST(History, RefusesWhatIsNotItsOwn) {
  const Folder folder;
  const std::string foreign = folder.file("foreign"), newer = folder.file("newer"),
                    text = folder.file("text");
  {
    auto database = Database::open(foreign);
    ASSERT_TRUE(database && database->ask("CREATE TABLE mine (x)"));
    ASSERT_TRUE(History::open(newer));
    auto other = Database::open(newer);
    ASSERT_TRUE(other && other->ask("PRAGMA user_version = 99"));
    std::FILE* file = std::fopen(text.c_str(), "w");
    for (int i = 0; i < 1000; ++i) std::fputs("not a database ", file);
    std::fclose(file);
  }
  EXPECT_TRUE(contains(History::open(foreign).error().what, "another program"));
  EXPECT_TRUE(contains(History::open(newer).error().what, "version 99"));
  EXPECT_TRUE(contains(History::open(text).error().fix, "no history of ridgepoint"));
  auto database = Database::open(foreign);
  EXPECT_EQ(database->ask("SELECT * FROM mine")->size(), 0u) << "left as it was";
}

TEST(History, TimesAreSecondsSince1970) {
  EXPECT_EQ(unix_time("1970-01-02T00:00:01Z"), 86401);
  EXPECT_EQ(unix_time("2017-06"), 1496275200);
  EXPECT_EQ(unix_time("2026-01-02T03:04:05Z"), 1767323045);
  for (const char* none : {"", "yesterday", "2026-01-02T03:04:05", "2026-01-02T03:04:05Zx"})
    EXPECT_FALSE(unix_time(none)) << none;
}

TEST(StorePlace, KnowsNetworkFileSystemsFromLocalOnes) {
  EXPECT_EQ(network_file_system(0x6969), "NFS");
  EXPECT_EQ(network_file_system(0x0BD00BD0), "Lustre");
  EXPECT_EQ(network_file_system(static_cast<long>(0xFF534D42)), "CIFS");
  EXPECT_EQ(network_file_system(static_cast<int>(0xFF534D42)), "CIFS") << "sign-extended";
  for (const long local :
       {0xEF53L, 0x9123683EL, 0x58465342L, 0x01021994L, 0x794C7630L})  // ext, btrfs, xfs, tmpfs, overlay
    EXPECT_EQ(network_file_system(local), "") << local;
}

}  // namespace
}  // namespace ridgepoint::testing_reports
