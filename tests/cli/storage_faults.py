#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The storage probe when storage goes wrong: each fault, made by a preloaded library, gives a stated outcome in a valid
document with a remedy, and never leaves a file behind."""
import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import time

import jsonschema

from support import ROOT, Program, Tally

SCHEMA = json.loads((ROOT / "configs/schemas/machine.schema.json").read_text())
SCHEMA.pop("$schema")
RATE = "storage.read.random.4d"
ENGINES = ("", "no-uring")  # the second forces the fallback


class Faults:
    def __init__(self, program: Program, shim: str, tally: Tally, folder: str):
        self.program, self.shim, self.tally, self.folder = program, shim, tally, folder

    def environment(self, faults: str) -> dict:
        # The sanitizer's library wants to be first; the shim only stands in front of some of its functions.
        asan = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        return {**self.program.environment, "LD_PRELOAD": self.shim, "RIDGEPOINT_SHIM": faults, "ASAN_OPTIONS": asan}

    def probe(self, faults: str, folder=None, **more):
        """The report of the probe, and the whole document."""
        done = self.program.run("probe", "--only", "storage", "--level", "smoke", "--json", "--quiet", "--storage-dir",
                                folder or self.folder, env=self.environment(faults), **more)
        name = f"fault '{faults}'"
        self.tally.check(done.returncode == 0, f"{name} is no failure of the program", f"{done.returncode} {done.stderr.decode()}")
        document = json.loads(done.stdout)
        errors = [e.message[:200] for e in jsonschema.Draft202012Validator(SCHEMA).iter_errors(document)]
        self.tally.check(not errors, f"{name} gives a valid document", "\n".join(errors[:5]))
        self.tally.check(not os.listdir(self.folder), f"{name} leaves no file", str(os.listdir(self.folder)))
        return document["probes"][0], document

    def expect(self, faults: str, status: str, reason: str, fix: str, **more) -> dict:
        report, document = self.probe(faults, **more)
        detail = json.dumps({k: report[k] for k in ("status", "reason", "fix") if k in report})
        name = f"fault '{faults}'"
        self.tally.check(report["status"] == status, f"{name} is {status}", detail)
        self.tally.check(reason in report.get("reason", ""), f"{name} says '{reason}'", detail)
        self.tally.check(fix in report.get("fix", ""), f"{name} says what to do", detail)
        if status in ("failed", "unavailable"):
            self.tally.check(RATE not in document["platform"]["facts"], f"{name} has no figures")
        return document


def check_engines(faults: Faults, tally: Tally) -> None:
    _, document = faults.probe("no-uring")
    source = document["platform"]["facts"][RATE]["source"]
    tally.check("pread/pwrite in threads" in source, "the fallback is named in the source", source)
    report, document = faults.probe("")
    if any(w["code"] == "storage-engine" for w in document["warnings"]):
        tally.skip("io_uring", "refused here, or built without liburing")
    else:
        source = document["platform"]["facts"][RATE]["source"]
        tally.check("io_uring" in source, "io_uring is named in the source", source)
        _, document = faults.probe("no-uring")
        told = [w for w in document["warnings"] if w["code"] == "storage-engine"]
        tally.check(len(told) == 1 and "Operation not permitted" in told[0]["what"] and "io_uring_setup" in told[0]["fix"],
                    "the refusal of io_uring is a warning with its remedy", str(told))
    tally.check(report["status"] in ("ok", "degraded"), "without a fault there are figures", str(report["status"]))


def check_faults(faults: Faults, tally: Tally) -> None:
    for engine in ENGINES:
        faults.expect(f"{engine},write-enospc", "unavailable", "No space left", "--storage-dir")
        faults.expect(f"{engine},write-eio", "failed", "cannot write the scratch file (Input/output error)", "dmesg")
        faults.expect(f"{engine},read-eio", "failed", "cannot read the scratch file (Input/output error)", "dmesg")
        faults.expect(f"{engine},sync-eio", "failed", "durable (Input/output error)", "dmesg")
    faults.expect("no-uring,read-wrong", "failed", "a block read is not the block written", "dmesg")
    faults.expect("read-short", "failed", "a request moved less than its block", "--storage-dir")
    for refusal in ("no-direct", "write-einval"):
        document = faults.expect(refusal, "degraded", "page cache", "--storage-dir")
        source = document["platform"]["facts"][RATE]["source"]
        tally.check("page cache" in source and "O_DIRECT" not in source, f"{refusal}: no figure passes as the device's", source)
    report, _ = faults.probe("no-tmpfile")
    tally.check(report["status"] in ("ok", "degraded"), "a file that is unlinked at once will do", str(report))


def check_limits(faults: Faults) -> None:
    for most in (0, 1 << 20):
        faults.expect("", "unavailable", "files may not grow", "ulimit -f",
                      preexec_fn=lambda most=most: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)))
    faults.expect("", "unavailable", "cannot make a scratch file", "--storage-dir", folder="/proc/self")


def check_signals(program: Program, tally: Tally, folder: str) -> None:
    for number in (signal.SIGKILL, signal.SIGINT):
        child = subprocess.Popen([program.binary, "probe", "--only", "storage", "--level", "standard", "--quiet", "--storage-dir", folder],
                                 env=program.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(1.5)
        tally.check(child.poll() is None, f"signal {number} comes while it works")
        began = time.monotonic()
        child.send_signal(number)
        child.wait(timeout=60)
        # The promise is two seconds; a sanitizer build on a busy machine gets more.
        tally.check(time.monotonic() - began < 15, f"signal {number} ends it soon")
        tally.check(not os.listdir(folder), f"signal {number} leaves no file", str(os.listdir(folder)))


def check_options(program: Program, tally: Tally, folder: str) -> None:
    done = program.run("probe", "--only", "storage", "--storage-dir", pathlib.Path(folder) / "none")
    tally.check(done.returncode == 2 and b"is no folder" in done.stderr, "a folder that is not there is one clear error", done.stderr.decode())


def main() -> int:
    program, shim, tally = Program(sys.argv[1]), sys.argv[2], Tally()
    with tempfile.TemporaryDirectory(prefix="ridgepoint-storage-", dir=ROOT / "build") as folder:
        faults = Faults(program, shim, tally, folder)
        check_engines(faults, tally)
        check_faults(faults, tally)
        check_limits(faults)
        check_signals(program, tally, folder)
        check_options(program, tally, folder)
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
