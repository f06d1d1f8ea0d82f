// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/core/provenance.h"

namespace ridgepoint {

enum class Health { good, limited, missing };

constexpr auto names(Health) {
  return enum_names<Health>(
      {{Health::good, "good"}, {Health::limited, "limited"}, {Health::missing, "missing"}});
}

/// One thing that can or cannot be measured here: what was seen, what it costs the result, the exact remedy.
struct Finding {
  std::string id;  ///< counters, huge-pages, pinning, frequency, memory, cgroup, storage, accelerators ...
  Health health = Health::good;
  std::string evidence;  ///< what was opened, read or tried, and what came back
  std::string cost;      ///< what the results lose by it; empty when nothing
  std::string fix;       ///< the exact command or setting; empty when nothing is to be done
};

template <class Io>
void fields(Io& io, Finding& f) {
  io.field("id", f.id);
  io.field("health", f.health);
  io.field("evidence", f.evidence);
  io.field("cost", f.cost);
  io.field("fix", f.fix);
}

/// The document `doctor`.
struct Diagnosis {
  Provenance provenance;
  std::string origin;
  std::vector<Finding> findings;
};

template <class Io>
void fields(Io& io, Diagnosis& d) {
  io.field("provenance", d.provenance);
  io.field("origin", d.origin);
  io.field("findings", d.findings);
}

// Compiled once, in documents.cpp.
extern template Json encode(const Diagnosis&);
extern template Result<Diagnosis> decode<Diagnosis>(const Json&, const std::string&);

}  // namespace ridgepoint
