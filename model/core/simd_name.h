// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/core/text.h"

namespace ridgepoint {

/// Highway's name of a target ("AVX3_DL", "AVX2", "SSE4", "NEON", "SVE_256") in the words of fact keys.
inline std::string isa_word(const std::string& target) {
  if (starts_with(target, "AVX3")) return "avx512";
  std::string word;
  for (const char c : target.substr(0, target.find('_')))
    word += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return word;
}

}  // namespace ridgepoint
