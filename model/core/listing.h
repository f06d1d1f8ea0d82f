// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/core/provenance.h"

namespace ridgepoint {

/// The document `listing`: a plain table, for `platforms`, `workloads`, `probe --list` and the like.
struct Listing {
  Provenance provenance;
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  ///< cells as shown; same length as columns
  std::vector<std::string> notes;
};

template <class Io>
void fields(Io& io, Listing& l) {
  io.field("provenance", l.provenance);
  io.field("title", l.title);
  io.field("columns", l.columns);
  io.field("rows", l.rows);
  io.field("notes", l.notes);
}

// Compiled once, in documents.cpp.
extern template Json encode(const Listing&);
extern template Result<Listing> decode<Listing>(const Json&, const std::string&);

}  // namespace ridgepoint
