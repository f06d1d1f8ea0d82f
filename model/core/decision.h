// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/codec.h"

namespace ridgepoint {

/// What one ranked platform promises among all that are ranked.
struct Outlook {
  double probability_best = 0;
  std::optional<double> within5;          ///< that it is at most 5 % worse than the best
  std::optional<double> expected_regret;  ///< objective over that of the best, less one; on average
  std::optional<double> p95_regret;       ///< not exceeded with 95 %
};

template <class Io>
void fields(Io& io, Outlook& o) {
  io.field("probability_best", o.probability_best);
  io.field("within5", o.within5);
  io.field("expected_regret", o.expected_regret);
  io.field("p95_regret", o.p95_regret);
}

/// The value of one input at which a rival draws level with the choice.
struct BreakEven {
  std::string rival_id;
  std::string platform_id;  ///< whose input it is; empty = the workload's
  std::string input;  ///< "price", "efficiency", "share of peak", "power", "footprint", "resolution" ...
  std::string unit;
  double now = 0;
  double flips_at = 0;
  bool reachable = true;  ///< false: more than its peak would be needed
};

template <class Io>
void fields(Io& io, BreakEven& b) {
  io.field("rival_id", b.rival_id);
  io.field("platform_id", b.platform_id);
  io.field("input", b.input);
  io.field("unit", b.unit);
  io.field("now", b.now);
  io.field("flips_at", b.flips_at);
  io.field("reachable", b.reachable);
}

/// One input moved to its 10 % and 90 % value, all others as they are. The margin is the objective of the
/// best other platform over that of the choice; below 1 the choice loses.
struct TornadoBar {
  std::string platform_id;  ///< whose input it is; empty = the workload's or the class's
  std::string input;        ///< the fact's key, "price", "efficiency conv3d-training", "footprint" ...
  std::string unit;
  double now = 0, low = 0, high = 0;
  std::optional<double> margin_low, margin_high;  ///< absent: the choice has no figure there
  std::string winner_low, winner_high;            ///< platform ids
  bool flips = false;
};

template <class Io>
void fields(Io& io, TornadoBar& t) {
  io.field("platform_id", t.platform_id);
  io.field("input", t.input);
  io.field("unit", t.unit);
  io.field("now", t.now);
  io.field("low", t.low);
  io.field("high", t.high);
  io.field("margin_low", t.margin_low);
  io.field("margin_high", t.margin_high);
  io.field("winner_low", t.winner_low);
  io.field("winner_high", t.winner_high);
  io.field("flips", t.flips);
}

/// One measurement and the expected regret of choosing without and with it.
struct NextMeasurement {
  std::string platform_id;
  std::string kernel;  ///< to be run there
  double regret_before = 0, regret_after = 0;
};

template <class Io>
void fields(Io& io, NextMeasurement& m) {
  io.field("platform_id", m.platform_id);
  io.field("kernel", m.kernel);
  io.field("regret_before", m.regret_before);
  io.field("regret_after", m.regret_after);
}

/// A limit on the time of one unit of work.
struct TimeLimit {
  std::string kind;  ///< "deadline" (a job) or "slo" (a request somebody waits for)
  double seconds = 0;
  std::string choice;  ///< the best ranked platform that keeps it with 90 %; empty when none does
};

template <class Io>
void fields(Io& io, TimeLimit& t) {
  io.field("kind", t.kind);
  io.field("seconds", t.seconds);
  io.field("choice", t.choice);
}

}  // namespace ridgepoint
