// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "workloads/sparse/csr.h"

namespace ridgepoint {

/// Reads a Matrix Market file, plain or compressed by gzip: coordinate format; real, integer or pattern
/// (value 1); general, symmetric or skew-symmetric (whose other half is added). Duplicate entries are summed
/// in their order. Whatever the file says of itself is refused before memory is taken for it, where it would
/// pass `memory_limit_byte`; memory grows only with entries really read. Errors name the line.
Result<CsrMatrix> read_matrix_market(const std::string& path, double memory_limit_byte);

}  // namespace ridgepoint
