// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/line_file.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>

#include "model/core/text.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kLongest = 4096, kBlock = std::size_t{1} << 18;
constexpr std::int64_t kMostSkipped = std::int64_t{64} << 20;

}  // namespace

void LineFile::Close::operator()(gzFile_s* file) const { gzclose(file); }

Result<LineFile> LineFile::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return fail(errno == ENOENT ? ErrorKind::bad_input : ErrorKind::io,
                "cannot read '" + printable(path) + "'", std::strerror(errno), "check the path");
  gzFile_s* const file = gzdopen(descriptor, "rb");
  if (file == nullptr) {
    ::close(descriptor);
    return fail(ErrorKind::io, "cannot read '" + printable(path) + "'", "no memory for it",
                "free some memory");
  }
  gzbuffer(file, kBlock);
  LineFile lines(path, file);
  lines.buffer_.resize(kBlock);
  return lines;
}

tl::unexpected<Error> LineFile::bad(const std::string& what, const std::string& fix) const {
  return fail(ErrorKind::bad_input,
              "'" + printable(path_) + "' line " + std::to_string(number_) + ": " + what, "", fix);
}

/// False at the end of the file.
Result<bool> LineFile::fill() {
  if (ended_) return false;
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  errno = 0;
  const int n = gzread(file_.get(), buffer_.data() + end_, static_cast<unsigned>(buffer_.size() - end_));
  int code = Z_OK;
  const char* const message = gzerror(file_.get(), &code);
  if (code == Z_ERRNO || (n < 0 && code == Z_OK))
    return fail(ErrorKind::io, "cannot read '" + printable(path_) + "'", std::strerror(errno),
                "check that it is a file and the disk is well");
  if (n < 0 || code == Z_BUF_ERROR)
    return fail(ErrorKind::bad_input,
                "'" + printable(path_) +
                    "' is not whole: its compressed data end or are damaged after line " +
                    std::to_string(number_),
                message, "fetch the file again");
  ended_ = n == 0;
  end_ += static_cast<std::size_t>(n);
  return n > 0;
}

Result<LineFile::Line> LineFile::next() {
  std::size_t seen = 0;
  for (;;) {
    const char* const text = buffer_.data() + begin_;
    const auto* stop = static_cast<const char*>(std::memchr(text + seen, '\n', end_ - begin_ - seen));
    const std::size_t length = stop != nullptr ? static_cast<std::size_t>(stop - text) : end_ - begin_;
    if (length > kLongest) {
      ++number_;
      return bad("has more than 4096 characters", "is it a Matrix Market file?");
    }
    if (stop == nullptr && !ended_) {
      seen = length;
      if (const auto more = fill(); !more) return tl::make_unexpected(more.error());
      continue;
    }
    if (stop == nullptr && length == 0) return Line{true};
    ++number_;
    begin_ += length + (stop != nullptr ? 1 : 0);
    std::string_view line(text, length);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return Line{false, line};
  }
}

Result<LineFile::Line> LineFile::next_content() {
  for (;;) {
    auto line = next();
    if (!line || line->end) return line;
    if (!line->text.starts_with('%') && line->text.find_first_not_of(" \t") != std::string_view::npos)
      return line;
    skipped_byte_ += std::ssize(line->text) + 1;
    if (skipped_byte_ > kMostSkipped)
      return bad("more than 64 MiB of comments and blank lines", "remove them");
  }
}

}  // namespace ridgepoint
