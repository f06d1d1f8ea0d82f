#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Latency beside other pointer chasers, taken in turns.

ours      ridgepoint probe --only dram_latency: the curve's cells and memory.dram.latency
minimal   thirty lines of C compiled here: one random cycle (Sattolo) over 64-byte lines in huge pages, warmed, no checks. The
          honest yardstick: the same question, nothing but the loop.
lmbench   lat_mem_rd -t of Debian's non-free lmbench, unpacked into a temporary folder (nothing is installed), or --lat-mem-rd FILE.
          It walks page by page in 4 KiB pages, so that prefetchers and page walks are part of its figure beyond the first-level
          cache: shown, but only its first cell is the same question as ours; up to 2 MiB, because it measures every size below
          too. --no-lmbench leaves it out.

Each round runs every program once, in an order that turns; a cell's figure is the median over the rounds of each program's median.
Exit 1 when ours is not within 3 % (--tolerance) of minimal in some cell, 3 when a peer cannot be had.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

KIB, MIB = 1024, 1024 * 1024
CELLS = {"L1 16 KiB": 16 * KIB, "L2 256 KiB": 256 * KIB, "2 MiB": 2 * MIB, "DRAM 256 MiB": 256 * MIB}
LARGEST = 256 * MIB
LMBENCH_MIB = 2  # it measures every size up to this one; 256 MiB take minutes a round
CHASER = r"""
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + 1e-9 * t.tv_nsec; }
int main(int argc, char** argv) {
  size_t bytes = strtoull(argv[1], 0, 10), n = bytes / 64, huge = 2 << 20, steps = bytes > (16 << 20) ? 40000 : bytes > (1 << 20) ? 60000 : 1000000;
  int samples = atoi(argv[2]);
  char* raw = mmap(0, bytes + 2 * huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char* base = (char*)(((size_t)raw + huge - 1) / huge * huge);
  madvise(base, bytes + huge - (bytes % huge), MADV_HUGEPAGE);
  unsigned* order = malloc(n * sizeof *order);
  for (size_t i = 0; i < n; ++i) order[i] = i;
  unsigned long long x = 88172645463325252ull;
  for (size_t i = n - 1; i > 0; --i) {
    x ^= x << 13; x ^= x >> 7; x ^= x << 17;
    size_t j = x % i; unsigned t = order[i]; order[i] = order[j]; order[j] = t;
  }
  for (size_t i = 0; i < n; ++i) *(void**)(base + 64ull * i) = base + 64ull * order[i];
  void** p = (void**)base;
  for (int s = 0; s < samples; ++s) {
    size_t warm = n <= 262144 ? n : 5000;
    for (size_t i = 0; i < warm; ++i) p = *p;
    double t = now();
    for (size_t i = 0; i < steps; ++i) p = *p;
    printf("%.6g\n", (now() - t) / steps);
    __asm__ volatile("" : : "r"(p));
  }
}
"""


def run(words: list[str], **options) -> subprocess.CompletedProcess:
    return subprocess.run(words, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL, **options)


def minimal(folder: pathlib.Path, cpu: int) -> dict:
    program = folder / "chaser"
    if not program.exists():
        (folder / "chaser.c").write_text(CHASER)
        run(["cc", "-O2", "-o", str(program), str(folder / "chaser.c")])
    return {cell: statistics.median(float(v) for v in run(["taskset", "-c", str(cpu), str(program), str(size), "9"]).stdout.split())
            for cell, size in CELLS.items()}


def fetch_lmbench(folder: pathlib.Path) -> pathlib.Path:
    """Debian's package from the non-free component, with a source list of its own."""
    release = dict(line.split("=", 1) for line in pathlib.Path("/etc/os-release").read_text().splitlines() if "=" in line)
    sources = folder / "non-free.list"
    sources.write_text("deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian "
                       f"{release.get('VERSION_CODENAME', 'bookworm')} non-free\n")
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True)
    apt = ["apt-get", "-o", f"Dir::Etc::sourcelist={sources}", "-o", "Dir::Etc::sourceparts=/dev/null",
           "-o", f"Dir::State::lists={folder}/lists", "-o", f"Dir::Cache={folder}/cache", "-o", "APT::Sandbox::User=root"]
    run([*apt, "update"])
    run([*apt, "download", "lmbench"], cwd=folder)
    run(["dpkg", "-x", str(next(folder.glob("lmbench_*.deb"))), str(folder / "lmbench")])
    return next((folder / "lmbench").rglob("lat_mem_rd"))


def parse_lmbench(text: str) -> dict:
    """lat_mem_rd prints every size up to the one asked for: "MiB ns" lines on stderr."""
    points = [tuple(map(float, line.split())) for line in text.splitlines() if len(line.split()) == 2]
    return {cell: round(min(points, key=lambda p: abs(p[0] * MIB - size))[1] * 1e-9, 15) for cell, size in CELLS.items()
            if size <= LMBENCH_MIB * MIB}


def lmbench(program: pathlib.Path, cpu: int) -> dict:
    text = run(["taskset", "-c", str(cpu), str(program), "-t", "-N", "1", "-W", "0", str(LMBENCH_MIB), "64"],
               env={**os.environ, "ENOUGH": "5000"}).stderr
    return parse_lmbench(text)


def ours(program: str, folder: pathlib.Path, cpu: int) -> dict:
    out = folder / "ours.json"
    cells = [f"latency.curve.{size}" for size in CELLS.values() if size < LARGEST] + ["memory.dram.latency"]
    run(["taskset", "-c", str(cpu), program, "probe", "--quiet", "--level", "quick", "--only", "dram_latency", "--only", "memory",
         "--out", str(out), *(word for cell in cells for word in ("--cell", cell))])
    machine = json.loads(out.read_text())
    series = {s["key"]: s["values"] for p in machine["probes"] for s in p.get("samples", [])}
    return dict(zip(CELLS, (statistics.median(series[key]) for key in cells)))


def report(rounds: dict, tolerance: float) -> bool:
    names = list(rounds)
    print(f"{'cell':<14}" + "".join(f"{n + ' ns':>14}" for n in names) + "".join(f"{'ours/' + n:>15}" for n in names[1:]))
    good = True
    for cell in CELLS:
        shown = [n for n in names if cell in rounds[n][0]]
        median = {n: statistics.median(r[cell] for r in rounds[n]) for n in shown}
        ratio = {n: statistics.median(o[cell] / p[cell] for o, p in zip(rounds["ours"], rounds[n])) for n in shown[1:]}
        good = good and abs(ratio["minimal"] - 1) <= tolerance
        print(f"{cell:<14}" + "".join(f"{median[n] * 1e9:>14.4g}" if n in median else f"{'-':>14}" for n in names)
              + "".join(f"{ratio[n]:>15.3f}" if n in ratio else f"{'-':>15}" for n in names[1:]))
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(pathlib.Path(__file__).resolve().parent.parent / "build/dev/ridgepoint"))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--cpu", type=int, default=min(os.sched_getaffinity(0)), help="the processor everything runs on")
    parser.add_argument("--tolerance", type=float, default=0.03)
    parser.add_argument("--lat-mem-rd", type=pathlib.Path, help="lmbench's program, if it is here already")
    parser.add_argument("--no-lmbench", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        try:
            programs = {"ours": lambda: ours(options.program, folder, options.cpu), "minimal": lambda: minimal(folder, options.cpu)}
            if not options.no_lmbench:
                other = options.lat_mem_rd or fetch_lmbench(folder)
                programs["lmbench"] = lambda: lmbench(other, options.cpu)
            rounds: dict = {n: [] for n in programs}
            for i in range(options.rounds):
                order = list(programs)
                for n in order[i % len(order):] + order[:i % len(order)]:
                    rounds[n].append(programs[n]())
        except (subprocess.CalledProcessError, OSError, StopIteration) as error:
            print(f"peer_latency: a program cannot be had or failed: {error}\n{getattr(error, 'stderr', '') or ''}", file=sys.stderr)
            return 3
        return 0 if report(rounds, options.tolerance) else 1


if __name__ == "__main__":
    sys.exit(main())
