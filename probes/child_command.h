// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/core/result.h"

namespace ridgepoint {

/// How a command ended, and what the kernel accounted to it and all it waited for.
struct CommandEnd {
  std::optional<int> code, signal;
  rusage usage{};
  double wall_s = 0;
  std::vector<int> forwarded;  ///< signals this process got and passed on

  /// As a shell tells it: the code, or 128 + signal.
  int shell_code() const { return code ? *code : 128 + signal.value_or(0); }
};

/// Somebody's program as our child: its standard streams are ours, its process group is its own. Between
/// prepare() and go() it stands still, so that counters can be attached. Signals that this process gets go to
/// the child's group; the third SIGINT kills it. A terminal is lent to the group when it asks for it. While
/// this object lives, those signals are blocked here and orphans of the child become our children.
class ChildCommand {
 public:
  static Result<ChildCommand> prepare(const std::vector<std::string>& words);
  ChildCommand(ChildCommand&& other) noexcept;
  ChildCommand(const ChildCommand&) = delete;
  ChildCommand& operator=(const ChildCommand&) = delete;
  ChildCommand& operator=(ChildCommand&&) = delete;
  ~ChildCommand();

  pid_t pid() const { return pid_; }
  /// Lets it run. not_found or not_runnable when the program cannot be started.
  Result<void> go();

  struct Watch {
    std::chrono::milliseconds interval{50};
    /// Called at least every interval; may lengthen it.
    std::function<void(std::chrono::milliseconds&)> look;
    /// Called with each child that has ended and is not yet waited for: its /proc files are still there.
    std::function<void(pid_t)> ended;
  };
  /// Until the command has ended. Precondition: go() succeeded.
  CommandEnd wait(Watch watch);

 private:
  ChildCommand() = default;
  void on_signal(int signal, CommandEnd& end);
  void on_stop(int signal);
  bool reap(const Watch& watch, CommandEnd& end);
  void lend_terminal(pid_t group) const;

  std::string program_;
  pid_t pid_ = -1;
  int start_ = -1, trouble_ = -1;  ///< pipe ends: one byte starts the child; its errno comes back
  sigset_t signals_{}, old_mask_{};
  std::chrono::steady_clock::time_point begin_;
  int interrupts_ = 0;
  bool terminal_lent_ = false;
  bool running_ = false;
};

}  // namespace ridgepoint
