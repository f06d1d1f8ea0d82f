// SPDX-License-Identifier: Apache-2.0
// The findings on counters, huge pages, pinning and clock.
#include <sched.h>

#include <algorithm>
#include <set>
#include <thread>

#include "model/core/buffer.h"
#include "model/core/format.h"
#include "model/core/text.h"
#include "model/core/units.h"
#include "probes/counters.h"
#include "probes/doctor_checks.h"
#include "probes/host.h"
#include "probes/identity.h"
#include "probes/parse.h"

namespace ridgepoint {

extern const Probe identity_probe;

namespace {

/// Binds the calling thread to one processor and looks whether it runs there.
bool runs_on(int cpu) {
  cpu_set_t* set = CPU_ALLOC(static_cast<std::size_t>(cpu) + 1);
  if (set == nullptr) return false;
  const std::size_t bytes = CPU_ALLOC_SIZE(static_cast<std::size_t>(cpu) + 1);
  CPU_ZERO_S(bytes, set);
  CPU_SET_S(static_cast<std::size_t>(cpu), bytes, set);
  const bool bound = ::sched_setaffinity(0, bytes, set) == 0 && ::sched_getcpu() == cpu;
  CPU_FREE(set);
  return bound;
}

/// Huge pages that this process holds, from its own memory map; nothing where that is not readable.
std::optional<double> huge_pages_held(const Host& host) {
  const auto fields = parse_colon_lines(host.read("proc/self/smaps_rollup").value_or(""));
  const auto it = fields.find("AnonHugePages");
  if (it == fields.end()) return std::nullopt;
  const auto kilobytes = parse_count(words(it->second + " 0").front());
  return kilobytes ? std::optional<double>(static_cast<double>(*kilobytes) * kKibi) : std::nullopt;
}

/// Bytes of huge pages granted for a touched buffer of 16 MiB; nothing where it could not be found out.
std::optional<double> huge_pages_granted(const Host& host) {
  constexpr std::size_t kBytes = 16u * 1024 * 1024;
  const auto before = huge_pages_held(host);
  const auto buffer = Buffer::make(kBytes);
  if (!before || !buffer) return std::nullopt;
  volatile char* bytes = buffer->as<char>();
  for (std::size_t i = 0; i < kBytes; i += 4096) bytes[i] = 1;
  const auto after = huge_pages_held(host);
  return after ? std::optional<double>(std::max(0.0, *after - *before)) : std::nullopt;
}

std::string distinct(const Host& host, const std::string& file) {
  const std::string folder = "sys/devices/system/cpu/cpufreq";
  std::set<std::string> found;
  for (const std::string& policy : numbered(host, folder, "policy"))
    if (const std::string value = read_line(host, folder + "/" + policy + "/" + file); !value.empty())
      found.insert(value);
  return join({found.begin(), found.end()}, ", ");
}

/// The first trouble with the clocks, worst first; health stays good when there is none.
void judge_clock(Finding& f, bool is_virtual, const std::string& governor, bool unsteady, bool slow_clock) {
  if (unsteady || slow_clock) {
    f.health = Health::limited;
    f.cost = unsteady ? "the time stamp counter may change speed or stop: short times can be wrong"
                      : "reading the time costs about a microsecond: short samples carry it";
    f.fix = "boot with clocksource=tsc tsc=reliable, or take samples of a millisecond and more";
  } else if (governor.empty()) {
    f.health = Health::limited;
    f.cost = "the clock is not visible: boost and throttling cannot be told from noise";
    f.fix = is_virtual
                ? "nothing can be set inside a virtual machine; use more samples, or a bare-metal instance"
                : "load the processor's cpufreq driver (see /sys/devices/system/cpu/cpufreq), or use more "
                  "samples";
  } else if (governor != "performance") {
    f.health = Health::limited;
    f.cost = "the clock follows the load: short measurements start slow";
    f.fix = "sudo cpupower frequency-set -g performance";
  }
}

}  // namespace

Finding needs_live_machine(const std::string& id, const std::string& what) {
  return {.id = id,
          .health = Health::missing,
          .evidence = what + " cannot be tried on a recorded machine",
          .cost = "nothing is known about it",
          .fix = "run ridgepoint doctor on the machine itself"};
}

Finding check_counters(const ProbeContext& context) {
  const std::string paranoid = read_line(context.host, "proc/sys/kernel/perf_event_paranoid");
  const std::string setting = paranoid.empty() ? "" : "; perf_event_paranoid is " + paranoid;
  if (!context.host.live()) {
    Finding f = needs_live_machine("counters", "event counters");
    f.evidence += setting;
    return f;
  }
  const CounterSurvey survey = survey_counters();
  int listed = 0, wanted = 0;
  std::string why = survey.library;
  for (const Counter& c : survey.counters) {
    if (c.kind != CounterKind::hardware) continue;
    if (wanted++ == 0 && !c.reason.empty()) why = c.reason;
    listed += c.listed_by_papi ? 1 : 0;
  }
  const int hardware = survey.usable(CounterKind::hardware), software = survey.usable(CounterKind::software);
  Finding f{.id = "counters",
            .evidence = survey.library + " lists " + std::to_string(listed) + " of " +
                        std::to_string(wanted) + " hardware events, " + std::to_string(hardware) +
                        " of them counted over a known loop; " + std::to_string(software) +
                        " software events did" + setting,
            .cost = {},
            .fix = {}};
  if (hardware > 0) return f;
  const CounterObstacle obstacle = counter_obstacle(context.host, why);
  f.health = software > 0 ? Health::limited : Health::missing;
  f.evidence += "; " + obstacle.reason;
  f.cost =
      "operations and traffic of a kernel are its declared cost, not counted, and a program that is profiled "
      "has "
      "no place on the roofline";
  f.fix = obstacle.fix;
  return f;
}

Finding check_huge_pages(const ProbeContext& context) {
  const std::string path = "sys/kernel/mm/transparent_hugepage/enabled";
  const std::string mode = bracketed(context.host.read(path).value_or(""));
  Finding f{.id = "huge-pages",
            .evidence = "transparent huge pages: " + (mode.empty() ? "not told" : mode),
            .cost = {},
            .fix = {}};
  const auto granted = context.host.live() ? huge_pages_granted(context.host) : std::nullopt;
  if (granted) f.evidence += "; asked for 16 MiB, got " + show_bytes(*granted) + " in huge pages";
  const bool works = granted ? *granted > 0 : mode == "always" || mode == "madvise";
  if (works) return f;
  f.health = mode.empty() && !granted ? Health::missing : Health::limited;
  f.cost = "latency and random access include page walks (about twice the DRAM latency)";
  f.fix = mode == "never" ? "echo madvise | sudo tee /" + path
                          : "free some contiguous memory: echo 1 | sudo tee /proc/sys/vm/compact_memory";
  if (mode.empty()) f.fix = "use a kernel with CONFIG_TRANSPARENT_HUGEPAGE, or mount /sys";
  return f;
}

Finding check_pinning(const ProbeContext& context) {
  if (!context.host.live()) return needs_live_machine("pinning", "binding threads");
  std::vector<std::string> refused;
  std::size_t tried = context.topology.allowed.size();
  std::thread([&] {  // a thread of its own, so that nobody else's mask changes
    for (const int cpu : context.topology.allowed)
      if (!runs_on(cpu)) refused.push_back(std::to_string(cpu));
  })
      .join();
  Finding f{.id = "pinning",
            .evidence = "bound a thread to each of " + std::to_string(tried) + " allowed processors",
            .cost = {},
            .fix = {}};
  if (tried > 0 && refused.empty()) return f;
  f.health = tried == refused.size() ? Health::missing : Health::limited;
  f.evidence += tried == 0 ? "; none is known" : "; refused for " + join(refused, ", ");
  f.cost = "threads may share a processor or wander: bandwidth and speed-up vary";
  f.fix = "permit sched_setaffinity (container seccomp profile), and keep the cpuset fixed during the run";
  return f;
}

Finding check_frequency(const ProbeContext& context) {
  const Host& host = context.host;
  const Cpuinfo info = parse_cpuinfo(host.read("proc/cpuinfo").value_or(""));
  const std::string governor = distinct(host, "scaling_governor"), driver = distinct(host, "scaling_driver");
  const std::string clock =
      read_line(host, "sys/devices/system/clocksource/clocksource0/current_clocksource");
  const std::string no_turbo = read_line(host, "sys/devices/system/cpu/intel_pstate/no_turbo");
  std::vector<std::string> seen{governor.empty() ? "no cpufreq governor is readable"
                                                 : "governor " + governor};
  if (!driver.empty()) seen.push_back("driver " + driver);
  if (!no_turbo.empty()) seen.push_back(no_turbo == "0" ? "turbo on" : "turbo off");
  if (info.x86) seen.push_back(info.steady_tsc ? "TSC constant and nonstop" : "TSC not constant");
  if (!clock.empty()) seen.push_back("clock source " + clock);
  Finding f{.id = "frequency", .evidence = join(seen, "; "), .cost = {}, .fix = {}};
  const bool is_virtual = !text(identity_probe.run(context).facts, "identity.hypervisor").empty();
  judge_clock(f, is_virtual, governor, info.x86 && !info.steady_tsc, clock == "hpet" || clock == "acpi_pm");
  return f;
}

}  // namespace ridgepoint
