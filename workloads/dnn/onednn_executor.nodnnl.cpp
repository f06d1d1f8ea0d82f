// SPDX-License-Identifier: Apache-2.0
#include "workloads/dnn/executor.h"

namespace ridgepoint {
namespace {

Error absent() {
  return {ErrorKind::unavailable, "this program was built without oneDNN", "networks run through it",
          "configure with -DRIDGEPOINT_WITH_ONEDNN=ON (Debian package libdnnl-dev)"};
}

}  // namespace

Result<std::unique_ptr<Executor>> make_executor(const net::Graph&, const NetworkValues&,
                                                const ExecutorOptions&) {
  return tl::make_unexpected(absent());
}

std::optional<Error> element_trouble(net::Element) { return absent(); }

AdjacentRoof matmul_roof(int, net::Element, double) { return {}; }

}  // namespace ridgepoint
