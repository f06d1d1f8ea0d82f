// SPDX-License-Identifier: Apache-2.0
#include "model/core/io_ring.h"

#include <liburing.h>

#include <cerrno>
#include <cstring>

#include "model/core/contract.h"

namespace ridgepoint {

struct IoRing::Ring {
  io_uring ring{};
  bool made = false;
  Ring() = default;
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring() {
    if (made) io_uring_queue_exit(&ring);
  }
};

IoRing::IoRing(std::unique_ptr<Ring> ring) : ring_(std::move(ring)) {}
IoRing::IoRing(IoRing&&) noexcept = default;
IoRing::~IoRing() = default;

Result<IoRing> IoRing::make(int depth) {
  auto ring = std::make_unique<Ring>();
  const auto entries = static_cast<unsigned>(depth);
  // Completions are then run while we wait, not by interrupting us (Linux 6.1).
  int code =
      io_uring_queue_init(entries, &ring->ring, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
  if (code == -EINVAL) code = io_uring_queue_init(entries, &ring->ring, 0);
  ring->made = code == 0;
  if (ring->made) return IoRing(std::move(ring));
  return fail(ErrorKind::unavailable, "io_uring is refused", std::strerror(-code),
              "allow io_uring_setup (a container's seccomp profile, kernel.io_uring_disabled)");
}

void IoRing::send(const IoRequest& r) {
  io_uring_sqe* entry = io_uring_get_sqe(&ring_->ring);
  RIDGEPOINT_EXPECT(entry != nullptr);
  const auto bytes = static_cast<unsigned>(r.bytes);
  if (r.write)
    io_uring_prep_write(entry, r.file, r.data, bytes, r.offset);
  else
    io_uring_prep_read(entry, r.file, r.data, bytes, r.offset);
  io_uring_sqe_set_data64(entry, r.tag);
  io_uring_submit(&ring_->ring);  // what is not taken goes with the wait
}

int IoRing::wait(std::vector<IoDone>& done) {
  const int code = io_uring_submit_and_wait(&ring_->ring, 1);
  if (code < 0 && code != -EINTR && code != -EAGAIN && code != -EBUSY) return -code;
  unsigned head = 0, count = 0;
  io_uring_cqe* entry = nullptr;
  io_uring_for_each_cqe(&ring_->ring, head, entry) {
    done.push_back({static_cast<std::uint32_t>(entry->user_data), entry->res});
    ++count;
  }
  io_uring_cq_advance(&ring_->ring, count);
  return 0;
}

}  // namespace ridgepoint
