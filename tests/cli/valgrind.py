#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every probe under valgrind's memcheck at the smoke level on 8 MiB: no error, and the same outcome as without. valgrind 3.19
knows no AVX-512, so the kernels for AVX2 run. valgrind.py RIDGEPOINT"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

from support import Program, Tally

HERE = pathlib.Path(__file__).resolve().parent
VALGRIND = ["valgrind", "--error-exitcode=99", "--xml=yes", f"--suppressions={HERE / 'valgrind.supp'}"]
WORDS = ["probe", "--level", "smoke", "--memory", "8MiB", "--json"]


def errors_of(file: pathlib.Path) -> list:
    """One line an error: kind, and the first frames that have a name."""
    out = []
    for error in xml.parse(file).getroot().iter("error"):
        frames = [f.findtext("fn") or f.findtext("obj") or "?" for f in error.iter("frame")]
        out.append(f"{file.name}: {error.findtext('kind')} in {' < '.join(frames[:6])}")
    return out


def outcomes(document: dict) -> dict:
    return {p["id"]: p["status"] for p in document["probes"]}


def main() -> int:
    program, tally = Program(sys.argv[1]), Tally()
    linked = subprocess.run(["ldd", program.binary], capture_output=True, text=True, check=True).stdout
    if shutil.which("valgrind") is None or "libasan" in linked or "libtsan" in linked:
        tally.skip("valgrind", "it is not installed" if shutil.which("valgrind") is None else "a sanitizer has its own shadow memory")
        return tally.close()
    with tempfile.TemporaryDirectory(prefix="ridgepoint-valgrind-") as folder:
        # No OpenCL driver: PoCL compiles with LLVM, which is not ours to check. The probe's own code runs up to finding none.
        program.environment["OCL_ICD_VENDORS"] = folder
        plain = json.loads(program.run(*WORDS).stdout)
        done = subprocess.run([*VALGRIND, f"--xml-file={folder}/%p.xml", program.binary, *WORDS], env={**program.environment, "OMP_NUM_THREADS": "1"},
                              capture_output=True, timeout=280, check=False)
        found = [e for file in sorted(pathlib.Path(folder).glob("*.xml")) if file.stat().st_size for e in errors_of(file)]
    tally.check(not found, "memcheck finds nothing", "\n".join(found[:20]))
    tally.check(done.returncode == 0, "the session ends well under valgrind", f"exit {done.returncode}: {done.stderr.decode()[-800:]}")
    if done.returncode == 0:
        document = json.loads(done.stdout)
        for probe, status in outcomes(plain).items():
            under = outcomes(document).get(probe)  # slow clocks may degrade it, no more
            tally.check(under == status or (status, under) == ("ok", "degraded"), f"{probe} ends under valgrind as without", f"{under}, not {status}: "
                        + next((p["reason"] for p in document["probes"] if p["id"] == probe), ""))
        kernels = [key for key in document["platform"]["facts"] if key.startswith("compute.")]
        tally.check(any(".avx2" in key for key in kernels) or os.uname().machine != "x86_64", "the AVX2 kernels ran", str(kernels))
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
