// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "model/core/codec.h"

namespace ridgepoint {

/// Who wrote a document, when, with what. Everything comes in as data, so tests can fix it.
struct Provenance {
  std::string tool = "ridgepoint";
  std::string version;
  std::string commit;
  std::string compiler;
  std::string flags;
  std::map<std::string, std::string> packages;  ///< library -> version
  std::string created;                          ///< UTC, RFC 3339, for example 2026-11-23T10:00:00Z
  std::string command;                          ///< the command line that repeats this document
};

template <class Io>
void fields(Io& io, Provenance& p) {
  io.field("tool", p.tool);
  io.field("version", p.version);
  io.field("commit", p.commit);
  io.field("compiler", p.compiler);
  io.field("flags", p.flags);
  io.field("packages", p.packages);
  io.field("created", p.created);
  io.field("command", p.command);
}

/// Something a reader must know before trusting a document, with what to do about it.
struct Warning {
  std::string code;  ///< stable, for machines: "no-pmu", "exceeds-roof"
  std::string what;
  std::string fix;
};

template <class Io>
void fields(Io& io, Warning& w) {
  io.field("code", w.code);
  io.field("what", w.what);
  io.field("fix", w.fix);
}

}  // namespace ridgepoint
