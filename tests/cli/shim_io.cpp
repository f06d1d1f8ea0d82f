// SPDX-License-Identifier: Apache-2.0
// Preloaded into the program by storage_faults.py and out_of_core.py: makes requests on storage fail as
// RIDGEPOINT_SHIM says, a list of no-uring, no-tmpfile, no-direct, write-einval, write-enospc, write-eio,
// read-eio, read-wrong, read-short, sync-eio; "late" lets the first 40 requests of each kind pass.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <utility>
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

/// Is it time for faults? Counts the requests of a kind.
bool now(std::atomic<int>& requests) { return !asked("late") || requests++ >= 40; }
std::atomic<int> reads, writes;

int write_fault(int file) {
  if (!now(writes)) return 0;
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
  const bool faulty = now(reads);
  if (faulty && asked("read-eio")) return errno = EIO, -1;
  if (faulty && asked("read-short")) bytes = 512;
  const ssize_t n = real<Read>(name)(file, data, bytes, offset);
  if (faulty && asked("read-wrong") && n > 0) static_cast<char*>(data)[0] ^= 1;
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

/// Which of the requests under way are reads: the kinds of those that wait in the queue are noted by their
/// tags.
std::mutex kinds_mutex;
std::map<std::pair<const io_uring*, std::uint64_t>, bool> kinds;

void note_kinds(const io_uring* ring) {
  const std::lock_guard lock(kinds_mutex);
  for (unsigned at = *ring->sq.khead; at != ring->sq.sqe_tail; ++at) {
    const io_uring_sqe& asked_for = ring->sq.sqes[at & *ring->sq.kring_mask];
    kinds[{ring, asked_for.user_data}] = asked_for.opcode == IORING_OP_READ;
  }
}

void spoil(const io_uring* ring, io_uring_cqe& result) {
  const std::lock_guard lock(kinds_mutex);
  const bool read = kinds[{ring, result.user_data}];
  if (!now(read ? reads : writes)) return;
  if (read && asked("read-eio")) result.res = -EIO;
  if (read && asked("read-short")) result.res = 512;
  if (!read && asked("write-enospc")) result.res = -ENOSPC;
  if (!read && asked("write-eio")) result.res = -EIO;
}

int io_uring_submit(io_uring* ring) {
  note_kinds(ring);
  return real<int (*)(io_uring*)>("io_uring_submit")(ring);
}

int io_uring_submit_and_wait(io_uring* ring, unsigned least) {
  note_kinds(ring);
  const int done = real<int (*)(io_uring*, unsigned)>("io_uring_submit_and_wait")(ring, least);
  const unsigned tail = io_uring_smp_load_acquire(ring->cq.ktail);
  for (unsigned at = *ring->cq.khead; at != tail; ++at) spoil(ring, ring->cq.cqes[at & *ring->cq.kring_mask]);
  return done;
}
#endif
}
