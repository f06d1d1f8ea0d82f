// SPDX-License-Identifier: Apache-2.0
#include "workloads/volume/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "model/core/text.h"

namespace ridgepoint {

Result<MappedFile> MappedFile::open(const std::string& path) {
  const auto refuse = [&](const std::string& why, const std::string& fix) {
    return fail(ErrorKind::bad_input, "cannot read '" + printable(path) + "'", why, fix);
  };
  const auto trouble = [&](int code) {
    return fail(ErrorKind::io, "cannot read '" + printable(path) + "'", std::strerror(code),
                "check the path and its permissions");
  };
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) {
    if (errno == ENOENT || errno == ENOTDIR)
      return refuse("there is no such file", "check the spelling of the path");
    return trouble(errno);
  }
  struct stat status {};
  if (::fstat(fd, &status) != 0) {
    const int code = errno;
    ::close(fd);
    return trouble(code);
  }
  if (!S_ISREG(status.st_mode) || status.st_size == 0) {
    ::close(fd);
    return refuse(status.st_size == 0 && S_ISREG(status.st_mode) ? "it is empty" : "it is not a regular file",
                  "name a file with voxels in it");
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  const int code = errno;
  ::close(fd);
  if (data == MAP_FAILED) return trouble(code);
  MappedFile file;
  file.size_ = size;
  file.data_ = std::shared_ptr<const std::byte>(static_cast<const std::byte*>(data),
                                                [data, size](const std::byte*) { ::munmap(data, size); });
  return file;
}

}  // namespace ridgepoint
