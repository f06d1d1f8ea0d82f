// SPDX-License-Identifier: Apache-2.0
#include "model/core/io_queue.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace ridgepoint {
namespace {

constexpr int kMostThreads = 32;  ///< the rest of a deep queue waits its turn

}  // namespace

int transfer(const IoRequest& r) {
  const auto at = static_cast<off_t>(r.offset);
  ssize_t moved = -1;
  do {
    moved = r.write ? ::pwrite(r.file, r.data, r.bytes, at) : ::pread(r.file, r.data, r.bytes, at);
  } while (moved < 0 && errno == EINTR);
  return moved < 0 ? -errno : static_cast<int>(moved);
}

class IoQueue::Threads {
 public:
  explicit Threads(int depth) {
    threads_.reserve(static_cast<std::size_t>(depth));
    for (int i = 0; i < depth; ++i) threads_.emplace_back([this] { serve(); });
  }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
  ~Threads() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    work_.notify_all();
    for (std::thread& t : threads_) t.join();
  }

  void send(const IoRequest& request) {
    {
      const std::lock_guard lock(mutex_);
      asked_.push_back(request);
    }
    work_.notify_one();
  }

  void wait(std::vector<IoDone>& done) {
    std::unique_lock lock(mutex_);
    back_.wait(lock, [&] { return !done_.empty(); });
    done.insert(done.end(), done_.begin(), done_.end());
    done_.clear();
  }

 private:
  void serve() {
    std::unique_lock lock(mutex_);
    for (;;) {
      work_.wait(lock, [&] { return stop_ || !asked_.empty(); });
      if (asked_.empty()) return;
      const IoRequest request = asked_.front();
      asked_.pop_front();
      lock.unlock();
      const int moved = transfer(request);
      lock.lock();
      done_.push_back({request.tag, moved});
      back_.notify_one();
    }
  }

  std::mutex mutex_;
  std::condition_variable work_, back_;
  std::deque<IoRequest> asked_;
  std::vector<IoDone> done_;
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

IoQueue::IoQueue(int depth) {
  auto ring = IoRing::make(depth);
  if (ring) {
    ring_.emplace(std::move(*ring));
    return;
  }
  refusal_ = ring.error();
  threads_ = std::make_unique<Threads>(std::min(depth, kMostThreads));
}
IoQueue::IoQueue(IoQueue&&) noexcept = default;
IoQueue::~IoQueue() = default;

void IoQueue::send(const IoRequest& request) {
  ++in_flight_;
  if (ring_)
    ring_->send(request);
  else
    threads_->send(request);
}

int IoQueue::wait(std::vector<IoDone>& done) {
  const std::size_t before = done.size();
  int code = 0;
  if (ring_)
    code = ring_->wait(done);
  else
    threads_->wait(done);
  in_flight_ -= static_cast<int>(done.size() - before);
  return code;
}

}  // namespace ridgepoint
