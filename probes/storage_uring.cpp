// SPDX-License-Identifier: Apache-2.0
#include "probes/storage_uring.h"

#include <liburing.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <vector>

#include "model/core/contract.h"

namespace ridgepoint {

struct Uring::Ring {
  io_uring ring{};
  bool made = false;
  Ring() = default;
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring() {
    if (made) io_uring_queue_exit(&ring);
  }
};

namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// One job while it runs. Buffers belong to the kernel until their request is back, so whatever happens, all
/// that was sent is waited for.
class Flight {
 public:
  Flight(io_uring& ring, const IoJob& job, IoBlocks& blocks)
      : ring_(ring), job_(job), blocks_(blocks), sent_(static_cast<std::size_t>(job.depth)) {}

  Result<IoTally> run() {
    begin_ = now();
    for (int i = 0; i < job_.depth; ++i) send(static_cast<unsigned>(i));
    while (in_flight_ > 0) {
      const int code = io_uring_submit_and_wait(&ring_, 1);
      if (code < 0 && code != -EINTR && code != -EAGAIN && code != -EBUSY) return io_failure(job_, -code);
      collect();
    }
    if (trouble_ != 0) return io_failure(job_, trouble_);
    tally_.per_s = static_cast<double>(counted_) / std::max(end_ - full_, 1e-9);
    return std::move(tally_);
  }

 private:
  struct Sent {
    std::uint64_t offset = 0;
    double at = 0;
  };

  void send(unsigned slot) {
    Sent& s = sent_[slot];
    std::byte* data = blocks_.slot(job_, static_cast<int>(slot));
    s.offset = blocks_.next(job_);
    if (job_.write) blocks_.stamp(data, s.offset, job_.block);
    s.at = now();
    io_uring_sqe* entry = io_uring_get_sqe(&ring_);
    RIDGEPOINT_EXPECT(entry != nullptr);
    const auto bytes = static_cast<unsigned>(job_.block);
    if (job_.write)
      io_uring_prep_write(entry, blocks_.descriptor(), data, bytes, s.offset);
    else
      io_uring_prep_read(entry, blocks_.descriptor(), data, bytes, s.offset);
    io_uring_sqe_set_data64(entry, slot);
    ++in_flight_;
    ++issued_;
    // At once, not with the rest of its batch: the device would wait for us. What is not taken goes with the
    // wait.
    io_uring_submit(&ring_);
  }

  void collect() {
    const double at = now();
    unsigned head = 0;
    io_uring_cqe* done = nullptr;
    back_.clear();
    io_uring_for_each_cqe(&ring_, head, done) {
      back_.push_back(static_cast<unsigned>(done->user_data));
      check(back_.back(), done->res);
    }
    io_uring_cq_advance(&ring_, static_cast<unsigned>(back_.size()));
    in_flight_ -= back_.size();
    if (trouble_ != 0 || over_ || back_.empty()) return;
    count(at);
    over_ = counted_ > 0 && (at - full_ >= job_.seconds || issued_ >= job_.most);
    if (over_) return;
    for (const unsigned slot : back_) send(slot);
  }

  void check(unsigned slot, int moved) {
    if (moved < 0)
      trouble_ = -moved;
    else if (moved != static_cast<int>(job_.block))
      trouble_ = kShort;
    else if (!job_.write &&
             !IoBlocks::right(blocks_.slot(job_, static_cast<int>(slot)), sent_[slot].offset, job_.block))
      trouble_ = kWrongData;
  }

  void count(double at) {
    returned_ += back_.size();
    if (full_ == 0) {
      if (returned_ >= sent_.size() || at - begin_ >= job_.seconds) full_ = at;
      return;
    }
    counted_ += back_.size();
    end_ = at;
    for (const unsigned slot : back_) tally_.latency.add(at - sent_[slot].at);
  }

  io_uring& ring_;
  const IoJob& job_;
  IoBlocks& blocks_;
  std::vector<Sent> sent_;
  std::vector<unsigned> back_;
  IoTally tally_;
  double begin_ = 0, full_ = 0, end_ = 0;
  std::uint64_t returned_ = 0, counted_ = 0, issued_ = 0, in_flight_ = 0;
  int trouble_ = 0;
  bool over_ = false;
};

}  // namespace

Uring::Uring(std::unique_ptr<Ring> ring) : ring_(std::move(ring)) {}
Uring::Uring(Uring&&) noexcept = default;
Uring::~Uring() = default;

Result<Uring> Uring::make(int depth) {
  auto ring = std::make_unique<Ring>();
  const auto entries = static_cast<unsigned>(depth);
  // Completions are then run while we wait, not by interrupting us (Linux 6.1).
  int code =
      io_uring_queue_init(entries, &ring->ring, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
  if (code == -EINVAL) code = io_uring_queue_init(entries, &ring->ring, 0);
  ring->made = code == 0;
  if (ring->made) return Uring(std::move(ring));
  return fail(ErrorKind::unavailable, "io_uring is refused", std::strerror(-code),
              "allow io_uring_setup (a container's seccomp profile, kernel.io_uring_disabled)");
}

Result<IoTally> Uring::run(const IoJob& job, IoBlocks& blocks) {
  return Flight(ring_->ring, job, blocks).run();
}

}  // namespace ridgepoint
