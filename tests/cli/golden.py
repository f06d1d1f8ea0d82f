#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Golden pairs: each line of cases.txt is NAME EXIT ARGUMENTS; its output must equal golden/NAME.stdout and .stderr.
RIDGEPOINT_UPDATE_GOLDENS=1 rewrites them; the diff is the review."""
import os
import pathlib
import shlex
import sys

from support import Program, Tally, steady

HERE = pathlib.Path(__file__).resolve().parent


def main() -> int:
    program, tally = Program(sys.argv[1]), Tally()
    update = os.environ.get("RIDGEPOINT_UPDATE_GOLDENS")
    for line in (HERE / "cases.txt").read_text().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, code, *arguments = shlex.split(line)
        done = program.run(*arguments)
        tally.check(done.returncode == int(code), name, f"exit {done.returncode}, expected {code}\n{done.stderr.decode()}")
        for stream in ("stdout", "stderr"):
            golden, got = HERE / "golden" / f"{name}.{stream}", steady(getattr(done, stream).decode())
            if update:
                golden.parent.mkdir(exist_ok=True)
                golden.write_text(got)
            want = golden.read_text() if golden.exists() else "(no golden file)"
            tally.check(got == want, f"{name}.{stream}", f"--- golden\n{want[:3000]}\n--- got\n{got[:3000]}")
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
