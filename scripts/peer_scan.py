#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ours beside fio: the out-of-core scan (read, decode, filter and sum) and fio's plain sequential read take turns on the same column file of random
bits, with the same blocks of 1 MiB, requests in flight and engine, past the page cache. The fraction is ours / fio's.

    peer_scan.py [--program FILE] [--folder DIR] [--rounds N] [--threads N] [--mib N] [--json FILE]

A fraction is that of a round: fio, ours, fio, and the mean of fio's two; its median and its lowest and highest are printed. Needs fio (Debian: fio).
Exit 1 when the median fraction of the scan is below 0.9."""
import argparse
import json
import os
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile

DEPTH = 8


def column_file(file, mib: int) -> None:
    """docs/explanation/workloads.md describes it; any bits are numbers."""
    groups = (1 << 20) // (1024 * 46 // 8)
    rows, used = groups * 1024, groups * 1024 * 46 // 8
    head = struct.pack("<8sQIIII", b"RPCOLS01", rows * mib, rows, 1 << 20, 4, 0)
    for name, bits in ((b"date", 12), (b"discount", 4), (b"quantity", 6), (b"price", 24)):
        head += struct.pack("<12sI", name, bits)
    file.write(head.ljust(4096, b"\0"))
    for _ in range(mib):
        file.write(os.urandom(used).ljust(1 << 20, b"\0"))
    file.flush()
    os.fsync(file.fileno())
    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def ours(arguments: argparse.Namespace, file: str) -> dict:
    words = [arguments.program, "run", "analytics/scan-storage", "--shape", "budget_mib=16", "--input", file, "--threads", str(arguments.threads), "--samples", "5",
             "--json", "--quiet"]
    run = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)["runs"][0]
    if any(w["code"] == "page-cache" for w in run["warnings"]):
        sys.exit(f"no direct I/O in '{arguments.folder}'")
    return {"rate": run["cost"]["storage_read_byte"] / run["time_s"]["median"], "share": run["roof"]["share"]["median"],
            "engine": "io_uring" if "io_uring" in run["verification"]["reference"] else "psync", "memory": run["verification"]["reference"].split("hold ")[1]}


def fio(arguments: argparse.Namespace, file: str, engine: str) -> float:
    """Bytes per second of a sequential read of the whole file, again and again."""
    words = ["fio", "--name=scan", f"--filename={file}", f"--size={arguments.mib}m", "--direct=1", "--rw=read", "--bs=1m", f"--ioengine={engine}", "--invalidate=0",
             "--time_based", "--ramp_time=200ms", "--runtime=800ms", "--readonly", "--output-format=json"]
    words += [f"--iodepth={DEPTH}"] if engine == "io_uring" else [f"--numjobs={DEPTH}", "--thread", "--group_reporting"]
    return json.loads(subprocess.run(words, check=True, capture_output=True).stdout)["jobs"][0]["read"]["bw_bytes"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(pathlib.Path(__file__).parent.parent / "build/release/ridgepoint"))
    parser.add_argument("--folder", default=".", help="on the disk to measure [.]")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--mib", type=int, default=256, help="size of the file [256]")
    parser.add_argument("--json", help="write the figures there")
    arguments = parser.parse_args()
    rounds = []
    with tempfile.NamedTemporaryFile(dir=arguments.folder, prefix=".peer-scan-") as file:
        column_file(file, arguments.mib)
        engine = ours(arguments, file.name)["engine"]  # warms up
        before = fio(arguments, file.name, engine)
        for _ in range(arguments.rounds):
            scan = ours(arguments, file.name)
            after = fio(arguments, file.name, engine)
            rounds.append({**scan, "fio_before": before, "fio_after": after, "fraction": scan["rate"] / ((before + after) / 2)})
            before = after
    fractions, rates, shares = (sorted(r[k] for r in rounds) for k in ("fraction", "rate", "share"))
    fios = [r["fio_after"] for r in rounds]
    print(f"out-of-core scan, {arguments.mib} MiB, {arguments.threads} threads, {engine}, {DEPTH} x 1 MiB in flight, O_DIRECT; the scan holds {rounds[0]['memory']}")
    print(f"  ours  {statistics.median(rates) / 1e6:.0f} MB/s ({rates[0] / 1e6:.0f} to {rates[-1] / 1e6:.0f}), n = {len(rounds)} of 5 samples each")
    print(f"  fio   {statistics.median(fios) / 1e6:.0f} MB/s ({min(fios) / 1e6:.0f} to {max(fios) / 1e6:.0f})")
    print(f"  fraction of fio {statistics.median(fractions):.3f} ({fractions[0]:.3f} to {fractions[-1]:.3f}); of our own adjacent read {statistics.median(shares):.3f}")
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps({"topic": "scan", "rounds": rounds}, indent=1))
    return 1 if statistics.median(fractions) < 0.9 else 0


if __name__ == "__main__":
    sys.exit(main())
