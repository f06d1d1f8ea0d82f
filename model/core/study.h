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

/// The document `study`: a case study reproduced on generated data.
struct StudyReport {
  Provenance provenance;
  std::string name;   ///< resolution
  std::string as_of;  ///< platforms and prices of that month
  std::int64_t seed = 1;
  std::vector<std::string> fixed;  ///< what was decided before the run
  std::vector<StudyClaim> claims;
  std::optional<ResolutionResult> resolution;
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
  io.field("evidence", s.evidence);
  io.field("limits", s.limits);
}

// Compiled once, in documents.cpp.
extern template Json encode(const StudyReport&);
extern template Result<StudyReport> decode<StudyReport>(const Json&, const std::string&);

}  // namespace ridgepoint
