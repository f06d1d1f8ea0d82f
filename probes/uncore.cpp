// SPDX-License-Identifier: Apache-2.0
#include "probes/uncore.h"

#include <charconv>

#include "model/core/format.h"
#include "model/core/text.h"
#include "model/core/units.h"
#include "probes/host.h"
#include "probes/parse.h"

namespace ridgepoint {
namespace {

constexpr const char* kDevices = "sys/bus/event_source/devices";

/// Names that kernels give to the same thing: servers, clients, free-running counters.
struct Names {
  const char* read;
  const char* written;
};
constexpr Names kTraffic[] = {
    {"cas_count_read", "cas_count_write"}, {"data_reads", "data_writes"}, {"data_read", "data_write"}};

/// Puts `value` into the bits that a format text names: "config:0-7,32-35", "config1:5".
bool place(std::string_view format, std::uint64_t value, PerfCode& code) {
  const std::size_t colon = format.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view word = format.substr(0, colon);
  std::uint64_t* target = word == "config"    ? &code.config
                          : word == "config1" ? &code.config1
                          : word == "config2" ? &code.config2
                                              : nullptr;
  const auto bits = parse_cpu_list(format.substr(colon + 1));
  if (target == nullptr || !bits || bits->empty()) return false;
  for (const int bit : *bits) {
    if (bit > 63) return false;
    *target |= (value & 1) << bit;
    value >>= 1;
  }
  return value == 0;
}

std::map<std::string, std::string> formats_of(const Host& host, const std::string& folder) {
  std::map<std::string, std::string> formats;
  for (const std::string& name : host.list(folder + "/format").value_or(std::vector<std::string>()))
    formats[name] = read_line(host, folder + "/format/" + name);
  return formats;
}

std::optional<UncoreEvent> event_of(const Host& host, const std::string& folder, const std::string& name,
                                    std::uint32_t type) {
  const std::string file = folder + "/events/" + name;
  auto code = parse_event(read_line(host, file), formats_of(host, folder));
  const auto bytes = count_bytes(read_line(host, file + ".scale"), read_line(host, file + ".unit"));
  if (!code || !bytes) return std::nullopt;
  code->type = type;
  code->weight = *bytes;
  return UncoreEvent{.code = *code};
}

bool controls_memory(const std::string& name) {
  for (const char* prefix : {"uncore_imc", "amd_df", "amd_umc", "nvidia_scf", "arm_dmc"})
    if (starts_with(name, prefix)) return true;
  return false;
}

tl::unexpected<Error> none(const std::string& why, const std::string& fix) {
  return fail(ErrorKind::unavailable, "DRAM traffic is not counted", why, fix);
}

}  // namespace

std::optional<PerfCode> parse_event(std::string_view text,
                                    const std::map<std::string, std::string>& formats) {
  PerfCode code;
  if (trim(text).empty()) return std::nullopt;
  for (const std::string& term : split(trim(text), ',')) {
    const std::size_t equals = term.find('=');
    const std::string word = term.substr(0, equals);
    const std::string digits = equals == std::string::npos ? "1" : term.substr(equals + 1);
    const auto value = starts_with(digits, "0x") ? parse_hex(digits) : parse_count(digits);
    const auto format = formats.find(word);
    if (!value || format == formats.end() || !place(format->second, *value, code)) return std::nullopt;
  }
  return code;
}

std::optional<double> count_bytes(std::string_view scale, std::string_view unit) {
  const auto factor = parse_number(trim(scale), "scale");
  if (!factor || *factor <= 0) return std::nullopt;
  if (unit == "MiB") return *factor * kMebi;
  if (unit == "KiB") return *factor * kKibi;
  if (unit == "Bytes" || unit == "B") return *factor;
  return std::nullopt;
}

std::vector<UncorePmu> uncore_pmus(const Host& host) {
  std::vector<UncorePmu> pmus;
  for (const std::string& name : host.list(kDevices).value_or(std::vector<std::string>())) {
    if (!controls_memory(name)) continue;
    const std::string folder = kDevices + ("/" + name);
    UncorePmu pmu{.name = name,
                  .cpus = parse_cpu_list(read_line(host, folder + "/cpumask")).value_or(std::vector<int>{})};
    const auto type = read_count(host, folder + "/type");
    for (const Names& names : kTraffic) {
      if (!type || !pmu.traffic.empty()) continue;
      auto read = event_of(host, folder, names.read, static_cast<std::uint32_t>(*type));
      auto written = event_of(host, folder, names.written, static_cast<std::uint32_t>(*type));
      if (!read || !written) continue;
      written->written = true;
      pmu.traffic = {*read, *written};
    }
    pmus.push_back(std::move(pmu));
  }
  return pmus;
}

Result<DramTraffic> DramTraffic::open(const Host& host) {
  const auto pmus = uncore_pmus(host);
  if (pmus.empty())
    return none("the kernel shows no memory-controller counters (no uncore_imc* or amd_umc* in /" +
                    std::string(kDevices) + ")",
                "on a virtual machine: take a bare-metal instance; else give --byte");
  DramTraffic traffic;
  for (const UncorePmu& pmu : pmus)
    for (const UncoreEvent& e : pmu.traffic)
      for (const int cpu : pmu.cpus) {
        auto event = PerfEvent::open(e.code, {.pid = -1, .cpu = cpu});
        if (!event)
          return none(pmu.name + ": " + event.error().why,
                      "sudo sysctl kernel.perf_event_paranoid=0, or give the program CAP_PERFMON");
        traffic.parts_.push_back({std::move(*event), e.written});
      }
  if (traffic.parts_.empty())
    return none(pmus.front().name + " is there, but the kernel names no read and write events for it",
                "a newer kernel may; else give --byte");
  return traffic;
}

std::vector<EventTotal> DramTraffic::totals() const {
  const std::string via = "memory-controller counters, everybody on the machine";
  EventTotal read{.key = "traffic.dram.read", .unit = "byte", .via = via};
  EventTotal written{.key = "traffic.dram.written", .unit = "byte", .via = via};
  for (const Part& p : parts_) {
    const auto now = p.event.read();
    if (!now || now->share <= 0) return {};
    EventTotal& total = p.written ? written : read;
    total.value += now->value / now->share * p.event.weight();
    total.share = std::min(total.share, now->share);
  }
  return {read, written};
}

}  // namespace ridgepoint
