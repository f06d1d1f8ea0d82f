#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Our resampling beside scipy.ndimage.zoom on the same data, turn by turn: answers first, then times. Exit 1 where an answer
differs or ours is less than 10 times as fast."""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import scipy
import scipy.ndimage


def case(program: str, order: int, n: int, m: int, threads: int, rounds: int) -> dict:
    data = numpy.random.default_rng(1).random((n, n, n), dtype=numpy.float32)

    def theirs() -> tuple:
        begin = time.perf_counter()
        answer = scipy.ndimage.zoom(data, m / n, order=order, mode="mirror")
        return time.perf_counter() - begin, answer

    with tempfile.TemporaryDirectory() as folder:
        source, out = pathlib.Path(folder) / "in", pathlib.Path(folder) / "out"
        data.tofile(source)
        ours = subprocess.Popen([program, source, str(n), str(m), str(order), str(threads), out], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        moved = float(ours.stdout.readline())
        _, answer = theirs()
        got = numpy.fromfile(out, dtype=numpy.float32).reshape(answer.shape)
        worst = float(numpy.abs(got - answer).max())

        def turn() -> tuple:
            ours.stdin.write("go\n")
            ours.stdin.flush()
            return tuple(map(float, ours.stdout.readline().split()))

        mine, other, roofs = [], [], []
        for k in range(rounds):
            for who in ("ours", "scipy") if k % 2 == 0 else ("scipy", "ours"):
                if who == "ours":
                    seconds, rate = turn()
                    mine.append(seconds)
                    roofs.append(moved / seconds / rate)
                else:
                    other.append(theirs()[0])
        ours.stdin.close()
        ours.wait(timeout=60)
    ratios = [b / a for a, b in zip(mine, other)]
    return {"order": order, "n": n, "m": m, "threads": threads, "worst_difference": worst, "ours_s": mine, "scipy_s": other,
            "ratio": statistics.median(ratios), "ratio_range": [min(ratios), max(ratios)], "moved_byte": moved, "roof_share": statistics.median(roofs)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True, help="the built peer_resample")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--size", type=int, default=160, help="voxels an edge; it is taken to 5/4 and to 4/5 of it")
    parser.add_argument("--json", action="store_true")
    words = parser.parse_args()
    rows = [case(words.program, order, words.size, m, words.threads, words.rounds)
            for order in (1, 3) for m in (words.size * 5 // 4, words.size * 4 // 5)]
    if words.json:
        print(json.dumps({"scipy": scipy.__version__, "cases": rows}, indent=2))
    good = True
    for r in rows:
        good = good and r["worst_difference"] < 1e-4 and r["ratio"] >= 10
        if not words.json:
            spread = lambda v: f"{statistics.median(v):.4f} s ({min(v):.4f} to {max(v):.4f})"
            print(f"order {r['order']}, {r['n']}^3 to {r['m']}^3, {r['threads']} threads, {words.rounds} rounds: ours {spread(r['ours_s'])}, "
                  f"scipy {scipy.__version__} {spread(r['scipy_s'])}; ratio {r['ratio']:.1f} ({r['ratio_range'][0]:.1f} to {r['ratio_range'][1]:.1f}); "
                  f"ours moves {r['moved_byte'] / 1e6:.0f} MB at {100 * r['roof_share']:.0f} % of the copy roof; largest difference {r['worst_difference']:.1e} of values in 0..1")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
