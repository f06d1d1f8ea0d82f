// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "workloads/kernel.h"
#include "workloads/sparse/matrix_market.h"

namespace ridgepoint {
namespace {

/// A file that is gone after the test.
class Written {
 public:
  explicit Written(const std::string& text)
      : path_(std::filesystem::temp_directory_path() /
              ("ridgepoint-mm-" + std::to_string(::getpid()) + ".mtx")) {
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~Written() { std::filesystem::remove(path_); }
  Written(const Written&) = delete;
  Written& operator=(const Written&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

Result<CsrMatrix> read(const std::string& text, double limit = 1e9) {
  const Written file(text);
  return read_matrix_market(file.path(), limit);
}

std::string what(const std::string& text) {
  const auto m = read(text);
  return m ? "accepted" : m.error().what;
}

std::string entries(const CsrMatrix& m) {
  std::string s;
  for (std::int64_t r = 0; r < m.rows; ++r)
    for (std::int64_t k = m.pointer()[r]; k < m.pointer()[r + 1]; ++k) {
      char text[64];
      std::snprintf(text, sizeof text, "%ld,%d=%g ", static_cast<long>(r), m.column()[k], m.value()[k]);
      s += text;
    }
  return s;
}

const std::string kReal = "%%MatrixMarket matrix coordinate real general\n";

/// "2 2 1 / 1 1 3" with general real values, compressed by `gzip -n`.
const unsigned char kCompressed[] = {
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x53, 0x55, 0xf5, 0x4d, 0x2c,
    0x29, 0xca, 0xac, 0xf0, 0x4d, 0x2c, 0xca, 0x4e, 0x2d, 0x51, 0xc8, 0x05, 0x73, 0x14, 0x92,
    0xf3, 0xf3, 0x8b, 0x52, 0x32, 0xf3, 0x12, 0x4b, 0x52, 0x15, 0x8a, 0x52, 0x13, 0x73, 0x14,
    0xd2, 0x53, 0xf3, 0x52, 0x8b, 0x12, 0x73, 0xb8, 0x8c, 0x14, 0x8c, 0x14, 0x0c, 0xb9, 0x0c,
    0x15, 0x0c, 0x15, 0x8c, 0xb9, 0x00, 0x0d, 0x76, 0x01, 0x25, 0x3a, 0x00, 0x00, 0x00};

TEST(MatrixMarket, ReadsWhatTheFormatAllows) {
  EXPECT_EQ(entries(*read(kReal + "% a comment\n\n2 3 3\n2 3 -1.5e0\r\n1 1 +4\n  1\t2   .5  \n")),
            "0,0=4 0,1=0.5 1,2=-1.5 ");
  EXPECT_EQ(entries(*read("%%matrixmarket MATRIX Coordinate Pattern General\n2 2 2\n1 2\n2 1")),
            "0,1=1 1,0=1 ");
  EXPECT_EQ(entries(*read("%%MatrixMarket matrix coordinate integer symmetric\n2 2 2\n1 1 7\n2 1 3\n")),
            "0,0=7 0,1=3 1,0=3 ");
  EXPECT_EQ(entries(*read("%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n2 1 3\n")),
            "0,1=-3 1,0=3 ");
  EXPECT_EQ(entries(*read(kReal + "2 2 3\n1 1 1\n2 2 5\n1 1 2\n")), "0,0=3 1,1=5 ")
      << "duplicates are summed";
  EXPECT_EQ(entries(*read(kReal + "1 1 1\n1 1 1e-999\n")), "0,0=0 ");
  EXPECT_EQ(read(kReal + "3 3 0\n")->nonzeros, 0);
}

TEST(MatrixMarket, RefusesDamagedAndHostileFilesWithTheLine) {
  const auto has = [](const std::string& text, const std::string& part) {
    EXPECT_NE(what(text).find(part), std::string::npos) << what(text);
  };
  has("", "no header");
  has("1 1 1\n", "line 1: no header");
  has("%%MatrixMarket matrix array real general\n", "is not read");
  has("%%MatrixMarket matrix coordinate complex general\n", "is not read");
  has("%%MatrixMarket matrix coordinate real hermitian\n", "is not read");
  has(kReal, "no line with rows");
  has(kReal + "2 2\n", "line 2: no line with rows");
  has(kReal + "0 2 0\n", "line 2: rows and columns");
  has(kReal + "3000000000 2 1\n", "line 2: rows and columns");
  has(kReal + "2 2 -1\n", "line 2: rows and columns");
  has(kReal + "99999999999999999999 2 1\n", "line 2: no line");
  has(kReal + "2 2 2\n1 1 1\n", "ends before all entries");
  has(kReal + "2 2 1\n1 1 1\n2 2 2\n", "line 4: more entries than the file says");
  has(kReal + "2 2 1\n3 1 1\n", "line 3: row 3, column 1 lies outside 2 x 2");
  has(kReal + "2 2 1\n0 1 1\n", "line 3: row 0");
  has(kReal + "2 2 1\n1 1 nan\n", "line 3: is not");
  has(kReal + "2 2 1\n1 1 inf\n", "line 3: is not");
  has(kReal + "2 2 1\n1 1 1e999\n", "line 3: is not");
  has(kReal + "2 2 1\n1 1 1 1\n", "line 3: is not");
  has(kReal + "2 2 1\n1 1\n", "line 3: is not");
  has(kReal + "2 2 1\n1.5 1 1\n", "line 3: is not");
  has(kReal + "2 2 2\n1 1 1e308\n1 1 1e308\n", "too large for a double");
  has("%%MatrixMarket matrix coordinate real symmetric\n2 2 1\n1 2 1\n", "line 3: a symmetric");
  has("%%MatrixMarket matrix coordinate real symmetric\n2 3 1\n2 1 1\n", "must be square");
  has("%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n1 1 1\n", "no diagonal");
  has(std::string(5000, 'x'), "more than 4096 characters");
  has(std::string(1 << 20, '\0'), "more than 4096 characters");
}

TEST(MatrixMarket, RefusesWhatAFileOnlySaysBeforeItTakesMemory) {
  const auto huge = read(kReal + "2000000000 2000000000 1000000000000\n1 1 1\n");
  ASSERT_FALSE(huge);
  EXPECT_EQ(huge.error().kind, ErrorKind::unavailable);
  EXPECT_NE(huge.error().fix.find("--memory"), std::string::npos);
  EXPECT_TRUE(read(kReal + "100 100 100\n", 1e6).error().what.find("ends before") != std::string::npos);
  EXPECT_EQ(read(kReal + "100 100 100\n", 1e3).error().kind, ErrorKind::unavailable);
}

TEST(MatrixMarket, BoundsCommentsThatNeverEnd) {
  std::string comments = kReal;
  const std::string line = "%" + std::string(4000, 'c') + "\n";
  while (comments.size() < (std::size_t{65} << 20)) comments += line;
  EXPECT_NE(what(comments).find("64 MiB of comments"), std::string::npos);
}

TEST(MatrixMarket, ReadsCompressedFilesAndSaysWhereTheyAreBroken) {
  const std::string whole(reinterpret_cast<const char*>(kCompressed), sizeof kCompressed);
  EXPECT_EQ(entries(*read(whole)), "0,0=3 ");
  EXPECT_NE(what(whole.substr(0, whole.size() - 9)).find("not whole"), std::string::npos);
  std::string wrong = whole;
  wrong[wrong.size() - 6] ^= 1;
  EXPECT_NE(what(wrong).find("not whole"), std::string::npos) << "the checksum does not fit";
  const std::string junk = whole.substr(0, 30) + std::string(40, '\x77');
  EXPECT_NE(what(junk).find("not whole"), std::string::npos);
}

TEST(MatrixMarket, AMissingFileOrAFolderIsAnError) {
  EXPECT_EQ(read_matrix_market("/nonexistent.mtx", 1e9).error().kind, ErrorKind::bad_input);
  EXPECT_EQ(read_matrix_market("/", 1e9).error().kind, ErrorKind::io);
}

}  // namespace
}  // namespace ridgepoint
