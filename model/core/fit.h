// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/recommendation.h"
#include "model/core/workload.h"

namespace ridgepoint {

/// One named part of a footprint.
struct MemoryItem {
  std::string name;  ///< "activations"
  double byte = 0;
  std::string how;  ///< formula with its numbers, and where its constant comes from
  Basis basis = Basis::derived;
};

template <class Io>
void fields(Io& io, MemoryItem& m) {
  io.field("name", m.name);
  io.field("byte", m.byte);
  io.field("how", m.how);
  io.field("basis", m.basis);
}

/// `expected_byte` is the sum of the items.
struct Footprint {
  std::vector<MemoryItem> items;
  double expected_byte = 0;
  double safe_byte = 0;  ///< with margin: what a machine should have
};

template <class Io>
void fields(Io& io, Footprint& f) {
  io.field("items", f.items);
  io.field("expected_byte", f.expected_byte);
  io.field("safe_byte", f.safe_byte);
}

enum class FitVerdict {
  fits,       ///< with margin
  tight,      ///< the expected total fits, the safe one does not
  too_large,  ///< the expected total does not fit
  unknown     ///< the capacity is not known
};

constexpr auto names(FitVerdict) {
  return enum_names<FitVerdict>({{FitVerdict::fits, "fits"},
                                 {FitVerdict::tight, "tight"},
                                 {FitVerdict::too_large, "too-large"},
                                 {FitVerdict::unknown, "unknown"}});
}

/// What a way out does to the result.
enum class Quality {
  same,     ///< the same arithmetic, up to rounding
  changed,  ///< other numbers, no loss expected where the cited evidence holds
  loss,     ///< a loss that depends on what is looked for; the evidence is cited
};

constexpr auto names(Quality) {
  return enum_names<Quality>(
      {{Quality::same, "same"}, {Quality::changed, "changed"}, {Quality::loss, "loss"}});
}

/// One way to make it fit, with its price.
struct WayOut {
  std::string name;         ///< "mixed precision + batch 1 x 2"
  std::string platform_id;  ///< where it runs
  bool here = false;        ///< on the platform asked for
  double devices = 1;
  double expected_byte = 0;  ///< on one device
  double safe_byte = 0;
  std::string tier;
  double work_ratio = 1;             ///< arithmetic, against the job as asked for
  std::optional<Interval> time_s;    ///< for the unit of work as asked for
  std::optional<Interval> cost_usd;  ///< absent when no price is known
  std::optional<Interval> energy_j;
  Quality quality = Quality::same;
  std::string effect;                 ///< on the result, with its evidence
  std::vector<std::string> formulas;  ///< a sentence a step, with source
};

template <class Io>
void fields(Io& io, WayOut& w) {
  io.field("name", w.name);
  io.field("platform_id", w.platform_id);
  io.field("here", w.here);
  io.field("devices", w.devices);
  io.field("expected_byte", w.expected_byte);
  io.field("safe_byte", w.safe_byte);
  io.field("tier", w.tier);
  io.field("work_ratio", w.work_ratio);
  io.field("time_s", w.time_s);
  io.field("cost_usd", w.cost_usd);
  io.field("energy_j", w.energy_j);
  io.field("quality", w.quality);
  io.field("effect", w.effect);
  io.field("formulas", w.formulas);
}

/// Expected memory at one batch or one resolution.
struct MemoryPoint {
  double at = 0;  ///< samples, or voxels of one sample
  double byte = 0;
};

template <class Io>
void fields(Io& io, MemoryPoint& p) {
  io.field("at", p.at);
  io.field("byte", p.byte);
}

/// The document `fit`: does a network fit a platform, and what does each way out cost?
struct FitStudy {
  Provenance provenance;
  std::string as_of;
  std::string network;
  std::string network_source;
  std::string input;  ///< shape, batch first
  double batch = 1;
  Phase phase = Phase::training;
  std::string precision;
  std::string optimizer;
  std::string framework;
  std::string platform_id, platform_name;
  FitVerdict verdict = FitVerdict::unknown;
  Footprint footprint;
  std::optional<double> capacity_byte;  ///< of the largest tier
  std::string tier;                     ///< the one it lives in, or the largest
  std::string binds;                    ///< the largest item
  std::optional<Interval> time_s;       ///< of the job as asked for, when it fits
  std::optional<Interval> cost_usd;
  std::optional<double> largest_batch;  ///< that fits with margin
  std::vector<WayOut> ways;             ///< Pareto sets of time, cost and quality: here, then elsewhere
  std::int64_t considered = 0;          ///< combinations priced
  std::int64_t dominated = 0;           ///< of these, worse than another in everything
  std::int64_t infeasible = 0;          ///< of these, still too large
  std::vector<MemoryPoint> by_batch;
  std::vector<MemoryPoint> by_resolution;
  std::vector<std::string> sure;     ///< how sure
  std::vector<std::string> changes;  ///< what would change the answer
};

template <class Io>
void fields(Io& io, FitStudy& f) {
  io.field("provenance", f.provenance);
  io.field("as_of", f.as_of);
  io.field("network", f.network);
  io.field("network_source", f.network_source);
  io.field("input", f.input);
  io.field("batch", f.batch);
  io.field("phase", f.phase);
  io.field("precision", f.precision);
  io.field("optimizer", f.optimizer);
  io.field("framework", f.framework);
  io.field("platform_id", f.platform_id);
  io.field("platform_name", f.platform_name);
  io.field("verdict", f.verdict);
  io.field("footprint", f.footprint);
  io.field("capacity_byte", f.capacity_byte);
  io.field("tier", f.tier);
  io.field("binds", f.binds);
  io.field("time_s", f.time_s);
  io.field("cost_usd", f.cost_usd);
  io.field("largest_batch", f.largest_batch);
  io.field("ways", f.ways);
  io.field("considered", f.considered);
  io.field("dominated", f.dominated);
  io.field("infeasible", f.infeasible);
  io.field("by_batch", f.by_batch);
  io.field("by_resolution", f.by_resolution);
  io.field("sure", f.sure);
  io.field("changes", f.changes);
}

// Compiled once, in documents.cpp.
extern template Json encode(const FitStudy&);
extern template Result<FitStudy> decode<FitStudy>(const Json&, const std::string&);

}  // namespace ridgepoint
