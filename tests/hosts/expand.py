#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the machines of this folder as trees that `ridgepoint probe --host-root` reads: expand.py OUT.

A folder with machine.json is a synthetic machine: the files that Linux would show for its processors, caches, memory nodes
and groups are written from it. One with tree.txt is a recorded machine packed into one file. Any other folder already is a
tree; it is linked. What each key means is told in README.md beside this file."""
import json
import math
import pathlib
import re
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
CPU, NODE, MEMORY = "sys/devices/system/cpu", "sys/devices/system/node", "sys/devices/system/memory"
UNLIMITED = {"version": 2, "path": "/user.slice", "files": {"user.slice/memory.max": "max", "user.slice/cpu.max": "max 100000"}}
UNITS = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}


def size(text: str) -> int:
    return int(text[:-1]) * UNITS[text[-1]]


def numbers(text: str) -> list:
    """'0-3,8,16-30:2' -> [0, 1, 2, 3, 8, 16, 18, ..., 30]"""
    out = []
    for part in filter(None, text.split(",")):
        first, last, step = re.fullmatch(r"(\d+)(?:-(\d+))?(?::(\d+))?", part).groups()
        out += range(int(first), int(last or first) + 1, int(step or 1))
    return out


def ranges(cpus) -> str:
    """The kernel's list format."""
    out = []
    for cpu in sorted(cpus):
        if out and cpu == out[-1][1] + 1:
            out[-1][1] = cpu
        else:
            out.append([cpu, cpu])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in out)


def mask(cpus, bits: int) -> str:
    """The kernel's mask format: words of 32 bits, the highest first."""
    value, words = sum(1 << c for c in cpus), max(1, math.ceil(bits / 32))
    return ",".join(f"{value >> 32 * w & 0xFFFFFFFF:08x}" for w in reversed(range(words)))


class Core:
    def __init__(self, group: dict, place: int, cpus: list):
        self.group, self.place, self.cpus = group, place, cpus
        self.package, self.die = group.get("package", 0), group.get("die", 0)
        self.id = group.get("first_core", 0) + place * group.get("core_step", 1)


class Machine:
    def __init__(self, spec: dict, folder: pathlib.Path):
        self.spec, self.folder, self.files = spec, folder, {}
        self.cores = []
        for group in spec.get("cores", []):
            lists = [numbers(text) for text in group["cpus"]]
            self.cores += [Core(group, k, [numbers_of[k] for numbers_of in lists]) for k in range(len(lists[0]))]
        self.offline = set(numbers(spec.get("offline", "")))
        self.present = {c for core in self.cores for c in core.cpus}
        self.online = self.present - self.offline
        self.bits = max(self.present, default=0) + 1

    def put(self, path: str, text) -> None:
        self.files[path] = f"{text}\n"

    def write(self) -> None:
        if self.cores and self.spec.get("sysfs_cpus", True):
            self.processors()
        self.cpuinfo()
        self.memory()
        self.groups()
        for path, text in self.spec.get("files", {}).items():
            for name in braces(path):
                self.files[name] = text if text == "" or text.endswith("\n") else text + "\n"
        for path in self.spec.get("without", []):
            self.files = {name: text for name, text in self.files.items() if not re.fullmatch(path, name)}
        for path, text in self.files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(text)

    def processors(self) -> None:
        for name, cpus in (("online", self.online), ("offline", self.offline), ("present", self.present), ("possible", self.present)):
            self.put(f"{CPU}/{name}", ranges(cpus))
        for core in self.cores:
            for cpu in core.cpus:
                if self.spec.get("hotplug", True) and (cpu or 0 in self.offline):
                    self.put(f"{CPU}/cpu{cpu}/online", int(cpu in self.online))
                if cpu in self.online:
                    self.processor(core, cpu)
        for core in self.cores:
            clock = core.group.get("cpufreq")
            if clock and core.cpus[0] in self.online and core.place == 0:
                for name, value in clock.items():
                    self.put(f"{CPU}/cpufreq/policy{core.cpus[0]}/{name}", value)

    def together(self, test) -> list:
        return [c for core in self.cores if test(core) for c in core.cpus if c in self.online]

    def processor(self, core: Core, cpu: int) -> None:
        path, near = f"{CPU}/cpu{cpu}", [c for c in core.cpus if c in self.online]
        self.put(f"{path}/topology/core_id", core.id)
        self.put(f"{path}/topology/physical_package_id", core.package)
        self.put(f"{path}/topology/thread_siblings", mask(near, self.bits))
        self.put(f"{path}/topology/core_siblings", mask(self.together(lambda c: c.package == core.package), self.bits))
        if "die" in core.group:
            self.put(f"{path}/topology/die_id", core.die)
            self.put(f"{path}/topology/die_cpus", mask(self.together(lambda c: (c.package, c.die) == (core.package, core.die)), self.bits))
        if "capacity" in core.group:
            self.put(f"{path}/cpu_capacity", core.group["capacity"])
        for name in ("base_frequency", "cpuinfo_max_freq"):
            if name in core.group.get("cpufreq", {}):
                self.put(f"{path}/cpufreq/{name}", core.group["cpufreq"][name])
        for index, cache in enumerate(core.group.get("caches", [])):
            self.cache(f"{path}/cache/index{index}", core, cache)

    def cache(self, path: str, core: Core, text: str) -> None:
        """'l2 2048K 4': level, size and the neighbouring cores that share one; 'package', 'die' or 'group' for
        all of it, 'cpus:0-13' for a list."""
        name, amount, share = (text.split() + ["1"])[:3]
        if share in ("package", "die"):
            cpus = self.together(lambda c: c.package == core.package and (share == "package" or c.die == core.die))
        elif share.startswith("cpus:"):
            cpus = [c for c in numbers(share[5:]) if c in self.online]
        elif share == "group":
            cpus = self.together(lambda c: c.group is core.group)
        else:
            cpus = self.together(lambda c: c.group is core.group and c.place // int(share) == core.place // int(share))
        self.put(f"{path}/level", name[1])
        self.put(f"{path}/type", {"d": "Data", "i": "Instruction"}.get(name[2:], "Unified"))
        self.put(f"{path}/size", amount)
        self.put(f"{path}/shared_cpu_map", mask(cpus, self.bits))
        self.put(f"{path}/coherency_line_size", self.spec.get("line", 64))

    def cpuinfo(self) -> None:
        common, text = self.spec.get("cpuinfo"), ""
        if common is None:
            return
        owner = {c: core for core in self.cores for c in core.cpus}
        for cpu in sorted(self.online):
            fields = {"processor": cpu, **common, **owner[cpu].group.get("cpuinfo", {})}
            text += "".join(f"{key}\t: {value}\n" for key, value in fields.items()) + "\n"
        self.files["proc/cpuinfo"] = text + self.spec.get("cpuinfo_tail", "")
        self.put("proc/stat", "cpu  9000 0 1000 90000 0 0 0 {0} 0 0".format(self.spec.get("steal_ticks", 0)))
        self.put("proc/self/status", f"Cpus_allowed_list:\t{self.spec.get('mask', ranges(self.online))}")

    def memory(self) -> None:
        nodes = self.spec.get("nodes", [])
        total = self.spec.get("meminfo", {}).get("MemTotal", sum(size(n["size"]) for n in nodes) // 1024 * 98 // 100)
        info = {"MemTotal": total, "MemFree": total * 9 // 10, "MemAvailable": total * 9 // 10, **self.spec.get("meminfo", {})}
        if total:
            self.files["proc/meminfo"] = "".join(
                f"{k}: {v}{'' if k.startswith('HugePages_') else ' kB'}\n" for k, v in info.items() if v is not None)
        if nodes and self.spec.get("sysfs_nodes", True):
            self.put(f"{NODE}/online", ranges(range(len(nodes))))
        for index, node in enumerate(nodes if self.spec.get("sysfs_nodes", True) else []):
            path = f"{NODE}/node{node.get('index', index)}"
            self.put(f"{path}/cpumap", mask([c for c in numbers(node.get("cpus", "")) if c in self.online], self.bits))
            self.put(f"{path}/meminfo", f"Node {index} MemTotal: {size(node['size']) // 1024} kB")
            if "distance" in node:
                self.put(f"{path}/distance", node["distance"])
            for name, value in node.get("access0", {}).items():
                self.put(f"{path}/access0/initiators/{name}", value)
            if "side_cache" in node:
                self.put(f"{path}/memory_side_cache/index1/size", size(node["side_cache"]))
                self.put(f"{path}/memory_side_cache/index1/line_size", 64)
                self.put(f"{path}/memory_side_cache/index1/indexing", 0)
        blocks = self.spec.get("blocks")
        if blocks:
            self.put(f"{MEMORY}/block_size_bytes", f"{size(blocks['size']):x}")
            states = [(state, zone) for state, zone, count in blocks["states"] for _ in range(count)]
            for index, (state, zone) in enumerate(states):
                self.put(f"{MEMORY}/memory{index}/state", state)
                self.put(f"{MEMORY}/memory{index}/valid_zones", zone)

    def groups(self) -> None:
        """'cgroup': {'version', 'path', 'files'}: the process's place and the files below the mount."""
        group = self.spec.get("cgroup", UNLIMITED)
        if not group:
            return
        mounts, own = ["21 1 8:1 / / rw - ext4 /dev/sda1 rw"], []
        hierarchies = [""] if group["version"] == 2 else ["cpu,cpuacct", "cpuset", "memory"]
        for number, name in enumerate(hierarchies):
            kind = "cgroup" if name else "cgroup2"
            point = "/sys/fs/cgroup" + (f"/{name}" if name else "")
            mounts.append(f"{30 + number} 21 0:{30 + number} {group.get('root', '/')} {point} rw - {kind} {kind} rw{',' if name else ''}{name}")
            own.append(f"{number if name else 0}:{name}:{group['path']}")
        self.put("proc/self/mountinfo", "\n".join(mounts + group.get("mounts", [])))
        self.put("proc/self/cgroup", "\n".join(own))
        for path, text in group["files"].items():
            self.put(f"sys/fs/cgroup/{path}", text)


def braces(path: str) -> list:
    """'memory{0..3}/state' -> four names."""
    found = re.search(r"\{(\d+)\.\.(\d+)\}", path)
    if not found:
        return [path]
    first, last = map(int, found.groups())
    return [name for n in range(first, last + 1) for name in braces(path[: found.start()] + str(n) + path[found.end():])]


def unpack(text: str, folder: pathlib.Path) -> None:
    """'== PATH' and the lines of that file, again and again."""
    for part in re.split(r"(?m)^== ", text)[1:]:
        path, _, content = part.partition("\n")
        for name in braces(path.strip()):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content)


def main() -> int:
    out = pathlib.Path(sys.argv[1]).resolve()
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    for source in sorted(p for p in HERE.iterdir() if p.is_dir() and not p.name.startswith("__")):
        target = out / source.name
        if (source / "machine.json").exists():
            target.mkdir()
            Machine(json.loads((source / "machine.json").read_text()), target).write()
        elif (source / "tree.txt").exists():
            target.mkdir()
            unpack((source / "tree.txt").read_text(), target)
        else:
            target.symlink_to(source)
    return 0


if __name__ == "__main__":
    sys.exit(main())
