// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/core/codec.h"
#include "probes/probe.h"

// How samples and outcomes are written: into the journal, and through the pipe of a helper process.

namespace ridgepoint {

template <class Io>
void fields(Io& io, Samples& s) {
  io.field("key", s.key);
  io.field("unit", s.unit);
  io.field("source", s.source);
  io.field("values", s.values);
  io.field("headline", s.headline);
}

template <class Io>
void fields(Io& io, ProbeOutcome& o) {
  io.field("status", o.status);
  io.field("reason", o.reason);
  io.field("fix", o.fix);
  io.field("facts", o.facts);
  io.field("samples", o.samples);
  io.field("warnings", o.warnings);
}

}  // namespace ridgepoint
