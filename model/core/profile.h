// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/events.h"
#include "model/core/fact.h"
#include "model/core/provenance.h"

namespace ridgepoint {

/// What a run was short of, as far as the evidence goes.
enum class Bound { processor, memory, storage, waiting, throttled, mixed, unknown };

constexpr auto names(Bound) {
  return enum_names<Bound>({{Bound::processor, "processor"},
                            {Bound::memory, "memory"},
                            {Bound::storage, "storage"},
                            {Bound::waiting, "waiting"},
                            {Bound::throttled, "throttled"},
                            {Bound::mixed, "mixed"},
                            {Bound::unknown, "unknown"}});
}

/// One thing that was seen, and what it says about the run. Evidence, not proof.
struct Evidence {
  std::string subject;  ///< processor | memory | storage | waiting | throttled | steal
  std::string seen;     ///< "busy 98 % of 1 processor"
};

template <class Io>
void fields(Io& io, Evidence& e) {
  io.field("subject", e.subject);
  io.field("seen", e.seen);
}

/// One pair of roofs and where the run stands below it.
struct RoofShare {
  std::string compute, memory;   ///< keys of the machine's facts
  double attainable_flop_s = 0;  ///< min(compute roof, intensity x memory roof)
  double share = 0;              ///< reached / attainable
  std::string bound;             ///< compute | memory: the lower of the two
};

template <class Io>
void fields(Io& io, RoofShare& r) {
  io.field("compute", r.compute);
  io.field("memory", r.memory);
  io.field("attainable_flop_s", r.attainable_flop_s);
  io.field("share", r.share);
  io.field("bound", r.bound);
}

/// Where a run stands on a machine's roofline. Exists only where both work and traffic are known.
struct RooflinePlace {
  std::string machine_id;
  Fact work;     ///< flop
  Fact traffic;  ///< byte
  double intensity_flop_byte = 0;
  double reached_flop_s = 0;
  Facts roofs;  ///< the machine's, copied
  std::vector<RoofShare> shares;
};

template <class Io>
void fields(Io& io, RooflinePlace& p) {
  io.field("machine_id", p.machine_id);
  io.field("work", p.work);
  io.field("traffic", p.traffic);
  io.field("intensity_flop_byte", p.intensity_flop_byte);
  io.field("reached_flop_s", p.reached_flop_s);
  io.field("roofs", p.roofs);
  io.field("shares", p.shares);
}

/// The document `profile`: what one run of somebody's program used.
struct Profile {
  Provenance provenance;
  std::vector<std::string> words;         ///< the command, a word each
  std::optional<std::int64_t> exit_code;  ///< of the command; absent when a signal ended it
  std::optional<std::int64_t> signal;
  Bound bound = Bound::unknown;
  std::vector<Evidence> evidence;
  Facts facts;
  std::optional<RooflinePlace> roofline;
  std::vector<Missing> missing;
  std::vector<Warning> warnings;
};

template <class Io>
void fields(Io& io, Profile& p) {
  io.field("provenance", p.provenance);
  io.field("words", p.words);
  io.field("exit_code", p.exit_code);
  io.field("signal", p.signal);
  io.field("bound", p.bound);
  io.field("evidence", p.evidence);
  io.field("facts", p.facts);
  io.field("roofline", p.roofline);
  io.field("missing", p.missing);
  io.field("warnings", p.warnings);
}

// Compiled once, in documents.cpp.
extern template Json encode(const Profile&);
extern template Result<Profile> decode<Profile>(const Json&, const std::string&);

}  // namespace ridgepoint
