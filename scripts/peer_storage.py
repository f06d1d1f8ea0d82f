#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ours beside fio: the storage probe and fio take turns on the same folder, cell by cell, with the same block size, depth, file
size and kind of engine, and the ratio of ours to fio's is printed for each cell (for a latency, fio's to ours: above 1 is better).

    peer_storage.py [--program FILE] [--folder DIR] [--rounds N] [--seconds S] [--cell KEY]...

fio does not scramble its buffers (it would spend its turn on it) and starts counting after 0.2 s; both use ordinary pages.

A ratio is the median over the rounds of the ratio within a round; beside it stand the lowest and the highest. Needs fio (Debian: fio).
Exit 1 when the median ratio of some cell is below the band (--band, 0.03)."""
import argparse
import json
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

FILE_BYTE = 256 << 20  # as the probe at the level quick
CELLS = [f"storage.{way}.{pattern}.{depth}d" for pattern, depths in (("sequential", (1, 8)), ("random", (1, 4, 32)))
         for way in ("read", "write") for depth in depths] + ["storage.sync.latency"]


def ours(program: str, folder: str, cell: str) -> tuple[float, str]:
    """The figure and its engine."""
    words = [program, "probe", "--only", "storage", "--level", "quick", "--cell", cell, "--storage-dir", folder, "--json", "--quiet"]
    document = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    fact = document["platform"]["facts"].get(cell)
    if fact is None:
        report = document["probes"][0]
        sys.exit(f"the probe has no {cell}: {report['status']}, {report['reason']}")
    if "O_DIRECT" not in fact["source"]:
        sys.exit(f"no direct I/O in '{folder}': {fact['source']}")
    return fact["value"], "io_uring" if "io_uring" in fact["source"] else "psync"


def fio(cell: str, file: str, engine: str, seconds: float) -> float:
    """The same cell in base units."""
    words = ["fio", "--name=cell", f"--filename={file}", f"--size={FILE_BYTE}", "--direct=1", "--time_based", "--norandommap",
             "--randrepeat=0", "--scramble_buffers=0", "--ramp_time=200ms", f"--runtime={round(seconds * 1000)}ms", "--group_reporting", "--output-format=json"]
    if cell == "storage.sync.latency":
        depth = 1
        words += ["--rw=randwrite", "--bs=4k", "--fdatasync=1", "--ioengine=psync"]
    else:
        way, pattern, depth = re.fullmatch(r"storage\.(read|write)\.(sequential|random)\.(\d+)d", cell).groups()
        words += [f"--rw={'rand' if pattern == 'random' else ''}{way}", f"--bs={'4k' if pattern == 'random' else '1m'}", f"--ioengine={engine}"]
        words += [f"--iodepth={depth}"] if engine == "io_uring" else [f"--numjobs={depth}", "--thread"]
    done = subprocess.run(words, check=True, capture_output=True)
    return parse(cell, json.loads(done.stdout))


def parse(cell: str, report: dict) -> float:
    """The cell in fio's report, in base units."""
    job = report["jobs"][0]["read" if ".read." in cell else "write"]
    if cell == "storage.sync.latency":
        return 1 / job["iops"]
    return job["bw_bytes"] if "sequential" in cell else job["iops"]


def show(cell: str, value: float) -> str:
    if cell.endswith("latency"):
        return f"{value * 1e6:.1f} us"
    return f"{value / 1e6:.0f} MB/s" if "sequential" in cell else f"{value:.0f} /s"


def compare(arguments: argparse.Namespace, cell: str, file: str) -> dict:
    _, engine = ours(arguments.program, arguments.folder, cell)  # warms up
    rounds = []
    for i in range(arguments.rounds):
        pair = {}
        for who in (("ours", "fio") if i % 2 == 0 else ("fio", "ours")):
            pair[who] = ours(arguments.program, arguments.folder, cell)[0] if who == "ours" else fio(cell, file, engine, arguments.seconds)
        rounds.append(pair)
    ratios = sorted(p["fio"] / p["ours"] if cell.endswith("latency") else p["ours"] / p["fio"] for p in rounds)
    medians = {who: statistics.median(p[who] for p in rounds) for who in ("ours", "fio")}
    return {"cell": cell, "engine": engine, "ratio": statistics.median(ratios), "low": ratios[0], "high": ratios[-1], **medians}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(pathlib.Path(__file__).parent.parent / "build/release/ridgepoint"))
    parser.add_argument("--folder", default=".", help="on the disk to measure [.]")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.8, help="of one turn of fio [0.8]")
    parser.add_argument("--cell", action="append", choices=CELLS, help="this cell only; may be given several times")
    parser.add_argument("--band", type=float, default=0.03)
    arguments = parser.parse_args()
    slower = []
    with tempfile.NamedTemporaryFile(dir=arguments.folder, prefix=".peer-storage-") as file:
        # By direct writes, as ours: a file that the page cache wrote back was up to a third slower to overwrite at random.
        subprocess.run(["fio", "--name=fill", f"--filename={file.name}", f"--size={FILE_BYTE}", "--direct=1", "--rw=write", "--bs=1m",
                        "--ioengine=psync", "--end_fsync=1"], check=True, capture_output=True)
        print(f"{'cell':31}{'engine':>9}{'ours':>12}{'fio':>12}{'ratio':>8}   lowest..highest of {arguments.rounds} rounds")
        for cell in arguments.cell or CELLS:
            r = compare(arguments, cell, file.name)
            print(f"{cell:31}{r['engine']:>9}{show(cell, r['ours']):>12}{show(cell, r['fio']):>12}{r['ratio']:8.3f}   {r['low']:.3f}..{r['high']:.3f}", flush=True)
            if r["ratio"] < 1 - arguments.band:
                slower.append(cell)
    print(f"slower than fio by more than {arguments.band:.0%}: {', '.join(slower) or 'none'}")
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
