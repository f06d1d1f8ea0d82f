#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The kernels that work on storage when storage goes wrong, is cut short or runs out, and when the user stops them: a clear error with
its exit code, temporary files gone, nothing half-written, memory within its budget."""
import json
import os
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import time

from support import ROOT, Program, Tally

SMALL = {"analytics/scan-storage": "mib=24 budget_mib=6", "analytics/external-sort": "mib=24 budget_mib=8"}
LONG = {"analytics/scan-storage": "mib=512 budget_mib=16", "analytics/external-sort": "mib=384 budget_mib=48"}
ENGINES = ("", "no-uring")  # the second forces the fallback
MIB = 1 << 20


class Kernels:
    def __init__(self, program: Program, shim: str, tally: Tally, folder: str):
        self.program, self.shim, self.tally, self.folder = program, shim, tally, folder

    def environment(self, faults: str) -> dict:
        asan = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        shim = {"LD_PRELOAD": self.shim, "RIDGEPOINT_SHIM": faults} if faults else {}
        return {**self.program.environment, **shim, "ASAN_OPTIONS": asan}

    def run(self, kernel: str, faults: str = "", folder=None, shape=None, more=(), **options):
        out = os.path.join(self.folder, "..", "runs.json")
        done = self.program.run("run", kernel, "--shape", shape or SMALL[kernel], "--threads", 1, "--samples", 2, "--quiet", "--format", "json",
                                "--out", out, "--dir", folder or self.folder, *more, env=self.environment(faults), **options)
        name = f"{kernel} with '{faults}'"
        self.tally.check(not os.listdir(self.folder), f"{name} leaves no file", str(os.listdir(self.folder)))
        written = json.loads(open(out).read()) if os.path.exists(out) else None
        if written:
            os.unlink(out)
        return done, written

    def expect(self, kernel: str, faults: str, exit_code: int, *words, **more) -> None:
        done, written = self.run(kernel, faults, **more)
        name, told = f"{kernel} with '{faults}'", done.stderr.decode()
        if written:
            told += json.dumps(written["skipped"])
        self.tally.check(done.returncode == exit_code, f"{name} ends with {exit_code}", f"{done.returncode} {told}")
        for word in words:
            self.tally.check(word in told, f"{name} says '{word}'", told)
        if exit_code == 4:
            self.tally.check(written is None, f"{name} writes no document")


def check_good(kernels: Kernels, tally: Tally) -> None:
    for kernel in SMALL:
        for engine in ENGINES:
            done, written = kernels.run(kernel, engine)
            good = done.returncode == 0 and written and len(written["runs"]) == 1
            tally.check(good, f"{kernel} runs with '{engine}'", done.stderr.decode())
            if good:
                run = written["runs"][0]
                tally.check(run["verification"]["passed"] and run["roof"]["name"].startswith("storage-"), f"{kernel} is checked and has a roof of storage")
                if "scan" in kernel:
                    used = "pread/pwrite in threads" if engine else "io_uring"
                    tally.check(used in run["verification"]["reference"] or not engine, f"{kernel} names its engine", run["verification"]["reference"])


def check_faults(kernels: Kernels) -> None:
    for kernel in SMALL:
        for engine in ENGINES:
            kernels.expect(kernel, f"{engine},write-enospc", 3, "No space left", "--dir FOLDER")
            kernels.expect(kernel, f"{engine},write-eio", 4, "Input/output error", "dmesg")
            kernels.expect(kernel, f"{engine},read-eio", 4, "Input/output error", "dmesg")
            kernels.expect(kernel, f"{engine},read-eio,late", 4, "Input/output error", "dmesg")
            kernels.expect(kernel, f"{engine},read-short", 4)
    for engine in ENGINES:  # while runs are spilled and while they are merged
        kernels.expect("analytics/external-sort", f"{engine},write-enospc,late", 3, "No space left", "--dir FOLDER")
    kernels.expect("analytics/scan-storage", "sync-eio", 4, "durable", "dmesg")
    for kernel in SMALL:
        kernels.expect(kernel, "", 3, "cannot make a scratch file", folder="/proc/self")
        kernels.expect(kernel, "", 3, "no room for a scratch file", shape="mib=100000000")
        kernels.expect(kernel, "", 3, "files may not grow", "ulimit -f",
                       preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (MIB, MIB)))


def check_signals(kernels: Kernels, tally: Tally) -> None:
    for kernel in LONG:
        for number, code in ((signal.SIGKILL, -9), (signal.SIGINT, 130), (signal.SIGTERM, 130)):
            child = subprocess.Popen([kernels.program.binary, "run", kernel, "--shape", LONG[kernel], "--samples", "100", "--quiet", "--dir", kernels.folder],
                                     env=kernels.program.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(1.0)
            tally.check(child.poll() is None, f"{kernel}: signal {number} comes while it works")
            began = time.monotonic()
            child.send_signal(number)
            child.wait(timeout=60)
            # The promise is two seconds; a sanitizer build on a busy machine gets more.
            tally.check(time.monotonic() - began < 15, f"{kernel}: signal {number} ends it soon")
            tally.check(child.returncode == code, f"{kernel}: signal {number} gives {code}", str(child.returncode))
            tally.check(not os.listdir(kernels.folder), f"{kernel}: signal {number} leaves no file", str(os.listdir(kernels.folder)))


def column_file(path: str, groups: int, blocks: int) -> None:
    """Written from the page 'column file' of the documentation alone: blocks of `groups` x 1024 rows, all of them 1994-01-01 + 100 days,
    discount 6, quantity 7, price 1234567."""
    rows, block_byte = groups * 1024, (groups * 1024 * 46 // 8 + 4095) // 4096 * 4096
    columns = ((b"date", 12, 830), (b"discount", 4, 6), (b"quantity", 6, 7), (b"price", 24, 1234567))
    head = struct.pack("<8sQIIII", b"RPCOLS01", rows * blocks, rows, block_byte, 4, 0)
    for name, bits, _ in columns:
        head += struct.pack("<12sI", name, bits)
    body = b""
    for _, bits, value in columns:
        stream = sum(value << (k * bits) for k in range(32))  # of one lane
        words = [(stream >> (32 * w)) & 0xFFFFFFFF for w in range(bits)]
        body += b"".join(struct.pack("<I", word) * 32 for word in words) * groups
    with open(path, "wb") as file:
        file.write(head.ljust(4096, b"\0"))
        for _ in range(blocks):
            file.write(body.ljust(block_byte, b"\0"))


def check_users_file(kernels: Kernels, tally: Tally, folder: str) -> None:
    path = os.path.join(folder, "table")
    column_file(path, 16, 64)
    shape = "budget_mib=4"
    done, written = kernels.run("analytics/scan-storage", shape=shape, more=("--input", path))
    tally.check(done.returncode == 0 and written["runs"][0]["cost"]["storage_read_byte"] == 64 * 94208, "a file written from its description is scanned",
                done.stderr.decode())
    child = subprocess.Popen([kernels.program.binary, "run", "analytics/scan-storage", "--shape", shape, "--input", path, "--samples", "1000", "--quiet"],
                             env=kernels.program.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(1.0)
    os.truncate(path, os.path.getsize(path) // 2)
    told = child.communicate(timeout=60)[1].decode()
    tally.check(child.returncode == 4 and "cut short" in told and "byte" in told, "a file that is cut while it is read is one clear error", f"{child.returncode} {told}")
    for spoil, what in ((lambda: os.truncate(path, 5), "a stub"), (lambda: open(path, "wb").write(os.urandom(8192)), "noise")):
        spoil()
        done, _ = kernels.run("analytics/scan-storage", shape=shape, more=("--input", path))
        tally.check(done.returncode == 2 and b"is no column file" in done.stderr, f"{what} is refused", done.stderr.decode())


def most_memory(kernels: Kernels, kernel: str, shape: str) -> int:
    pid = os.spawnve(os.P_NOWAIT, kernels.program.binary,
                     [kernels.program.binary, "run", kernel, "--shape", shape, "--threads", "1", "--samples", "2", "--quiet", "--out", os.devnull, "--format", "json",
                      "--dir", kernels.folder], kernels.program.environment)
    _, status, usage = os.wait4(pid, 0)
    assert status == 0, status
    return usage.ru_maxrss * 1024


def sanitized() -> bool:
    return bool(os.environ.get("ASAN_OPTIONS"))


def check_memory(kernels: Kernels, tally: Tally) -> None:
    """Twice the file in the same budget takes no more memory; what is beyond the budget is the program itself and, for the sort, the roof's 8 MiB."""
    if sanitized():
        tally.skip("memory", "a sanitizer has its own")
        return
    for kernel, shapes in {"analytics/scan-storage": ("mib=64 budget_mib=8", "mib=256 budget_mib=8"),
                           "analytics/external-sort": ("mib=64 budget_mib=32", "mib=192 budget_mib=32")}.items():
        small, large = (most_memory(kernels, kernel, s) for s in shapes)
        budget = int(shapes[0].split("budget_mib=")[1]) * MIB
        tally.check(large < small + 4 * MIB, f"{kernel}: memory does not grow with the file", f"{small} {large}")
        tally.check(large < budget + 40 * MIB, f"{kernel}: memory is held to its budget", f"{large} of {budget}")


def check_group_limit(kernels: Kernels, tally: Tally) -> None:
    """A control group that holds half of the file: the page cache is not used, so nothing is killed."""
    kinds = {"memory/memory.limit_in_bytes": "version 1", "cgroup.controllers": "version 2"}
    known = [k for k in kinds if os.path.exists("/sys/fs/cgroup/" + k)]
    if not known:
        tally.skip("memory limit by control group", "none is mounted at /sys/fs/cgroup")
        return
    first = kinds[known[0]] == "version 1"
    group = f"/sys/fs/cgroup/{'memory/' if first else ''}ridgepoint-test-{os.getpid()}"
    if sanitized():
        tally.skip("memory limit by control group", "a sanitizer has its own")
        return
    try:
        os.mkdir(group)
    except OSError as error:
        tally.skip("memory limit by control group", str(error))
        return
    try:
        try:
            with open(group + ("/memory.limit_in_bytes" if first else "/memory.max"), "w") as file:
                file.write(str(96 * MIB))
        except OSError as error:
            tally.skip("memory limit by control group", str(error))
            return

        def join():
            with open(group + "/cgroup.procs", "w") as file:
                file.write(str(os.getpid()))

        for kernel, shape in {"analytics/scan-storage": "mib=256 budget_mib=8", "analytics/external-sort": "mib=192 budget_mib=32"}.items():
            done, _ = kernels.run(kernel, shape=shape, preexec_fn=join)
            tally.check(done.returncode == 0, f"{kernel} keeps within a control group of 96 MiB", f"{done.returncode} {done.stderr.decode()}")
    finally:
        os.rmdir(group)


def main() -> int:
    program, shim, tally = Program(sys.argv[1]), sys.argv[2], Tally()
    with tempfile.TemporaryDirectory(prefix="ridgepoint-out-of-core-", dir=ROOT / "build") as folder:
        scratch = os.path.join(folder, "scratch")
        os.mkdir(scratch)
        kernels = Kernels(program, shim, tally, scratch)
        check_good(kernels, tally)
        check_faults(kernels)
        check_signals(kernels, tally)
        check_users_file(kernels, tally, folder)
        check_memory(kernels, tally)
        check_group_limit(kernels, tally)
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
