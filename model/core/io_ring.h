// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "model/core/result.h"

namespace ridgepoint {

/// One read or write of a file. The memory belongs to the kernel until the request is back.
struct IoRequest {
  bool write = false;
  int file = -1;
  std::byte* data = nullptr;
  std::size_t bytes = 0;
  std::uint64_t offset = 0;
  std::uint32_t tag = 0;  ///< the caller's, comes back with the answer
};

struct IoDone {
  std::uint32_t tag = 0;
  int moved = 0;  ///< bytes; below zero: minus the error number
};

/// io_uring: one thread keeps all requests in flight. Containers and hardened kernels refuse it, and a build
/// without liburing has none. To be made by the thread that uses it.
class IoRing {
 public:
  /// For at most `depth` requests in flight. Errors: unavailable.
  static Result<IoRing> make(int depth);
  IoRing(IoRing&&) noexcept;
  IoRing& operator=(IoRing&&) = delete;
  IoRing(const IoRing&) = delete;
  IoRing& operator=(const IoRing&) = delete;
  ~IoRing();

  /// At once, not with the rest of a batch: the device would wait for us.
  void send(const IoRequest& request);
  /// Sleeps until at least one request is back and adds all that are; 0, or the error number with which the
  /// kernel refuses to wait.
  int wait(std::vector<IoDone>& done);

 private:
  struct Ring;
  explicit IoRing(std::unique_ptr<Ring> ring);
  std::unique_ptr<Ring> ring_;
};

}  // namespace ridgepoint
