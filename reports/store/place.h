// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "model/core/result.h"

namespace ridgepoint {

/// $XDG_STATE_HOME/ridgepoint/history.sqlite, else below ~/.local/state. An error when there is neither.
Result<std::string> default_store();

/// The name of a network or cluster file system by its statfs magic ("NFS"), or empty for a local one. What
/// may lie on another machine (FUSE, 9p) counts as one: SQLite's write-ahead log needs shared memory.
std::string_view network_file_system(long magic);

/// Makes the folder of `path` (0700) and refuses one that lies on a network file system.
Result<void> prepare_place(const std::string& path);

}  // namespace ridgepoint
