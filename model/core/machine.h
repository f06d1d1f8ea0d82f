// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/core/platform.h"
#include "model/core/provenance.h"

namespace ridgepoint {

enum class ProbeStatus { ok, degraded, unavailable, failed, skipped, interrupted };

constexpr auto names(ProbeStatus) {
  return enum_names<ProbeStatus>({{ProbeStatus::ok, "ok"},
                                  {ProbeStatus::degraded, "degraded"},
                                  {ProbeStatus::unavailable, "unavailable"},
                                  {ProbeStatus::failed, "failed"},
                                  {ProbeStatus::skipped, "skipped"},
                                  {ProbeStatus::interrupted, "interrupted"}});
}

/// The raw samples behind a fact, in the order in which they were taken.
struct Series {
  std::string key;  ///< the fact's key, or a name below it
  std::string unit;
  std::vector<double> values;
};

template <class Io>
void fields(Io& io, Series& s) {
  io.field("key", s.key);
  io.field("unit", s.unit);
  io.field("values", s.values);
}

/// How one probe went. Unavailable is neither zero nor failure: `reason` says why, `fix` what to do.
struct ProbeReport {
  std::string id;
  ProbeStatus status = ProbeStatus::ok;
  std::string reason;
  std::string fix;
  std::string method;  ///< what was run: loop, working set, convention
  double elapsed_s = 0;
  std::vector<Series> samples;
};

template <class Io>
void fields(Io& io, ProbeReport& r) {
  io.field("id", r.id);
  io.field("status", r.status);
  io.field("reason", r.reason);
  io.field("fix", r.fix);
  io.field("method", r.method);
  io.field("elapsed_s", r.elapsed_s);
  io.field("samples", r.samples);
}

/// The document `machine`: what the probes found.
struct Machine {
  Provenance provenance;
  std::string origin;  ///< "this machine", or the recorded tree or synthetic topology it came from
  std::optional<std::string> level;  ///< smoke | quick | standard | full
  bool interrupted = false;
  Platform platform;
  std::vector<ProbeReport> probes;
  std::vector<Warning> warnings;
};

template <class Io>
void fields(Io& io, Machine& m) {
  io.field("provenance", m.provenance);
  io.field("origin", m.origin);
  io.field("level", m.level);
  io.field("interrupted", m.interrupted);
  io.field("platform", m.platform);
  io.field("probes", m.probes);
  io.field("warnings", m.warnings);
}

// Compiled once, in documents.cpp.
extern template Json encode(const Machine&);
extern template Result<Machine> decode<Machine>(const Json&, const std::string&);

}  // namespace ridgepoint
