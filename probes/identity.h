// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ridgepoint {

/// What /proc/cpuinfo says about the processors, x86, ARM, RISC-V and POWER alike. Empty = not told.
struct Cpuinfo {
  std::string cpu;  ///< "AMD EPYC 7763 64-Core Processor", "Arm Neoverse N1"; several parts joined by " + "
  std::string vendor;  ///< "Intel", "AMD", "Arm", ...
  std::string microcode;
  std::vector<std::string> isa;  ///< the extensions that matter to kernels, sorted: avx2, fma, neon, sve ...
  bool hypervisor = false;       ///< the x86 flag of that name
  bool steady_tsc = false;       ///< constant_tsc and nonstop_tsc
  bool x86 = false;
};

Cpuinfo parse_cpuinfo(std::string_view text);

/// Each processor of /proc/cpuinfo and, on ARM, its part: "Arm Cortex-A76"; an empty text elsewhere.
std::map<int, std::string> parts_by_processor(std::string_view text);

/// The letters and digits by which a machine is known again, from facts that do not change while its hardware
/// and firmware settings stay: 16 hexadecimal digits.
std::string machine_hash(const std::vector<std::string>& facts);

/// Files that betray a hypervisor; empty where not readable.
struct VirtualClues {
  bool cpu_flag = false;
  std::string hypervisor_type;  ///< sys/hypervisor/type: "xen"
  std::string dmi_vendor, dmi_product;
  std::string clocksources;  ///< "tsc kvm-clock"
};

/// "KVM", "Xen", "VMware", ...; "unnamed" where only the CPU flag tells; empty on what looks like bare metal.
std::string hypervisor_name(const VirtualClues& clues);

/// Name and content of sys/devices/system/cpu/vulnerabilities/*, in short:
/// "mitigated: spectre_v1, spectre_v2; vulnerable: mds", "none needed". Empty input gives an empty text.
std::string mitigation_summary(const std::map<std::string, std::string>& vulnerabilities);

}  // namespace ridgepoint
