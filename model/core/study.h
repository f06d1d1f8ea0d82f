// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/cost.h"
#include "model/core/fit.h"
#include "model/core/provenance.h"
#include "model/core/stats.h"

namespace ridgepoint {

/// What a case study was expected to show, and what came out.
struct StudyClaim {
  std::string claim;          ///< with its bound, as fixed before the run
  std::optional<bool> holds;  ///< absent: this run cannot tell
  std::string seen;           ///< the figures
};

template <class Io>
void fields(Io& io, StudyClaim& c) {
  io.field("claim", c.claim);
  io.field("holds", c.holds);
  io.field("seen", c.seen);
}

/// What others have found, for or against.
struct StudyEvidence {
  std::string finding, source;
  bool agrees = true;
};

template <class Io>
void fields(Io& io, StudyEvidence& e) {
  io.field("finding", e.finding);
  io.field("source", e.source);
  io.field("agrees", e.agrees);
}

/// A network's job on one platform, by the laws of `fit`.
struct StudyJob {
  std::string platform_id, platform_name;
  FitVerdict verdict = FitVerdict::unknown;
  double expected_byte = 0;
  std::optional<Interval> time_s, cost_usd;  ///< absent where it does not fit or no price is known
};

template <class Io>
void fields(Io& io, StudyJob& j) {
  io.field("platform_id", j.platform_id);
  io.field("platform_name", j.platform_name);
  io.field("verdict", j.verdict);
  io.field("expected_byte", j.expected_byte);
  io.field("time_s", j.time_s);
  io.field("cost_usd", j.cost_usd);
}

/// Objects of one range of sizes, and how many were found. `share` with its 95 % interval (Wilson 1927).
struct FoundShare {
  double from_mm = 0;
  std::optional<double> below_mm;
  std::int64_t found = 0, of = 0;
  std::optional<Interval> share;  ///< absent where there was no object
};

template <class Io>
void fields(Io& io, FoundShare& f) {
  io.field("from_mm", f.from_mm);
  io.field("below_mm", f.below_mm);
  io.field("found", f.found);
  io.field("of", f.of);
  io.field("share", f.share);
}

/// One point of a free-response curve (FROC), over objects of all sizes.
struct FrocPoint {
  double false_per_scan = 0;
  double sensitivity = 0;
};

template <class Io>
void fields(Io& io, FrocPoint& p) {
  io.field("false_per_scan", p.false_per_scan);
  io.field("sensitivity", p.sensitivity);
}

/// Everything at one size of voxels.
struct ResolutionPoint {
  double voxel_mm = 0;
  double image_byte = 0;                ///< of one generated scan in FP32
  Summary detect_s;                     ///< seconds a scan, down-sampling and detection, on this machine
  double threshold = 0;                 ///< that lets through the false positives allowed
  std::vector<FoundShare> by_diameter;  ///< at that threshold
  std::vector<FrocPoint> froc;
  std::string network_input;         ///< of a whole chest at this size of voxels
  std::optional<double> train_byte;  ///< to train the network on one such chest
  std::vector<StudyJob> jobs;        ///< inference of one such chest
};

template <class Io>
void fields(Io& io, ResolutionPoint& p) {
  io.field("voxel_mm", p.voxel_mm);
  io.field("image_byte", p.image_byte);
  io.field("detect_s", p.detect_s);
  io.field("threshold", p.threshold);
  io.field("by_diameter", p.by_diameter);
  io.field("froc", p.froc);
  io.field("network_input", p.network_input);
  io.field("train_byte", p.train_byte);
  io.field("jobs", p.jobs);
}

/// Size of voxels against detection, memory, time and cost.
struct ResolutionResult {
  std::int64_t scans = 0;
  std::int64_t nodules = 0;
  double false_per_scan = 0;  ///< at which the shares by diameter are read
  std::string detector;
  std::string network;
  std::vector<ResolutionPoint> points;  ///< finest first
};

template <class Io>
void fields(Io& io, ResolutionResult& r) {
  io.field("scans", r.scans);
  io.field("nodules", r.nodules);
  io.field("false_per_scan", r.false_per_scan);
  io.field("detector", r.detector);
  io.field("network", r.network);
  io.field("points", r.points);
}

/// One training of the small network.
struct BatchRun {
  std::int64_t seed = 0, batch = 0, epochs = 0;
  double train_loss = 0;
  double train_share = 0, test_share = 0;           ///< patches told right
  double sharpness_wide = 0, sharpness_narrow = 0;  ///< per cent, at the two epsilons of the result
  double seconds = 0;                               ///< on one thread of this machine, measures included
};

template <class Io>
void fields(Io& io, BatchRun& r) {
  io.field("seed", r.seed);
  io.field("batch", r.batch);
  io.field("epochs", r.epochs);
  io.field("train_loss", r.train_loss);
  io.field("train_share", r.train_share);
  io.field("test_share", r.test_share);
  io.field("sharpness_wide", r.sharpness_wide);
  io.field("sharpness_narrow", r.sharpness_narrow);
  io.field("seconds", r.seconds);
}

/// What training to the target takes at one batch on one platform.
struct BatchJob {
  std::string platform_id, platform_name;
  double batch = 1;
  double samples = 0;      ///< to the target, published
  double at_once = 0;      ///< samples in memory; fewer than the batch: gradients accumulated
  double memory_byte = 0;  ///< expected, at so many
  std::optional<Interval> time_s, cost_usd;
};

template <class Io>
void fields(Io& io, BatchJob& j) {
  io.field("platform_id", j.platform_id);
  io.field("platform_name", j.platform_name);
  io.field("batch", j.batch);
  io.field("samples", j.samples);
  io.field("at_once", j.at_once);
  io.field("memory_byte", j.memory_byte);
  io.field("time_s", j.time_s);
  io.field("cost_usd", j.cost_usd);
}

/// Small against large batches: sharpness and error, then time and cost to a target.
struct BatchResult {
  std::int64_t parameters = 0, train_patches = 0, test_patches = 0;
  std::int64_t small_batch = 0, large_batch = 0;
  double epsilon_wide = 0, epsilon_narrow = 0;
  std::vector<BatchRun> runs;  ///< small and large in turn, a pair a seed
  /// Sharpness of large over small: median, least and largest over the seeds.
  std::optional<Interval> ratio_wide, ratio_narrow;
  /// Share told right, small less large: mean with its 95 % interval (Student, paired by seed).
  std::optional<Interval> test_gap;
  std::string network;                  ///< of the jobs
  std::string source;                   ///< of the samples to the target
  double spread_lo = 0, spread_hi = 0;  ///< standard deviation of those samples, as a share, over the batches
  std::vector<BatchJob> jobs;
};

template <class Io>
void fields(Io& io, BatchResult& r) {
  io.field("parameters", r.parameters);
  io.field("train_patches", r.train_patches);
  io.field("test_patches", r.test_patches);
  io.field("small_batch", r.small_batch);
  io.field("large_batch", r.large_batch);
  io.field("epsilon_wide", r.epsilon_wide);
  io.field("epsilon_narrow", r.epsilon_narrow);
  io.field("runs", r.runs);
  io.field("ratio_wide", r.ratio_wide);
  io.field("ratio_narrow", r.ratio_narrow);
  io.field("test_gap", r.test_gap);
  io.field("network", r.network);
  io.field("source", r.source);
  io.field("spread_lo", r.spread_lo);
  io.field("spread_hi", r.spread_hi);
  io.field("jobs", r.jobs);
}

/// The document `study`: a case study reproduced on generated data.
struct StudyReport {
  Provenance provenance;
  std::string name;   ///< resolution | batch-size
  std::string as_of;  ///< platforms and prices of that month
  std::int64_t seed = 1;
  std::vector<std::string> fixed;  ///< what was decided before the run
  std::vector<StudyClaim> claims;
  std::optional<ResolutionResult> resolution;
  std::optional<BatchResult> batch_size;
  std::vector<StudyEvidence> evidence;
  std::vector<std::string> limits;
};

template <class Io>
void fields(Io& io, StudyReport& s) {
  io.field("provenance", s.provenance);
  io.field("name", s.name);
  io.field("as_of", s.as_of);
  io.field("seed", s.seed);
  io.field("fixed", s.fixed);
  io.field("claims", s.claims);
  io.field("resolution", s.resolution);
  io.field("batch_size", s.batch_size);
  io.field("evidence", s.evidence);
  io.field("limits", s.limits);
}

// Compiled once, in documents.cpp.
extern template Json encode(const StudyReport&);
extern template Result<StudyReport> decode<StudyReport>(const Json&, const std::string&);

}  // namespace ridgepoint
