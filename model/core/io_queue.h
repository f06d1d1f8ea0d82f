// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "model/core/io_ring.h"

namespace ridgepoint {

/// Requests in flight for one thread: io_uring where the kernel lets us, else pread and pwrite in as many
/// threads as requests. To be made by the thread that uses it.
class IoQueue {
 public:
  explicit IoQueue(int depth);
  IoQueue(IoQueue&&) noexcept;
  IoQueue& operator=(IoQueue&&) = delete;
  IoQueue(const IoQueue&) = delete;
  IoQueue& operator=(const IoQueue&) = delete;
  ~IoQueue();

  const char* name() const { return ring_ ? "io_uring" : "pread/pwrite in threads"; }
  /// Why it is not io_uring; nothing where it is.
  const std::optional<Error>& refusal() const { return refusal_; }

  /// Precondition: fewer than `depth` are in flight.
  void send(const IoRequest& request);
  int in_flight() const { return in_flight_; }
  /// Sleeps until at least one request is back and adds all that are; 0, or an error number after which no
  /// answer is to be expected. Precondition: one is in flight.
  int wait(std::vector<IoDone>& done);

 private:
  class Threads;
  std::optional<IoRing> ring_;
  std::unique_ptr<Threads> threads_;
  std::optional<Error> refusal_;
  int in_flight_ = 0;
};

/// One whole request by pread or pwrite: bytes moved, or minus the error number. Asks again after a signal.
int transfer(const IoRequest& request);

}  // namespace ridgepoint
