// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "reports/serve/questions.h"
#include "reports/serve/site.h"

namespace ridgepoint::serve {

struct ServerOptions {
  std::string address = "127.0.0.1";
  unsigned short port = 8090;  ///< 0: any free one
  double timeout_s = 5;        ///< for a whole request to arrive; six times that for the reply to be taken
  std::size_t connections = 256;
};

/// Is it this machine alone that can reach the address? An address that cannot be read is an error.
Result<bool> is_loopback(const std::string& address);

/// Serves until Interrupt is requested. `ready` is told the port. One thread does the network and one
/// computes questions, at most eight of them waiting.
Result<void> run_server(const ServerOptions& options, Site& site, const Ask& ask,
                        const std::function<void(unsigned short port)>& ready);

}  // namespace ridgepoint::serve
