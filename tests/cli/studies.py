#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The quick mode of both case studies shows the stated shape, its report has a chart and its limits, and Ctrl-C ends it."""
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

from support import Program, Tally

CLAIMS = {"resolution": ["are lost first", "do not mind"], "batch-size": ["sharper minimum"]}


def main() -> int:
    program, tally = Program(sys.argv[1]), Tally()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for study, claims in CLAIMS.items():
            path = folder / f"{study}.json"
            done = program.run("study", study, "--as-of", "2026-11", "--out", path, timeout=600)
            tally.check(done.returncode == 0, f"{study} ends", done.stderr.decode())
            if done.returncode != 0:
                continue
            document = json.loads(path.read_text())
            for words in claims:
                claim = next(c for c in document["claims"] if words in c["claim"])
                tally.check(claim.get("holds") is True, f"{study}: {words}", claim["seen"])
            for form in ("html", "markdown"):
                page = program.run("report", path, "--format", form).stdout.decode()
                tally.check("Limits" in page and document["limits"][0][1:60] in page.replace("\n", " "), f"{study}: limits as {form}")
            page = program.run("report", path, "--format", "html").stdout.decode()
            tally.check(page.count("<svg") == 1, f"{study} has one chart")
        for study in CLAIMS:
            child = subprocess.Popen([program.binary, "study", study], env=program.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            time.sleep(1.5)
            child.send_signal(signal.SIGINT)
            _, stderr = child.communicate(timeout=60)
            tally.check(child.returncode == 130, f"{study} is stopped", stderr.decode())
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
