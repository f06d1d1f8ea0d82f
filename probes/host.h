// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/core/ports.h"
#include "model/core/result.h"

namespace ridgepoint {

/// The largest pseudo-file a probe reads. Real ones are a few KiB; a recorded tree may hold anything.
inline constexpr std::size_t kSmallFile = 1024 * 1024;

/// A file system below `root`: "/" is the machine at hand, any other folder a recorded one. Paths are
/// relative to the root and stay below it: "..", absolute paths and symbolic links that leave a recorded tree
/// are refused, and so is everything that is not a regular file (a recorded pipe would block, a device never
/// ends). What is missing or not permitted is ErrorKind::unavailable; other trouble is ErrorKind::io.
class RootedHost : public Host {
 public:
  explicit RootedHost(std::string root);
  Result<std::string> read(const std::string& path) const override;
  Result<std::vector<std::string>> list(const std::string& path) const override;
  bool live() const override { return live_; }
  std::string origin() const override { return live_ ? "this machine" : root_; }

 private:
  Result<std::string> resolve(const std::string& path) const;

  std::string root_;
  bool live_;
};

/// A machine known by its topology alone (an hwloc file or a synthetic text): nothing of the computer at hand
/// may leak into its document.
class NoHost : public Host {
 public:
  explicit NoHost(std::string origin) : origin_(std::move(origin)) {}
  Result<std::string> read(const std::string& path) const override;
  Result<std::vector<std::string>> list(const std::string& path) const override;
  bool live() const override { return false; }
  std::string origin() const override { return origin_; }

 private:
  std::string origin_;
};

/// Does the folder or file exist and can it be read?
bool readable(const Host& host, const std::string& path);

/// First line of a file without control bytes and surrounding blanks, at most 200 characters; empty when the
/// file cannot be read.
std::string read_line(const Host& host, const std::string& path);

/// A file that holds one decimal number; nothing when it cannot be read or holds anything else.
std::optional<std::uint64_t> read_count(const Host& host, const std::string& path);

/// Names in a folder that are `prefix` followed by digits only ("cpu12", not "cpufreq"), by number.
std::vector<std::string> numbered(const Host& host, const std::string& folder, const std::string& prefix);

}  // namespace ridgepoint
