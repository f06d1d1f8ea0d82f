#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a machine may refuse, each refused by fault_shim.cpp: every probe still ends with a status, a reason and a fix, the
document stays valid, and the exit code is the documented one. faults.py RIDGEPOINT SHIM"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from schemas import check as check_schema
from support import Program, Tally

REFUSED = {"ok", "degraded", "unavailable", "skipped"}  # never "failed": a refusal is not a wrong answer


def preload(program: Program, shim: str) -> str:
    """A sanitizer's runtime has to come first, or it ends the program."""
    linked = subprocess.run(["ldd", program.binary], capture_output=True, text=True, check=True).stdout
    runtimes = re.findall(r"=> (\S*lib(?:asan|tsan)\S*)", linked)
    return " ".join([*runtimes, shim])


class Faulty:
    """A program under one fault."""

    def __init__(self, program: Program, shim: str, tally: Tally, name: str, fault: dict):
        self.program, self.tally, self.name = program, tally, name
        variables = {f"RIDGEPOINT_{key}": str(value) for key, value in fault.items()}
        self.environment = {**program.environment, **variables, "LD_PRELOAD": preload(program, shim)}

    def run(self, *words):
        return self.program.run(*words, env=self.environment)

    def document(self, *words) -> dict:
        done = self.run(*words, "--json")
        what = f"{self.name}: {words[0]}"
        self.tally.check(done.returncode == 0, f"{what} ends with 0", f"exit {done.returncode}: {done.stderr.decode()[-500:]}")
        document = json.loads(done.stdout)
        check_schema(self.tally, what, document)
        return document


def check_probes(run: Faulty, document: dict) -> dict:
    probes = {p["id"]: p for p in document["probes"]}
    for probe in probes.values():
        run.tally.check(probe["status"] in REFUSED, f"{run.name}: {probe['id']} is {probe['status']}", probe["reason"])
        told = probe["status"] == "ok" or (probe["reason"] and probe["fix"])
        run.tally.check(bool(told), f"{run.name}: {probe['id']} says why and what to do", str(probe)[:300])
    return probes


def facts(document: dict) -> dict:
    return document["platform"]["facts"]


def warned(document: dict, code: str) -> bool:
    return any(w["code"] == code for w in document["warnings"])


def health(document: dict, finding: str) -> dict:
    return next(f for f in document["findings"] if f["id"] == finding)


def perf_refused(run: Faulty, machine: dict, probes: dict, doctor: dict) -> None:
    told = facts(machine)
    run.tally.check(told["counters.hardware.usable"]["value"] == 0 and not told["counters.cycles"]["value"], "refused counters do not count")
    run.tally.check(told["counters.software.usable"]["value"] > 0, "the kernel's own account takes the place of software counters")
    run.tally.check(probes["counters"]["status"] == "degraded" and "no hardware counter counts" in probes["counters"]["reason"], "refused counters are named", str(probes["counters"])[:300])
    run.tally.check(health(doctor, "counters")["health"] == "limited", "doctor: counters limited")


def perf_zero(run: Faulty, machine: dict, probes: dict, doctor: dict) -> None:
    if "built without" in str(facts(machine)["counters.cycles"]):
        run.tally.skip(run.name, "built without PAPI")
        return
    cycles = facts(machine)["counters.cycles"]
    run.tally.check(cycles["value"] is False and "counted 0 where at least" in cycles["note"], "a counter that stays at zero does not count", str(cycles))
    run.tally.check(not any(s["key"] == "counters.cycles.value" for s in probes["counters"]["samples"]), "and its zero is no sample")
    run.tally.check(probes["counters"]["status"] == "degraded", "zero counters: degraded")


def affinity(run: Faulty, machine: dict, probes: dict, doctor: dict) -> None:
    run.tally.check(warned(machine, "not-pinned"), "threads that could not be bound are named", str(machine["warnings"]))
    run.tally.check("pinned" in probes["peak_arithmetic"]["reason"] and "sched_setaffinity" in probes["peak_arithmetic"]["fix"], "peak_arithmetic says that its threads may have wandered")
    finding = health(doctor, "pinning")
    run.tally.check(finding["health"] == "missing" and "sched_setaffinity" in finding["fix"], "doctor: pinning missing", str(finding))


def no_memory(run: Faulty, machine: dict, probes: dict, doctor: dict) -> None:
    absent = ("cuda", "opencl", "numa")  # unavailable on most machines anyway
    short = [p for p in probes.values() if p["status"] == "unavailable" and p["id"] not in absent]
    run.tally.check({"cache_bandwidth", "dram_bandwidth", "dram_latency"} <= {p["id"] for p in short}, "probes without their memory are unavailable", str(short)[:500])
    run.tally.check(all("memory" in p["reason"] and "ulimit" in p["fix"] for p in short), "and say so", str(short)[:500])
    run.tally.check("memory.dram.latency" not in facts(machine), "what was not measured is absent")


def no_huge_pages(run: Faulty, machine: dict, probes: dict, doctor: dict) -> None:
    run.tally.check(warned(machine, "no-huge-pages"), "refused huge pages are named")
    run.tally.check("refused" in facts(machine)["memory.dram.latency"]["source"], "the latency says so in its source")


def no_cpuinfo(run: Faulty, machine: dict, probes: dict, doctor: dict) -> None:
    identity = probes["identity"]
    run.tally.check(identity["status"] == "degraded" and "Input/output error" in identity["reason"] and "may read it" not in identity["fix"], "an unreadable cpuinfo is named", str(identity)[:300])
    run.tally.check("identity.cpu" not in facts(machine) and "identity.machine" not in facts(machine), "an unknown processor is absent")


def no_meminfo(run: Faulty, machine: dict, probes: dict, doctor: dict) -> None:
    run.tally.check(probes["memory"]["status"] in ("degraded", "unavailable") and "meminfo" in probes["memory"]["reason"], "an unreadable meminfo is named", str(probes["memory"])[:300])
    run.tally.check("memory.total" not in facts(machine) and "memory.available" not in facts(machine), "unknown memory is absent")


def no_sysfs(run: Faulty, machine: dict, probes: dict, doctor: dict) -> None:
    run.tally.check("identity.huge_pages" not in facts(machine) and "memory.installed" not in facts(machine), "what /sys would tell is absent")
    run.tally.check(facts(machine)["topology.threads"]["value"] >= 1, "threads are still counted")


def nothing_special(run: Faulty, machine: dict, probes: dict, doctor: dict) -> None:
    pass


FAULTS = [("perf_event_open refused", {"FAULT": "perf-refused"}, perf_refused),
          ("counters stay at zero", {"FAULT": "perf-zero"}, perf_zero),
          ("affinity refused", {"FAULT": "affinity"}, affinity),
          ("mmap refused", {"FAULT": "mmap aligned"}, no_memory),
          ("madvise refused", {"FAULT": "madvise"}, no_huge_pages),
          ("cpuinfo: EIO", {"FAULT_READ": "/proc/cpuinfo"}, no_cpuinfo),
          ("meminfo: EIO", {"FAULT_READ": "/proc/meminfo"}, no_meminfo),
          ("processors below /sys: EIO", {"FAULT_READ": "/sys/devices/system/cpu"}, nothing_special),
          ("/sys: EIO", {"FAULT_READ": "/sys/"}, no_sysfs),
          ("all of it", {"FAULT": "perf-refused affinity mmap madvise aligned", "FAULT_READ": "/sys/"}, nothing_special)]


def check_full_disk(program: Program, shim: str, tally: Tally, folder: pathlib.Path) -> None:
    old = folder / "machine.json"
    for words in (["probe", "--level", "smoke"], ["doctor"]):
        old.write_text("old")
        run = Faulty(program, shim, tally, "full disk", {"FAULT_WRITE": f"{folder}/"})
        done = run.run(*words, "--out", old)
        message = done.stderr.decode()
        tally.check(done.returncode == 4 and "No space left on device" in message and "--out" in message, f"full disk: {words[0]} exits 4 and says so", f"exit {done.returncode}: {message}")
        tally.check(old.read_text() == "old", f"full disk: {words[0]} leaves the old document")
        left = sorted(p.name for p in folder.iterdir() if p != old)
        tally.check(not left, f"full disk: {words[0]} leaves nothing else", str(left))


def main() -> int:
    program, shim, tally = Program(sys.argv[1]), str(pathlib.Path(sys.argv[2]).resolve()), Tally()
    program.environment["OCL_ICD_VENDORS"] = os.devnull  # a driver under a preloaded library is not ours to check; see accelerators.py
    for name, fault, expect in FAULTS:
        run = Faulty(program, shim, tally, name, fault)
        machine = run.document("probe", "--level", "smoke")
        doctor = run.document("doctor")
        for finding in doctor["findings"]:
            told = finding["health"] == "good" or (finding["cost"] and finding["fix"])
            tally.check(bool(finding["evidence"] and told), f"{name}: doctor on {finding['id']}", str(finding))
        expect(run, machine, check_probes(run, machine), doctor)
    with tempfile.TemporaryDirectory(prefix="ridgepoint-faults-") as folder:
        check_full_disk(program, shim, tally, pathlib.Path(os.path.realpath(folder)))
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
