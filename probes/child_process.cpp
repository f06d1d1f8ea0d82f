// SPDX-License-Identifier: Apache-2.0
#include "probes/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

#include "model/core/file_io.h"
#include "model/core/ports.h"

namespace ridgepoint {
namespace {

constexpr std::size_t kMostBytes = 4 * 1024 * 1024;
constexpr long kSlice_ms = 100;

tl::unexpected<Error> lost(const std::string& why) {
  return fail(ErrorKind::unavailable, "the helper process gave no answer", why,
              "run again; report it if it stays");
}

/// "signal 6 (SIGABRT)".
std::string signal_words(int number) {
  const char* name = ::sigabbrev_np(number);
  return "signal " + std::to_string(number) + (name == nullptr ? "" : " (SIG" + std::string(name) + ")");
}

[[noreturn]] void be_child(int out, const std::function<std::string()>& work) {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  ::setpgid(0, 0);                           // so that helpers of its own (a driver's linker) end with it
  (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);  // nobody is left to wait for the answer
  const rlimit no_core{0, 0};
  (void)::setrlimit(RLIMIT_CORE, &no_core);
  const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (nowhere < 0 || ::dup2(nowhere, stream) < 0) ::_exit(3);
  try {
    ::_exit(write_all(out, work(), "a pipe") ? 0 : 3);  // no destructors: they belong to the parent
  } catch (...) {
    ::_exit(3);
  }
}

/// Everything the child writes until it closes the pipe; empty with `why` set when it does not get that far.
std::string receive(int in, double limit_s, std::string& why) {
  using Clock = std::chrono::steady_clock;
  const auto end =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(limit_s));
  std::string text;
  char buffer[4096];
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    pollfd ready{.fd = in, .events = POLLIN, .revents = 0};
    if (left <= 0) why = "it took too long";
    if (Interrupt::requested()) why = "stopped by the user";
    if (!why.empty()) return {};
    // In slices: a signal that another thread takes does not end the wait.
    if (::poll(&ready, 1, static_cast<int>(std::min<long>(left, kSlice_ms))) <= 0) continue;
    const ssize_t n = ::read(in, buffer, sizeof buffer);
    if (n == 0) return text;
    if (n > 0) text.append(buffer, static_cast<std::size_t>(n));
    if ((n < 0 && errno != EINTR) || text.size() > kMostBytes) why = "its answer was not readable";
  }
}

}  // namespace

Result<std::string> in_child(const std::function<std::string()>& work, double limit_s) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return lost(std::strerror(errno));
  const pid_t child = ::fork();
  if (child < 0) {
    const std::string why = std::strerror(errno);
    ::close(ends[0]);
    ::close(ends[1]);
    return lost(why);
  }
  if (child == 0) be_child(ends[1], work);
  ::close(ends[1]);
  std::string why;
  std::string text = receive(ends[0], limit_s, why);
  ::close(ends[0]);
  if (!why.empty() && ::kill(-child, SIGKILL) != 0) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!why.empty()) return lost(why);
  if (WIFSIGNALED(status)) return lost("it was ended by " + signal_words(WTERMSIG(status)));
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return lost("it ended by itself");
  return text;
}

}  // namespace ridgepoint
