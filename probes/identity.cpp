// SPDX-License-Identifier: Apache-2.0
#include "probes/identity.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <set>
#include <utility>

#include "model/core/text.h"
#include "probes/parse.h"

namespace ridgepoint {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

template <std::size_t N>
std::string look_up(const std::array<Pair, N>& table, std::string_view key) {
  for (const auto& [k, v] : table)
    if (k == key) return std::string(v);
  return {};
}

// Kernel word -> our word, for the extensions that change what a kernel can reach. Others are left out.
constexpr std::array<Pair, 27> kExtensions = {{{"sse4_2", "sse4_2"},
                                               {"avx", "avx"},
                                               {"avx2", "avx2"},
                                               {"fma", "fma"},
                                               {"f16c", "f16c"},
                                               {"avx_vnni", "avx_vnni"},
                                               {"avx512f", "avx512f"},
                                               {"avx512bw", "avx512bw"},
                                               {"avx512dq", "avx512dq"},
                                               {"avx512vl", "avx512vl"},
                                               {"avx512er", "avx512er"},
                                               {"avx512_vnni", "avx512_vnni"},
                                               {"avx512_bf16", "avx512_bf16"},
                                               {"avx512_fp16", "avx512_fp16"},
                                               {"amx_tile", "amx_tile"},
                                               {"amx_bf16", "amx_bf16"},
                                               {"amx_fp16", "amx_fp16"},
                                               {"amx_int8", "amx_int8"},
                                               {"asimd", "neon"},
                                               {"neon", "neon"},
                                               {"asimdhp", "fp16"},
                                               {"asimddp", "dotprod"},
                                               {"bf16", "bf16"},
                                               {"i8mm", "i8mm"},
                                               {"sve", "sve"},
                                               {"sve2", "sve2"},
                                               {"sme", "sme"}}};

// Numbers of the Main ID Register; /proc/cpuinfo on ARM has no names. Source: the kernel's asm/cputype.h.
constexpr std::array<Pair, 10> kImplementers = {{{"0x41", "Arm"},
                                                 {"0x42", "Broadcom"},
                                                 {"0x43", "Cavium"},
                                                 {"0x46", "Fujitsu"},
                                                 {"0x48", "HiSilicon"},
                                                 {"0x4e", "NVIDIA"},
                                                 {"0x50", "APM"},
                                                 {"0x51", "Qualcomm"},
                                                 {"0x61", "Apple"},
                                                 {"0xc0", "Ampere"}}};

constexpr std::array<Pair, 15> kParts = {{{"0x41:0xd03", "Cortex-A53"},
                                          {"0x41:0xd05", "Cortex-A55"},
                                          {"0x41:0xd07", "Cortex-A57"},
                                          {"0x41:0xd08", "Cortex-A72"},
                                          {"0x41:0xd0b", "Cortex-A76"},
                                          {"0x41:0xd0c", "Neoverse N1"},
                                          {"0x41:0xd40", "Neoverse V1"},
                                          {"0x41:0xd49", "Neoverse N2"},
                                          {"0x41:0xd4f", "Neoverse V2"},
                                          {"0x43:0x0af", "ThunderX2"},
                                          {"0x46:0x001", "A64FX"},
                                          {"0x61:0x022", "M1 Icestorm"},
                                          {"0x61:0x023", "M1 Firestorm"},
                                          {"0xc0:0xac3", "AmpereOne"},
                                          {"0x48:0xd01", "Kunpeng 920"}}};

constexpr std::array<Pair, 5> kX86Vendors = {{{"GenuineIntel", "Intel"},
                                              {"AuthenticAMD", "AMD"},
                                              {"HygonGenuine", "Hygon"},
                                              {"CentaurHauls", "VIA"},
                                              {"Shanghai", "Zhaoxin"}}};

std::string value_of(const std::map<std::string, std::string>& fields, const std::string& key) {
  const auto it = fields.find(key);
  return it == fields.end() ? std::string() : first_line(it->second);
}

std::vector<std::string> extensions(std::string_view flags) {
  std::set<std::string> found;
  for (const std::string& word : words(flags))
    if (std::string name = look_up(kExtensions, word); !name.empty()) found.insert(std::move(name));
  return {found.begin(), found.end()};
}

std::string arm_part(const std::string& implementer, const std::string& part) {
  const std::string vendor = look_up(kImplementers, implementer);
  std::string name = look_up(kParts, implementer + ":" + part);
  if (name.empty()) name = "part " + part;
  return (vendor.empty() ? "implementer " + implementer : vendor) + " " + name;
}

/// Every distinct part once, in order: a big.LITTLE machine has two.
std::string arm_parts(std::string_view text) {
  constexpr std::size_t kMost = 4;
  std::vector<std::string> parts;
  std::string implementer;
  for (const std::string& line : lines(text)) {
    const auto field = parse_colon_lines(line);
    if (field.contains("CPU implementer")) implementer = first_line(field.at("CPU implementer"), 20);
    if (!field.contains("CPU part")) continue;
    const std::string part = arm_part(implementer, first_line(field.at("CPU part"), 20));
    if (parts.size() < kMost && std::ranges::find(parts, part) == parts.end()) parts.push_back(part);
  }
  return join(parts, " + ");
}

void fill_x86(Cpuinfo& info, const std::map<std::string, std::string>& fields) {
  info.x86 = true;
  const std::string vendor = value_of(fields, "vendor_id");
  info.vendor = look_up(kX86Vendors, vendor);
  if (info.vendor.empty()) info.vendor = vendor;
  info.cpu = value_of(fields, "model name");
  info.microcode = value_of(fields, "microcode");
  const std::string flags = fields.contains("flags") ? fields.at("flags") : "";
  info.isa = extensions(flags);
  const auto list = words(flags);
  const auto has = [&](const char* flag) { return std::ranges::find(list, flag) != list.end(); };
  info.hypervisor = has("hypervisor");
  info.steady_tsc = has("constant_tsc") && has("nonstop_tsc");
}

void fill_arm(Cpuinfo& info, const std::map<std::string, std::string>& fields, std::string_view text) {
  info.vendor = look_up(kImplementers, value_of(fields, "CPU implementer"));
  info.cpu = arm_parts(text);
  const auto features = fields.find("Features");
  if (features != fields.end()) info.isa = extensions(features->second);
}

}  // namespace

Cpuinfo parse_cpuinfo(std::string_view text) {
  Cpuinfo info;
  const auto fields = parse_colon_lines(text, true);
  if (fields.contains("flags") || fields.contains("vendor_id")) {
    fill_x86(info, fields);
  } else if (fields.contains("CPU implementer")) {
    fill_arm(info, fields, text);
  } else if (fields.contains("isa")) {  // RISC-V
    info.isa = {first_line(fields.at("isa"), 60)};
    info.cpu = fields.contains("uarch") ? value_of(fields, "uarch") : "RISC-V";
    info.vendor = info.cpu.substr(0, info.cpu.find(','));
  } else if (fields.contains("cpu")) {  // POWER
    info.cpu = value_of(fields, "cpu");
    info.vendor = "IBM";
  }
  return info;
}

std::map<int, std::string> parts_by_processor(std::string_view text) {
  constexpr std::uint64_t kMost = 65536;
  std::map<int, std::string> parts;
  std::string implementer;
  std::optional<int> cpu;
  for (const std::string& line : lines(text)) {
    const auto field = parse_colon_lines(line);
    if (field.contains("processor")) {
      const auto number = parse_count(field.at("processor"));
      cpu = number && *number < kMost ? std::optional(static_cast<int>(*number)) : std::nullopt;
      if (cpu) parts.emplace(*cpu, "");
    }
    if (field.contains("CPU implementer")) implementer = first_line(field.at("CPU implementer"), 20);
    if (field.contains("CPU part") && cpu)
      parts[*cpu] = arm_part(implementer, first_line(field.at("CPU part"), 20));
  }
  return parts;
}

// FNV-1a of 64 bits; http://www.isthe.com/chongo/tech/comp/fnv
std::string machine_hash(const std::vector<std::string>& facts) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : join(facts, "\n")) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

std::string hypervisor_name(const VirtualClues& clues) {
  constexpr std::array<Pair, 12> kProducts = {{{"KVM", "KVM"},
                                               {"QEMU", "QEMU"},
                                               {"Standard PC", "QEMU"},
                                               {"VMware", "VMware"},
                                               {"VirtualBox", "VirtualBox"},
                                               {"Virtual Machine", "Hyper-V"},
                                               {"HVM domU", "Xen"},
                                               {"Google Compute Engine", "KVM (Google)"},
                                               {"OpenStack", "KVM (OpenStack)"},
                                               {"Alibaba Cloud", "KVM (Alibaba)"},
                                               {"Parallels", "Parallels"},
                                               {"BHYVE", "bhyve"}}};
  constexpr std::array<Pair, 3> kClocks = {
      {{"kvm-clock", "KVM"}, {"hyperv_clocksource", "Hyper-V"}, {"xen", "Xen"}}};
  const std::string dmi = clues.dmi_vendor + " " + clues.dmi_product;
  if (clues.hypervisor_type == "xen") return "Xen";
  for (const auto& [mark, name] : kProducts)
    if (dmi.find(mark) != std::string::npos) return std::string(name);
  if (dmi.find("Amazon EC2") != std::string::npos && dmi.find(".metal") == std::string::npos)
    return "KVM (Amazon)";
  for (const auto& [mark, name] : kClocks)
    if (clues.clocksources.find(mark) != std::string::npos) return std::string(name);
  if (!clues.hypervisor_type.empty()) return clues.hypervisor_type;
  return clues.cpu_flag ? "unnamed" : "";
}

std::string mitigation_summary(const std::map<std::string, std::string>& vulnerabilities) {
  if (vulnerabilities.empty()) return {};
  std::vector<std::string> mitigated, vulnerable;
  for (const auto& [name, state] : vulnerabilities) {
    if (starts_with(state, "Mitigation")) mitigated.push_back(name);
    if (state.find("ulnerable") != std::string::npos && !starts_with(state, "Mitigation"))
      vulnerable.push_back(name);
  }
  if (mitigated.empty() && vulnerable.empty()) return "none needed";
  std::vector<std::string> parts;
  if (!mitigated.empty()) parts.push_back("mitigated: " + join(mitigated, ", "));
  if (!vulnerable.empty()) parts.push_back("vulnerable: " + join(vulnerable, ", "));
  return join(parts, "; ");
}

}  // namespace ridgepoint
