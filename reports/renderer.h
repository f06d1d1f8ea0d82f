// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/core/document.h"
#include "model/core/result.h"

namespace ridgepoint {

/// A report format is a record found by file name (`<id>.renderer.cpp` defines `<id>_renderer`): a pure
/// function from a document to bytes. No file, no clock, no locale: same document, same bytes.
struct Renderer {
  std::string id;      ///< value of --format
  std::string suffix;  ///< ".md": chosen from --out when --format is not given
  std::string summary;
  Result<std::string> (*render)(const Document&) = nullptr;
  bool figures_only = false;  ///< the tidy rows for another program, not the whole document
};

/// All renderers, sorted by id (generated table).
const std::vector<const Renderer*>& renderers();

}  // namespace ridgepoint
