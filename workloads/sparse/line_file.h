// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/core/result.h"

struct gzFile_s;

namespace ridgepoint {

/// A text file, plain or compressed by gzip, line by line, with bounds that hold against any content: a line
/// has at most 4096 characters, and comments and blank lines together at most 64 MiB.
class LineFile {
 public:
  static Result<LineFile> open(const std::string& path);

  /// The next line without its end; empty at the end of the file.
  struct Line {
    bool end = false;
    std::string_view text = {};  ///< valid until the next call
  };
  Result<Line> next();
  /// The same, past blank lines and those that begin with '%'.
  Result<Line> next_content();

  std::int64_t number() const { return number_; }  ///< of the line last read, from 1
  tl::unexpected<Error> bad(const std::string& what, const std::string& fix) const;

 private:
  struct Close {
    void operator()(gzFile_s* file) const;
  };
  explicit LineFile(std::string path, gzFile_s* file) : path_(std::move(path)), file_(file) {}
  Result<bool> fill();

  std::string path_;
  std::unique_ptr<gzFile_s, Close> file_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  bool ended_ = false;
  std::int64_t number_ = 0, skipped_byte_ = 0;
};

}  // namespace ridgepoint
