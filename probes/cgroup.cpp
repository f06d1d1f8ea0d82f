// SPDX-License-Identifier: Apache-2.0
#include "probes/cgroup.h"

#include <algorithm>
#include <functional>

#include "model/core/text.h"
#include "probes/host.h"
#include "probes/parse.h"

namespace ridgepoint {
namespace {

/// The kernel writes blank, tab, newline and backslash in paths as three octal digits.
std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octal = [&](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '7'; };
    if (text[i] == '\\' && octal(i + 1) && octal(i + 2) && octal(i + 3)) {
      out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// A mounted hierarchy together with this process's place in it.
struct Hierarchy {
  int version = 0;
  std::vector<std::string> folders;  ///< own group first, then its parents, the mount's root last
};

/// `path` as seen below a mount of the folder `root`; empty is the mount's root itself.
std::string below_mount(const std::string& path, const std::string& root) {
  if (root == "/" || root.empty()) return path;
  if (path == root) return "";
  if (starts_with(path, root + "/")) return path.substr(root.size());
  return path;  // another namespace's view: the walk upwards finds what exists
}

std::vector<std::string> folders_upwards(const std::string& mount, const std::string& path) {
  std::vector<std::string> names;
  for (const std::string& part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == "..") {  // the group lies outside this namespace: only the mount's root is ours to read
      names.clear();
      break;
    }
    names.push_back(part);
  }
  std::vector<std::string> folders;
  for (std::size_t n = names.size() + 1; n-- > 0;) {
    std::string folder = mount;
    for (std::size_t i = 0; i < n; ++i) folder += "/" + names[i];
    folders.push_back(std::move(folder));
  }
  return folders;
}

bool holds(const std::vector<std::string>& list, const std::string& word) {
  return std::ranges::find(list, word) != list.end();
}

/// A controller lives in one hierarchy: a v1 mount that names it, else the v2 tree.
Hierarchy hierarchy_of(const std::string& controller, const std::vector<Mount>& mounts,
                       const std::vector<Membership>& memberships) {
  for (const int version : {1, 2})
    for (const Mount& m : mounts) {
      const bool fits =
          version == 1 ? m.type == "cgroup" && holds(m.options, controller) : m.type == "cgroup2";
      if (!fits || m.point.size() < 2) continue;
      for (const Membership& own : memberships)
        if (version == 1 ? holds(own.controllers, controller) : own.controllers.empty())
          return {version, folders_upwards(m.point.substr(1), below_mount(own.path, m.root))};
      return {version, {m.point.substr(1)}};
    }
  return {};
}

using Reader = std::function<std::optional<double>(const std::string& folder, std::string& file)>;

std::optional<CgroupLimit> tightest(const Hierarchy& hierarchy, const Reader& read) {
  std::optional<CgroupLimit> best;
  for (const std::string& folder : hierarchy.folders) {
    std::string file;
    const auto value = read(folder, file);
    if (value && (!best || *value < best->value)) best = CgroupLimit{*value, "/" + folder + "/" + file};
  }
  return best;
}

/// memory.stat of v1 tells the tightest limit of all ancestors, the invisible ones too.
std::optional<double> hierarchical_limit(std::string_view stat) {
  for (const std::string& line : lines(stat)) {
    const auto parts = words(line);
    if (parts.size() == 2 && parts[0] == "hierarchical_memory_limit") return parse_memory_limit(parts[1]);
  }
  return std::nullopt;
}

std::optional<CgroupLimit> memory_limit(const Host& host, const Hierarchy& hierarchy) {
  return tightest(hierarchy, [&](const std::string& folder, std::string& file) {
    std::optional<double> best;
    const auto offer = [&](std::optional<double> value, const char* name) {
      if (!value || (best && *best <= *value)) return;
      best = value;
      file = name;
    };
    const auto text = [&](const char* name) { return host.read(folder + "/" + name).value_or(""); };
    if (hierarchy.version == 1) {
      offer(parse_memory_limit(text("memory.limit_in_bytes")), "memory.limit_in_bytes");
      offer(hierarchical_limit(text("memory.stat")), "memory.stat");
    } else {
      offer(parse_memory_limit(text("memory.max")), "memory.max");
      offer(parse_memory_limit(text("memory.high")),
            "memory.high");  // above it the kernel stalls the process
    }
    return best;
  });
}

std::optional<CgroupLimit> cpu_limit(const Host& host, const Hierarchy& hierarchy) {
  return tightest(hierarchy, [&](const std::string& folder, std::string& file) {
    const auto text = [&](const char* name) { return host.read(folder + "/" + name).value_or(""); };
    file = hierarchy.version == 1 ? "cpu.cfs_quota_us" : "cpu.max";
    return hierarchy.version == 1 ? parse_cfs_quota(text("cpu.cfs_quota_us"), text("cpu.cfs_period_us"))
                                  : parse_cpu_max(text("cpu.max"));
  });
}

std::optional<double> memory_used(const Host& host, const CgroupLimit& limit) {
  const std::string folder = limit.file.substr(1, limit.file.rfind('/') - 1);
  for (const char* name : {"/memory.usage_in_bytes", "/memory.current"})
    if (const auto used = read_count(host, folder + name)) return static_cast<double>(*used);
  return std::nullopt;
}

/// The nearest group that tells; v2's and v1's "effective" files already hold what the parents leave.
std::string cpuset_of(const Host& host, const Hierarchy& hierarchy) {
  for (const std::string& folder : hierarchy.folders)
    for (const char* name : {"cpuset.cpus.effective", "cpuset.effective_cpus", "cpuset.cpus"})
      if (std::string text = read_line(host, folder + "/" + name); !text.empty() && parse_cpu_list(text))
        return text;
  return {};
}

}  // namespace

std::vector<Mount> parse_mountinfo(std::string_view text) {
  std::vector<Mount> mounts;
  for (const std::string& line : lines(text)) {
    const std::vector<std::string> parts = words(line);
    if (parts.size() < 10) continue;
    const auto dash = std::find(parts.begin() + 6, parts.end(), "-");  // optional fields end here
    if (parts.end() - dash < 4) continue;
    mounts.push_back({.device = parts[2],
                      .root = unescape(parts[3]),
                      .point = unescape(parts[4]),
                      .type = dash[1],
                      .source = unescape(dash[2]),
                      .options = split(dash[3], ',')});
  }
  return mounts;
}

std::vector<Membership> parse_membership(std::string_view text) {
  std::vector<Membership> out;
  for (const std::string& line : lines(text)) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    out.push_back({controllers.empty() ? std::vector<std::string>() : split(controllers, ','),
                   line.substr(second + 1)});
  }
  return out;
}

std::optional<double> parse_memory_limit(std::string_view text) {
  constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 62;  // v1 rounds 2^63 - 1 down to a page of any size
  const auto value = parse_count(text);
  if (!value || *value >= kNoLimit) return std::nullopt;
  return static_cast<double>(*value);
}

std::optional<double> parse_cpu_max(std::string_view text) {
  const std::vector<std::string> parts = words(text);
  if (parts.size() != 2) return std::nullopt;
  return parse_cfs_quota(parts[0], parts[1]);
}

std::optional<double> parse_cfs_quota(std::string_view quota, std::string_view period) {
  const auto q = parse_count(quota), p = parse_count(period);
  if (!q || !p || *q == 0 || *p == 0) return std::nullopt;
  return static_cast<double>(*q) / static_cast<double>(*p);
}

std::vector<std::string> cgroup_folders(const Host& host, const std::string& controller) {
  return hierarchy_of(controller, parse_mountinfo(host.read("proc/self/mountinfo").value_or("")),
                      parse_membership(host.read("proc/self/cgroup").value_or("")))
      .folders;
}

CgroupView read_cgroup(const Host& host) {
  const auto mounts = parse_mountinfo(host.read("proc/self/mountinfo").value_or(""));
  const auto memberships = parse_membership(host.read("proc/self/cgroup").value_or(""));
  CgroupView view;
  const Hierarchy memory = hierarchy_of("memory", mounts, memberships);
  view.version = memory.version;
  view.memory = memory_limit(host, memory);
  if (view.memory) view.memory_used_byte = memory_used(host, *view.memory);
  view.cpus = cpu_limit(host, hierarchy_of("cpu", mounts, memberships));
  view.cpuset = cpuset_of(host, hierarchy_of("cpuset", mounts, memberships));
  return view;
}

}  // namespace ridgepoint
