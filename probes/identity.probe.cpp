// SPDX-License-Identifier: Apache-2.0
// Who the machine is: processor, extensions, kernel, and the settings that shift every measurement.
#include "probes/identity.h"

#include <set>

#include "model/core/text.h"
#include "probes/host.h"
#include "probes/parse.h"
#include "probes/probe.h"

namespace ridgepoint {
namespace {

const std::string kCpu = "sys/devices/system/cpu";

void add_text(Facts& facts, const std::string& key, const std::string& value, const std::string& file) {
  if (!value.empty()) facts[key] = measured_text(value, "probe identity: " + file);
}

void add_processor(Facts& facts, const Cpuinfo& info) {
  const std::string file = "/proc/cpuinfo";
  add_text(facts, "identity.cpu", info.cpu, file);
  add_text(facts, "identity.vendor", info.vendor, file);
  add_text(facts, "identity.isa", join(info.isa, " "), file);
  add_text(facts, "identity.microcode", info.microcode, file);
}

/// One word for all processors: "performance", or "performance, powersave" when they differ.
std::string governor(const Host& host) {
  std::set<std::string> found;
  for (const std::string& policy : numbered(host, kCpu + "/cpufreq", "policy"))
    if (const std::string g = read_line(host, kCpu + "/cpufreq/" + policy + "/scaling_governor"); !g.empty())
      found.insert(g);
  return join({found.begin(), found.end()}, ", ");
}

/// "on", "off", "forceoff", "notsupported"; from the topology where an older kernel does not say.
std::string smt(const ProbeContext& context, std::string& source) {
  source = "/" + kCpu + "/smt/control";
  if (std::string control = read_line(context.host, kCpu + "/smt/control"); !control.empty()) return control;
  source = context.topology.source;
  if (!context.topology.cores_told) return {};
  return context.topology.processing_units > context.topology.cores ? "on" : "off";
}

std::map<std::string, std::string> vulnerabilities(const Host& host) {
  std::map<std::string, std::string> out;
  const std::string folder = kCpu + "/vulnerabilities";
  for (const std::string& name : host.list(folder).value_or(std::vector<std::string>()))
    if (const std::string state = read_line(host, folder + "/" + name); !state.empty())
      out[first_line(name, 40)] = state;
  return out;
}

void add_settings(Facts& facts, const ProbeContext& context, const Cpuinfo& info) {
  const Host& host = context.host;
  const std::string kernel = read_line(host, "proc/sys/kernel/osrelease");
  add_text(facts, "identity.kernel", kernel.empty() ? "" : "Linux " + kernel, "/proc/sys/kernel/osrelease");
  add_text(facts, "identity.hypervisor",
           hypervisor_name({.cpu_flag = info.hypervisor,
                            .hypervisor_type = read_line(host, "sys/hypervisor/type"),
                            .dmi_vendor = read_line(host, "sys/class/dmi/id/sys_vendor"),
                            .dmi_product = read_line(host, "sys/class/dmi/id/product_name"),
                            .clocksources = read_line(
                                host, "sys/devices/system/clocksource/clocksource0/available_clocksource")}),
           "CPU flag, DMI names and clock sources");
  add_text(facts, "identity.governor", governor(host), "/" + kCpu + "/cpufreq/policy*/scaling_governor");
  std::string source;
  const std::string threads = smt(context, source);
  add_text(facts, "identity.smt", threads, source);
  const std::string thp = "sys/kernel/mm/transparent_hugepage/enabled";
  add_text(facts, "identity.huge_pages", bracketed(host.read(thp).value_or("")), "/" + thp);
  add_text(facts, "identity.mitigations", mitigation_summary(vulnerabilities(host)),
           "/" + kCpu + "/vulnerabilities");
}

/// "Supermicro H12SSL-i" of the board's maker and name, or the device tree's model.
std::string board(const Host& host, std::string& file) {
  const std::string dmi = "sys/class/dmi/id/";
  file = "/" + dmi + "board_vendor and board_name";
  const std::string vendor = read_line(host, dmi + "board_vendor"),
                    name = read_line(host, dmi + "board_name");
  if (!vendor.empty() || !name.empty()) return std::string(trim(vendor + " " + name));
  file = "/sys/firmware/devicetree/base/model";
  std::string model = host.read(file.substr(1)).value_or("");
  std::erase(model, '\0');  // it ends with a zero byte
  return first_line(model);
}

/// The machine known again. Left out on purpose: names, addresses, serial numbers, kernel, microcode, sizes
/// and states of memory, processors that happen to be offline, limits of this process.
void add_machine(Facts& facts, const ProbeContext& context, const Cpuinfo& info, const std::string& board) {
  const Topology& t = context.topology;
  const auto present = parse_cpu_list(context.host.read(kCpu + "/present").value_or(""));
  const std::size_t processors =
      present && !present->empty() ? present->size() : static_cast<std::size_t>(t.processing_units);
  if (info.cpu.empty() || processors == 0) return;
  std::vector<std::string> parts{info.cpu, board, std::to_string(processors)};
  for (const CacheLevel& c : t.caches) parts.push_back(c.name + " " + std::to_string(c.size_byte));
  for (const NumaNode& n : t.numa) parts.push_back(n.kind);
  add_text(facts, "identity.machine", machine_hash(parts),
           "hash of processor, board, processors present, cache sizes, and the kinds of memory nodes");
}

ProbeOutcome run(const ProbeContext& context) {
  ProbeOutcome outcome;
  const auto text = context.host.read("proc/cpuinfo");
  const Cpuinfo info = parse_cpuinfo(text.value_or(""));
  add_processor(outcome.facts, info);
  add_settings(outcome.facts, context, info);
  std::string file;
  const std::string board_name = board(context.host, file);
  add_text(outcome.facts, "identity.board", board_name, file);
  add_machine(outcome.facts, context, info, board_name);
  if (!info.cpu.empty()) return outcome;
  outcome.status = outcome.facts.empty() ? ProbeStatus::unavailable : ProbeStatus::degraded;
  if (text) {
    outcome.reason = "/proc/cpuinfo names no processor";
    outcome.fix = "read the name from the data sheet; facts that need it are left out";
  } else {
    outcome.reason = text.error().what + ": " + text.error().why;
    outcome.fix = text.error().fix;
  }
  return outcome;
}

}  // namespace

extern const Probe identity_probe;
const Probe identity_probe{
    .id = "identity",
    .summary = "processor, instruction set extensions, kernel, and settings that shift measurements",
    .method = "reads /proc/cpuinfo and files below /sys; no serial numbers, host or user names",
    .measures = false,
    .rank = 10,
    .seconds = {0.01, 0.01, 0.01},
    .run = run};

}  // namespace ridgepoint
