// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/core/result.h"
#include "model/core/team.h"

// zlib and gzip streams, with the memory bounded by the caller: nothing here grows with what a stream claims.

namespace ridgepoint {

/// Up to `limit` bytes from the front of a stream.
Result<std::string> unpack_front(std::span<const std::byte> packed, std::size_t limit,
                                 const std::string& path);

/// Skips `skip` bytes of the unpacked stream and fills `out` with the next ones. A stream that is broken, or
/// that ends early or goes on, is bad_input.
Result<void> unpack_exactly(std::span<const std::byte> packed, std::uint64_t skip, std::span<std::byte> out,
                            const std::string& path);

/// No deflate stream unpacks to more than this many times its size (258 bytes from 2 bits).
constexpr std::uint64_t kMostExpansion = 1032;

enum class Wrapper { zlib, gzip };

/// One stream over all parts, packed by the members of `team` in blocks of 1 MiB. The bytes do not depend on
/// the number of threads.
Result<std::string> pack(std::span<const std::string_view> parts, Wrapper wrapper, Team& team);

/// CRC-32 as eight hexadecimal digits.
std::string checksum_text(std::span<const std::byte> bytes, Team& team);

}  // namespace ridgepoint
