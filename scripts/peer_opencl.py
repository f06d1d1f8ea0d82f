#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the probe `opencl` with clpeak (apt install clpeak) on the first OpenCL device, turn by turn, and prints the
ratio of each cell: ours / clpeak's best variant, the median over the rounds of that round's ratio. Latencies: theirs / ours.

usage: scripts/peer_opencl.py build/release/ridgepoint [ROUNDS, default 7]
"""
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

# our key below accelerator.opencl0. -> clpeak's heading, its line (a pattern), factor to our unit, better when
CELLS = {
    "compute.fp32": ("Single-precision compute", r"float\d*", 1e9, "higher"),
    "compute.fp64": ("Double-precision compute", r"double\d*", 1e9, "higher"),
    "compute.int32": ("Integer compute (", r"int\d*", 1e9, "higher"),
    "memory.bandwidth.read": ("Global memory bandwidth", r"float\d*", 1e9, "higher"),
    "link.to_device.pageable": ("Transfer bandwidth", "enqueueWriteBuffer", 1e9, "higher"),
    "link.from_device.pageable": ("Transfer bandwidth", "enqueueReadBuffer", 1e9, "higher"),
    "launch.queued_to_start": ("Kernel launch latency", "Kernel launch latency", 1e-6, "lower"),
}


TESTS = ["--compute-sp", "--compute-dp", "--compute-integer", "--global-bandwidth", "--transfer-bandwidth", "--kernel-latency"]


def clpeak(folder: str) -> dict:
    return parse(subprocess.run(["clpeak", "-p", "0", "-d", "0", *TESTS], capture_output=True, text=True, check=True, timeout=300,
                          env={"PATH": "/usr/bin:/bin", "POCL_CACHE_DIR": folder, "HOME": folder}).stdout)


def parse(text: str) -> dict:
    """The best of each heading's lines."""
    lines, heading = [], ""
    for line in text.splitlines():
        match = re.match(r"\s+(.*?)\s*:\s*([\d.]+)(?: us)?$", line)
        if match:
            lines.append((heading if match[1] != "Kernel launch latency" else match[1], match[1], float(match[2])))
        else:
            heading = line.strip()
    best = {}
    for key, (wanted, pattern, factor, better) in CELLS.items():
        found = [v for h, name, v in lines if h.startswith(wanted) and re.fullmatch(pattern, name)]
        if found:
            best[key] = (max if better == "higher" else min)(found) * factor
    return best


def ours(binary: str) -> dict:
    words = [w for key in CELLS for w in ("--cell", "accelerator.opencl0." + key)]
    text = subprocess.run([binary, "probe", "--only", "opencl", "--level", "standard", "--json", "--quiet", *words],
                          capture_output=True, text=True, check=True, timeout=300).stdout
    document = json.loads(text)
    report = next(p for p in document["probes"] if p["id"] == "opencl")
    if report["status"] not in ("ok", "degraded"):
        sys.exit(f"opencl: {report['status']}: {report['reason']}; {report['fix']}")
    facts = document["platform"]["facts"]
    return {k: facts["accelerator.opencl0." + k]["value"] for k in CELLS if "accelerator.opencl0." + k in facts}


def main() -> int:
    if len(sys.argv) < 2 or not shutil.which("clpeak"):
        sys.exit(__doc__ if len(sys.argv) < 2 else "clpeak is missing: apt install clpeak")
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    mine, theirs = [], []
    with tempfile.TemporaryDirectory(prefix="ridgepoint-peer-") as folder:
        for i in range(rounds):
            for turn in (("ours", "clpeak") if i % 2 == 0 else ("clpeak", "ours")):
                mine.append(ours(sys.argv[1])) if turn == "ours" else theirs.append(clpeak(folder))
            print(f"round {i + 1} of {rounds}", file=sys.stderr)
    print(f"{'cell':28} {'ours':>10} {'clpeak':>10} {'ratio':>7} {'lowest':>7} {'highest':>7}   {rounds} rounds")
    for key, (*_, factor, better) in CELLS.items():
        pairs = [(m[key], t[key]) for m, t in zip(mine, theirs) if key in m and key in t]
        if not pairs:
            print(f"{key:28} not on this device")
            continue
        ratios = [m / t if better == "higher" else t / m for m, t in pairs]
        a, b = (statistics.median(column) / factor for column in zip(*pairs))
        print(f"{key:28} {a:10.2f} {b:10.2f} {statistics.median(ratios):7.2f} {min(ratios):7.2f} {max(ratios):7.2f}   "
              f"{'G/s' if factor == 1e9 else 'us'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
