// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <cstdlib>

// Contracts are for programmer mistakes only; input from a file or a user never meets one.
#define RIDGEPOINT_CONTRACT_(kind, condition)                                               \
  do {                                                                                      \
    if (!(condition)) {                                                                     \
      std::fprintf(stderr, "%s:%d: %s failed: %s\n", __FILE__, __LINE__, kind, #condition); \
      std::abort();                                                                         \
    }                                                                                       \
  } while (false)

#define RIDGEPOINT_EXPECT(condition) RIDGEPOINT_CONTRACT_("precondition", condition)
#define RIDGEPOINT_ENSURE(condition) RIDGEPOINT_CONTRACT_("postcondition", condition)
