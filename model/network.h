// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/core/network.h"
#include "model/core/workload.h"
#include "model/networks/graph.h"

namespace ridgepoint {

/// How a network is to be used.
struct NetworkUse {
  net::Element precision = net::Element::fp32;
  Phase phase = Phase::inference;
};

/// Training in int8 is refused.
Result<void> check_use(const NetworkUse& use);

/// The document without its provenance, summary and source.
NetworkDescription describe(const net::Graph& graph, const NetworkUse& use);

/// The same as a job that can be asked about: one pass (inference) or one step (training) of the whole batch.
Workload workload_of(const net::Graph& graph, const NetworkUse& use, const std::string& source);

}  // namespace ridgepoint
