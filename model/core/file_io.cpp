// SPDX-License-Identifier: Apache-2.0
#include "model/core/file_io.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace ridgepoint {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> io_error(const std::string& verb, const std::string& path, int code) {
  std::string fix = "check the path and its permissions";
  if (code == ENOSPC || code == EDQUOT) fix = "free some space, or choose another place with --out";
  if (code == ENOENT) fix = "check the spelling of the path";
  return fail(ErrorKind::io, "cannot " + verb + " '" + path + "'", std::strerror(code), fix);
}

/// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  int close() {
    const int result = ::close(fd_);
    fd_ = -1;
    return result;
  }

 private:
  int fd_;
};

/// A temporary file beside the target, removed unless renamed.
class Temporary {
 public:
  static Result<Temporary> beside(const std::string& path) {
    std::string name = path + ".XXXXXX.tmp";
    const int fd = ::mkostemps(name.data(), 4, O_CLOEXEC);
    if (fd < 0) return io_error("create a file beside", path, errno);
    return Temporary(std::move(name), fd);
  }
  Temporary(Temporary&& other) noexcept : name_(std::move(other.name_)), fd_(other.fd_) {
    other.fd_ = -1;
    other.name_.clear();
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  Temporary& operator=(Temporary&&) = delete;
  ~Temporary() {
    if (fd_ >= 0) ::close(fd_);
    if (!name_.empty()) ::unlink(name_.c_str());
  }
  int descriptor() const { return fd_; }

  Result<void> become(const std::string& path) {
    // mkostemps gives 0600; a document is as readable as any new file of this user.
    const mode_t mask = ::umask(0);
    ::umask(mask);
    ::fchmod(fd_, static_cast<mode_t>(0666) & ~mask);
    const int synced = ::fsync(fd_);
    const int sync_code = errno;
    const int closed = ::close(fd_);
    fd_ = -1;
    if (synced != 0 && sync_code != EINVAL) return io_error("write", path, sync_code);
    if (closed != 0) return io_error("write", path, errno);
    if (::rename(name_.c_str(), path.c_str()) != 0) return io_error("replace", path, errno);
    name_.clear();
    return {};
  }

 private:
  Temporary(std::string name, int fd) : name_(std::move(name)), fd_(fd) {}
  std::string name_;
  int fd_;
};

/// A device, a pipe or a socket: it is written to, and must not be replaced (root could replace /dev/null).
bool is_special(const std::string& path) {
  std::error_code code;
  const fs::file_status status = fs::status(path, code);  // of what a link names
  return !code && fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

/// Where a link leads, so that the link stays one.
std::string behind_links(const std::string& path) {
  std::error_code code;
  if (!fs::is_symlink(path, code)) return path;
  const fs::path target = fs::weakly_canonical(path, code);
  return code ? path : target.string();
}

Result<void> write_special(const std::string& path, std::span<const std::string_view> parts) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  if (file.get() < 0) return io_error("write", path, errno);
  for (const std::string_view part : parts)
    if (auto written = write_all(file.get(), part, path); !written) return written;
  if (file.close() != 0) return io_error("write", path, errno);
  return {};
}

}  // namespace

Result<void> write_all(int descriptor, std::string_view bytes, const std::string& name) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return io_error("write", name, n == 0 ? EIO : errno);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<std::string> read_file(const std::string& path, std::size_t limit) {
  const auto refuse = [&](const std::string& what, const std::string& fix) {
    return fail(ErrorKind::bad_input, "cannot read '" + path + "'", what, fix);
  };
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    if (errno == ENOENT || errno == ENOTDIR)
      return refuse("there is no such file", "check the spelling of the path");
    return io_error("read", path, errno);
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return io_error("read", path, errno);
  if (S_ISDIR(status.st_mode)) return refuse("it is a directory", "name a file in it");
  std::string out;
  char buffer[1 << 16];
  while (true) {
    const ssize_t n = ::read(file.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_error("read", path, errno);
    if (n == 0) return out;
    if (out.size() + static_cast<std::size_t>(n) > limit)
      return refuse("it is larger than " + std::to_string(limit) + " bytes", "give a smaller file");
    out.append(buffer, static_cast<std::size_t>(n));
  }
}

Result<void> write_file_atomically(const std::string& path, std::string_view bytes) {
  return write_file_atomically(path, std::span(&bytes, 1));
}

Result<void> write_file_atomically(const std::string& path, std::span<const std::string_view> parts) {
  std::error_code code;
  if (fs::is_directory(path, code))
    return fail(ErrorKind::bad_input, "cannot write '" + path + "'", "it is a directory",
                "name a file in it");
  if (is_special(path)) return write_special(path, parts);
  const std::string target = behind_links(path);
  auto temporary = Temporary::beside(target);
  if (!temporary) return tl::make_unexpected(temporary.error());
  for (const std::string_view part : parts)
    if (auto written = write_all(temporary->descriptor(), part, path); !written) return written;
  return temporary->become(target);
}

Result<void> check_writable(const std::string& path) {
  std::error_code code;
  if (fs::is_directory(path, code))
    return fail(ErrorKind::bad_input, "cannot write '" + path + "'", "it is a directory",
                "name a file in it");
  if (is_special(path)) {
    if (::access(path.c_str(), W_OK) != 0) return io_error("write", path, errno);
    return {};
  }
  const fs::path parent = fs::path(path).parent_path();
  if (!parent.empty()) {
    fs::create_directories(parent, code);
    if (code) return io_error("create the folder", parent.string(), code.value());
  }
  return Temporary::beside(behind_links(path)).map([](const Temporary&) {});
}

Result<std::vector<std::string>> list_files(const std::string& folder, std::string_view suffix) {
  std::error_code code;
  std::vector<std::string> out;
  auto it = fs::recursive_directory_iterator(folder, code);
  if (code)
    return fail(ErrorKind::bad_input, "cannot list the folder '" + folder + "'", code.message(),
                "check the spelling of the path");
  for (const auto end = fs::recursive_directory_iterator(); it != end; it.increment(code)) {
    if (code) return io_error("list", folder, code.value());
    const std::string name = it->path().string();
    if (it->is_regular_file(code) && name.size() >= suffix.size() &&
        std::string_view(name).substr(name.size() - suffix.size()) == suffix)
      out.push_back(name);
  }
  std::ranges::sort(out);
  return out;
}

}  // namespace ridgepoint
