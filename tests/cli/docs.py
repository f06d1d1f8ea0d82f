#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs every ```sh block of README.md and docs/, in order, one folder a file. Lines that scripts/test itself runs, or that
need another machine, are named here and checked to exist."""
import pathlib
import re
import subprocess
import sys
import tempfile

from support import ROOT, Program, Tally

# command prefix -> where it is run instead
ELSEWHERE = {"scripts/quickstart": "scripts/test, stage quickstart", "scripts/test": "CI", "git clone": "needs a network"}


def main() -> int:
    program, tally = Program(sys.argv[1]), Tally()
    path = str(pathlib.Path(program.binary).parent)
    for file in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        blocks = re.findall(r"^```sh\n(.*?)^```", file.read_text(), re.M | re.S)
        with tempfile.TemporaryDirectory() as folder:
            for line in (line for block in blocks for line in block.splitlines() if line.strip() and not line.startswith("#")):
                prefix = next((p for p in ELSEWHERE if line.startswith(p)), None)
                if prefix:
                    tally.check(not prefix.startswith("scripts/") or (ROOT / prefix).is_file(), f"{prefix} exists")
                    continue
                done = subprocess.run(["bash", "-ec", line], cwd=folder, capture_output=True, text=True, timeout=300,
                                      env={**program.environment, "PATH": f"{path}:/usr/bin:/bin"})
                tally.check(done.returncode == 0, f"{file.relative_to(ROOT)}: {line}", done.stderr[-1000:])
        for link in re.findall(r"\]\(([^)#:]+)\)", file.read_text()):
            tally.check((file.parent / link).exists(), f"{file.relative_to(ROOT)} links to {link}")
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
