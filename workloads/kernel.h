// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/core/result.h"
#include "model/core/runs.h"
#include "workloads/shape.h"

namespace ridgepoint {

/// What a run asks of a kernel.
struct KernelRequest {
  Shape shape;
  std::vector<int> cpus;  ///< OS indices, one thread each; not empty
  std::uint64_t seed = 1;
  double memory_limit_byte = 4e9;  ///< upper bound for all of the kernel's data together
  std::string directory = {};      ///< where temporary files go; empty: TMPDIR, else /var/tmp
  std::string input = {};          ///< the user's file, for kernels with `input`; empty: generated data
};

/// The roof next to which a kernel is judged, measured in turn with it: `rate` runs some 20 ms on the same
/// threads, and on the kernel's own data where that serves, and tells `unit` per second (see roofs.h).
struct AdjacentRoof {
  std::string name;     ///< read | copy | triad | gather | random-line | matmul | storage-<read|write|copy>
  std::string unit;     ///< B/s | 1/s | FLOP/s
  double quantity = 0;  ///< what one execution needs of it: bytes, accesses or operations
  std::function<double()> rate = {};
};

/// A kernel with its data in place and its answer already checked: ready to be timed. `body` runs it once on
/// all threads; it may be called any number of times.
struct Prepared {
  std::function<void()> body;
  std::function<void()> reset = {};  ///< puts consumed data back (a sort's input), untimed, before each body
  /// Asked after each sample, where a body can fail half-way (EIO, a full disk) or be stopped by the user.
  std::function<std::optional<Error>()> trouble = {};
  std::optional<AdjacentRoof> roof = {};
  KernelCost cost;
  Verification verification;
  double working_set_byte = 0;
  std::string dtype;
  std::string isa;
  std::vector<Warning> warnings;
};

/// A kernel is a record found by file name (`<id>.workload.cpp` defines `<id>_workload`).
struct Kernel {
  std::string id;            ///< "sparse/spmv-csr"
  std::string family;        ///< medical | analytics | sparse
  std::string kernel_class;  ///< which efficiency it calibrates
  std::string summary;
  std::string default_shape;  ///< "grid=96": key=value words, see Shape
  std::string input = {};     ///< "" or the file it takes: matrix | volume | table
  std::string cases = {};     ///< its named sizes: configs/cases/<cases>.txt; empty: <id>.txt
  bool starter = false;       ///< runs when no kernel is named: one of each family
  /// Makes data, computes once, compares with a slow reference. A wrong answer is a failed_check error.
  Result<Prepared> (*prepare)(const KernelRequest&) = nullptr;
};

/// All kernels, sorted by file name (generated table).
const std::vector<const Kernel*>& kernels();

}  // namespace ridgepoint
