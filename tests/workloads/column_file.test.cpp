// SPDX-License-Identifier: Apache-2.0
#include "workloads/analytics/column_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <numeric>
#include <set>

#include "model/core/ports.h"
#include "model/core/random.h"

namespace ridgepoint {
namespace {

class Folder {
 public:
  Folder() : path_(std::filesystem::path("/var/tmp") / "ridgepoint-test-XXXXXX") {
    std::string name = path_.string();
    path_ = ::mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string path() const { return path_.string(); }
  bool empty() const { return std::filesystem::is_empty(path_); }

 private:
  std::filesystem::path path_;
};

std::vector<std::uint32_t> numbers_of(int bits, std::size_t n) {
  std::vector<std::uint32_t> numbers(n);
  for (std::size_t i = 0; i < n; ++i)
    numbers[i] = static_cast<std::uint32_t>(random_bits(1, i)) & ((1U << bits) - 1);
  numbers[1] = (1U << bits) - 1;
  return numbers;
}

TEST(BitPack, EveryWidthGivesBackEveryNumber) {
  for (int bits = 1; bits < 32; ++bits) {
    const auto numbers = numbers_of(bits, 2 * kPackGroup);
    std::vector<std::uint32_t> words(2 * packed_word(bits)), back(numbers.size()), looked_up(numbers.size());
    for (std::size_t g = 0; g < 2; ++g)
      pack_group(&numbers[g * kPackGroup], bits, &words[g * packed_word(bits)]);
    unpack_groups(words.data(), 2, bits, back.data());
    EXPECT_EQ(back, numbers) << bits;
    for (std::size_t i = 0; i < kPackGroup; ++i)
      ASSERT_EQ(packed_number(words.data(), bits, i), numbers[i]) << bits << " " << i;
    if (bits > 12) continue;
    std::vector<std::uint32_t> entries(std::size_t{1} << bits);
    for (std::size_t i = 0; i < entries.size(); ++i)
      entries[i] = static_cast<std::uint32_t>(random_bits(2, i));
    unpack_dictionary(words.data(), 2, bits, entries.data(), looked_up.data());
    for (std::size_t i = 0; i < numbers.size(); ++i) ASSERT_EQ(looked_up[i], entries[numbers[i]]) << bits;
  }
}

TEST(BitPack, ThePlaceOfANumberIsAsDescribed) {
  std::vector<std::uint32_t> numbers(kPackGroup), words(packed_word(5));
  numbers[6 * 32 + 3] = 0x15;  // the seventh of lane 3: bits 30..34 of its stream
  pack_group(numbers.data(), 5, words.data());
  EXPECT_EQ(words[3], 0x40000000U);
  EXPECT_EQ(words[32 + 3], 0x5U);
}

TEST(BitPack, TheFusedSumIsTheSlowOneWithTheLargestNumbersToo) {
  std::vector<std::byte> block(kColumnBlockByte);
  ColumnFileHeader header = column_header(3 * kPackGroup - 5);
  header.block_rows = 3 * kPackGroup;
  const std::uint64_t sum = fill_block(7, header, 0, block.data());
  EXPECT_NE(sum, 0u);
  EXPECT_EQ(block_revenue(block.data(), 3), sum);
  EXPECT_EQ(packed_revenue(columns_of(block.data(), 3), 3), sum);
  const auto all = [](std::uint32_t number, int bits) {
    std::vector<std::uint32_t> numbers(kPackGroup, number), words(packed_word(bits));
    pack_group(numbers.data(), bits, words.data());
    return words;
  };
  const auto price = all((1U << 24) - 1, 24), discount = all(7, 4), quantity = all(23, 6);
  for (const std::uint32_t day : {729U, 730U, 1094U, 1095U}) {
    const auto date = all(day, 12);
    const bool in = day == 730 || day == 1094;
    EXPECT_EQ(packed_revenue({date.data(), discount.data(), quantity.data(), price.data()}, 1),
              in ? 1024ULL * 7 * ((1U << 24) - 1) : 0)
        << day;
  }
}

TEST(ColumnFile, HostileHeadersAreRefusedWithAReason) {
  std::vector<std::byte> page(kHeaderByte);
  const auto parse = [&](const ColumnFileHeader& h, double bytes) {
    std::memcpy(page.data(), &h, sizeof h);
    return parse_column_header(page.data(), bytes, "x");
  };
  const ColumnFileHeader good = column_header(1000000);  // 6 blocks
  EXPECT_TRUE(parse(good, kHeaderByte + 6.0 * kColumnBlockByte));
  EXPECT_FALSE(parse(good, kHeaderByte + 6.0 * kColumnBlockByte - 1)) << "too short";
  const auto spoilt = [&](auto&& change) {
    ColumnFileHeader h = good;
    change(h);
    return parse(h, 1e15);
  };
  using H = ColumnFileHeader;
  EXPECT_FALSE(spoilt([](H& h) { h.magic[0] = 'X'; }));
  EXPECT_FALSE(spoilt([](H& h) { h.rows = 0; }));
  EXPECT_FALSE(spoilt([](H& h) { h.rows = ~std::uint64_t{0}; }));
  EXPECT_FALSE(spoilt([](H& h) { h.block_rows = 0; }));
  EXPECT_FALSE(spoilt([](H& h) { h.block_rows = 0xFFFFFC00U; }));
  EXPECT_FALSE(spoilt([](H& h) { h.block_rows += 512; }));
  EXPECT_FALSE(spoilt([](H& h) { h.block_byte = 0; }));
  EXPECT_FALSE(spoilt([](H& h) { h.block_byte = 0xFFFFF000U; }));
  EXPECT_FALSE(spoilt([](H& h) { h.columns = 5; }));
  EXPECT_FALSE(spoilt([](H& h) { h.column[2].bits = 33; }));
}

TEST(BlockIo, EveryBlockComesOnceWithItsData) {
  const Folder folder;
  std::vector<Warning> warnings;
  auto file = scratch_for({.shape = *Shape::parse("", "a=1"), .cpus = {0}, .directory = folder.path()},
                          1 << 20, warnings);
  ASSERT_TRUE(file) << file.error().what;
  EXPECT_TRUE(folder.empty()) << "the file has no name";
  auto io = BlockIo::make(std::make_shared<Team>(std::vector<int>{0, 0, 0}), 4096, 6);
  ASSERT_TRUE(io);
  const BlockFile blocks{file->descriptor(), 4096, 4096, 101, "the test file"};
  ASSERT_TRUE((*io)->write(
      blocks, [](int, std::size_t b, std::byte* data) { std::memset(data, static_cast<int>(b), 4096); }));
  std::multiset<std::size_t> seen;
  std::mutex mutex;
  ASSERT_TRUE((*io)->read(blocks, 99, 102, [&](int, std::size_t b, const std::byte* data) {
    const std::lock_guard lock(mutex);
    seen.insert(data[4095] == static_cast<std::byte>(b) ? b : 1000);
  }));
  EXPECT_EQ(seen.size(), 102u);
  EXPECT_EQ(seen.count(99), 2u) << "wraps at the end";
  EXPECT_EQ(seen.count(1000), 0u);
  ASSERT_EQ(::ftruncate(file->descriptor(), 4096 + 50 * 4096), 0);
  const auto cut = (*io)->read(blocks, 0, 101, [](int, std::size_t, const std::byte*) {});
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().kind, ErrorKind::io);
  EXPECT_NE(cut.error().why.find("cut short"), std::string::npos);
}

const Kernel& scan_kernel() {
  return **std::ranges::find_if(kernels(), [](const Kernel* k) { return k->id == "analytics/scan-storage"; });
}

KernelRequest scan_request(const std::string& shape, const std::string& folder) {
  return {.shape = *Shape::parse(shape, scan_kernel().default_shape), .cpus = {0, 0}, .directory = folder};
}

TEST(ScanStorage, SumsAFileLargerThanItsBudgetAndLeavesNothing) {
  const Folder folder;
  {
    const auto p = scan_kernel().prepare(scan_request("mib=12 budget_mib=5", folder.path()));
    ASSERT_TRUE(p) << p.error().what;
    EXPECT_TRUE(p->verification.passed);
    EXPECT_EQ(p->cost.storage_read_byte, 12.0 * (1 << 20));
    EXPECT_NE(p->verification.reference.find("hold 4 MiB of a budget of 5 MiB"), std::string::npos)
        << p->verification.reference;
    p->body();
    EXPECT_FALSE(p->trouble());
    EXPECT_GT(p->roof->rate(), 1e3);
    EXPECT_TRUE(folder.empty());
    Interrupt::request();
    p->body();
    Interrupt::clear();
    ASSERT_TRUE(p->trouble());
    EXPECT_EQ(p->trouble()->kind, ErrorKind::interrupted);
  }
  EXPECT_TRUE(folder.empty());
}

TEST(ScanStorage, RefusesWhatCannotBe) {
  const Folder folder;
  const auto kind = [&](const KernelRequest& r) { return scan_kernel().prepare(r).error().kind; };
  EXPECT_EQ(kind(scan_request("mib=4 budget_mib=4", folder.path())), ErrorKind::bad_input);
  EXPECT_EQ(kind(scan_request("mib=8 budget_mib=3", folder.path())), ErrorKind::unavailable);
  EXPECT_EQ(kind(scan_request("mib=1000000000", folder.path())), ErrorKind::unavailable);
  EXPECT_EQ(kind(scan_request("", "/proc/self/none")), ErrorKind::unavailable);
  auto users = scan_request("", folder.path());
  users.input = folder.path() + "/none";
  EXPECT_EQ(kind(users), ErrorKind::bad_input);
  std::ofstream(users.input) << "short";
  EXPECT_EQ(kind(users), ErrorKind::bad_input);
}

TEST(ScanStorage, ReadsAUsersFile) {
  const Folder folder;
  auto request = scan_request("budget_mib=4", folder.path());
  request.input = folder.path() + "/table";
  ColumnFileHeader header = column_header(2 * 4096 - 100);
  header.block_rows = 4096;
  header.block_byte = 24576;
  std::vector<char> bytes(kHeaderByte + std::size_t{2} * header.block_byte);
  std::memcpy(bytes.data(), &header, sizeof header);
  std::uint64_t sum = 0;
  for (std::size_t b = 0; b < 2; ++b)
    sum += fill_block(3, header, b,
                      reinterpret_cast<std::byte*>(bytes.data()) + kHeaderByte + b * header.block_byte);
  std::ofstream(request.input, std::ios::binary).write(bytes.data(), std::ssize(bytes));
  const auto p = scan_kernel().prepare(request);
  ASSERT_TRUE(p) << p.error().what << p.error().why;
  EXPECT_TRUE(p->verification.passed);
  EXPECT_NE(sum, 0u);
  p->body();
  EXPECT_FALSE(p->trouble());
  std::filesystem::resize_file(request.input, kHeaderByte + header.block_byte);
  p->body();
  ASSERT_TRUE(p->trouble());
  EXPECT_NE(p->trouble()->why.find("cut short"), std::string::npos);
}

}  // namespace
}  // namespace ridgepoint
