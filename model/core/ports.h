// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model/core/provenance.h"
#include "model/core/result.h"

namespace ridgepoint {

/// The machine's file system as probes see it: the real one, a recorded tree, or a map in a test.
class Host {
 public:
  virtual ~Host() = default;
  /// Text of a small pseudo-file, for example "proc/meminfo" (no leading slash).
  virtual Result<std::string> read(const std::string& path) const = 0;
  /// Sorted names in a folder, for example "sys/devices/system/memory".
  virtual Result<std::vector<std::string>> list(const std::string& path) const = 0;
  /// Is this the machine the program runs on? Only then may a probe measure.
  virtual bool live() const = 0;
  /// "this machine", or the root of the recorded tree.
  virtual std::string origin() const = 0;
};

/// Diagnostics and progress go to stderr through here; nothing below main prints.
class Log {
 public:
  virtual ~Log() = default;
  /// One rewritten line on a terminal; nothing elsewhere or with --quiet. fraction in [0, 1].
  virtual void progress(std::string_view what, double fraction) = 0;
  /// One line that stays.
  virtual void note(std::string_view line) = 0;
};

/// Set by SIGINT and SIGTERM. Long work asks it between samples and ends within two seconds.
class Interrupt {
 public:
  static bool requested() { return flag_ != 0; }
  static void request() { flag_ = 1; }
  static void clear() { flag_ = 0; }

 private:
  static inline volatile std::sig_atomic_t flag_ = 0;
};

class EventSource;
struct Output;

/// What a command gets from main.
struct Ports {
  Log& log;
  std::string configs;            ///< folder with platforms/, workloads/, schemas/
  std::string today;              ///< YYYY-MM, the default date of a question
  Provenance provenance;          ///< ready to be put into a document
  EventSource* events = nullptr;  ///< counters, where the program has any
  /// Another command of the program, as its user would call it: areas that may not include one another meet
  /// here.
  std::function<Result<Output>(const std::vector<std::string>& words)> ask = {};
};

}  // namespace ridgepoint
