// SPDX-License-Identifier: Apache-2.0
#include "probes/storage_device.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <filesystem>

#include "model/core/text.h"
#include "probes/host.h"
#include "probes/parse.h"

namespace ridgepoint {
namespace {

bool one_of(const std::string& word, const std::vector<std::string_view>& list) {
  return std::ranges::any_of(list, [&](std::string_view x) { return word == x; });
}

/// "DEVNAME=vda1" of a device's uevent file.
std::string name_of_number(const Host& host, const std::string& number) {
  for (const std::string& line : lines(host.read("sys/dev/block/" + number + "/uevent").value_or("")))
    if (starts_with(line, "DEVNAME=")) return first_line(line.substr(8), 60);
  return {};
}

/// Local disks of a cloud's bare hardware are no sign; a hypervisor's own devices are.
std::string sign_of_virtual(const std::string& disk, const std::string& maker, const std::string& model) {
  for (const char* prefix : {"vd", "xvd", "loop", "zram", "ram", "nbd", "rbd"})
    if (starts_with(disk, prefix)) return "its name is " + disk;
  for (const char* name : {"QEMU", "VMware", "VBOX", "Msft", "Virtual", "Amazon Elastic Block Store",
                           "nvme_card-pd", "PersistentDisk", "Google", "MSFT NVMe Accelerator", "Xen"}) {
    if (maker.find(name) != std::string::npos) return "its maker is " + maker;
    if (model.find(name) != std::string::npos) return "its model is " + model;
  }
  return {};
}

/// Lines of a control group's file that are about this disk: "254:0 rbps=1048576 wbps=max", "254:0 1048576".
void add_limits(const Host& host, const std::string& folder, const std::string& file,
                const std::string& number, std::vector<std::string>& limits) {
  for (const std::string& line : lines(host.read(folder + "/" + file).value_or(""))) {
    const auto parts = words(line);
    if (parts.size() < 2 || parts[0] != number) continue;
    std::vector<std::string> set;
    for (std::size_t i = 1; i < parts.size(); ++i)
      if (!parts[i].ends_with("=max")) set.push_back(first_line(parts[i], 60));
    if (!set.empty()) limits.push_back("/" + folder + "/" + file + " " + join(set, " "));
  }
}

std::vector<std::string> limits_of(const Host& host, const std::string& number) {
  std::vector<std::string> limits;
  for (const char* controller : {"io", "blkio"})
    for (const std::string& folder : cgroup_folders(host, controller))
      for (const char* file : {"io.max", "blkio.throttle.read_bps_device", "blkio.throttle.write_bps_device",
                               "blkio.throttle.read_iops_device", "blkio.throttle.write_iops_device"})
        add_limits(host, folder, file, number, limits);
  std::ranges::sort(limits);
  limits.erase(std::unique(limits.begin(), limits.end()), limits.end());
  return limits;
}

void see_disk(const Host& host, StorageDevice& seen) {
  const std::string folder = "sys/block/" + seen.disk;
  seen.number = read_line(host, folder + "/dev");
  seen.model = read_line(host, folder + "/device/model");
  seen.scheduler = bracketed(read_line(host, folder + "/queue/scheduler"));
  if (const auto r = read_count(host, folder + "/queue/rotational")) seen.rotational = *r != 0;
  seen.virtual_sign = sign_of_virtual(seen.disk, read_line(host, folder + "/device/vendor"), seen.model);
  if (!seen.number.empty()) seen.limits = limits_of(host, seen.number);
}

}  // namespace

Medium medium_of(const std::string& file_system) {
  if (one_of(file_system, {"tmpfs", "ramfs"})) return Medium::memory;
  if (one_of(file_system,
             {"nfs", "nfs4", "cifs", "smb3", "ceph", "lustre", "gpfs", "9p", "virtiofs", "fuse"}) ||
      starts_with(file_system, "fuse."))
    return Medium::network;
  if (file_system == "overlay") return Medium::overlay;
  if (file_system == "zfs") return Medium::own_cache;
  return Medium::disk;
}

StorageDevice see_device(const Host& host, const std::string& folder,
                         std::optional<std::pair<unsigned, unsigned>> device) {
  StorageDevice seen;
  const auto mount = mount_of(parse_mountinfo(host.read("proc/self/mountinfo").value_or("")), folder);
  if (mount) seen.file_system = first_line(mount->type, 40);
  const auto disks = host.list("sys/block").value_or(std::vector<std::string>());
  if (device)
    if (const std::string name =
            name_of_number(host, std::to_string(device->first) + ":" + std::to_string(device->second));
        !name.empty())
      seen.disk = disk_of("/dev/" + name, disks);
  if (seen.disk.empty() && mount) seen.disk = disk_of(mount->source, disks);
  if (!seen.disk.empty()) see_disk(host, seen);
  return seen;
}

StorageDevice see_device_here(const Host& host, const std::string& folder) {
  std::error_code code;
  const auto path = std::filesystem::canonical(folder, code);
  std::optional<std::pair<unsigned, unsigned>> device;
  struct stat seen {};
  if (::stat(folder.c_str(), &seen) == 0) device = {major(seen.st_dev), minor(seen.st_dev)};
  return see_device(host, code ? folder : path.string(), device);
}

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

}  // namespace ridgepoint
