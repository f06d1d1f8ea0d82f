// SPDX-License-Identifier: Apache-2.0
#include "model/plan/child.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

#include "model/core/ports.h"

namespace ridgepoint {
namespace {

using Clock = std::chrono::steady_clock;

/// A sanitizer reserves terabytes of addresses, so no limit can be set under one.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kCanLimitMemory = false;
#else
constexpr bool kCanLimitMemory = true;
#endif

[[noreturn]] void be_child(const std::function<std::string()>& work, double memory_byte, int out) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::signal(SIGINT, SIG_IGN);  // the parent hears it and ends this process
  ::signal(SIGTERM, SIG_DFL);
  const int null = ::open("/dev/null", O_WRONLY);
  ::dup2(null, STDOUT_FILENO);
  ::dup2(null, STDERR_FILENO);
  if (kCanLimitMemory) {
    const rlimit limit{static_cast<rlim_t>(memory_byte), static_cast<rlim_t>(memory_byte)};
    ::setrlimit(RLIMIT_AS, &limit);
  }
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  std::string answer;
  try {
    answer = work();
  } catch (...) {  // bad_alloc from a solver: the parent sees no answer
    ::_exit(1);
  }
  for (std::size_t done = 0; done < answer.size();) {
    const ssize_t n = ::write(out, answer.data() + done, answer.size() - done);
    if (n < 0 && errno != EINTR) ::_exit(1);
    if (n > 0) done += static_cast<std::size_t>(n);
  }
  ::_exit(0);
}

/// Everything until the other end closes, the time is up (empty) or the user stops the program.
Result<std::string> read_answer(int in, Clock::time_point end) {
  std::string answer;
  char buffer[65536];
  while (true) {
    if (Interrupt::requested())
      return fail(ErrorKind::interrupted, "stopped while planning", "", "give --seconds for a shorter run");
    if (Clock::now() > end) return std::string();
    pollfd wait{in, POLLIN, 0};
    if (::poll(&wait, 1, 50) <= 0) continue;
    const ssize_t n = ::read(in, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return answer;
    answer.append(buffer, static_cast<std::size_t>(n));
  }
}

}  // namespace

Result<std::string> run_in_child(const std::function<std::string()>& work, double seconds,
                                 double memory_byte) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return fail(ErrorKind::io, "no pipe to the solver", std::strerror(errno), "close some programs");
  const pid_t child = ::fork();
  if (child < 0) {
    ::close(ends[0]);
    ::close(ends[1]);
    return fail(ErrorKind::io, "the solver's process could not be started", std::strerror(errno),
                "free some memory or processes");
  }
  if (child == 0) be_child(work, memory_byte, ends[1]);
  ::close(ends[1]);
  auto answer = read_answer(ends[0], Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                                        std::chrono::duration<double>(seconds)));
  ::close(ends[0]);
  ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return answer;
}

}  // namespace ridgepoint
