// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace ridgepoint {

/// Few kinds, each with one documented exit code (see exit_code below and docs/reference/exit-codes.md).
enum class ErrorKind {
  bad_input,     ///< the user's words or files are wrong: exit 2
  unavailable,   ///< a facility needed for the request is missing here: exit 3
  failed_check,  ///< a check said no (a wrong answer, no platform fits): exit 1
  io,            ///< reading or writing failed: exit 4
  interrupted,   ///< the user stopped the program: exit 130
  internal,      ///< our bug: exit 70
  not_found,     ///< the program to be profiled does not exist: exit 127, as a shell answers
  not_runnable   ///< it exists and cannot be started: exit 126
};

/// One error, in the house grammar: what failed, why that matters or how it came, what to do next.
struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string what;  ///< lower case, values quoted, no trailing full stop
  std::string why;   ///< may be empty
  std::string fix;   ///< may be empty only for internal errors
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorKind kind, std::string what, std::string why, std::string fix) {
  return tl::make_unexpected(Error{kind, std::move(what), std::move(why), std::move(fix)});
}

/// The same error seen from one level up: `where` goes in front of `what`.
inline tl::unexpected<Error> in_context(const std::string& where, Error error) {
  error.what = where + ": " + error.what;
  return tl::make_unexpected(std::move(error));
}

constexpr int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::failed_check:
      return 1;
    case ErrorKind::bad_input:
      return 2;
    case ErrorKind::unavailable:
      return 3;
    case ErrorKind::io:
      return 4;
    case ErrorKind::interrupted:
      return 130;
    case ErrorKind::internal:
      return 70;
    case ErrorKind::not_found:
      return 127;
    case ErrorKind::not_runnable:
      return 126;
  }
  return 70;
}

}  // namespace ridgepoint
