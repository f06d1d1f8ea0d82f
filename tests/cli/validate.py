#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`ridgepoint validate` on good, odd and hostile files: one row out for each row in and in order, refused ones counted, the same
bytes again, added platforms and workloads, and one clear error line for what is no list of rows."""
import json
import pathlib
import sys
import tempfile

from support import ROOT, Program, Tally

PUBLISHED = sorted(p for p in (ROOT / "configs/published").glob("*.json") if p.name != "medical-memory.json")
KEPT = ("id", "workload_id", "platform_id", "metric")


def check_rows(tally: Tally, name: str, rows: list, document: dict) -> None:
    out = document["rows"]
    text = lambda row, key: row.get(key) if isinstance(row, dict) and isinstance(row.get(key), str) else ""
    tally.check([tuple(text(r, k) for k in KEPT) for r in rows] == [tuple(r[k] for k in KEPT) for r in out], f"{name}: rows in order")
    wrong = [r["id"] for r in out if ("refused" in r) == ("predicted" in r)
             or ("predicted" in r and not {"measured", "lo", "hi", "tier", "class", "ratio"} <= r.keys())]
    tally.check(not wrong, f"{name}: a row is predicted or refused", str(wrong[:5]))
    overall, refused = document["summary"]["overall"], sum("refused" in r for r in out)
    tally.check(overall["rows"] == len(rows) and overall["refused"] == refused == sum(r["rows"] for r in document["summary"]["refusals"]),
                f"{name}: refused rows are counted", str(overall))
    tally.check([b["errors"]["name"] for b in document["baselines"]] == ["datasheet roofline", "roofline x one factor", "nearest neighbour"],
                f"{name}: three baselines")


def check_published(program: Program, tally: Tally) -> None:
    for leave_out in ("none", "platform", "workload", "round"):
        # Leaving out means fitting many times: few rows then, all of them once.
        files = [p for p in PUBLISHED if leave_out == "none" or p.stem in ("spmv-hpcg", "gbdt-recsys")]
        rows = [r for p in files for r in json.loads(p.read_text())]
        words = ["validate", *files, "--leave-out", leave_out, "--json"]
        first, second = program.run(*words), program.run(*words)
        tally.check(first.returncode == 0, f"published, {leave_out}", first.stderr.decode())
        if first.returncode == 0:
            tally.check(first.stdout == second.stdout, f"published, {leave_out}: the same bytes again")
            check_rows(tally, f"published, {leave_out}", rows, json.loads(first.stdout))


def check_odd_rows(program: Program, tally: Tally, folder: pathlib.Path) -> None:
    good = json.loads(PUBLISHED[0].read_text())[0]
    rows = [good, {}, 7, None, [], "x", {**good, "value": "2"}, {**good, "value": 0}, {**good, "value": -1}, {**good, "unit": None},
            {**good, "platform_id": "no-such-platform"}, {**good, "workload_id": "no/such"}, {**good, "unit": "furlong"},
            {**good, "id": "x\u001b[31m\u202e<script>"}, {**good, "notes": 5, "devices": None, "extra": {"deep": [1]}},
            {**good, "value": 1e-300}, {**good, "value": 1e300}, {**good, "date": 2021}, {**good, "date": None}]
    path = folder / "odd.json"
    path.write_text(json.dumps(rows))
    for words in (["--json"], ["--format", "json"]):
        done = program.run("validate", path, *words)
        tally.check(done.returncode == 0, f"odd rows {words}", done.stderr.decode())
        document = json.loads(done.stdout)
        check_rows(tally, f"odd rows {words}", rows, document)
        tally.check(document["inputs"][0]["unreadable"] == 9, "odd rows: nine are unreadable", str(document["inputs"]))
    for form in ("text", "markdown", "html"):
        done = program.run("validate", path, "--format", form)
        tame = b"\x1b" not in done.stdout and (form == "text" or b"<script>" not in done.stdout)
        tally.check(done.returncode == 0 and tame, f"odd rows as {form}",
                    done.stderr.decode())
    path.write_text("[]")
    tally.check(program.run("validate", path).returncode == 0, "an empty list is an answer")


def check_hostile_files(program: Program, tally: Tally, folder: pathlib.Path) -> None:
    table = {"empty": b"", "object": b"{}", "number": b"7", "null": b"null", "cut": b'[{"id": "a"', "deep": b"[" * 100000, "nan": b"[NaN]",
             "huge number": b'[{"value": 1e999}]', "twice": b'[{"a":1,"a":2}]', "binary": bytes(range(256)), "two": b"[] []",
             "surrogate": b'["\\ud800"]', "large": b"[" + b" " * (64 * 1024 * 1024) + b"]"}
    for name, content in table.items():
        path = folder / "hostile.json"
        path.write_bytes(content)
        done = program.run("validate", path)
        lines = done.stderr.decode().splitlines()
        tally.check(done.returncode == 2 and not done.stdout and len(lines) == 1 and "hostile.json" in lines[0], f"hostile: {name}",
                    f"exit {done.returncode}\n{done.stderr.decode()[:500]}")
    for name, path in (("missing", folder / "none.json"), ("folder", folder)):
        done = program.run("validate", path)
        tally.check(done.returncode in (2, 4) and len(done.stderr.decode().splitlines()) == 1, f"hostile: {name}", done.stderr.decode())


def check_added(program: Program, tally: Tally, folder: pathlib.Path) -> None:
    rows = folder / "rows.json"
    rows.write_text("[]")
    for kind, source in (("platform", "nvidia-t4.json"), ("workload", "sparse-spmv-27pt.json")):
        more = folder / kind
        more.mkdir()
        document = json.loads((ROOT / f"configs/{kind}s/{source}").read_text())
        (more / "one.json").write_text(json.dumps(document))
        done = program.run("validate", rows, f"--{kind}s", more, "--json")
        codes = [w["code"] for w in json.loads(done.stdout)["warnings"]] if done.returncode == 0 else []
        tally.check(codes == [f"replaced-{kind}"], f"an id twice is replaced with a warning: {kind}", done.stderr.decode())
        document["id"] += "-mine"
        (more / "one.json").write_text(json.dumps(document))
        done = program.run("validate", rows, f"--{kind}s", more, "--json")
        tally.check(done.returncode == 0 and not json.loads(done.stdout)["warnings"], f"a new id is added: {kind}", done.stderr.decode())
        (more / "one.json").write_text("{")
        done = program.run("validate", rows, f"--{kind}s", more)
        tally.check(done.returncode == 2 and b"one.json" in done.stderr, f"a broken {kind} is refused", done.stderr.decode())


def main() -> int:
    program, tally = Program(sys.argv[1]), Tally()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        check_published(program, tally)
        check_odd_rows(program, tally, folder)
        check_hostile_files(program, tally, folder)
        check_added(program, tally, folder)
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
