// SPDX-License-Identifier: Apache-2.0
#include "model/core/buffer.h"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>

#include "model/core/format.h"

namespace ridgepoint {

Result<Buffer> Buffer::make(std::size_t bytes, Pages pages) {
  constexpr std::size_t kHugePage = 2u * 1024 * 1024;
  const std::size_t rounded = (bytes + kHugePage - 1) / kHugePage * kHugePage;
  void* data = ::mmap(nullptr, rounded, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED)
    return fail(ErrorKind::unavailable,
                "cannot get " + show_bytes(static_cast<double>(rounded)) + " of memory", std::strerror(errno),
                "free some memory, or lift the limit (ulimit -v, cgroup)");
  const bool huge = pages == Pages::huge && ::madvise(data, rounded, MADV_HUGEPAGE) == 0;
  return Buffer(data, rounded, huge);
}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  std::swap(huge_, other.huge_);
  return *this;
}

Buffer::~Buffer() {
  if (data_ != nullptr) ::munmap(data_, bytes_);
}

}  // namespace ridgepoint
