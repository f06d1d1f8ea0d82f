// SPDX-License-Identifier: Apache-2.0
// The findings on SMT, shared memory and mitigations.
#include <sys/statvfs.h>

#include <algorithm>

#include "model/core/format.h"
#include "model/core/text.h"
#include "model/core/units.h"
#include "probes/doctor_checks.h"
#include "probes/host.h"
#include "probes/identity.h"
#include "probes/parse.h"

namespace ridgepoint {

extern const Probe identity_probe;

namespace {

/// "65536k" and the like of a tmpfs option; "50%" says nothing without the machine.
std::optional<double> option_size(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const double unit = text.back() == 'k'   ? kKibi
                      : text.back() == 'm' ? kMebi
                      : text.back() == 'g' ? kGibi
                                           : 1;
  const auto count = parse_count(unit > 1 ? text.substr(0, text.size() - 1) : text);
  return count ? std::optional(static_cast<double>(*count) * unit) : std::nullopt;
}

/// Size of /dev/shm: asked from the live machine, else from the recorded mount's option.
std::optional<double> shared_memory(const Host& host) {
  struct statvfs now {};
  if (host.live() && ::statvfs("/dev/shm", &now) == 0)
    return static_cast<double>(now.f_blocks) * static_cast<double>(now.f_frsize);
  std::optional<double> size;
  for (const Mount& m : parse_mountinfo(host.read("proc/self/mountinfo").value_or("")))
    if (m.point == "/dev/shm")
      for (const std::string& option : m.options)
        if (starts_with(option, "size="))
          size = option_size(option.substr(5));  // the last mount hides others
  return size;
}

}  // namespace

Finding check_smt(const ProbeContext& context) {
  const Facts facts = identity_probe.run(context).facts;
  const std::string smt = text(facts, "identity.smt");
  const bool is_virtual = !text(facts, "identity.hypervisor").empty();
  const Topology& t = context.topology;
  Finding f{.id = "smt", .evidence = "SMT " + (smt.empty() ? "not told" : smt), .cost = {}, .fix = {}};
  if (t.cores_told)
    f.evidence +=
        "; " + std::to_string(t.processing_units) + " threads on " + std::to_string(t.cores) + " cores";
  const bool threads_seen = t.cores_told && t.processing_units > t.cores;
  if (is_virtual && !threads_seen && t.processing_units > 1) {
    f.health = Health::limited;
    f.evidence += "; a hypervisor may show two threads of one core as two cores";
    f.cost =
        "whether two processors share a core is not known: compute of several threads may be that of fewer "
        "cores";
    f.fix =
        "see whether compute.* of 2 threads is twice that of 1; ask the provider for the number of threads "
        "per core";
  } else if (smt.empty() && !t.cores_told) {
    f.health = Health::missing;
    f.cost = "whether two processors share a core is not known";
    f.fix = "let /sys/devices/system/cpu be seen here, or give --topology FILE";
  }
  return f;
}

Finding check_shared_memory(const ProbeContext& context) {
  constexpr double kSmall = 256 * kMebi;
  const auto size = shared_memory(context.host);
  Finding f{.id = "shared-memory",
            .evidence = size ? "/dev/shm holds " + show_bytes(*size) : "the size of /dev/shm is not told",
            .cost = {},
            .fix = {}};
  if (size && *size >= kSmall) return f;
  f.health = size ? Health::limited : Health::missing;
  f.cost =
      size ? "programs that share memory between processes (MPI, NCCL, data loaders) fail or take slower ways"
           : "whether programs can share memory between processes is not known";
  f.fix = "mount -o remount,size=8G /dev/shm; in a container start it with --shm-size=8g";
  return f;
}

Finding check_mitigations(const ProbeContext& context) {
  const Facts facts = identity_probe.run(context).facts;
  const std::string mitigations = text(facts, "identity.mitigations");
  const std::string microcode = text(facts, "identity.microcode");
  Finding f{.id = "mitigations",
            .evidence = mitigations.empty() ? "mitigations are not told" : mitigations,
            .cost = {},
            .fix = {}};
  if (!microcode.empty()) f.evidence += "; microcode " + microcode;
  const std::string folder = "sys/devices/system/cpu/vulnerabilities";
  std::vector<std::string> lacking;
  for (const std::string& name : context.host.list(folder).value_or(std::vector<std::string>()))
    if (const std::string state = read_line(context.host, folder + "/" + name);
        state.find("no microcode") != std::string::npos ||
        (name == "old_microcode" && starts_with(state, "Vulnerable")))
      lacking.push_back(first_line(name, 40));
  if (!lacking.empty()) {
    f.health = Health::limited;
    f.evidence += "; the microcode is too old for " + join(lacking, ", ");
    f.cost =
        "newer microcode will change the cost of system calls and context switches: figures will not compare";
    f.fix =
        "install the packages intel-microcode or amd64-microcode and reboot; in a guest it is the host's to "
        "do";
  } else if (mitigations.empty()) {
    f.health = Health::missing;
    f.cost = "what system calls pay for mitigations is not known";
    f.fix = "use a kernel of 4.15 or later, and let /sys/devices/system/cpu/vulnerabilities be seen here";
  }
  return f;
}

}  // namespace ridgepoint
