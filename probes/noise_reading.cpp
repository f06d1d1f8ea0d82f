// SPDX-License-Identifier: Apache-2.0
#include "probes/noise_reading.h"

#include <algorithm>

#include "model/core/format.h"
#include "model/core/text.h"
#include "probes/host.h"
#include "probes/parse.h"

namespace ridgepoint {
namespace {

constexpr std::string_view kTotal = "total=";

void add_processor(const Host& host, int cpu, NoiseReading& reading) {
  const std::string folder = "sys/devices/system/cpu/cpu" + std::to_string(cpu);
  if (const auto khz = read_count(host, folder + "/cpufreq/scaling_cur_freq"); khz && *khz > 0) {
    const double hz = static_cast<double>(*khz) * 1e3;
    reading.frequency_hz = std::min(reading.frequency_hz.value_or(hz), hz);
  }
  for (const char* name : {"core_throttle_count", "package_throttle_count"})
    if (const auto n = read_count(host, folder + "/thermal_throttle/" + name))
      reading.throttle_events = reading.throttle_events.value_or(0) + static_cast<double>(*n);
}

}  // namespace

std::optional<CpuTicks> parse_cpu_ticks(std::string_view proc_stat) {
  // user nice system idle iowait irq softirq steal; guest time is inside user time already
  constexpr std::size_t kIdle = 3, kWaiting = 4, kSteal = 7, kFields = 8;
  const std::vector<std::string> fields = words(proc_stat.substr(0, proc_stat.find('\n')));
  if (fields.size() < kFields + 1 || fields[0] != "cpu") return std::nullopt;
  CpuTicks ticks;
  for (std::size_t i = 0; i < kFields; ++i) {
    const auto value = parse_count(fields[i + 1]);
    if (!value) return std::nullopt;
    if (i == kSteal) ticks.stolen = static_cast<double>(*value);
    if (i != kIdle && i != kWaiting) ticks.wanted += static_cast<double>(*value);
  }
  return ticks;
}

std::optional<double> parse_context_switches(std::string_view proc_stat) {
  for (const std::string& line : lines(proc_stat))
    if (starts_with(line, "ctxt "))
      if (const auto n = parse_count(std::string_view(line).substr(5))) return static_cast<double>(*n);
  return std::nullopt;
}

std::optional<double> parse_pressure(std::string_view text, std::string_view wanted) {
  for (const std::string& line : lines(text)) {
    if (!starts_with(line, std::string(wanted) + " ")) continue;
    for (const std::string& word : words(line))
      if (starts_with(word, kTotal))
        if (const auto us = parse_count(std::string_view(word).substr(kTotal.size())))
          return static_cast<double>(*us) * 1e-6;
  }
  return std::nullopt;
}

NoiseReading read_noise(const Host& host, const std::vector<int>& cpus) {
  NoiseReading reading;
  const std::string stat = host.read("proc/stat").value_or("");
  reading.ticks = parse_cpu_ticks(stat);
  reading.context_switches = parse_context_switches(stat);
  for (const char* resource : {"cpu", "memory", "io"})
    if (const auto s = parse_pressure(host.read("proc/pressure/" + std::string(resource)).value_or("")))
      reading.pressure_s[resource] = *s;
  const std::vector<std::string> load = words(host.read("proc/loadavg").value_or(""));
  if (!load.empty())
    if (const auto v = parse_number(load.front(), "load"); v && *v >= 0) reading.load = *v;
  for (const int cpu : cpus) add_processor(host, cpu, reading);
  return reading;
}

}  // namespace ridgepoint
