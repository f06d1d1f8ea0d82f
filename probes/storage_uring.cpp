// SPDX-License-Identifier: Apache-2.0
#include "probes/storage_uring.h"

#include <chrono>
#include <vector>

namespace ridgepoint {

namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// One job while it runs. Buffers belong to the kernel until their request is back, so whatever happens, all
/// that was sent is waited for.
class Flight {
 public:
  Flight(IoRing& ring, const IoJob& job, IoBlocks& blocks)
      : ring_(ring), job_(job), blocks_(blocks), sent_(static_cast<std::size_t>(job.depth)) {}

  Result<IoTally> run() {
    begin_ = now();
    for (int i = 0; i < job_.depth; ++i) send(static_cast<unsigned>(i));
    while (in_flight_ > 0) {
      back_.clear();
      if (const int code = ring_.wait(back_); code != 0) return io_failure(job_, code);
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
    ++in_flight_;
    ++issued_;
    ring_.send({job_.write, blocks_.descriptor(), data, job_.block, s.offset, slot});
  }

  void collect() {
    const double at = now();
    for (const IoDone& d : back_) check(d.tag, d.moved);
    in_flight_ -= back_.size();
    if (trouble_ != 0 || over_ || back_.empty()) return;
    count(at);
    over_ = counted_ > 0 && (at - full_ >= job_.seconds || issued_ >= job_.most);
    if (over_) return;
    for (const IoDone& d : back_) send(d.tag);
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
    for (const IoDone& d : back_) tally_.latency.add(at - sent_[d.tag].at);
  }

  IoRing& ring_;
  const IoJob& job_;
  IoBlocks& blocks_;
  std::vector<Sent> sent_;
  std::vector<IoDone> back_;
  IoTally tally_;
  double begin_ = 0, full_ = 0, end_ = 0;
  std::uint64_t returned_ = 0, counted_ = 0, issued_ = 0, in_flight_ = 0;
  int trouble_ = 0;
  bool over_ = false;
};

}  // namespace

Result<Uring> Uring::make(int depth) {
  auto ring = IoRing::make(depth);
  if (!ring) return tl::make_unexpected(ring.error());
  return Uring(std::move(*ring));
}

Result<IoTally> Uring::run(const IoJob& job, IoBlocks& blocks) { return Flight(ring_, job, blocks).run(); }

}  // namespace ridgepoint
