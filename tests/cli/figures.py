#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The figures of real documents in the formats of other programs, read by other programs: Python's csv and json, and
promtool (RIDGEPOINT_PROMTOOL, on the path, or where scripts/promtool puts it)."""
import csv
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from support import ROOT, Program, Tally

COLUMNS = ["time", "scenario", "site", "platform", "workload", "metric", "unit", "value", "lo", "hi", "basis"]


def documents(program: Program, folder: pathlib.Path):
    for kind in ("machine", "runs", "recommendation", "hostile", "profile", "cost", "validation", "prices", "calibration"):
        yield kind, ROOT / f"tests/golden/input/{kind}.json"
    fit, plan = folder / "fit.json", folder / "plan.json"
    program.run("fit", "mlperf-3d-unet-kits19", "--platform", "nvidia-t4", "--out", fit)
    program.run("plan", "--synthetic", "2x2x2x1", "--out", plan)
    for kind, path in (("fit", fit), ("plan", plan)):
        yield kind, path


def check_one(program: Program, tally: Tally, kind: str, path: pathlib.Path) -> None:
    def out(style):
        return program.run("report", path, "--format", style).stdout.decode()

    rows = json.loads(out("rows-json"))
    tally.check(len(rows) > 0, f"{kind} has rows")
    table = list(csv.reader(io.StringIO(out("csv"), newline="")))
    tally.check(table[0] == COLUMNS and all(len(line) == len(COLUMNS) for line in table), f"{kind}: columns")
    tally.check(len(table) == len(rows) + 1, f"{kind}: a line a row")
    for line, row in zip(table[1:], rows):
        tally.check(float(line[7]) == row["value"] and (line[8] == "") == ("lo" not in row), f"{kind}: numbers", str(line))
        tally.check(not any(cell[:1] in "=+-@\t\r" for cell in line[:7] if cell), f"{kind}: formula", str(line))
    tally.check([json.loads(line) for line in out("ndjson").splitlines()] == rows, f"{kind}: ndjson")
    names = [entry["name"] for entry in json.loads(out("github-action-benchmark"))]
    tally.check(len(names) == len(set(names)), f"{kind}: names of benchmarks are unique")
    for measures in json.loads(out("bencher")).values():
        tally.check(all(isinstance(m["value"], (int, float)) for m in measures.values()), f"{kind}: bencher")


def promtool() -> str | None:
    given = os.environ.get("RIDGEPOINT_PROMTOOL") or shutil.which("promtool")
    local = ROOT / "build/tools/promtool/usr/bin/promtool"
    return given or (str(local) if local.exists() else None)


def main() -> int:
    program, tally = Program(sys.argv[1]), Tally()
    tool = promtool()
    if tool is None:
        tally.skip("promtool", "not found; scripts/promtool fetches it")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for kind, path in documents(program, folder):
            check_one(program, tally, kind, path)
            out = folder / f"{kind}.prom"
            done = program.run("report", path, "--out", out)
            tally.check(done.returncode == 0 and sorted(p.name for p in folder.glob(f"{kind}.prom*")) == [out.name],
                        f"{kind}.prom is renamed into place", done.stderr.decode())
            if tool:
                checked = subprocess.run([tool, "check", "metrics"], input=out.read_bytes(), capture_output=True)
                tally.check(checked.returncode == 0, f"{kind}: promtool", (checked.stdout + checked.stderr).decode()[:2000])
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
