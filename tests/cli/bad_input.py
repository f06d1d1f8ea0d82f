#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The bad-input table: each hostile or broken input gives one clear error, the documented exit code, and loses nothing."""
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import tempfile

from support import ROOT, Program, Tally

PLATFORM = json.loads((ROOT / "configs/platforms/nvidia-h100-sxm.json").read_text())
PLATFORM["offers"] = json.loads((ROOT / "tests/golden/input/platform.json").read_text())["offers"]  # a file of one's own may hold prices
PRICES = json.loads((ROOT / "configs/prices/azure.json").read_text())
MACHINE_TEXT = (ROOT / "tests/golden/input/machine.json").read_text()


def changed(document: dict, path: list, value) -> str:
    copy = json.loads(json.dumps(document))
    at = copy
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return json.dumps(copy)


def one_error(done: subprocess.CompletedProcess) -> bool:
    lines = done.stderr.decode().splitlines()
    return len(lines) == 1 and lines[0].startswith("ridgepoint: error: ") and not done.stdout


def machine_files(folder: pathlib.Path):
    """(name, content, words that the message must hold)"""
    machine = json.loads(MACHINE_TEXT)
    yield "truncated", MACHINE_TEXT[: len(MACHINE_TEXT) // 2], "not usable JSON"
    yield "empty", "", "empty"
    yield "deep", "[" * 1_000_000, "deeper than 64"
    yield "deep-objects", '{"a":' * 100_000, "deeper than 64"
    yield "nan", MACHINE_TEXT.replace('"elapsed_s": ', '"elapsed_s": NaN, "x": ', 1), "not usable JSON"
    yield "overflow", MACHINE_TEXT.replace('"elapsed_s": ', '"elapsed_s": 1e999, "x": ', 1), "number overflow"
    yield "duplicate", MACHINE_TEXT.replace('"origin":', '"origin": "a", "origin":', 1), "stands twice"
    yield "not-a-document", "{}", "not a ridgepoint document"
    yield "wrong-version", changed(machine, ["schema_version"], 99), "schema_version 99"
    yield "wrong-schema", changed(machine, ["schema"], "ridgepoint.machin"), "did you mean 'ridgepoint.machine'?"
    yield "wrong-kind", (ROOT / "tests/golden/input/runs.json").read_text(), "is a runs document"
    yield "unknown-key", changed(machine, ["plattform"], {}), "did you mean 'platform'?"
    yield "binary", "\x00\x01\x02\udcff" * 100, "not usable JSON"
    key = next(k for k, f in machine["platform"]["facts"].items() if f["unit"] == "byte/s")
    yield "negative", changed(machine, ["platform", "facts", key, "value"], -1), "cannot be negative"
    yield "no-source", changed(machine, ["platform", "facts", key, "source"], ""), "has no source"


def check_machine_files(program: Program, tally: Tally, folder: pathlib.Path) -> None:
    for name, content, words in machine_files(folder):
        path = folder / f"{name}.json"
        path.write_bytes(content.encode("utf-8", "surrogateescape"))
        done = program.run("recommend", "--machine", path)
        message = done.stderr.decode(errors="replace")
        tally.check(done.returncode == 2 and one_error(done) and words in message, f"machine {name}", f"exit {done.returncode}: {message[:500]}")


def check_paths(program: Program, tally: Tally, folder: pathlib.Path) -> None:
    (folder / "sub").mkdir()
    table = [("missing file", ["report", folder / "none.json"], 2, "no such file"),
             ("directory", ["report", folder / "sub"], 2, "directory"),
             ("missing catalogue", ["recommend", "--platforms", folder / "none"], 2, "cannot list"),
             ("empty catalogue", ["recommend", "--platforms", folder / "sub"], 2, "holds no platform"),
             ("out is a directory", ["platforms", "--out", folder / "sub"], 2, "directory"),
             ("out below a file", ["platforms", "--out", "/dev/null/x.json"], 4, "folder"),
             ("escape codes", ["report", "\x1b[31mred"], 2, "?[31mred"),
             ("topology", ["probe", "--topology", "pack:two core:nonsense"], 2, "")]
    for name, words, code, expect in table:
        done = program.run(*words)
        message = done.stderr.decode()
        tally.check(done.returncode == code and one_error(done) and expect in message, name, f"exit {done.returncode}: {message[:500]}")


def check_platform_files(program: Program, tally: Tally, folder: pathlib.Path) -> None:
    table = [("negative bandwidth", changed(PLATFORM, ["facts", "memory.hbm.bandwidth.peak", "value"], -1), "cannot be negative"),
             ("no unit", changed(PLATFORM, ["facts", "power.tdp", "unit"], ""), "unknown unit"),
             ("near-miss key", changed(PLATFORM, ["ofers"], []), "did you mean 'offers'?"),
             ("zero price", changed(PLATFORM, ["offers", 0, "price", "value"], 0), "no positive price")]
    for name, content, words in table:
        catalogue = folder / ("catalogue-" + name.replace(" ", "-"))
        catalogue.mkdir()
        (catalogue / "x.json").write_text(content)
        done = program.run("recommend", "--platforms", catalogue)
        tally.check(done.returncode == 2 and one_error(done) and words in done.stderr.decode(), f"platform {name}",
                    f"exit {done.returncode}: {done.stderr.decode()[:500]}")


def check_price_files(program: Program, tally: Tally, folder: pathlib.Path) -> None:
    table = [("zero price", changed(PRICES, ["offers", 0, "price", "value"], 0), "no positive price"),
             ("other currency", changed(PRICES, ["currency"], "EUR"), "cannot be compared"),
             ("unknown terms", changed(PRICES, ["offers", 0, "terms"], "monthly"), "unknown terms"),
             ("no date", changed(PRICES, ["offers", 0, "to"], "2026"), "YYYY-MM"),
             ("no provider", changed(PRICES, ["provider"], ""), "provider is empty")]
    for name, content, words in table:
        prices = folder / ("prices-" + name.replace(" ", "-"))
        prices.mkdir()
        (prices / "x.json").write_text(content)
        done = program.run("cost", "nvidia-t4", "--prices", prices)
        tally.check(done.returncode == 2 and one_error(done) and words in done.stderr.decode(), f"prices {name}",
                    f"exit {done.returncode}: {done.stderr.decode()[:500]}")


def limit_files() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))


def check_full_disk(program: Program, tally: Tally, folder: pathlib.Path) -> None:
    good = folder / "good.json"
    good.write_text("precious")
    done = program.run("platforms", "--json", "--out", good, preexec_fn=limit_files)
    tally.check(done.returncode == 4 and one_error(done) and good.read_text() == "precious" and not list(folder.glob("*.tmp")),
                "failing write keeps the old file", f"exit {done.returncode}: {done.stderr.decode()}")
    with open("/dev/full", "wb") as full:
        done = program.run("platforms", stdout=full)
    tally.check(done.returncode == 4 and b"No space left" in done.stderr, "full disk on stdout", done.stderr.decode())
    tiny = folder / "tiny"
    tiny.mkdir()
    mounted = os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", tiny], capture_output=True).returncode == 0
    if not mounted:
        return tally.skip("full tmpfs", "mounting needs root")
    try:
        (tiny / "answer.json").write_text("precious")
        done = program.run("recommend", "--json", "--out", tiny / "answer.json")
        left = sorted(p.name for p in tiny.iterdir())
        tally.check(done.returncode == 4 and b"No space left" in done.stderr and (tiny / "answer.json").read_text() == "precious" and left == ["answer.json"],
                    "full tmpfs keeps the old file", f"exit {done.returncode}, left {left}: {done.stderr.decode()}")
    finally:
        subprocess.run(["umount", tiny], check=True)


def main() -> int:
    program, tally = Program(sys.argv[1]), Tally()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ridgepoint-bad-"))
    try:
        check_machine_files(program, tally, folder)
        check_paths(program, tally, folder)
        check_platform_files(program, tally, folder)
        check_price_files(program, tally, folder)
        check_full_disk(program, tally, folder)
    finally:
        shutil.rmtree(folder)
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
