#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Peak arithmetic and bandwidth beside likwid-bench, turn by turn: FP32 and FP64, and read, copy and triad of L1, L2, L3 and DRAM, with one
thread and with all. Both use the same bytes a thread (DRAM: each its own, far beyond the caches); likwid's `stream` is our triad, for DRAM
the better of its ordinary and non-temporal kernels counts. In each round each cell is measured by both, one right after the other, because
clocks drift; who begins alternates. likwid-bench finds its iterations once (-s 1) and repeats them for --seconds in the later rounds.
Printed: medians, the median ratio ours / likwid of the same round with its range, our share of the physical limit where it is known, and
the wall time of one round: ours cell by cell, likwid-bench as a user calls it (-s 1). Exit 1 if a ratio is below 1 by more than --band."""
import argparse
import fnmatch
import json
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PATTERNS = {"read": "load", "copy": "copy", "triad": "stream"}
DRAM_KB = 1900000  # of likwid-bench, all streams together


class Cell:
    def __init__(self, probe: str, key: str, unit: float, commands: list):
        self.probe, self.key, self.unit, self.commands = probe, key, unit, commands
        self.ours, self.peer, self.limit = [], [], None
        self.iterations = {}  # of likwid-bench, a command


def suffixes() -> tuple:
    """Words of the widest instruction set here: for streams, for arithmetic, of our keys."""
    flags = pathlib.Path("/proc/cpuinfo").read_text()
    if " avx512f " in flags:
        return "avx512", "avx512_fma", "avx512"
    return ("avx", "avx_fma", "avx2") if " fma " in flags else ("sse", "sse", "sse4")


def parse_kernels(listing: str) -> set:
    """Of likwid-bench -a."""
    return set(re.findall(r"^(\w+) - ", listing, re.M))


def parse_run(text: str, flops: bool) -> tuple:
    """(flop/s or byte/s, iterations, seconds) of likwid-bench's report; a word that is missing gives 0."""
    def number(words: str) -> float:
        found = re.search(rf"^{words}:\s+([\d.eE+-]+)", text, re.M)
        return float(found[1]) if found else 0.0
    return number("MFlops/s" if flops else "MByte/s") * 1e6, int(number("Iterations per thread")), number("Time")


def kernels_of(likwid: str) -> set:
    return parse_kernels(subprocess.run([likwid, "-a"], capture_output=True, text=True, check=True).stdout)


def cells_of(program: str, likwid: str) -> list:
    document = json.loads(subprocess.run([program, "probe", "--only", "topology", "--json", "--quiet"], capture_output=True, text=True, check=True).stdout)
    facts = {k: f["value"] for k, f in document["platform"]["facts"].items()}
    threads = sorted({1, int(facts.get("topology.allowed_threads", 1))})
    stream, flops, word = suffixes()
    known = kernels_of(likwid)
    kernel = lambda *names: [n for n in names if n in known]
    l1, l2 = facts.get("cache.l1d.capacity", 32768), facts.get("cache.l2.capacity", 524288)
    sets = {"l1d": l1 / 2, "l2": 4 * l1, "l3": 4 * l2}
    cells = []
    command = lambda name, kb, n: [likwid, "-t", name, "-w", f"S0:{int(kb)}kB:{n}"]
    for n in threads:
        for dtype, names in (("fp64", kernel(f"peakflops_{flops}")), ("fp32", kernel(f"peakflops_sp_{flops}"))):
            cells.append(Cell("peak_arithmetic", f"compute.{dtype}.{word}.{n}t", 1e9, [command(k, 16 * n, n) for k in names]))
    for n in threads:
        for level, byte in sets.items():
            if f"cache.{level}.capacity" not in facts:
                continue
            for ours, theirs in PATTERNS.items():
                cells.append(Cell("cache_bandwidth", f"cache.{level}.bandwidth.{ours}.{n}t", 1e9,
                                  [command(k, byte * n / 1000, n) for k in kernel(f"{theirs}_{stream}_fma", f"{theirs}_{stream}")[:1]]))
    for n in threads:
        for ours, theirs in PATTERNS.items():
            names = kernel(f"{theirs}_{stream}") + kernel(f"{theirs}_mem_{stream}")
            cells.append(Cell("dram_bandwidth", f"memory.dram.bandwidth.{ours}.{n}t", 1e9, [command(k, DRAM_KB, n) for k in names]))
    return cells


def measure_ours(program: str, cell: Cell) -> float:
    began = time.monotonic()
    words = [program, "probe", "--only", cell.probe, "--json", "--quiet", "--cell", cell.key + "*"]
    facts = json.loads(subprocess.run(words, capture_output=True, text=True, timeout=300).stdout)["platform"]["facts"]
    cell.ours.append(facts[cell.key]["value"])
    return time.monotonic() - began


def find_limits(program: str, cells: list) -> None:
    """Our shares of the limits: a share needs the clock, which another cell carries, so all cells at once."""
    for probe in sorted({c.probe for c in cells}):
        words = [program, "probe", "--only", probe, "--json", "--quiet"]
        facts = json.loads(subprocess.run(words, capture_output=True, text=True, timeout=300).stdout)["platform"]["facts"]
        for cell in cells:
            cell.limit = facts.get(cell.key + ".of_limit", {}).get("value", cell.limit)


def measure_peer(cell: Cell, seconds: float) -> float:
    """The best of the kernels. The wall time where likwid-bench looked for its iterations itself."""
    began, best = time.monotonic(), 0.0
    for words in cell.commands:
        known = cell.iterations.get(words[2])
        length = ["-i", str(known)] if known else ["-s", "1"]
        rate, iterations, took = parse_run(subprocess.run(words + length, capture_output=True, text=True, timeout=300).stdout, cell.key.startswith("compute"))
        if took and not known:
            cell.iterations[words[2]] = max(1, round(iterations * seconds / took))
        best = max(best, rate)
    cell.peer.append(best)
    return time.monotonic() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "build/release/ridgepoint"))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--band", type=float, default=0.02)
    parser.add_argument("--seconds", type=float, default=0.5, help="of one turn of likwid-bench [0.5]")
    parser.add_argument("--cells", default="*", help="only the cells whose key matches, such as 'cache.l1d.*.1t'")
    options = parser.parse_args()
    likwid = shutil.which("likwid-bench")
    if likwid is None:
        print("peer_likwid: likwid-bench is missing; run scripts/peers probes, or apt-get install likwid", file=sys.stderr)
        return 3
    cells = [c for c in cells_of(options.program, likwid) if fnmatch.fnmatchcase(c.key, options.cells)]
    wall = {"ours": 0.0, "likwid-bench": 0.0}
    for turn in range(options.rounds):
        for place, cell in enumerate(cells):
            print(f"\rround {turn + 1} of {options.rounds}: {cell.key:42}", end="", file=sys.stderr, flush=True)
            for ours in (True, False) if (turn + place) % 2 == 0 else (False, True):
                took = measure_ours(options.program, cell) if ours else measure_peer(cell, options.seconds)
                if turn == 0:
                    wall["ours" if ours else "likwid-bench"] += took
    find_limits(options.program, cells)
    print(file=sys.stderr)
    print(f"{options.rounds} rounds in turns; G/s; ratio = ours / likwid-bench of the same round, median (range)\n")
    print(f"{'cell':42} {'ours':>8} {'likwid':>8}  {'ratio':24} {'of limit':>8}")
    missed = 0
    for cell in cells:
        ratios = [a / b for a, b in zip(cell.ours, cell.peer) if b]
        if not ratios:
            print(f"{cell.key:42} {statistics.median(cell.ours) / cell.unit:8.1f} {'none':>8}")
            continue
        middle = statistics.median(ratios)
        missed += middle < 1 - options.band
        share = f"{cell.limit:.1%}" if cell.limit else "unknown"
        print(f"{cell.key:42} {statistics.median(cell.ours) / cell.unit:8.1f} {statistics.median(cell.peer) / cell.unit:8.1f}  "
              f"{f'{middle:.3f} ({min(ratios):.3f}..{max(ratios):.3f})':24} {share:>8}{'  MISSED' if middle < 1 - options.band else ''}")
    print(f"\n{len(cells) - missed} of {len(cells)} cells not below likwid-bench by more than {options.band:.0%}; the first round took "
          + ", ".join(f"{name} {s:.1f} s" for name, s in wall.items()))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
