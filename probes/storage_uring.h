// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/core/io_ring.h"
#include "probes/storage_engine.h"

namespace ridgepoint {

/// io_uring: one thread keeps all requests in flight. Containers and hardened kernels refuse it, and a build
/// without liburing has none: make() then says so and the caller takes run_blocking.
class Uring {
 public:
  static Result<Uring> make(int depth);
  Result<IoTally> run(const IoJob& job, IoBlocks& blocks);

 private:
  explicit Uring(IoRing ring) : ring_(std::move(ring)) {}
  IoRing ring_;
};

}  // namespace ridgepoint
