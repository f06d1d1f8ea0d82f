// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "probes/sampler.h"
#include "probes/storage_uring.h"

namespace ridgepoint {

/// io_uring where the kernel lets us, else threads.
class StorageEngine {
 public:
  StorageEngine(const Topology& topology, int depth);
  const std::string& name() const { return name_; }
  /// Why it is not io_uring; nothing where it is.
  const std::optional<Error>& refusal() const { return refusal_; }
  Result<IoTally> run(const IoJob& job, IoBlocks& blocks);

 private:
  std::optional<Uring> uring_;
  std::optional<Team> team_;
  std::string name_;
  std::optional<Error> refusal_;
};

/// How much is done at a level.
struct StorageEffort {
  double file_byte;  ///< the largest file
  double sample_s;   ///< one sample
  bool all_depths;   ///< the deepest queue only, or the others too

  static StorageEffort at(Level level);
  /// Most that one sample writes. Short samples are enough on a fast device, and wear is bounded.
  static double sample_byte(double file_byte);
  /// Most samples a visit, so that it writes no more than most_written.
  static int most_samples(double file_byte, int write_cells);
  static double most_written(double file_byte);
};

inline constexpr int kDeepest = 32, kSequentialDepth = 8;
inline constexpr std::size_t kSequentialBlock = 1U << 20, kRandomBlock = 4096;

/// One row of the table of storage figures, and the latencies of its requests in this visit.
struct StorageCell {
  std::string key, unit;
  IoJob job;
  bool sync = false;
  LatencyHistogram latency = {};

  /// In the cell's unit.
  double value_of(const IoTally& tally) const;
};
std::vector<StorageCell> storage_cells(const StorageEffort& effort, double file_byte);

/// Percentiles of a cell's requests in this visit, a series of one value each.
void add_percentiles(const StorageCell& cell, const std::string& source,
                     const std::vector<std::string>& asked, ProbeOutcome& outcome);

/// A warning for each sequential series whose rate fell to half or less and stayed there.
std::vector<Warning> throttle_warnings(const std::vector<Samples>& samples);

}  // namespace ridgepoint
