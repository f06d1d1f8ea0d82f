#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Adding one: a platform is one JSON file; a probe is one source file and its test, and no other file is edited.

The platform is shown with the built program. The probe is shown by building a copy of the tree that holds the core and the
probes' common files only: the scaffold compiles, is found by its name, and its test fails until the probe is filled in."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from support import ROOT, Program, Tally


def new(folder: pathlib.Path, *words) -> list:
    done = subprocess.run([sys.executable, ROOT / "scripts/new", *words, "--root", folder], capture_output=True, text=True, check=True)
    return done.stdout.split()


def check_platform(program: Program, tally: Tally, folder: pathlib.Path) -> None:
    catalogue = folder / "configs/platforms"
    shutil.copytree(ROOT / "configs/platforms", catalogue)
    files = new(folder, "platform", "acme-one")
    tally.check(files == ["configs/platforms/acme-one.json"], "a platform is one file", str(files))
    question = ["recommend", "--platforms", catalogue, "--objective", "time", "--workload", "sparse/spmv-27pt", "--json"]
    done = program.run(*question)
    tally.check(done.returncode == 2 and b"has no source" in done.stderr, "the empty scaffold is refused", done.stderr.decode())
    path = catalogue / "acme-one.json"
    entry = json.loads(path.read_text())
    fact = lambda value, unit: {"value": value, "unit": unit, "basis": "vendor", "source": "data sheet"}
    entry["facts"] = {"compute.fp64.peak": fact(1e15, "flop/s"), "memory.dram.bandwidth.peak": fact(1e15, "byte/s"),
                      "memory.dram.capacity": fact(10**12, "byte")}
    path.write_text(json.dumps(entry))
    answer = json.loads(program.run(*question).stdout)["answers"][0]
    tally.check(answer["choice"] == "acme-one", "the filled-in platform takes part", answer["choice"])


def small_copy(folder: pathlib.Path) -> None:
    for name in ("CMakeLists.txt", "model/core", "scripts", "tests/CMakeLists.txt", "tests/hosts/expand.py"):
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    (folder / "probes").mkdir()
    for name in ("probe.h", "measure.h", "measure.cpp", "sampler.h", "sampler.cpp", "host.h", "host.cpp", "topology.h", "parse.h", "parse.cpp"):
        shutil.copy(ROOT / "probes" / name, folder / "probes" / name)
    # The parts of the build that the copy leaves out.
    lines = (folder / "CMakeLists.txt").read_text().splitlines()
    drop = ("ridgepoint_networks", "ridgepoint_library(networks", "ridgepoint_onnx", "RidgepointOnnx", "find_package(Eigen3", "ridgepoint_model", "ridgepoint_workloads", "ridgepoint_reports", "add_executable(ridgepoint ", "ridgepoint_settings(ridgepoint)",
            "target_link_libraries(ridgepoint PRIVATE", "ridgepoint_library(model", "ridgepoint_library(workloads", "ridgepoint_library(reports",
            "ridgepoint_optional_source", "ridgepoint_cuda(", "include(RidgepointInstall)", "  ridgepoint_reports Boost", "probes cmd Command", "find_package(benchmark", "find_package(Boost")
    (folder / "CMakeLists.txt").write_text("\n".join(line for line in lines if not any(d in line for d in drop)) + "\n")
    tests = (folder / "tests/CMakeLists.txt").read_text().splitlines()
    (folder / "tests/CMakeLists.txt").write_text("\n".join(line for line in tests if not line.startswith("ridgepoint_tests(") or "probes" in line)
                                                 .split("# Programs")[0] + "\n")


def check_probe(tally: Tally, folder: pathlib.Path) -> None:
    small_copy(folder)
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    files = new(folder, "probe", "load_average")
    tally.check(files == ["probes/load_average.probe.cpp", "tests/probes/load_average.test.cpp"], "a probe is one file and its test", str(files))
    tally.check(all(p.read_bytes() == content for p, content in before.items()), "no other file is edited")
    build = folder / "build"
    configure = ["cmake", "-S", folder, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", "-DRIDGEPOINT_WITH_PAPI=OFF", "-DRIDGEPOINT_WITH_ONEDNN=OFF"]
    make = ["cmake", "--build", build, "--target", "test_probes"]
    for words in (configure, make):
        done = subprocess.run(words, capture_output=True, text=True)
        tally.check(done.returncode == 0, "the scaffold builds", (done.stdout + done.stderr)[-3000:])
    run = lambda: subprocess.run([build / "tests/test_probes"], capture_output=True, text=True)
    tally.check(run().returncode != 0, "the scaffold's test fails until it is filled in")
    source = folder / "probes/load_average.probe.cpp"
    source.write_text(source.read_text().replace("  // Fill in:", '  outcome.facts["load"] = measured(1, "1", "probe load_average");\n  // Fill in:'))
    subprocess.run(make, capture_output=True, check=False)
    done = run()
    tally.check(done.returncode == 0, "the filled-in probe passes", done.stdout[-2000:])


def main() -> int:
    program, tally = Program(sys.argv[1]), Tally()
    os.environ.pop("CMAKE_CXX_COMPILER_LAUNCHER", None)
    with tempfile.TemporaryDirectory(prefix="ridgepoint-new-") as folder:
        check_platform(program, tally, pathlib.Path(folder) / "platform")
        check_probe(tally, pathlib.Path(folder) / "probe")
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
