// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/core/ports.h"
#include "model/core/text.h"
#include "probes/probe.h"

namespace ridgepoint::test {

/// A machine whose files are a map. Folders follow from the names of the files.
class MapHost : public Host {
 public:
  explicit MapHost(std::map<std::string, std::string> files, bool live = false)
      : files_(std::move(files)), live_(live) {}

  Result<std::string> read(const std::string& path) const override {
    const auto it = files_.find(path);
    if (it == files_.end())
      return fail(ErrorKind::unavailable, "cannot read '" + path + "'", "not in the map", "");
    return it->second;
  }

  Result<std::vector<std::string>> list(const std::string& path) const override {
    std::set<std::string> names;
    const std::string prefix = path + "/";
    for (const auto& [name, text] : files_)
      if (starts_with(name, prefix))
        names.insert(name.substr(prefix.size(), name.find('/', prefix.size()) - prefix.size()));
    if (names.empty())
      return fail(ErrorKind::unavailable, "cannot list '" + path + "'", "not in the map", "");
    return std::vector<std::string>(names.begin(), names.end());
  }

  bool live() const override { return live_; }
  std::string origin() const override { return "a map"; }
  std::map<std::string, std::string>& files() { return files_; }

 private:
  std::map<std::string, std::string> files_;
  bool live_;
};

class QuietLog : public Log {
 public:
  void progress(std::string_view, double) override {}
  void note(std::string_view) override {}
};

inline ProbeOutcome run_probe(const std::string& id, const Host& host, const Topology& topology = {}) {
  QuietLog log;
  for (const Probe* probe : probes())
    if (probe->id == id) return probe->run({host, topology, Level::quick, 0, log});
  return {.status = ProbeStatus::failed,
          .reason = "there is no probe " + id,
          .fix = {},
          .facts = {},
          .samples = {},
          .warnings = {}};
}

}  // namespace ridgepoint::test
