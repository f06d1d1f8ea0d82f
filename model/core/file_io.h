// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/core/result.h"

namespace ridgepoint {

/// The whole file, at most `limit` bytes. A directory, a missing file or a larger one is a clear error.
Result<std::string> read_file(const std::string& path, std::size_t limit);

/// Writes beside `path` and renames over it after fsync: a reader sees the old file or the new one, whole.
/// On any failure the old file stays and the temporary one is removed. Where `path` is a link, what it names
/// is replaced; a device, pipe or socket is written to as it is.
Result<void> write_file_atomically(const std::string& path, std::string_view bytes);
/// The parts one after another, for what is too large to be joined first.
Result<void> write_file_atomically(const std::string& path, std::span<const std::string_view> parts);

/// Is `path` a place where write_file_atomically would work? Asked before long work, so that a bad path
/// fails at once. Creates missing parent folders; leaves no other trace.
Result<void> check_writable(const std::string& path);

/// Every byte to an open descriptor, or an io error ("no space left on device" and the like).
Result<void> write_all(int descriptor, std::string_view bytes, const std::string& name);

/// Files directly or deeper below `folder` that end in `suffix`, sorted by path.
Result<std::vector<std::string>> list_files(const std::string& folder, std::string_view suffix);

}  // namespace ridgepoint
