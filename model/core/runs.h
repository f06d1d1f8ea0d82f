// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/events.h"
#include "model/core/growth.h"
#include "model/core/provenance.h"
#include "model/core/stats.h"

namespace ridgepoint {

/// What one execution of a kernel declares to do, stated beside its loop.
struct KernelCost {
  double work_flop = 0;                   ///< useful floating-point operations, FMA = 2; 0 where none count
  double read_byte = 0;                   ///< from the level the working set lives in
  double written_byte = 0;                ///< to it, without write-allocate
  std::optional<double> integer_op = {};  ///< comparisons, shifts, integer sums; absent where not counted
  std::optional<double> random_access = {};   ///< independent accesses to a line that nothing else brings in
  std::optional<double> dependent_miss = {};  ///< accesses of which each waits for the one before
  std::optional<double> storage_read_byte = {};  ///< from the device
  std::optional<double> storage_written_byte = {};
};

template <class Io>
void fields(Io& io, KernelCost& c) {
  io.field("work_flop", c.work_flop);
  io.field("read_byte", c.read_byte);
  io.field("written_byte", c.written_byte);
  io.field("integer_op", c.integer_op);
  io.field("random_access", c.random_access);
  io.field("dependent_miss", c.dependent_miss);
  io.field("storage_read_byte", c.storage_read_byte);
  io.field("storage_written_byte", c.storage_written_byte);
}

/// A kernel against the roof beside it, both measured in turn: rate, sample, rate, sample, ..., rate.
struct AdjacentShare {
  std::string name;           ///< read | copy | triad | gather | random-line | storage-<read|write|copy>
  std::string unit;           ///< B/s | 1/s
  double quantity = 0;        ///< what one execution needs of the roof
  std::vector<double> rates;  ///< raw, in order; one more than the samples
  Summary share;              ///< of each sample: quantity / time / mean of the rates on both sides
};

template <class Io>
void fields(Io& io, AdjacentShare& r) {
  io.field("name", r.name);
  io.field("unit", r.unit);
  io.field("quantity", r.quantity);
  io.field("rates", r.rates);
  io.field("share", r.share);
}

/// A kernel's answer is checked against a slow reference before its time counts.
struct Verification {
  bool passed = false;
  std::string reference;  ///< what it was compared with, on which size
  double error = 0;       ///< largest relative error seen; 0 for an exact integer comparison
  double tolerance = 0;
};

template <class Io>
void fields(Io& io, Verification& v) {
  io.field("passed", v.passed);
  io.field("reference", v.reference);
  io.field("error", v.error);
  io.field("tolerance", v.tolerance);
}

/// One kernel measured on one shape.
struct KernelRun {
  std::string id;      ///< "medical/conv3d-unet"
  std::string family;  ///< medical | analytics | sparse
  std::string
      kernel_class;   ///< the class whose efficiency it calibrates: conv3d-inference | column-scan | spmv
  std::string shape;  ///< one text line that names and fixes the case
  std::string dtype;  ///< fp32, fp64, int32 ...
  std::string isa;    ///< instruction set the kernel really used
  std::int64_t threads = 1;
  double working_set_byte = 0;
  std::optional<double> start_s = {};  ///< to wake its threads and wait for them, without any work
  KernelCost cost;
  Verification verification;
  std::vector<double> wall_s;  ///< raw samples in order, seconds per execution
  std::vector<double> cpu_s;   ///< process CPU time of the same samples
  Summary time_s;
  std::optional<AdjacentShare> roof = {};
  std::optional<Facts> counted;  ///< by the machine's counters, per execution, beside the declared cost
  std::string repro;             ///< the command line that repeats this case
  std::vector<Warning> warnings;
};

template <class Io>
void fields(Io& io, KernelRun& r) {
  io.field("id", r.id);
  io.field("family", r.family);
  io.field("kernel_class", r.kernel_class);
  io.field("shape", r.shape);
  io.field("dtype", r.dtype);
  io.field("isa", r.isa);
  io.field("threads", r.threads);
  io.field("working_set_byte", r.working_set_byte);
  io.field("start_s", r.start_s);
  io.field("cost", r.cost);
  io.field("verification", r.verification);
  io.field("wall_s", r.wall_s);
  io.field("cpu_s", r.cpu_s);
  io.field("time_s", r.time_s);
  io.field("roof", r.roof);
  io.field("counted", r.counted);
  io.field("repro", r.repro);
  io.field("warnings", r.warnings);
}

/// A kernel that was asked for and did not run, with the reason.
struct SkippedRun {
  std::string id;
  std::string reason;
  std::string fix;
};

template <class Io>
void fields(Io& io, SkippedRun& s) {
  io.field("id", s.id);
  io.field("reason", s.reason);
  io.field("fix", s.fix);
}

/// The document `runs`.
struct RunSet {
  Provenance provenance;
  std::string machine_id;
  bool interrupted = false;
  std::vector<KernelRun> runs;
  std::vector<SkippedRun> skipped;
  std::optional<SizeGrowth> growth = {};  ///< where the runs are one kernel at several sizes
  std::vector<Missing> missing;           ///< figures that nothing counts here
  std::vector<Warning> warnings;
};

template <class Io>
void fields(Io& io, RunSet& r) {
  io.field("provenance", r.provenance);
  io.field("machine_id", r.machine_id);
  io.field("interrupted", r.interrupted);
  io.field("runs", r.runs);
  io.field("skipped", r.skipped);
  io.field("growth", r.growth);
  io.field("missing", r.missing);
  io.field("warnings", r.warnings);
}

// Compiled once, in documents.cpp.
extern template Json encode(const RunSet&);
extern template Result<RunSet> decode<RunSet>(const Json&, const std::string&);

}  // namespace ridgepoint
