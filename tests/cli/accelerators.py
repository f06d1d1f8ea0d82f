#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Drivers that are not there, crash, leave or hang: one probe says so in time, and the document is whole."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

from support import Program, Tally

ONLY = ["probe", "--level", "smoke", "--only", "opencl", "--json"]


def report_of(done: subprocess.CompletedProcess) -> dict:
    return json.loads(done.stdout)["probes"][0]


def facts_of(done: subprocess.CompletedProcess) -> list[str]:
    return [k for k in json.loads(done.stdout)["platform"]["facts"] if k.startswith("accelerator.")]


def with_vendors(program: Program, folder: pathlib.Path, **more) -> dict:
    return {**program.environment, "OCL_ICD_VENDORS": str(folder), "TMPDIR": str(folder.parent / "tmp"), **more}


def check_absent(program: Program, tally: Tally, folder: pathlib.Path) -> None:
    done = program.run(*ONLY, env=with_vendors(program, folder))
    report = report_of(done)
    tally.check(done.returncode == 0 and report["status"] == "unavailable", "no driver is unavailable", str(report))
    tally.check("no OpenCL platform" in report["reason"] and "pocl-opencl-icd" in report["fix"], "with reason and fix", str(report))
    tally.check(not facts_of(done), "and absent, not zero", str(facts_of(done)))


def check_broken(program: Program, tally: Tally, vendors: pathlib.Path, kind: str, word: str) -> None:
    began = time.monotonic()
    done = program.run(*ONLY, env=with_vendors(program, vendors, RIDGEPOINT_TEST_ICD=kind))
    seconds, report = time.monotonic() - began, report_of(done)
    tally.check(done.returncode == 0 and report["status"] == "failed", f"a driver that does '{kind}' is a failed probe", str(report))
    tally.check(word in report["reason"] and report["fix"] != "", f"'{kind}' is named", str(report))
    tally.check(seconds < 60, f"'{kind}' ends in time", f"{seconds:.1f} s")
    tally.check(not facts_of(done), f"'{kind}' leaves no figure", str(facts_of(done)))


def check_interrupt(program: Program, tally: Tally, vendors: pathlib.Path) -> None:
    child = subprocess.Popen([program.binary, *ONLY], env=with_vendors(program, vendors, RIDGEPOINT_TEST_ICD="hang"),
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    time.sleep(1)
    began = time.monotonic()
    child.send_signal(signal.SIGINT)
    _, stderr = child.communicate(timeout=60)
    seconds = time.monotonic() - began
    # The promise is two seconds; a sanitizer build on a busy machine gets more, but less than the probe's patience.
    tally.check(child.returncode == 130 and seconds < 3.5, "Ctrl-C ends a driver that hangs", f"exit {child.returncode} after {seconds:.2f} s: {stderr.decode()}")


def check_processors(program: Program, tally: Tally, folder: pathlib.Path) -> None:
    """PoCL, where it is installed: figures, the label, and nothing left in the home folder."""
    home = folder / "home"
    home.mkdir()
    environment = {**program.environment, "HOME": str(home), "TMPDIR": str(folder / "tmp")}
    environment.pop("XDG_CACHE_HOME", None)
    done = program.run(*ONLY, env=environment)
    report = report_of(done)
    if report["status"] == "unavailable":
        tally.skip("the processors' own device", report["reason"])
        return
    document = json.loads(done.stdout)
    facts = document["platform"]["facts"]
    tally.check(report["status"] == "ok", "the probe runs", str(report)[:600])
    names = [k for k in facts if k.endswith(".type") and facts[k]["value"] == "cpu"]
    tally.check(all(facts[k]["value"] in ("cpu", "gpu", "accelerator", "other") for k in facts if k.startswith("accelerator.") and k.endswith(".type")) and len(facts) > 10, "devices are labelled", str(names))
    tally.check(document["platform"]["class"] == "cpu", "a CPU device makes no GPU of the machine", document["platform"]["class"])
    left = [str(p.relative_to(folder)) for where in (home, folder / "tmp") for p in where.rglob("*")]
    tally.check(not left, "nothing is left behind", str(left[:5]))


def check_no_cuda(program: Program, tally: Tally) -> None:
    done = program.run("probe", "--level", "smoke", "--only", "cuda", "--json", env={**program.environment, "CUDA_VISIBLE_DEVICES": ""})
    report = report_of(done)
    tally.check(done.returncode == 0 and report["status"] == "unavailable", "no CUDA device is unavailable", str(report))
    tally.check(report["reason"] != "" and report["fix"] != "" and not facts_of(done), "with reason and fix, and no figure", str(report))


def main() -> int:
    program, tally = Program(sys.argv[1]), Tally()
    with tempfile.TemporaryDirectory(prefix="ridgepoint-cl-") as name:
        folder = pathlib.Path(name)
        (folder / "empty").mkdir()
        (folder / "tmp").mkdir()
        vendors = folder / "vendors"
        vendors.mkdir()
        (vendors / "broken.icd").write_text(os.path.abspath(sys.argv[2]) + "\n")
        check_no_cuda(program, tally)
        check_absent(program, tally, folder / "empty")
        if "loader" in report_of(program.run(*ONLY, env=with_vendors(program, vendors)))["reason"]:
            tally.skip("broken drivers", "no OpenCL loader is installed")
        else:
            check_broken(program, tally, vendors, "abort", "SIGABRT")
            check_broken(program, tally, vendors, "exit", "ended by itself")
            check_broken(program, tally, vendors, "hang", "took too long")
            check_interrupt(program, tally, vendors)
        check_processors(program, tally, folder)
        strays = list((folder / "tmp").iterdir())
        tally.check(not strays, "no temporary folder stays", str(strays))
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
