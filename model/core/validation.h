// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/provenance.h"
#include "model/core/tier.h"

namespace ridgepoint {

/// What a row's predictor has not seen: rows of the row's platform, workload or round, or the row itself
/// (run: of this machine's own kernels); none = the calibration as shipped (or given) predicts every row.
enum class LeaveOut { none, platform, workload, round, run };

constexpr auto names(LeaveOut) {
  return enum_names<LeaveOut>({{LeaveOut::none, "none"},
                               {LeaveOut::platform, "platform"},
                               {LeaveOut::workload, "workload"},
                               {LeaveOut::round, "round"},
                               {LeaveOut::run, "run"}});
}

/// One file of published rows.
struct ValidationInput {
  std::string file;
  std::int64_t rows = 0;
  std::int64_t unreadable = 0;  ///< rows that lack a field or hold a wrong type
  std::int64_t duplicates = 0;  ///< rows whose id stood before, here or in an earlier file
};

template <class Io>
void fields(Io& io, ValidationInput& i) {
  io.field("file", i.file);
  io.field("rows", i.rows);
  io.field("unreadable", i.unreadable);
  io.field("duplicates", i.duplicates);
}

/// One row of the input, in the input's order. A refused row has a reason and no prediction.
struct ValidationRow {
  std::string id, workload_id, platform_id, metric;  ///< the input's; empty where it has none
  std::optional<std::string> unit;
  std::optional<double> measured;           ///< in `unit`
  std::optional<double> predicted, lo, hi;  ///< in `unit`; lo..hi is the 10 % to 90 % interval
  std::optional<Tier> tier;
  std::optional<std::string> kernel_class;
  std::optional<double> measured_s, predicted_s;  ///< seconds, or seconds per unit of a rate
  std::optional<double> ratio;                    ///< predicted_s / measured_s
  std::optional<double> error;                    ///< exp(|ln ratio|) - 1: 1 = wrong by a factor of two
  std::optional<std::string> refused;             ///< why there is no prediction
};

template <class Io>
void fields(Io& io, ValidationRow& r) {
  io.field("id", r.id);
  io.field("workload_id", r.workload_id);
  io.field("platform_id", r.platform_id);
  io.field("metric", r.metric);
  io.field("unit", r.unit);
  io.field("measured", r.measured);
  io.field("predicted", r.predicted);
  io.field("lo", r.lo);
  io.field("hi", r.hi);
  io.field("tier", r.tier);
  io.field("class", r.kernel_class);
  io.field("measured_s", r.measured_s);
  io.field("predicted_s", r.predicted_s);
  io.field("ratio", r.ratio);
  io.field("error", r.error);
  io.field("refused", r.refused);
}

/// The errors of some rows. What needs at least one predicted row is absent without one.
struct ErrorScore {
  std::string name;
  std::int64_t rows = 0, predicted = 0, refused = 0;
  std::optional<double> median_error, p90_error, max_error;
  std::optional<double> bias_ln;   ///< median of ln ratio; below 0 = predicted too fast
  std::optional<double> coverage;  ///< share of the measured values inside lo..hi
  std::optional<double> width;     ///< median of hi / lo
};

template <class Io>
void fields(Io& io, ErrorScore& s) {
  io.field("name", s.name);
  io.field("rows", s.rows);
  io.field("predicted", s.predicted);
  io.field("refused", s.refused);
  io.field("median_error", s.median_error);
  io.field("p90_error", s.p90_error);
  io.field("max_error", s.max_error);
  io.field("bias_ln", s.bias_ln);
  io.field("coverage", s.coverage);
  io.field("width", s.width);
}

/// Rows refused for one kind of reason (what it quotes left out).
struct RefusalCount {
  std::string reason;
  std::int64_t rows = 0;
  double share = 0;  ///< of all rows
};

template <class Io>
void fields(Io& io, RefusalCount& r) {
  io.field("reason", r.reason);
  io.field("rows", r.rows);
  io.field("share", r.share);
}

/// Pairs of systems on different platforms within one group, whose measured times differ by more than 1.25.
struct PairScore {
  std::int64_t pairs = 0, right = 0;
  std::optional<double> share;
};

template <class Io>
void fields(Io& io, PairScore& p) {
  io.field("pairs", p.pairs);
  io.field("right", p.right);
  io.field("share", p.share);
}

/// Choosing the best system of a group. Regret: what the choice takes more than the best, as a share.
struct ChoiceScore {
  std::int64_t groups = 0, right = 0;
  std::int64_t left_out = 0;  ///< groups with fewer than two platforms that have the figure
  std::optional<double> share, mean_regret, p95_regret;
};

template <class Io>
void fields(Io& io, ChoiceScore& c) {
  io.field("groups", c.groups);
  io.field("right", c.right);
  io.field("left_out", c.left_out);
  io.field("share", c.share);
  io.field("mean_regret", c.mean_regret);
  io.field("p95_regret", c.p95_regret);
}

struct RankScore {
  PairScore pairs;
  PairScore pairs_same_size;  ///< of systems with the same number of devices
  ChoiceScore time, cost;
};

template <class Io>
void fields(Io& io, RankScore& r) {
  io.field("pairs", r.pairs);
  io.field("pairs_same_size", r.pairs_same_size);
  io.field("time", r.time);
  io.field("cost", r.cost);
}

/// One group of systems that can be compared, and what was chosen from it. Systems read "platform x devices".
struct RankedGroup {
  std::string name;
  std::int64_t systems = 0, pairs = 0, pairs_right = 0;
  std::string fastest, chosen;
  double regret = 0;
  std::optional<std::string> cheapest, chosen_by_cost;
  std::optional<double> cost_regret;
};

template <class Io>
void fields(Io& io, RankedGroup& g) {
  io.field("name", g.name);
  io.field("systems", g.systems);
  io.field("pairs", g.pairs);
  io.field("pairs_right", g.pairs_right);
  io.field("fastest", g.fastest);
  io.field("chosen", g.chosen);
  io.field("regret", g.regret);
  io.field("cheapest", g.cheapest);
  io.field("chosen_by_cost", g.chosen_by_cost);
  io.field("cost_regret", g.cost_regret);
}

/// Another way to predict the same rows, for comparison.
struct BaselineScore {
  ErrorScore errors;
  RankScore ranking;
};

template <class Io>
void fields(Io& io, BaselineScore& b) {
  io.field("errors", b.errors);
  io.field("ranking", b.ranking);
}

/// The rows scored, whole and in parts.
struct ValidationSummary {
  ErrorScore overall;
  std::vector<ErrorScore> families;  ///< the first part of workload_id
  std::vector<ErrorScore> classes;   ///< of kernels; refused rows have none
  std::vector<ErrorScore> tiers;
  std::vector<RefusalCount> refusals;
  /// Share refused of the rows that were readable and whose platform and workload are known.
  std::optional<double> refused_known;
};

template <class Io>
void fields(Io& io, ValidationSummary& s) {
  io.field("overall", s.overall);
  io.field("families", s.families);
  io.field("classes", s.classes);
  io.field("tiers", s.tiers);
  io.field("refusals", s.refusals);
  io.field("refused_known", s.refused_known);
}

/// The document `validation`: published rows replayed against the model.
struct Validation {
  Provenance provenance;
  LeaveOut leave_out = LeaveOut::none;
  std::vector<ValidationInput> inputs;
  ValidationSummary summary;
  RankScore ranking;
  std::vector<RankedGroup> groups;
  std::vector<BaselineScore> baselines;
  std::int64_t worst = 0;  ///< how many of the worst rows a report shows first
  std::vector<ValidationRow> rows;
  std::vector<Warning> warnings;
  std::vector<std::string> method;
};

template <class Io>
void fields(Io& io, Validation& v) {
  io.field("provenance", v.provenance);
  io.field("leave_out", v.leave_out);
  io.field("inputs", v.inputs);
  io.field("summary", v.summary);
  io.field("ranking", v.ranking);
  io.field("groups", v.groups);
  io.field("baselines", v.baselines);
  io.field("worst", v.worst);
  io.field("rows", v.rows);
  io.field("warnings", v.warnings);
  io.field("method", v.method);
}

// Compiled once, in documents.cpp.
extern template Json encode(const Validation&);
extern template Result<Validation> decode<Validation>(const Json&, const std::string&);

}  // namespace ridgepoint
