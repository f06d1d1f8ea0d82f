#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every panel of configs/dashboards asks a real history: its query gives rows, in the columns its kind of panel needs."""
import json
import pathlib
import sqlite3
import sys
import tempfile

from support import ROOT, Program, Tally

FOLDER = ROOT / "configs/dashboards"
WIDE = ("0", "4102444800000")  # 1970 to 2100, in the milliseconds of $__from and $__to


def history(program: Program, folder: pathlib.Path) -> pathlib.Path:
    store, runs = folder / "history.sqlite", json.loads((ROOT / "tests/golden/input/runs.json").read_text())
    for name, factor in (("a", 1.0), ("b", 1.3)):
        for run in runs["runs"]:
            run["wall_s"] = [factor * (1 + 0.001 * (i * 7 % 11)) for i in range(10)]
        (folder / f"{name}.json").write_text(json.dumps(runs))
    program.run("compare", folder / "a.json", folder / "b.json", "--out", folder / "comparison.json")
    program.run("plan", "--synthetic", "2x2x2x1", "--out", folder / "plan.json")
    inputs = [ROOT / f"tests/golden/input/{kind}.json" for kind in ("machine", "runs", "recommendation", "validation")]
    done = program.run("store", "add", *inputs, folder / "comparison.json", folder / "plan.json", "--store", store)
    assert done.returncode == 0, done.stderr.decode()
    return store


def check_panel(tally: Tally, database: sqlite3.Connection, panel: dict) -> None:
    for target in panel["targets"]:
        query = target["queryText"]
        tally.check(query == target["rawQueryText"] and query.lstrip().startswith("SELECT"), f"{panel['title']}: reads only")
        cursor = database.execute(query.replace("$__from", WIDE[0]).replace("$__to", WIDE[1]))
        columns, rows = [c[0] for c in cursor.description], cursor.fetchall()
        tally.check(len(rows) > 0, f"{panel['title']}: rows")
        if panel["type"] == "timeseries":
            tally.check(columns == ["time", "metric", "value"] and target["timeColumns"] == ["time"], f"{panel['title']}: columns", str(columns))
            tally.check(all(isinstance(r[0], int) and isinstance(r[2], float) for r in rows), f"{panel['title']}: seconds and numbers")
            early = database.execute(query.replace("$__from", "0").replace("$__to", "1000")).fetchall()
            tally.check(early == [], f"{panel['title']}: keeps to the range of the dashboard")


def main() -> int:
    program, tally = Program(sys.argv[1]), Tally()
    dashboards = [json.loads(p.read_text()) for p in sorted(FOLDER.glob("*.json"))]
    source = (FOLDER / "provisioning/datasources/ridgepoint.yaml").read_text()
    tally.check("apiVersion: 1" in (FOLDER / "provisioning/dashboards/ridgepoint.yaml").read_text(), "provisioning of dashboards")
    with tempfile.TemporaryDirectory() as name:
        store = history(program, pathlib.Path(name))
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as database:
            for dashboard in dashboards:
                ids = [p["id"] for p in dashboard["panels"]]
                tally.check(dashboard["uid"] and len(ids) == len(set(ids)), f"{dashboard['title']}: ids")
                for panel in dashboard["panels"]:
                    tally.check(f"uid: {panel['datasource']['uid']}" in source, f"{panel['title']}: its source is provisioned")
                    check_panel(tally, database, panel)
    tally.check(len(dashboards) > 0, "there is a dashboard")
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
