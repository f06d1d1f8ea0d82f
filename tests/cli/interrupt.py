#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C and SIGTERM at random moments of the main job: an orderly end, no good file lost, no partial file in its place."""
import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from support import Program, Tally

SEED = 20261123
NAMES = ["machine.json", "runs.json", "recommendation.json"]


def interrupt_once(program: Program, folder: pathlib.Path, delay: float, number: int):
    child = subprocess.Popen([program.binary, "--out-dir", str(folder), "--quiet"], env=program.environment,
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    time.sleep(delay)
    began = time.monotonic()
    child.send_signal(number)
    _, stderr = child.communicate(timeout=60)
    return child.returncode, time.monotonic() - began, stderr.decode()


def main() -> int:
    program, tally, random_numbers = Program(sys.argv[1]), Tally(), random.Random(SEED)
    rounds, longest = int(sys.argv[2]), float(sys.argv[3])
    for i in range(rounds):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="ridgepoint-int-"))
        for name in NAMES:
            (folder / name).write_text("old")
        delay = random_numbers.uniform(0.02, longest)
        number = [signal.SIGINT, signal.SIGTERM][i % 2]
        code, seconds, stderr = interrupt_once(program, folder, delay, number)
        name, detail = f"round {i} (seed {SEED}, after {delay:.2f} s)", f"exit {code} after {seconds:.2f} s: {stderr}"
        # A very early signal finds the default handler; a late one finds the job done.
        tally.check(code in (130, 0, -number), name + ": exit", detail)
        # The promise is two seconds; a sanitizer build on a busy machine gets more.
        tally.check(seconds < 15, name + ": ends soon", detail)
        for file in folder.iterdir():
            text = file.read_text()
            if text != "old" and file.suffix == ".json":
                tally.check(json.loads(text)["schema_version"] == 1, f"{name}: {file.name} is whole")
                tally.check((".partial" in file.name) == json.loads(text).get("interrupted", False), f"{name}: {file.name} says if it is partial")
            tally.check(file.suffix in (".json", ".html", ".md", ".journal"), f"{name}: no stray {file.name}")
        shutil.rmtree(folder)
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
