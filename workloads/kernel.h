// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
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
};

/// A kernel with its data in place and its answer already checked: ready to be timed. `body` runs it once on
/// all threads; it may be called any number of times.
struct Prepared {
  std::function<void()> body;
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
  /// Makes data, computes once, compares with a slow reference. A wrong answer is a failed_check error.
  Result<Prepared> (*prepare)(const KernelRequest&) = nullptr;
};

/// All kernels, sorted by file name (generated table).
const std::vector<const Kernel*>& kernels();

}  // namespace ridgepoint
