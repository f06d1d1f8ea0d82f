// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ridgepoint {

/// What some cache holds for certain: 1 MiB of the lines touched last.
constexpr std::size_t kNearByte = std::size_t{1} << 20;

/// Of the accesses 0 .. count - 1 to places of `place_byte` each those to a place that none of the accesses
/// before it, as many as fill kNearByte, has touched. place(k) < places. Precondition: count < 2^31.
template <class Place>
std::size_t cold_accesses(std::size_t count, std::size_t places, std::size_t place_byte, const Place& place) {
  const auto near = static_cast<std::uint32_t>(kNearByte / place_byte);
  std::vector<std::uint32_t> last(places, 0);
  std::uint32_t now = near + 1;
  std::size_t cold = 0;
  for (std::size_t k = 0; k < count; ++k, ++now) {
    std::uint32_t& before = last[place(k)];
    cold += now - before > near ? 1 : 0;
    before = now;
  }
  return cold;
}

}  // namespace ridgepoint
