#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every document the program writes, and every file under configs/, validated by python3-jsonschema (the second validator
beside valijson) under Draft-07 and under 2020-12: the schemas must mean the same in both."""
import json
import pathlib
import sys
import tempfile

import jsonschema

from support import ROOT, Program, Tally

DRAFTS = (jsonschema.Draft7Validator, jsonschema.Draft202012Validator)


def schema(kind: str) -> dict:
    text = json.loads((ROOT / f"configs/schemas/{kind}.schema.json").read_text())
    text.pop("$schema")  # so that each validator applies its own dialect
    return text


def check(tally: Tally, name: str, document: dict) -> None:
    kind = document["schema"].removeprefix("ridgepoint.")
    for draft in DRAFTS:
        errors = [e.message[:200] + " at " + "/".join(map(str, e.absolute_path)) for e in draft(schema(kind)).iter_errors(document)]
        tally.check(not errors, f"{name} as {draft.__name__}", "\n".join(errors[:5]))


def written_documents(program: Program, folder: pathlib.Path, hosts: pathlib.Path):
    machine, runs = folder / "machine.json", folder / "runs.json"
    steps = [("machine", ["probe", "--out", machine]),
             ("runs", ["run", "--machine", machine, "--samples", "1", "sparse/spmv-csr", "analytics/q6-scan", "--out", runs]),
             ("recommendation", ["recommend", "--machine", machine, "--runs", runs, "--machine-price", "0.1", "--json"]),
             ("recommendation without machine", ["recommend", "--as-of", "2017-06", "--objective", "time", "--json"]),
             ("listing", ["platforms", "--json"]), ("doctor", ["doctor", "--json"]),
             ("profile", ["profile", "--flop", "1e6", "--byte", "1e6", "--machine", machine, "--out", folder / "profile.json", "--", "true"]),
             ("validation", ["validate", ROOT / "tests/cli/input/published.json", "--json"]),
             ("comparison", ["compare", runs, runs, "--json"]),
             ("platform", ["platforms", "nvidia-t4", "--json"]), ("cost", ["cost", "nvidia-t4", "sparse/spmv-27pt", "--as-of", "2022-11", "--json"]), ("workload", ["workloads", "sparse/spmv-27pt", "--json"]),
             ("phantom", ["phantom", folder / "scan.nii", "--size", "32", "--spacing", "4", "--json"]), ("volume", ["volume", folder / "scan.nii", "--json"]),
             ("pipeline", ["pipeline", folder / "scan.nii", "--grid", "4", "--window", "16", "--samples", "1", "--json"]),
             ("study", ["study", "resolution", "--scans", "1", "--edge", "64", "--json"]),
             ("study", ["study", "batch-size", "--seeds", "1", "--patches", "64", "--json"]),
             ("network", ["network", "resnet18", "--json"]), ("workload", ["network", "resnet18", "--as-workload", "--json"]),
             ("synthetic machine", ["probe", "--topology", "pack:2 l3:1 core:4 pu:2", "--json"])]
    steps += [(f"host {host.name}", ["probe", "--host-root", host, "--json"]) for host in sorted(hosts.iterdir())]
    for name, words in steps:
        done = program.run(*words)
        out = words[words.index("--out") + 1] if "--out" in words else None
        text = pathlib.Path(out).read_text() if out and done.returncode == 0 else done.stdout.decode()
        yield name, done, text


def main() -> int:
    program, tally = Program(sys.argv[1]), Tally()
    for kind in sorted(p.name.split(".")[0] for p in (ROOT / "configs/schemas").iterdir()):
        for draft in DRAFTS:
            draft.check_schema(schema(kind))
        printed = json.loads(program.run("schema", kind).stdout)
        tally.check(printed == json.loads((ROOT / f"configs/schemas/{kind}.schema.json").read_text()), f"schema {kind} is the printed one")
    for folder in ("platforms", "workloads", "scenarios"):
        for file in sorted((ROOT / "configs" / folder).glob("*.json")):
            check(tally, str(file.relative_to(ROOT)), json.loads(file.read_text()))
    with tempfile.TemporaryDirectory() as folder:
        for name, done, text in written_documents(program, pathlib.Path(folder), pathlib.Path(sys.argv[2])):
            tally.check(done.returncode == 0, name, done.stderr.decode())
            if done.returncode == 0:
                check(tally, name, json.loads(text))
                tally.check("NaN" not in text and "Infinity" not in text, f"{name} has no NaN")
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
