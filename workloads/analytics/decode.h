// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "workloads/kernel.h"

namespace ridgepoint {

/// How a column is stored.
enum class Encoding {
  bits,        ///< bit-packed (bit_pack.h)
  dictionary,  ///< bit-packed codes and a table of their numbers
  runs         ///< pairs (number, length)
};

/// The kernels analytics/decode-...: each member decodes its share of groups of 1024 numbers into a buffer
/// that stays in the L1 cache and adds them up there, as an engine that works vector by vector does; nothing
/// is written to memory. Roof: reading the encoded column.
Result<Prepared> prepare_decode(const KernelRequest& request, Encoding encoding);

}  // namespace ridgepoint
