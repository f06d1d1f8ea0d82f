// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "probes/storage_engine.h"

namespace ridgepoint {

/// io_uring: one thread keeps all requests in flight. Containers and hardened kernels refuse it, and a build
/// without liburing has none: make() then says so and the caller takes run_blocking.
class Uring {
 public:
  static Result<Uring> make(int depth);
  Uring(Uring&&) noexcept;
  Uring(const Uring&) = delete;
  Uring& operator=(const Uring&) = delete;
  Uring& operator=(Uring&&) = delete;
  ~Uring();

  Result<IoTally> run(const IoJob& job, IoBlocks& blocks);

 private:
  struct Ring;
  explicit Uring(std::unique_ptr<Ring> ring);
  std::unique_ptr<Ring> ring_;
};

}  // namespace ridgepoint
