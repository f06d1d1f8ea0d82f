// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/workload.h"
#include "model/law/resources.h"

namespace ridgepoint {

/// The terms of the time law. Those of the first group overlap, the others add.
enum class TermKind {
  compute,
  memory,
  on_chip,
  core_bandwidth,
  launch,
  serial,
  link,
  storage,
  exchange,
  reduce,
  step
};

constexpr auto names(TermKind) {
  return enum_names<TermKind>({{TermKind::compute, "compute"},
                               {TermKind::memory, "memory"},
                               {TermKind::on_chip, "on-chip"},
                               {TermKind::core_bandwidth, "core-bandwidth"},
                               {TermKind::launch, "launch"},
                               {TermKind::serial, "serial"},
                               {TermKind::link, "link"},
                               {TermKind::storage, "storage"},
                               {TermKind::exchange, "exchange"},
                               {TermKind::reduce, "reduce"},
                               {TermKind::step, "step"}});
}

/// Does it overlap with the others of its stage (combined by a p-norm), or add?
bool overlaps(TermKind kind);

/// How a job is run; what a workload's definition leaves open.
struct Setting {
  double devices = 1;  ///< chips or sockets
  double nodes = 1;
  double core_share = 1;                ///< of each socket's cores
  bool one_program = false;             ///< no count given: a part of several devices gives one of them
  std::optional<double> batch;          ///< units of work in one step, all devices together
  std::vector<std::string> precisions;  ///< empty: what the stage allows
  std::string software;                 ///< class of libraries; empty: not known
  double age_years = 0;                 ///< of the platform when the software was written, 0 to 3
  bool cold = false;                    ///< data come from storage first
  double decoding = 1;                  ///< cycles a decoded byte takes, over an engine's own format
  double launching = 1;                 ///< host time of a launch, over a compiled network's
};

/// Ideal seconds of one resource for one unit of work on one device (before efficiency).
struct LawTerm {
  TermKind kind = TermKind::compute;
  std::string kernel_class;  ///< whose efficiency applies
  double seconds = 0;
  double sigma = 0;      ///< of the roof beyond what efficiencies cover: a measured roof's interval
  std::string resource;  ///< the fact's key, for the report
  /// Of dense arithmetic on a device: ln of the work its roof asks of each joule of the board's power limit,
  /// over what was usual in the year of its launch. A card of 70 W cannot hold the clock of its datasheet.
  std::optional<double> crowding;
};

/// The terms of one stage.
struct StageTerms {
  std::string id, kernel_class, precision, tier;
  std::vector<LawTerm> terms;
};

/// Device-seconds of one unit of work, stage by stage:
///
///   T = sum over stages of ( (sum over overlapping terms of (s_i / e_i)^p)^(1/p) + sum of the other s_i /
///   e_i )
///
/// with p = 2 (model notes of this repository, docs/explanation/model.md). Divide by Setting::devices for the
/// system's time. Refused (unavailable): no roof for a precision, no memory bandwidth, no clock.
Result<std::vector<StageTerms>> law_terms(const Workload& workload, const Resources& resources,
                                          const Setting& setting);

/// Bytes of one value of a precision ("fp16" 2, "tf32" 4 ...).
double bytes_of(const std::string& precision);

/// Units of work in one pass over the training data as it was at a date (YYYY-MM); absent: not defined.
std::optional<double> epoch_units(const Workload& workload, const std::string& date);

/// Passes over the data until the target at a batch, from the workload's table; outside it the end points
/// hold.
std::optional<double> epochs_at(const Workload& workload, double batch);

/// Matrix-like classes, which tensor units serve.
bool is_matrix_like(const std::string& kernel_class);

/// The group a class borrows from where it has no measurement of its own; empty: none.
std::string group_of(TermKind kind, const std::string& kernel_class);

}  // namespace ridgepoint
