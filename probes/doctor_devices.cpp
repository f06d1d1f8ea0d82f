// SPDX-License-Identifier: Apache-2.0
// The findings on storage and accelerators.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "model/core/text.h"
#include "probes/doctor_checks.h"
#include "probes/host.h"
#include "probes/parse.h"

namespace ridgepoint {
namespace {

/// Opens an unnamed file in the current directory for direct I/O: no trace is left.
void try_direct_io(StorageSeen& seen) {
  const int file = ::open(".", O_TMPFILE | O_RDWR | O_DIRECT | O_CLOEXEC, 0600);
  const int code = errno;
  if (file >= 0) ::close(file);
  if (file >= 0) seen.direct_io = true;
  if (file < 0 && code == EINVAL) seen.direct_io = false;  // the file system has no direct I/O
  if (file < 0) seen.direct_io_trouble = std::strerror(code);
}

StorageSeen see_storage(const Host& host) {
  StorageSeen seen;
  seen.device = see_device_here(host, ".");
  try_direct_io(seen);
  return seen;
}

/// What a storage figure taken here would really be; empty when it would be the disk's.
std::string storage_cost(const StorageSeen& seen) {
  switch (medium_of(seen.device.file_system)) {
    case Medium::memory:
      return "this directory is memory: a storage figure would be a memory figure";
    case Medium::network:
      return "this directory is on another machine: the network and its other users are measured too";
    case Medium::overlay:
      return "this directory is a container's overlay: the first write copies the file";
    case Medium::own_cache:
      return "this file system answers direct I/O from memory: its cache would be measured";
    case Medium::disk:
      break;
  }
  if (seen.direct_io == false) return "direct I/O is not possible: the page cache would be measured";
  if (!seen.device.limits.empty()) return "a control group limits the disk: its limit would be measured";
  if (!seen.device.virtual_sign.empty())
    return "the disk is virtual: the host's cache and its quota would be measured";
  if (seen.device.rotational == true) return "the disk rotates: figures depend on the place of the file";
  return {};
}

/// Makers of devices that compute, by PCI vendor number.
std::string vendor_name(const std::string& id) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kVendors = {
      {{"0x10de", "NVIDIA"},
       {"0x1002", "AMD"},
       {"0x8086", "Intel"},
       {"0x1da3", "Habana"},
       {"0x10ee", "Xilinx"},
       {"0x1e52", "Tenstorrent"},
       {"0x1d0f", "Amazon"}}};
  for (const auto& [key, name] : kVendors)
    if (key == id) return std::string(name);
  return {};
}

/// PCI classes 0x0302 3D, 0x1200 processing accelerator, 0x0b40 co-processor. A plain display (0x0300,
/// 0x0380) counts only from a maker of computing devices: servers have one for their console.
bool computes(const std::string& pci_class, const std::string& vendor) {
  if (starts_with(pci_class, "0x03") && !starts_with(pci_class, "0x0302"))
    return !vendor_name(vendor).empty();
  return starts_with(pci_class, "0x0302") || starts_with(pci_class, "0x12") ||
         starts_with(pci_class, "0x0b40");
}

void add_nodes(AcceleratorsSeen& seen, const Host& host, const std::string& folder, const std::string& shown,
               const std::string& prefix) {
  for (const std::string& name : numbered(host, folder, prefix)) seen.nodes.push_back(shown + name);
}

std::string list_or(const std::vector<std::string>& list, const std::string& nothing) {
  return list.empty() ? nothing : join(list, ", ");
}

}  // namespace

Finding judge_storage(const StorageSeen& seen) {
  const StorageDevice& device = seen.device;
  std::vector<std::string> parts{"the current directory is on " + (device.file_system.empty()
                                                                       ? "an unknown file system"
                                                                       : device.file_system)};
  if (!device.disk.empty()) parts.push_back("disk " + device.disk);
  if (!device.model.empty()) parts.push_back(device.model);
  if (device.rotational) parts.push_back(*device.rotational ? "told to rotate" : "not rotating");
  if (!device.scheduler.empty()) parts.push_back("scheduler " + device.scheduler);
  for (const std::string& limit : device.limits) parts.push_back("limit " + limit);
  parts.push_back(seen.direct_io == true ? "O_DIRECT works" : "O_DIRECT: " + seen.direct_io_trouble);
  Finding f{.id = "storage", .evidence = join(parts, "; "), .cost = storage_cost(seen), .fix = {}};
  if (f.cost.empty() && device.file_system.empty())
    f.cost = "a storage figure taken here could not be explained";
  if (f.cost.empty()) return f;
  f.health = Health::limited;
  f.fix = "ridgepoint probe --storage-dir DIR on a local disk when storage matters";
  return f;
}

Finding check_storage(const ProbeContext& context) {
  if (!context.host.live()) return needs_live_machine("storage", "direct I/O in the current directory");
  return judge_storage(see_storage(context.host));
}

AcceleratorsSeen see_accelerators(const Host& host) {
  AcceleratorsSeen seen;
  const std::string pci = "sys/bus/pci/devices";
  for (const std::string& device : host.list(pci).value_or(std::vector<std::string>())) {
    const std::string vendor = read_line(host, pci + "/" + device + "/vendor");
    if (!computes(read_line(host, pci + "/" + device + "/class"), vendor)) continue;
    const std::string name = vendor_name(vendor);
    seen.pci.push_back(name.empty() ? "vendor " + vendor : name);
  }
  add_nodes(seen, host, "dev", "", "nvidia");
  const auto devices = host.list("dev").value_or(std::vector<std::string>());
  if (std::ranges::find(devices, "kfd") != devices.end()) seen.nodes.emplace_back("kfd");
  add_nodes(seen, host, "dev/dri", "dri/", "renderD");
  add_nodes(seen, host, "dev/accel", "accel/", "accel");
  add_nodes(seen, host, "dev/tenstorrent", "tenstorrent/", "");
  for (const std::string& name : host.list("etc/OpenCL/vendors").value_or(std::vector<std::string>()))
    if (name.ends_with(".icd")) seen.icds.push_back(first_line(name, 60));
  return seen;
}

Finding judge_accelerators(const AcceleratorsSeen& seen) {
  Finding f{.id = "accelerators",
            .evidence = "PCI: " + list_or(seen.pci, "none") + "; device nodes: " +
                        list_or(seen.nodes, "none") + "; OpenCL drivers: " + list_or(seen.icds, "none"),
            .cost = {},
            .fix = {}};
  if (seen.pci.empty() && seen.nodes.empty()) {
    f.health = Health::missing;
    f.cost = "accelerators can be modelled from the catalogue, not measured here";
    f.fix =
        "nothing to do if this machine has none; in a container pass the device through (--gpus, --device)";
  } else if (seen.nodes.empty()) {
    f.health = Health::limited;
    f.cost = "a device is on the bus but no driver offers it";
    f.fix = "install the vendor's kernel driver, and pass the device through in a container";
  } else if (seen.icds.empty()) {
    f.health = Health::limited;
    f.cost = "a driver is there but no OpenCL platform";
    f.fix = "install the vendor's OpenCL package, which puts an .icd file below /etc/OpenCL/vendors";
  }
  return f;
}

Finding check_accelerators(const ProbeContext& context) {
  return judge_accelerators(see_accelerators(context.host));
}

}  // namespace ridgepoint
