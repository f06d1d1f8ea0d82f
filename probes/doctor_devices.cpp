// SPDX-License-Identifier: Apache-2.0
// The findings on storage and accelerators.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

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
  std::error_code code;
  const std::string here = std::filesystem::current_path(code).string();
  const auto mount = mount_of(parse_mountinfo(host.read("proc/self/mountinfo").value_or("")), here);
  if (mount) {
    seen.file_system = first_line(mount->type, 40);
    seen.disk = disk_of(mount->source, host.list("sys/block").value_or(std::vector<std::string>()));
    if (!seen.disk.empty())
      if (const auto r = read_count(host, "sys/block/" + seen.disk + "/queue/rotational"))
        seen.rotational = *r != 0;
  }
  try_direct_io(seen);
  return seen;
}

bool virtual_disk(const std::string& disk) {
  for (const char* prefix : {"vd", "xvd", "loop", "zram", "ram", "nbd", "rbd"})
    if (starts_with(disk, prefix)) return true;
  return false;
}

/// What a storage figure taken here would really be; empty when it would be the disk's.
std::string storage_cost(const StorageSeen& seen) {
  for (const char* type : {"tmpfs", "ramfs"})
    if (seen.file_system == type)
      return "this directory is memory: a storage figure would be a memory figure";
  for (const char* type : {"nfs", "nfs4", "cifs", "smb3", "ceph", "lustre", "gpfs", "9p", "virtiofs", "fuse"})
    if (seen.file_system == type || starts_with(seen.file_system, std::string(type) + "."))
      return "this directory is on another machine: the network and its other users are measured too";
  if (seen.file_system == "overlay")
    return "this directory is a container's overlay: the first write copies the file";
  if (seen.direct_io == false) return "direct I/O is not possible: the page cache would be measured";
  if (virtual_disk(seen.disk)) return "the disk is virtual: the host's cache and its quota would be measured";
  if (seen.rotational == true) return "the disk rotates: figures depend on the place of the file";
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

std::optional<Mount> mount_of(const std::vector<Mount>& mounts, const std::string& path) {
  std::optional<Mount> best;
  for (const Mount& m : mounts) {
    const bool holds = m.point == "/" || path == m.point || starts_with(path, m.point + "/");
    if (holds && (!best || m.point.size() >= best->point.size())) best = m;
  }
  return best;
}

std::string disk_of(const std::string& source, const std::vector<std::string>& disks) {
  if (!starts_with(source, "/dev/")) return {};
  const std::string device = source.substr(5);
  std::string best;
  for (const std::string& disk : disks)
    if (starts_with(device, disk) && disk.size() > best.size()) best = disk;
  return best;
}

Finding judge_storage(const StorageSeen& seen) {
  std::vector<std::string> parts{"the current directory is on " +
                                 (seen.file_system.empty() ? "an unknown file system" : seen.file_system)};
  if (!seen.disk.empty()) parts.push_back("disk " + seen.disk);
  if (seen.rotational) parts.push_back(*seen.rotational ? "told to rotate" : "not rotating");
  parts.push_back(seen.direct_io == true ? "O_DIRECT works" : "O_DIRECT: " + seen.direct_io_trouble);
  Finding f{.id = "storage", .evidence = join(parts, "; "), .cost = storage_cost(seen), .fix = {}};
  if (f.cost.empty() && seen.file_system.empty())
    f.cost = "a storage figure taken here could not be explained";
  if (f.cost.empty()) return f;
  f.health = Health::limited;
  f.fix = "work in a directory on a local disk when storage matters";
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
