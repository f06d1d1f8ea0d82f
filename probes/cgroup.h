// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/core/ports.h"

namespace ridgepoint {

/// One line of /proc/self/mountinfo; names with \040 and the like decoded.
struct Mount {
  std::string device;  ///< "254:0"
  std::string root;    ///< folder of the file system that is mounted: "/" or, for a bind mount, below it
  std::string point;   ///< where
  std::string type;    ///< ext4, overlay, cgroup, cgroup2 ...
  std::string source;  ///< "/dev/vda"
  std::vector<std::string> options;  ///< of the file system: for cgroup v1 its controllers
};

/// Malformed lines are left out.
std::vector<Mount> parse_mountinfo(std::string_view text);

/// One line of /proc/self/cgroup: "4:memory:/a/b" (v1) or "0::/a/b" (v2, no controllers).
struct Membership {
  std::vector<std::string> controllers;
  std::string path;
};

std::vector<Membership> parse_membership(std::string_view text);

/// Bytes of memory.max, memory.high or memory.limit_in_bytes. Nothing for "max", for the huge values by which
/// v1 says "no limit" (9223372036854771712 with 4 KiB pages), and for anything that is not a number.
std::optional<double> parse_memory_limit(std::string_view text);

/// CPUs of cpu.max: "150000 100000" -> 1.5; nothing for "max 100000" and for garbage.
std::optional<double> parse_cpu_max(std::string_view text);

/// CPUs of cpu.cfs_quota_us and cpu.cfs_period_us; nothing for -1 and for garbage.
std::optional<double> parse_cfs_quota(std::string_view quota, std::string_view period);

/// A limit that is in force, and the file that says so.
struct CgroupLimit {
  double value = 0;
  std::string file;
};

/// What the control groups leave this process. Every limit on the path from its own group up to the visible
/// root is looked at and the tightest wins. Where the path does not exist below the mount (a cgroup
/// namespace, or a host path in a container) its existing part is used, down to the mount's root.
struct CgroupView {
  int version = 0;  ///< of the memory controller: 1, 2, or 0 where none is visible
  std::optional<CgroupLimit> memory;
  std::optional<double> memory_used_byte;  ///< by the group whose limit binds, page cache included
  std::optional<CgroupLimit> cpus;         ///< quota / period
  std::string cpuset;                      ///< "0-3,8"; empty where none is visible
};

CgroupView read_cgroup(const Host& host);

/// Folders of this process's group for one controller ("cpu", "memory"), its own first, then its parents, as
/// far as they are visible; empty where the controller is not mounted.
std::vector<std::string> cgroup_folders(const Host& host, const std::string& controller);

}  // namespace ridgepoint
