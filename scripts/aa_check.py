#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The A/A check: the same session twice, N times over. Two medians of one machine should differ by no more than their own
intervals say. `aa_check.py [--program FILE] [--rounds N] [--level LEVEL] [-- MORE PROBE OPTIONS]`; exit 1 below 90 %.

inside    the second median lies in the first one's lo..hi, or the first in the second's
strict    the difference of the medians is no more than the root of the sum of squares of the half widths that face each other
"""
import argparse
import json
import math
import pathlib
import subprocess
import sys
import tempfile

NEEDED = 0.9


def cells(machine: dict) -> dict:
    """The sampled figures: key -> fact."""
    sampled = {s["key"] for p in machine["probes"] if p["id"] != "noise" for s in p.get("samples", [])}
    return {k: f for k, f in machine["platform"]["facts"].items() if k in sampled and "lo" in f and "hi" in f and f.get("n", 1) > 1}


def inside(a: dict, b: dict) -> bool:
    return a["lo"] <= b["value"] <= a["hi"] or b["lo"] <= a["value"] <= b["hi"]


def strict(a: dict, b: dict) -> bool:
    low, high = sorted((a, b), key=lambda f: f["value"])
    return high["value"] - low["value"] <= math.hypot(low["hi"] - low["value"], high["value"] - high["lo"])


def compare(first: dict, second: dict) -> list[dict]:
    a, b = cells(first), cells(second)
    return [{"key": k, "inside": inside(a[k], b[k]), "strict": strict(a[k], b[k]),
             "off": b[k]["value"] / a[k]["value"] - 1 if a[k]["value"] else 0.0,
             "width": (a[k]["hi"] - a[k]["lo"]) / a[k]["value"] if a[k]["value"] else 0.0} for k in sorted(a.keys() & b.keys())]


def probe(program: str, level: str, more: list[str], out: pathlib.Path) -> dict:
    subprocess.run([program, "probe", "--quiet", "--level", level, "--out", str(out), *more], check=True, stdin=subprocess.DEVNULL)
    return json.loads(out.read_text())


def main() -> int:
    words = sys.argv[1:]
    more = words[words.index("--") + 1:] if "--" in words else []
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default=str(pathlib.Path(__file__).resolve().parent.parent / "build/dev/ridgepoint"))
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--level", default="quick")
    options = parser.parse_args(words[:len(words) - len(more) - 1] if "--" in words else words)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for i in range(options.rounds):
            pair = [probe(options.program, options.level, more, pathlib.Path(folder) / f"{i}{j}.json") for j in "ab"]
            found = compare(*pair)
            for row in found:
                if not row["inside"]:
                    print(f"round {i + 1}: {row['key']} moved by {row['off']:+.1%}, interval {row['width']:.1%} wide")
            rows += found
    if not rows:
        print("no cell was sampled in both sessions")
        return 1
    share = {name: sum(r[name] for r in rows) / len(rows) for name in ("inside", "strict")}
    widths = sorted(r["width"] for r in rows)
    print(f"{len(rows)} pairs of cells: {share['inside']:.1%} inside, {share['strict']:.1%} strict; "
          f"median interval {widths[len(widths) // 2]:.1%} wide")
    return 0 if share["inside"] >= NEEDED else 1


if __name__ == "__main__":
    sys.exit(main())
