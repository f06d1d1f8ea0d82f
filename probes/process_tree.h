// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "model/core/ports.h"

namespace ridgepoint {

/// /proc/<pid>/io: what a process and the children it has waited for have moved.
struct ProcessIo {
  double read_byte = 0, written_byte = 0;    ///< through the block layer, to or from a device
  double read_chars = 0, written_chars = 0;  ///< by read, write and their kin: page cache, pipes, terminals
};

/// Nothing unless all four figures are there.
std::optional<ProcessIo> parse_process_io(std::string_view text);

/// A process and all its descendants at one moment.
struct TreeSample {
  int processes = 0;
  int threads = 0;
  double resident_byte = 0;  ///< summed: shared pages count once for each process that maps them
};

/// What its threads were doing, over all samples.
struct TreeStates {
  int samples = 0;   ///< with at least one thread
  int active = 0;    ///< some thread ran or was ready to
  int device = 0;    ///< none, but some waited for a device (state D)
  int asleep = 0;    ///< all slept
  double ready = 0;  ///< threads that ran or were ready, summed over the samples
};

/// State letter of /proc/<pid>/task/<tid>/stat; '?' when the text is malformed. The command's name stands in
/// parentheses before it and may hold anything, parentheses included.
char parse_state(std::string_view stat);

/// Follows a process tree by its /proc files. Orphans count where `root`'s parent adopts them.
class ProcessTree {
 public:
  ProcessTree(const Host& host, pid_t root, pid_t adopter) : host_(host), root_(root), adopter_(adopter) {}

  /// Looks once. Cheap: a few files a process.
  void sample();
  /// Reads the I/O account of one process that has ended and was not yet waited for: the last word on it.
  void read_io(pid_t pid);

  /// Looks for processes of the tree that outlived `root`, and reads their I/O so far. How many there are.
  int read_survivors();

  /// Highest of the samples.
  const TreeSample& peak() const { return peak_; }
  const TreeStates& states() const { return states_; }
  /// Of all processes that were alive when `root` ended, of `root` itself, and of all they waited for.
  std::optional<ProcessIo> io() const;

 private:
  std::vector<pid_t> find() const;

  const Host& host_;
  pid_t root_, adopter_;
  std::map<pid_t, ProcessIo> io_;  ///< last account of each that nobody in the tree has waited for
  TreeSample peak_;
  TreeStates states_;
};

}  // namespace ridgepoint
