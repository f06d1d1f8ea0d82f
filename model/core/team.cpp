// SPDX-License-Identifier: Apache-2.0
#include "model/core/team.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <chrono>

#include "model/core/contract.h"

namespace ridgepoint {
namespace {

bool pin_this_thread(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (cpu < 0 || cpu >= CPU_SETSIZE) return false;
  CPU_SET(static_cast<std::size_t>(cpu), &set);
  return ::pthread_setaffinity_np(::pthread_self(), sizeof set, &set) == 0;
}

}  // namespace

Team::Team(const std::vector<int>& cpus) : line_(static_cast<std::ptrdiff_t>(cpus.size())) {
  RIDGEPOINT_EXPECT(!cpus.empty());
  for (std::size_t i = 0; i < cpus.size(); ++i)
    threads_.emplace_back(&Team::member, this, static_cast<int>(i), cpus[i]);
}

Team::~Team() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  start_.notify_all();
  for (std::thread& t : threads_) t.join();
}

void Team::member(int index, int cpu) {
  if (!pin_this_thread(cpu)) {
    const std::lock_guard lock(mutex_);
    pinned_ = false;
  }
  long seen = 0;
  while (true) {
    const std::function<void(int)>* work = nullptr;
    {
      std::unique_lock lock(mutex_);
      start_.wait(lock, [&] { return stop_ || round_ != seen; });
      if (stop_) return;
      seen = round_;
      work = work_;
    }
    (*work)(index);
    const std::lock_guard lock(mutex_);
    if (--running_ == 0) done_.notify_all();
  }
}

void Team::run(const std::function<void(int)>& work) {
  std::unique_lock lock(mutex_);
  work_ = &work;
  running_ = size();
  ++round_;
  start_.notify_all();
  done_.wait(lock, [&] { return running_ == 0; });
  work_ = nullptr;
}

double Team::timed_run(const std::function<void(int)>& work, const std::function<void(int)>& lead) {
  using Clock = std::chrono::steady_clock;
  std::vector<Clock::time_point> began(threads_.size()), ended(threads_.size());
  run([&](int i) {
    const auto slot = static_cast<std::size_t>(i);
    if (lead) lead(i);
    line_.arrive_and_wait();
    began[slot] = Clock::now();
    work(i);
    ended[slot] = Clock::now();
  });
  return std::chrono::duration<double>(*std::ranges::max_element(ended) - *std::ranges::min_element(began))
      .count();
}

std::vector<int> allowed_cpus() {
  std::vector<int> cpus;
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) == 0)
    for (int i = 0; i < CPU_SETSIZE; ++i)
      if (CPU_ISSET(static_cast<std::size_t>(i), &set)) cpus.push_back(i);
  if (cpus.empty()) cpus.push_back(0);
  return cpus;
}

Share share_of(std::size_t n, int index, int members, std::size_t grain) {
  const std::size_t blocks = (n + grain - 1) / grain;
  const auto i = static_cast<std::size_t>(index), m = static_cast<std::size_t>(members);
  return {std::min(n, blocks * i / m * grain), std::min(n, blocks * (i + 1) / m * grain)};
}

}  // namespace ridgepoint
