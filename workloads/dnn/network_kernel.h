// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "workloads/dnn/executor.h"
#include "workloads/kernel.h"

namespace ridgepoint {

/// A built-in network as a kernel. Shape keys: batch, h, w and, in three dimensions, d.
struct NetworkCase {
  const char* network = "";
  bool training = false;
  LossKind loss = LossKind::cross_entropy;
  net::Element element = net::Element::fp32;
};

/// Builds, plans, runs and checks: of every unit some rows in double; of training also some numbers of every
/// gradient (see check_training), and that a few steps lower the loss.
Result<Prepared> prepare_network(const KernelRequest& request, const NetworkCase& which);

}  // namespace ridgepoint
