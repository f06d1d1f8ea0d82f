#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The history as its user meets it: kept across kills, several writers, the way out and back, comparison. Arguments: the
program, rounds of kill -9."""
import json
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from support import ROOT, Program, Tally

RUNS = json.loads((ROOT / "tests/golden/input/runs.json").read_text())


def make(folder: pathlib.Path, number: int, factor: float = 1.0, repetitions: int = 10) -> pathlib.Path:
    document = json.loads(json.dumps(RUNS))
    document["provenance"]["command"] = f"ridgepoint run number {number}"
    for run in document["runs"]:
        run["wall_s"] = [factor * (1 + 0.001 * (i * 7 % 11)) for i in range(repetitions)]
    path = folder / f"runs{number}.json"
    path.write_text(json.dumps(document))
    return path


def check_kills(program: Program, tally: Tally, folder: pathlib.Path, rounds: int) -> None:
    store, chance, finished = folder / "killed.sqlite", random.Random(7), []
    begin = time.monotonic()
    subprocess.run([program.binary, "store", "add", make(folder, 0), "--store", store], env=program.environment, check=True, capture_output=True)
    usual = time.monotonic() - begin
    for number in range(1, rounds + 1):
        path = make(folder, number)
        child = subprocess.Popen([program.binary, "store", "add", path, "--store", store], env=program.environment,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            code = child.wait(timeout=chance.uniform(0, 1.3 * usual))
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            code = child.wait()
        if code == 0:
            finished.append(path)
    out = program.run("store", "export", folder / "out", "--store", store)
    tally.check(out.returncode == 0, "the killed history opens", out.stderr.decode())
    kept = {p.read_bytes() for p in (folder / "out").iterdir()}
    tally.check(all(p.read_bytes() in kept for p in finished), f"all {len(finished)} finished documents are there")
    tally.check(all(json.loads(t)["schema"] == "ridgepoint.runs" for t in kept), "none is there in part")
    with sqlite3.connect(store) as database:
        tally.check(database.execute("PRAGMA integrity_check").fetchone() == ("ok",), "the file is sound")
        bare = database.execute("SELECT count(*) FROM document WHERE id NOT IN (SELECT document FROM figure)").fetchone()[0]
        tally.check(bare == 0, "no document lacks its figures")
    print(f"{rounds} rounds: {len(finished)} finished, {len(kept)} kept")


def check_writers(program: Program, tally: Tally, folder: pathlib.Path) -> None:
    store = folder / "shared.sqlite"
    children = [subprocess.Popen([program.binary, "store", "add", make(folder, 100 + i), "--store", store], env=program.environment,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for i in range(6)]
    for child in children:
        error = child.communicate()[1]
        tally.check(child.returncode == 0, "one of several writers", error.decode())
    listed = json.loads(program.run("store", "list", "--store", store, "--json").stdout)
    tally.check(len(listed["rows"]) == 6, "all writers' documents are there", str(listed["rows"]))


def check_way_back(program: Program, tally: Tally, folder: pathlib.Path) -> None:
    store, back = folder / "one.sqlite", folder / "back.sqlite"
    files = [ROOT / f"tests/golden/input/{kind}.json" for kind in ("machine", "runs", "recommendation", "cost")]
    tally.check(program.run("store", "add", *files, "--store", store).returncode == 0, "add several")
    program.run("store", "export", folder / "way", "--store", store)
    program.run("store", "add", *sorted((folder / "way").iterdir(), key=lambda p: int(p.name.split("-")[0])), "--store", back)
    for number, file in enumerate(files, 1):
        shown = [program.run("store", "show", number, "--store", s, "--json").stdout for s in (store, back)]
        tally.check(shown[0] == shown[1] and len(shown[0]) > 100, f"{file.name} came back")
    tally.check(program.run("store", "remove", 2, "--store", store).returncode == 0, "remove")
    tally.check(program.run("store", "show", 2, "--store", store).returncode == 2, "and gone")
    where = {**program.environment, "XDG_STATE_HOME": str(folder / "state")}
    program.run("store", "add", files[0], env=where)
    made = folder / "state/ridgepoint/history.sqlite"
    tally.check(made.exists() and (made.parent.stat().st_mode & 0o777) == 0o700, "the default place is the XDG state folder, private")


def check_compare(program: Program, tally: Tally, folder: pathlib.Path) -> None:
    store = folder / "ab.sqlite"
    a, b, few = make(folder, 200), make(folder, 201, 1.5), make(folder, 202, 1.5, 8)
    program.run("store", "add", a, b, few, "--store", store)

    def verdicts(*words):
        done = program.run("compare", *words, "--json")
        tally.check(done.returncode == 0, f"compare {words}", done.stderr.decode())
        return {s["verdict"] for s in json.loads(done.stdout)["series"]} - {"not-comparable"}  # one answer of the input is wrong

    tally.check(verdicts(a, b) == {"worse"}, "slower is worse")
    tally.check(verdicts("store:2", "store:1", "--store", store) == {"better"}, "out of the history, the other way round")
    tally.check(verdicts(a, few) == {"too-few"}, "eight repetitions support no claim")
    tally.check(verdicts(a, a) == {"not-seen"}, "the same twice")
    tally.check(program.run("compare", a, b, "--gate").returncode == 1, "the gate shuts")
    tally.check(program.run("compare", b, a, "--gate").returncode == 0, "and opens")
    for words in ([a], [a, b, few], [a, ROOT / "tests/golden/input/machine.json"], [a, "store:99", "--store", store], [a, b, "--alpha", "2"]):
        tally.check(program.run("compare", *words).returncode == 2, f"refused: {words}")
    for style in ("text", "html", "markdown", "csv", "prometheus"):
        tally.check(program.run("compare", a, b, "--format", style).returncode == 0, f"comparison as {style}")


def main() -> int:
    program, tally = Program(sys.argv[1]), Tally()
    program.environment.pop("XDG_STATE_HOME", None)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        check_way_back(program, tally, folder)
        check_compare(program, tally, folder)
        check_writers(program, tally, folder)
        check_kills(program, tally, folder, int(sys.argv[2]))
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
