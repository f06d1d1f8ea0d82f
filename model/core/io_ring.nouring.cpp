// SPDX-License-Identifier: Apache-2.0
#include "model/core/io_ring.h"

#include <cerrno>

namespace ridgepoint {

struct IoRing::Ring {};

IoRing::IoRing(std::unique_ptr<Ring> ring) : ring_(std::move(ring)) {}
IoRing::IoRing(IoRing&&) noexcept = default;
IoRing::~IoRing() = default;

Result<IoRing> IoRing::make(int) {
  return fail(ErrorKind::unavailable, "there is no io_uring", "built without liburing",
              "build with liburing-dev");
}

void IoRing::send(const IoRequest&) {}
int IoRing::wait(std::vector<IoDone>&) { return ENOSYS; }

}  // namespace ridgepoint
