// SPDX-License-Identifier: Apache-2.0
// Preloaded into the program by storage_faults.py: makes requests on storage fail as RIDGEPOINT_SHIM says, a
// list of no-uring, no-tmpfile, no-direct, write-einval, write-enospc, write-eio, read-eio, read-wrong,
// read-short, sync-eio.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#if __has_include(<liburing.h>)
#include <liburing.h>
#define RIDGEPOINT_SHIM_URING
#endif

namespace {

bool asked(const char* fault) {
  const char* list = std::getenv("RIDGEPOINT_SHIM");
  return list != nullptr && std::strstr(list, fault) != nullptr;
}

template <class F>
F real(const char* name) {
  return reinterpret_cast<F>(::dlsym(RTLD_NEXT, name));
}

int write_fault(int file) {
  if (asked("write-enospc")) return ENOSPC;
  if (asked("write-eio")) return EIO;
  if (asked("write-einval") && (::fcntl(file, F_GETFL) & O_DIRECT) != 0) return EINVAL;
  return 0;
}

using Open = int (*)(const char*, int, ...);
using Read = ssize_t (*)(int, void*, size_t, off_t);
using Write = ssize_t (*)(int, const void*, size_t, off_t);

int opened(const char* name, const char* path, int flags, mode_t mode) {
  if (asked("no-tmpfile") && (flags & O_TMPFILE) == O_TMPFILE) return errno = EOPNOTSUPP, -1;
  if (asked("no-direct") && (flags & O_DIRECT) != 0) return errno = EINVAL, -1;
  return real<Open>(name)(path, flags, mode);
}

ssize_t read_at(const char* name, int file, void* data, size_t bytes, off_t offset) {
  if (asked("read-eio")) return errno = EIO, -1;
  if (asked("read-short")) bytes = 512;
  const ssize_t n = real<Read>(name)(file, data, bytes, offset);
  if (asked("read-wrong") && n > 0) static_cast<char*>(data)[0] ^= 1;
  return n;
}

ssize_t write_at(const char* name, int file, const void* data, size_t bytes, off_t offset) {
  if (const int code = write_fault(file)) return errno = code, -1;
  return real<Write>(name)(file, data, bytes, offset);
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = va_arg(more, mode_t);
  va_end(more);
  return opened("open", path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = va_arg(more, mode_t);
  va_end(more);
  return opened("open64", path, flags, mode);
}
ssize_t pread(int file, void* data, size_t bytes, off_t offset) {
  return read_at("pread", file, data, bytes, offset);
}
ssize_t pread64(int file, void* data, size_t bytes, off64_t offset) {
  return read_at("pread64", file, data, bytes, offset);
}
ssize_t pwrite(int file, const void* data, size_t bytes, off_t offset) {
  return write_at("pwrite", file, data, bytes, offset);
}
ssize_t pwrite64(int file, const void* data, size_t bytes, off64_t offset) {
  return write_at("pwrite64", file, data, bytes, offset);
}
int fdatasync(int file) {
  if (asked("sync-eio")) return errno = EIO, -1;
  return real<int (*)(int)>("fdatasync")(file);
}

#ifdef RIDGEPOINT_SHIM_URING
int io_uring_queue_init(unsigned entries, io_uring* ring, unsigned flags) {
  if (asked("no-uring")) return -EPERM;
  return real<int (*)(unsigned, io_uring*, unsigned)>("io_uring_queue_init")(entries, ring, flags);
}

/// A job's requests are all of one kind: the last one prepared tells.
bool reads_now(const io_uring* ring) {
  static bool reads = false;
  if (ring->sq.sqe_tail != ring->sq.sqe_head)
    reads = ring->sq.sqes[(ring->sq.sqe_tail - 1) & *ring->sq.kring_mask].opcode == IORING_OP_READ;
  return reads;
}

int io_uring_submit(io_uring* ring) {
  reads_now(ring);
  return real<int (*)(io_uring*)>("io_uring_submit")(ring);
}

int io_uring_submit_and_wait(io_uring* ring, unsigned least) {
  const bool reads = reads_now(ring);
  const int done = real<int (*)(io_uring*, unsigned)>("io_uring_submit_and_wait")(ring, least);
  const unsigned tail = io_uring_smp_load_acquire(ring->cq.ktail);
  for (unsigned at = *ring->cq.khead; at != tail; ++at) {
    io_uring_cqe& result = ring->cq.cqes[at & *ring->cq.kring_mask];
    if (reads && asked("read-eio")) result.res = -EIO;
    if (reads && asked("read-short")) result.res = 512;
    if (!reads && asked("write-enospc")) result.res = -ENOSPC;
    if (!reads && asked("write-eio")) result.res = -EIO;
  }
  return done;
}
#endif
}
