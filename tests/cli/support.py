# SPDX-License-Identifier: Apache-2.0
"""Runs the real program the way a user does; standard library only."""
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EPOCH = "1790000000"  # 2026-09-21: a fixed clock makes documents and questions deterministic


class Program:
    def __init__(self, binary: str):
        self.binary = str(pathlib.Path(binary).resolve())
        self.environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "LC_ALL": "C"}

    def run(self, *words, **more):
        options = {"env": self.environment, "cwd": ROOT, "capture_output": True, "timeout": 120, "stdin": subprocess.DEVNULL}
        options.update(more)
        if "stdout" in more:
            options.pop("capture_output")
            options.setdefault("stderr", subprocess.PIPE)
        return subprocess.run([self.binary, *map(str, words)], **options)


def steady(text: str) -> str:
    """What differs between builds: commit, flags, compiler and library versions."""
    text = re.sub(r'"(commit|compiler|flags)": "[^"]*"', r'"\1": "-"', text)
    text = re.sub(r'"packages": \{[^}]*\}', '"packages": {}', text)
    text = re.sub(r"\(commit [0-9a-z]+\)", "(commit -)", text)
    text = re.sub(r"ridgepoint 0\.1\.0 \([0-9a-z]+\)", "ridgepoint 0.1.0 (-)", text)
    text = re.sub(r"(?m)^(Compiler|Flags|Libraries) .*(\n {2,}.*)*", r"\1 -", text)
    return text.replace(str(ROOT), "<root>")


class Tally:
    """Counts checks; the last line is what test runners read."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def check(self, good: bool, name: str, detail: str = "") -> None:
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {name}\n{detail}")

    def skip(self, name: str, why: str) -> None:
        self.skipped += 1
        print(f"skipped {name}: {why}")

    def close(self) -> int:
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        return 1 if self.failed else 0
