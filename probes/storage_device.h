// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/core/ports.h"
#include "probes/cgroup.h"

namespace ridgepoint {

/// What really answers requests on a file system.
enum class Medium {
  disk,      ///< a block device of this machine
  memory,    ///< tmpfs: no device at all
  network,   ///< another machine
  overlay,   ///< a container's layers: a block device, but which one is not visible
  own_cache  ///< ZFS: accepts O_DIRECT and answers from memory all the same
};
Medium medium_of(const std::string& file_system);

/// What is behind a folder; what is not known is empty.
struct StorageDevice {
  std::string file_system;  ///< ext4, overlay, tmpfs, nfs ...
  std::string disk;         ///< "nvme0n1"; empty where no block device is visible
  std::string number;       ///< of the disk: "259:0"
  std::string model, scheduler;
  std::optional<bool> rotational;
  std::string virtual_sign;         ///< what tells that the disk is virtual; empty where nothing does
  std::vector<std::string> limits;  ///< of this control group: "blkio.throttle.read_bps_device 1048576"
};

/// `folder` is absolute; `device` the major and minor number of its file system where known.
StorageDevice see_device(const Host& host, const std::string& folder,
                         std::optional<std::pair<unsigned, unsigned>> device = std::nullopt);
/// As see_device for a folder of the machine at hand, relative or not.
StorageDevice see_device_here(const Host& host, const std::string& folder);

/// The mount that holds a path: the longest mount point in front of it; of equals the last, which hides
/// others.
std::optional<Mount> mount_of(const std::vector<Mount>& mounts, const std::string& path);

/// "/dev/nvme0n1p2" and {"nvme0n1", "sda"} -> "nvme0n1".
std::string disk_of(const std::string& source, const std::vector<std::string>& disks);

}  // namespace ridgepoint
