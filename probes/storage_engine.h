// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

#include "model/core/buffer.h"
#include "model/core/result.h"
#include "model/core/team.h"
#include "probes/storage_latency.h"

namespace ridgepoint {

/// One sample: requests of one kind, `depth` of them in flight at any moment.
struct IoJob {
  bool write = false;
  bool random = false;
  std::size_t block = 4096;
  int depth = 1;
  double seconds = 0.05;   ///< from the moment the first `depth` requests have come back
  std::size_t most = ~0U;  ///< requests, those to begin with included
};

/// What came of it. The rate is taken while the queue was full: neither filling nor draining counts.
struct IoTally {
  double per_s = 0;
  LatencyHistogram latency;
};

/// Where the requests go and what they carry. Every 4 KiB begin with a mark of their place, which every read
/// verifies, and a number never used before: no block equals another, so neither compression nor
/// deduplication helps. Safe for several threads.
class IoBlocks {
 public:
  /// `memory` holds what is in flight: at least depth x block of any job.
  IoBlocks(int descriptor, std::size_t file_byte, const Buffer& memory);

  int descriptor() const { return descriptor_; }
  std::size_t file_byte() const { return file_byte_; }
  std::byte* slot(const IoJob& job, int index) const;
  /// Offset of the next request: one block on, wrapping at the end, or anywhere.
  std::uint64_t next(const IoJob& job);
  /// Requests go to the first `file_byte` only from now on.
  void shrink(std::size_t file_byte) { file_byte_ = file_byte; }
  void stamp(std::byte* data, std::uint64_t offset, std::size_t bytes);
  static bool right(const std::byte* data, std::uint64_t offset, std::size_t bytes);
  std::uint64_t written_byte() const { return written_; }

 private:
  int descriptor_;
  std::size_t file_byte_;
  const Buffer& memory_;
  std::atomic<std::uint64_t> issued_ = 0, stamped_ = 0, written_ = 0;
};

/// Anything but the whole block read or written rightly is an error, told in the house grammar.
tl::unexpected<Error> io_failure(const IoJob& job, int code);
/// The code for data that is not what was written.
inline constexpr int kWrongData = -1;
/// The code for a request that moved less than its block.
inline constexpr int kShort = -2;

/// pread and pwrite, one thread for each request in flight. Precondition: the team has job.depth members.
Result<IoTally> run_blocking(const IoJob& job, IoBlocks& blocks, Team& team);

/// Writes one block and waits until it is durable (fdatasync), again and again.
Result<IoTally> run_sync(const IoJob& job, IoBlocks& blocks);

}  // namespace ridgepoint
