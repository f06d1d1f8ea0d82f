// SPDX-License-Identifier: Apache-2.0
#include "probes/surroundings.h"

#include <algorithm>

#include "probes/cgroup.h"
#include "probes/host.h"
#include "probes/parse.h"

namespace ridgepoint {
namespace {

constexpr const char* kResources[] = {"cpu", "memory", "io"};

void read_pressure(const Host& host, Surroundings& s) {
  std::string folder;
  for (const std::string& group : cgroup_folders(host, "pressure"))  // a v2 tree, or nothing
    if (folder.empty() && host.read(group + "/cpu.pressure")) folder = group;
  s.pressure_of = folder.empty() ? "/proc/pressure" : "/" + folder;
  for (const std::string resource : kResources) {
    const std::string file =
        folder.empty() ? "proc/pressure/" + resource : folder + "/" + resource + ".pressure";
    const std::string text = host.read(file).value_or("");
    for (const char* line : {"some", "full"})
      if (const auto total = parse_pressure(text, line)) s.pressure_s[resource + "." + line] = *total;
  }
}

}  // namespace

std::optional<Throttling> parse_cpu_stat(std::string_view text) {
  std::optional<Throttling> found;
  for (const std::string& line : lines(text)) {
    const auto parts = words(line);
    const auto value = parts.size() == 2 ? parse_count(parts[1]) : std::nullopt;
    if (!value) continue;
    const auto v = static_cast<double>(*value);
    if (parts[0] == "nr_throttled") {
      if (!found) found.emplace();
      found->events = v;
    }
    if (found && parts[0] == "throttled_usec") found->seconds = v * 1e-6;
    if (found && parts[0] == "throttled_time") found->seconds = v * 1e-9;
  }
  return found;
}

Surroundings read_surroundings(const Host& host) {
  Surroundings s;
  s.ticks = parse_cpu_ticks(host.read("proc/stat").value_or(""));
  read_pressure(host, s);
  for (const std::string& folder : cgroup_folders(host, "cpu"))
    if (const auto t = parse_cpu_stat(host.read(folder + "/cpu.stat").value_or(""))) {
      s.throttle_events = s.throttle_events.value_or(0) + t->events;
      s.throttle_s = s.throttle_s.value_or(0) + t->seconds;
    }
  return s;
}

Facts surroundings_between(const Surroundings& before, const Surroundings& after) {
  Facts facts;
  for (const auto& [key, total] : after.pressure_s)
    if (const auto it = before.pressure_s.find(key); it != before.pressure_s.end())
      facts["pressure." + key] =
          measured(std::max(0.0, total - it->second), "s",
                   after.pressure_of + ", time in which " + (key.ends_with("full") ? "all" : "some") +
                       " tasks waited for it");
  if (before.ticks && after.ticks && after.ticks->wanted > before.ticks->wanted)
    facts["steal"] =
        measured(std::max(0.0, after.ticks->stolen - before.ticks->stolen) /
                     (after.ticks->wanted - before.ticks->wanted),
                 "1", "/proc/stat, stolen share of the processor time that was wanted, whole machine");
  const std::string source = "cpu.stat of the control group and its parents";
  if (before.throttle_events && after.throttle_events)
    facts["throttle.events"] =
        measured(std::max(0.0, *after.throttle_events - *before.throttle_events), "1", source);
  if (before.throttle_s && after.throttle_s)
    facts["throttle.time"] = measured(std::max(0.0, *after.throttle_s - *before.throttle_s), "s", source);
  return facts;
}

}  // namespace ridgepoint
