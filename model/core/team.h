// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <barrier>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace ridgepoint {

/// A few pinned threads that run one function together, again and again. Waiting is passive (a condition
/// variable), because spinning on shared virtual CPUs slows the work it waits for. The caller is not a
/// member.
class Team {
 public:
  /// One thread per entry of `cpus` (OS indices). Pinning that the system refuses is not an error: pinned()
  /// tells. Precondition: cpus is not empty.
  explicit Team(const std::vector<int>& cpus);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int size() const { return static_cast<int>(threads_.size()); }
  bool pinned() const { return pinned_; }

  /// Calls work(index) once on every member and returns when all have finished.
  void run(const std::function<void(int)>& work);

  /// As run, with a barrier in front and behind: seconds from the moment all members were ready to the
  /// moment the last one was done. `lead` runs before, untimed: a thread that has just woken is slower for
  /// some hundred microseconds (clock, vector units, caches that others have used).
  double timed_run(const std::function<void(int)>& work, const std::function<void(int)>& lead = {});

 private:
  void member(int index, int cpu);

  std::mutex mutex_;
  std::condition_variable start_, done_;
  std::barrier<> line_;
  const std::function<void(int)>* work_ = nullptr;
  long round_ = 0;
  int running_ = 0;
  bool pinned_ = true;
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

/// OS indices of the processors this process may run on (its affinity mask), ascending; {0} if the system
/// does not tell.
std::vector<int> allowed_cpus();

/// The part of [0, n) that belongs to member `index` of `members`: contiguous, `grain`-aligned but for the
/// end.
struct Share {
  std::size_t begin, end;
};
Share share_of(std::size_t n, int index, int members, std::size_t grain = 1);

}  // namespace ridgepoint
