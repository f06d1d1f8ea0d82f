// SPDX-License-Identifier: Apache-2.0
#include "probes/journal.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace ridgepoint {
namespace {

const JournalHead kHead{"0.1.0", Level::standard, 3, "a cpu, 2 processing units", ""};

class JournalTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "/ridgepoint_journal_" +
            testing::UnitTest::GetInstance()->current_test_info()->name();
    auto journal = Journal::open(path_, kHead, false);
    ASSERT_TRUE(journal);
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(journal->append(visit(i)));
  }
  void TearDown() override { std::filesystem::remove(path_); }

  static Visit visit(int i) {
    Visit v{"bandwidth", i, 0.5, {}};
    v.outcome.samples.push_back({"memory.dram.bandwidth.read", "byte/s", "probe", {1e9 / 3, 2e9}, true});
    v.outcome.facts["cpu.x"] = measured(1, "1", "probe");
    v.outcome.warnings.push_back({"code", "what", "fix"});
    return v;
  }
  std::string text() const {
    std::ifstream in(path_);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const std::string& text) const { std::ofstream(path_) << text; }

  std::string path_;
};

TEST_F(JournalTest, GivesBackEveryVisitExactly) {
  const auto journal = Journal::open(path_, kHead, true);
  ASSERT_TRUE(journal);
  ASSERT_EQ(journal->done().size(), 2u);
  EXPECT_EQ(journal->done()[1].visit, 1);
  EXPECT_EQ(journal->done()[1].outcome.samples.at(0).values, visit(1).outcome.samples.at(0).values);
  EXPECT_EQ(journal->done()[0].outcome.facts.at("cpu.x").number(), 1);
  EXPECT_EQ(journal->done()[0].outcome.warnings.size(), 1u);
}

TEST_F(JournalTest, SurvivesTruncationAtEveryByte) {
  const std::string whole = text();
  const std::size_t head = whole.find('\n') + 1;
  for (std::size_t n = 0; n < whole.size(); n += 7) {
    write(whole.substr(0, n));
    auto journal = Journal::open(path_, kHead, true);
    ASSERT_EQ(journal.has_value(), n >= head) << n;
    if (!journal) continue;
    const std::size_t kept = journal->done().size();
    ASSERT_TRUE(journal->append(visit(7)));
    const auto again = Journal::open(path_, kHead, true);
    ASSERT_TRUE(again) << n;
    EXPECT_EQ(again->done().size(), kept + 1) << n;
    EXPECT_EQ(again->done().back().visit, 7);
  }
}

TEST_F(JournalTest, RefusesAnotherMachineLevelOrVersionAndDamageInTheMiddle) {
  for (JournalHead other : {JournalHead{"0.1.0", Level::standard, 3, "another", ""},
                            JournalHead{"0.1.0", Level::full, 3, kHead.machine, ""},
                            JournalHead{"9", Level::standard, 3, kHead.machine, ""},
                            JournalHead{"0.1.0", Level::standard, 3, kHead.machine, "memory 8 MiB"}}) {
    const auto journal = Journal::open(path_, other, true);
    ASSERT_FALSE(journal);
    EXPECT_EQ(journal.error().kind, ErrorKind::bad_input);
  }
  std::string damaged = text();
  damaged[damaged.find('\n') + 3] = '}';
  write(damaged);
  EXPECT_FALSE(Journal::open(path_, kHead, true));
  EXPECT_FALSE(Journal::open(path_ + ".missing", kHead, true));
}

}  // namespace
}  // namespace ridgepoint
