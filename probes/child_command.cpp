// SPDX-License-Identifier: Apache-2.0
#include "probes/child_command.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "model/core/text.h"

namespace ridgepoint {
namespace {

constexpr int kForwarded[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};
constexpr int kPatience = 3;  // so many SIGINTs, then SIGKILL

struct Pipe {
  int ends[2] = {-1, -1};
  bool open() { return ::pipe2(ends, O_CLOEXEC) == 0; }
};

void close_if(int& fd) {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

[[noreturn]] void be_command(const std::vector<std::string>& words, int start, int trouble,
                             const sigset_t& mask) {
  ::setpgid(0, 0);
  char byte = 0;
  ssize_t n = 0;
  do n = ::read(start, &byte, 1);
  while (n < 0 && errno == EINTR);
  if (n != 1) ::_exit(0);  // the parent gave up
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& w : words) arguments.push_back(const_cast<char*>(w.c_str()));
  arguments.push_back(nullptr);
  ::sigprocmask(SIG_SETMASK, &mask, nullptr);
  ::execvp(arguments[0], arguments.data());
  const int code = errno;
  (void)!::write(trouble, &code, sizeof code);
  ::_exit(127);
}

tl::unexpected<Error> no_process(int code) {
  return fail(ErrorKind::unavailable, "cannot start a process", std::strerror(code),
              "free some memory or processes");
}

}  // namespace

Result<ChildCommand> ChildCommand::prepare(const std::vector<std::string>& words) {
  ChildCommand child;
  child.program_ = words.front();
  ::sigemptyset(&child.signals_);
  for (const int s : kForwarded) ::sigaddset(&child.signals_, s);
  for (const int s : {SIGCHLD, SIGTSTP}) ::sigaddset(&child.signals_, s);
  sigset_t blocked = child.signals_;
  ::sigaddset(&blocked, SIGTTOU);  // so that the terminal can be taken back
  Pipe start, trouble;
  if (!start.open() || !trouble.open()) return no_process(errno);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  ::sigprocmask(SIG_BLOCK, &blocked, &child.old_mask_);
  child.running_ = true;  // from here on the destructor has something to undo
  child.pid_ = ::fork();
  const int code = errno;
  if (child.pid_ == 0) be_command(words, start.ends[0], trouble.ends[1], child.old_mask_);
  close_if(start.ends[0]);
  close_if(trouble.ends[1]);
  child.start_ = start.ends[1];
  child.trouble_ = trouble.ends[0];
  if (child.pid_ < 0) return no_process(code);
  ::setpgid(child.pid_, child.pid_);  // both sides do it: whoever comes first
  return child;
}

ChildCommand::ChildCommand(ChildCommand&& other) noexcept
    : program_(std::move(other.program_)),
      pid_(std::exchange(other.pid_, -1)),
      start_(std::exchange(other.start_, -1)),
      trouble_(std::exchange(other.trouble_, -1)),
      signals_(other.signals_),
      old_mask_(other.old_mask_),
      begin_(other.begin_),
      interrupts_(other.interrupts_),
      terminal_lent_(std::exchange(other.terminal_lent_, false)),
      running_(std::exchange(other.running_, false)) {}

ChildCommand::~ChildCommand() {
  close_if(start_);  // a child that was never let go ends by itself
  close_if(trouble_);
  if (pid_ > 0) {
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  if (!running_) return;
  lend_terminal(::getpgrp());
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
  ::sigprocmask(SIG_SETMASK, &old_mask_, nullptr);
}

Result<void> ChildCommand::go() {
  begin_ = std::chrono::steady_clock::now();
  const char byte = 1;
  if (::write(start_, &byte, 1) != 1) return no_process(errno);
  close_if(start_);
  int code = 0;
  ssize_t n = 0;
  do n = ::read(trouble_, &code, sizeof code);
  while (n < 0 && errno == EINTR);
  close_if(trouble_);
  if (n != static_cast<ssize_t>(sizeof code)) return {};
  const std::string name = "'" + printable(program_) + "'";
  if (code == ENOENT || code == ENOTDIR)
    return fail(ErrorKind::not_found, "there is no program " + name, std::strerror(code),
                "check the spelling, or give its path");
  return fail(ErrorKind::not_runnable, "cannot start " + name, std::strerror(code),
              "check that it is a program and that you may run it");
}

void ChildCommand::lend_terminal(pid_t group) const {
  if (!terminal_lent_) return;
  const int tty = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (tty < 0) return;
  ::tcsetpgrp(tty, group);
  ::close(tty);
}

void ChildCommand::on_signal(int signal, CommandEnd& end) {
  if (signal == SIGTSTP) {
    ::kill(-pid_, SIGTSTP);
    ::raise(SIGSTOP);  // until the shell wakes us
    ::kill(-pid_, SIGCONT);
    return;
  }
  if (signal == SIGINT) ++interrupts_;
  ::kill(-pid_, signal == SIGINT && interrupts_ >= kPatience ? SIGKILL : signal);
  end.forwarded.push_back(signal);
}

/// A stopped command: it wants the terminal, or the user wants to stop both.
void ChildCommand::on_stop(int signal) {
  if (signal == SIGTTIN || signal == SIGTTOU) {
    const int tty = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    const bool ours = tty >= 0 && ::tcgetpgrp(tty) == ::getpgrp();
    if (tty >= 0) ::close(tty);
    if (!ours) return;  // we are in the background too: it waits as it would without us
    terminal_lent_ = true;
  } else if (terminal_lent_) {
    lend_terminal(::getpgrp());
    ::raise(SIGSTOP);
  } else {
    return;  // stopped by somebody else, who will wake it
  }
  lend_terminal(pid_);
  ::kill(-pid_, SIGCONT);
}

/// Looks at every child that has ended or stopped. True once the command itself has ended.
bool ChildCommand::reap(const Watch& watch, CommandEnd& end) {
  while (true) {
    siginfo_t info{};
    if (::waitid(P_ALL, 0, &info, WEXITED | WSTOPPED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0)
      return false;
    if (info.si_code == CLD_STOPPED) {
      ::waitid(P_PID, static_cast<id_t>(info.si_pid), &info, WSTOPPED | WNOHANG);
      if (info.si_pid == pid_) on_stop(info.si_status);
      continue;
    }
    const bool command = info.si_pid == pid_;
    if (command)
      end.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    watch.ended(info.si_pid);
    int status = 0;
    rusage usage{};
    ::wait4(info.si_pid, &status, 0, &usage);
    if (!command) continue;
    end.usage = usage;
    if (WIFSIGNALED(status))
      end.signal = WTERMSIG(status);
    else
      end.code = WEXITSTATUS(status);
    return true;
  }
}

CommandEnd ChildCommand::wait(Watch watch) {
  CommandEnd end;
  while (!reap(watch, end)) {
    watch.look(watch.interval);
    const auto ms = watch.interval.count();
    const timespec patience{.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1'000'000};
    const int signal = ::sigtimedwait(&signals_, nullptr, &patience);
    if (signal > 0 && signal != SIGCHLD) on_signal(signal, end);
  }
  pid_ = -1;
  return end;
}

}  // namespace ridgepoint
