// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/core/provenance.h"
#include "model/core/stats.h"

namespace ridgepoint {

/// Our time against a peer's. Ranges of times that overlap are a tie.
enum class PeerVerdict { win, tie, loss };

constexpr auto names(PeerVerdict) {
  return enum_names<PeerVerdict>(
      {{PeerVerdict::win, "win"}, {PeerVerdict::tie, "tie"}, {PeerVerdict::loss, "loss"}});
}

/// One program in a match, timed in turns with the others.
struct PeerSeries {
  std::string name;
  std::string touches;  ///< which data one execution truly reads and writes, in words
  std::optional<double> quantity =
      {};  ///< what one execution needs of the roof, in its unit x s; absent: unknown
  Summary time_s;
  std::optional<Summary> roof_share =
      {};                             ///< of each sample: quantity / time / mean of the roofs on both sides
  std::optional<Summary> ratio = {};  ///< of the same round: its time / ours; absent: it is ours
  std::optional<PeerVerdict> verdict = {};                ///< ours against it
  std::vector<double> wall_s = {}, cpu_s = {};            ///< raw samples, in order
  std::vector<double> roof_before = {}, roof_after = {};  ///< of each sample; empty: no roof
  std::vector<double> pressure =
      {};  ///< share of the time in which a task waited for a processor; empty: unknown
  std::vector<double> steal_s = {};  ///< processor time that the hypervisor gave to others; empty: unknown
};

template <class Io>
void fields(Io& io, PeerSeries& s) {
  io.field("name", s.name);
  io.field("touches", s.touches);
  io.field("quantity", s.quantity);
  io.field("time_s", s.time_s);
  io.field("roof_share", s.roof_share);
  io.field("ratio", s.ratio);
  io.field("verdict", s.verdict);
  io.field("wall_s", s.wall_s);
  io.field("cpu_s", s.cpu_s);
  io.field("roof_before", s.roof_before);
  io.field("roof_after", s.roof_after);
  io.field("pressure", s.pressure);
  io.field("steal_s", s.steal_s);
}

/// One problem, solved by several programs in one process. The first series is ours.
struct PeerMatch {
  std::string kernel;   ///< "analytics/q6-scan"; empty: no kernel of `run`
  std::string subject;  ///< "Q6 wide, 60000000 rows"
  std::int64_t threads = 1;
  std::optional<double> items = {};                      ///< rows, keys, nonzeros ... of one execution
  std::string item;                                      ///< "row"
  std::string answer;                                    ///< how the answers were compared, and what it gave
  std::optional<std::string> roof = {}, roof_unit = {};  ///< "read", "B/s"
  std::vector<PeerSeries> series;
};

template <class Io>
void fields(Io& io, PeerMatch& m) {
  io.field("kernel", m.kernel);
  io.field("subject", m.subject);
  io.field("threads", m.threads);
  io.field("items", m.items);
  io.field("item", m.item);
  io.field("answer", m.answer);
  io.field("roof", m.roof);
  io.field("roof_unit", m.roof_unit);
  io.field("series", m.series);
}

/// A comparison that could not be made.
struct SkippedMatch {
  std::string subject, reason;
};

template <class Io>
void fields(Io& io, SkippedMatch& s) {
  io.field("subject", s.subject);
  io.field("reason", s.reason);
}

/// The document `peers`: kernels beside the programs that people use, on the same data in the same process.
struct PeerComparison {
  Provenance provenance;
  std::string topic;
  std::map<std::string, std::string> versions;  ///< peer -> version
  std::vector<PeerMatch> matches;
  std::vector<SkippedMatch> skipped;
};

template <class Io>
void fields(Io& io, PeerComparison& c) {
  io.field("provenance", c.provenance);
  io.field("topic", c.topic);
  io.field("versions", c.versions);
  io.field("matches", c.matches);
  io.field("skipped", c.skipped);
}

// Compiled once, in documents.cpp.
extern template Json encode(const PeerComparison&);
extern template Result<PeerComparison> decode<PeerComparison>(const Json&, const std::string&);

}  // namespace ridgepoint
