// SPDX-License-Identifier: Apache-2.0
#include "probes/energy.h"

#include <algorithm>

#include "model/core/text.h"
#include "probes/host.h"
#include "probes/identity.h"

namespace ridgepoint {
namespace {

constexpr const char* kFolder = "sys/class/powercap";

/// "package-0" -> "energy.package.0"; a zone inside it adds its name: "energy.package.0.dram".
std::string key_of(const Host& host, const std::string& zone) {
  const auto named = [&](const std::string& z) {
    std::string name = read_line(host, std::string(kFolder) + "/" + z + "/name");
    std::ranges::replace(name, '-', '.');
    return name.empty() ? "zone." + z.substr(z.find(':') + 1) : name;
  };
  const std::size_t inner = zone.rfind(':');
  if (std::ranges::count(zone, ':') < 2) return "energy." + named(zone);
  return "energy." + named(zone.substr(0, inner)) + "." + named(zone);
}

}  // namespace

std::optional<double> energy_step(double before_uj, double after_uj, double range_uj) {
  if (after_uj >= before_uj) return after_uj - before_uj;
  if (range_uj <= before_uj) return std::nullopt;
  return range_uj - before_uj + after_uj;
}

EnergyMeter::EnergyMeter(const Host& host) : host_(host) {
  for (const std::string& zone : host.list(kFolder).value_or(std::vector<std::string>())) {
    if (!starts_with(zone, "intel-rapl:")) continue;  // "intel-rapl-mmio:0" is the same meter by another way
    listed_ = true;
    const std::string folder = std::string(kFolder) + "/" + zone;
    const auto now = read_count(host, folder + "/energy_uj");
    if (!now) continue;
    const auto range = read_count(host, folder + "/max_energy_range_uj").value_or(0);
    zones_.push_back({.folder = folder,
                      .key = key_of(host, zone),
                      .range_uj = static_cast<double>(range),
                      .last_uj = static_cast<double>(*now)});
  }
}

std::vector<EventTotal> EnergyMeter::totals() {
  std::vector<EventTotal> out;
  for (Zone& zone : zones_) {
    const auto now = read_count(host_, zone.folder + "/energy_uj");
    const auto step =
        now ? energy_step(zone.last_uj, static_cast<double>(*now), zone.range_uj) : std::nullopt;
    if (!step) continue;
    zone.sum_uj += *step;
    zone.last_uj = static_cast<double>(*now);
    out.push_back({.key = zone.key,
                   .unit = "j",
                   .value = zone.sum_uj * 1e-6,
                   .via = "RAPL, /" + zone.folder + "/energy_uj, everybody on the machine"});
  }
  return out;
}

std::optional<Missing> EnergyMeter::missing() const {
  if (!zones_.empty()) return std::nullopt;
  if (listed_)
    return Missing{"energy", "the energy counters are readable by root only (since Linux 5.10)",
                   "sudo chmod a+r /sys/class/powercap/intel-rapl:*/energy_uj, or run as root"};
  if (parse_cpuinfo(host_.read("proc/cpuinfo").value_or("")).hypervisor)
    return Missing{"energy",
                   "the hypervisor passes no energy counters on (no /sys/class/powercap/intel-rapl:*)",
                   "measure on a bare-metal instance"};
  return Missing{"energy", "the kernel shows no energy counters (no /sys/class/powercap/intel-rapl:*)",
                 "sudo modprobe intel_rapl_msr"};
}

}  // namespace ridgepoint
