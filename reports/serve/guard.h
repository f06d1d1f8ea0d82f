// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/core/result.h"
#include "reports/serve/request.h"

namespace ridgepoint::serve {

/// Who may ask. The Host header is checked first: a page of another site that reaches this server by a name
/// it controls (DNS rebinding) sends that name.
class Guard {
 public:
  Guard(std::vector<std::string> hosts, std::string token)
      : hosts_(std::move(hosts)), token_(std::move(token)) {}

  /// The refusal (405, 421, 401), or nothing. `open` paths need no token: they hold no data.
  std::optional<Reply> refusal(const Request& request, bool open) const;

 private:
  bool known_host(std::string_view host) const;
  std::vector<std::string> hosts_;
  std::string token_;  ///< empty: none is asked for
};

/// Takes the same time wherever the first difference is.
bool equal_in_constant_time(std::string_view a, std::string_view b);

/// The first line of a file that nobody else may read, at least 16 characters.
Result<std::string> read_token(const std::string& path);

}  // namespace ridgepoint::serve
