// SPDX-License-Identifier: Apache-2.0
#include "probes/storage_uring.h"

namespace ridgepoint {

struct Uring::Ring {};

Uring::Uring(std::unique_ptr<Ring> ring) : ring_(std::move(ring)) {}
Uring::Uring(Uring&&) noexcept = default;
Uring::~Uring() = default;

Result<Uring> Uring::make(int) {
  return fail(ErrorKind::unavailable, "there is no io_uring", "built without liburing",
              "build with liburing-dev");
}

Result<IoTally> Uring::run(const IoJob&, IoBlocks&) {
  return fail(ErrorKind::internal, "there is no io_uring", "built without liburing", "");
}

}  // namespace ridgepoint
