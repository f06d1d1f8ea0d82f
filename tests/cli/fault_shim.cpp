// SPDX-License-Identifier: Apache-2.0
// A library for LD_PRELOAD that lets chosen calls fail, as tests/cli/faults.py asks by environment variables:
//   RIDGEPOINT_FAULT  words of: perf-refused perf-zero affinity mmap madvise aligned
//   RIDGEPOINT_FAULT_READ   reading a file whose path starts so gives EIO
//   RIDGEPOINT_FAULT_WRITE  writing to a file whose path starts so gives ENOSPC
// Memory is refused from 1 MiB on. Calls that glibc makes inside itself do not pass here, so the program
// starts.
#include <dlfcn.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace {

constexpr std::size_t kLarge = 1024 * 1024;
constexpr int kMostFiles = 1024;

/// What stands behind a file descriptor that plays a counter which never counts.
struct FalseCounter {
  bool open = false;
  bool grouped = false;       // read() tells the number of events first
  std::uint64_t members = 0;  // of the group that it leads
};
FalseCounter g_counter[kMostFiles];

bool asked(const char* word) {
  const char* list = std::getenv("RIDGEPOINT_FAULT");
  const char* at = list == nullptr ? nullptr : std::strstr(list, word);
  const std::size_t n = std::strlen(word);
  return at != nullptr && (at == list || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0');
}

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

int refuse(int code) {
  errno = code;
  return -1;
}

bool is_counter(int file) { return file >= 0 && file < kMostFiles && g_counter[file].open; }

/// Does the open file lie below the path that the variable names?
bool below(const char* variable, int file) {
  const char* prefix = std::getenv(variable);
  if (prefix == nullptr || *prefix == '\0' || file < 0) return false;
  char link[64] = "/proc/self/fd/", path[4096];
  char digits[16];
  int n = 0, rest = file;
  do digits[n++] = static_cast<char>('0' + rest % 10);
  while ((rest /= 10) > 0);
  for (std::size_t at = std::strlen(link); n > 0;) link[at++] = digits[--n];
  const ssize_t length = ::readlink(link, path, sizeof path - 1);
  if (length <= 0) return false;
  path[length] = '\0';
  return std::strncmp(path, prefix, std::strlen(prefix)) == 0;
}

/// An open file that stands for a counter.
int counter_that_never_counts(const perf_event_attr* wanted, int leader) {
  const int file = ::dup(STDERR_FILENO);
  if (file >= kMostFiles) return refuse(EMFILE);
  if (file < 0) return file;
  g_counter[file] = {.open = true, .grouped = (wanted->read_format & PERF_FORMAT_GROUP) != 0, .members = 1};
  if (is_counter(leader)) ++g_counter[leader].members;
  return file;
}

}  // namespace

extern "C" {

long syscall(long number, ...) {
  va_list list;
  va_start(list, number);
  long a[6];
  for (long& x : a) x = va_arg(list, long);
  va_end(list);
  if (number == SYS_perf_event_open && asked("perf-refused")) return refuse(EACCES);
  if (number == SYS_perf_event_open && asked("perf-zero"))
    return counter_that_never_counts(reinterpret_cast<const perf_event_attr*>(a[0]), static_cast<int>(a[3]));
  return next<long(long, ...)>("syscall")(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int ioctl(int file, unsigned long request, ...) {
  va_list list;
  va_start(list, request);
  void* argument = va_arg(list, void*);
  va_end(list);
  if (is_counter(file)) return 0;
  return next<int(int, unsigned long, ...)>("ioctl")(file, request, argument);
}

int close(int file) {
  if (is_counter(file)) g_counter[file].open = false;
  return next<int(int)>("close")(file);
}

ssize_t read(int file, void* buffer, size_t bytes) {
  if (is_counter(file)) {
    std::memset(buffer, 0, bytes);
    if (g_counter[file].grouped && bytes >= sizeof(std::uint64_t))
      std::memcpy(buffer, &g_counter[file].members, sizeof(std::uint64_t));
    return static_cast<ssize_t>(bytes);
  }
  if (below("RIDGEPOINT_FAULT_READ", file)) return refuse(EIO);
  return next<ssize_t(int, void*, size_t)>("read")(file, buffer, bytes);
}

ssize_t write(int file, const void* buffer, size_t bytes) {
  if (below("RIDGEPOINT_FAULT_WRITE", file)) return refuse(ENOSPC);
  return next<ssize_t(int, const void*, size_t)>("write")(file, buffer, bytes);
}

void* mmap(void* address, size_t bytes, int protection, int flags, int file, off_t offset) {
  if (is_counter(file)) {
    flags = MAP_PRIVATE | MAP_ANONYMOUS;
    file = -1;
  } else if (bytes >= kLarge && (flags & MAP_ANONYMOUS) != 0 && asked("mmap")) {
    errno = ENOMEM;
    return MAP_FAILED;
  }
  return next<void*(void*, size_t, int, int, int, off_t)>("mmap")(address, bytes, protection, flags, file,
                                                                  offset);
}

int madvise(void* address, size_t bytes, int advice) noexcept {
  if (asked("madvise")) return refuse(EINVAL);
  return next<int(void*, size_t, int)>("madvise")(address, bytes, advice);
}

int posix_memalign(void** out, size_t alignment, size_t bytes) noexcept {
  if (bytes >= kLarge && asked("aligned")) return ENOMEM;
  return next<int(void**, size_t, size_t)>("posix_memalign")(out, alignment, bytes);
}

void* aligned_alloc(size_t alignment, size_t bytes) noexcept {
  if (bytes >= kLarge && asked("aligned")) {
    errno = ENOMEM;
    return nullptr;
  }
  return next<void*(size_t, size_t)>("aligned_alloc")(alignment, bytes);
}

int sched_setaffinity(pid_t process, size_t bytes, const cpu_set_t* set) noexcept {
  if (asked("affinity")) return refuse(EPERM);
  return next<int(pid_t, size_t, const cpu_set_t*)>("sched_setaffinity")(process, bytes, set);
}

int pthread_setaffinity_np(pthread_t thread, size_t bytes, const cpu_set_t* set) noexcept {
  if (asked("affinity")) return EPERM;
  return next<int(pthread_t, size_t, const cpu_set_t*)>("pthread_setaffinity_np")(thread, bytes, set);
}

}  // extern "C"
