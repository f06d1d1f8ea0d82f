// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "workloads/roofs.h"
#include "workloads/sparse/spmv.h"

namespace ridgepoint {

enum class SpmvRoof { read, gather };

/// The kernel y = A x in the format of `plan`, with random x, checked row by row against long double sums,
/// beside the rate of reading its own data or of gathering from x.
Result<Prepared> prepare_spmv(CsrMatrix matrix, const SpmvPlan& plan, const KernelRequest& request,
                              SpmvRoof roof);

}  // namespace ridgepoint
