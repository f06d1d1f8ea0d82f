#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A probing session that is stopped, killed and taken up again: finished visits are kept, the old document is not touched
before the new one is whole, and --resume does not repeat what is done."""
import json
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

from support import Program, Tally

SEED = 20261125
LEVEL = ["--level", "quick"]


def start(program: Program, *words) -> subprocess.Popen:
    return subprocess.Popen([program.binary, "probe", *LEVEL, "--quiet", *map(str, words)], env=program.environment,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def lines_of(journal: pathlib.Path) -> int:
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def wait_for_lines(journal: pathlib.Path, child: subprocess.Popen, least: int) -> None:
    while child.poll() is None and lines_of(journal) < least:
        time.sleep(0.02)


def check_interrupt(program: Program, tally: Tally, folder: pathlib.Path, pause: float) -> None:
    out, journal = folder / "machine.json", folder / "machine.json.journal"
    out.write_text("old")
    child = start(program, "--out", out)
    wait_for_lines(journal, child, 3)  # the head and two visits
    time.sleep(pause)
    began = time.monotonic()
    child.send_signal(signal.SIGINT)
    _, stderr = child.communicate(timeout=60)
    seconds = time.monotonic() - began
    detail = f"exit {child.returncode} after {seconds:.2f} s: {stderr.decode()}"
    tally.check(child.returncode == 130, "an interrupted session exits 130", detail)
    # The promise is two seconds; a sanitizer build on a busy machine gets more.
    tally.check(seconds < 15, "it ends soon", detail)
    tally.check(out.read_text() == "old", "the old document stays")
    partial = json.loads((folder / "machine.partial.json").read_text())
    tally.check(partial["interrupted"] is True, "the partial document says so")
    tally.check(any(p["status"] in ("ok", "degraded") and p["samples"] for p in partial["probes"]), "finished visits are kept", str(partial["probes"])[:500])
    tally.check(lines_of(journal) >= 3, "the journal is kept for --resume")


def check_kill_and_resume(program: Program, tally: Tally, folder: pathlib.Path, numbers: random.Random) -> None:
    out, journal = folder / "machine.json", folder / "machine.json.journal"
    done = lines_of(journal)
    child = start(program, "--out", out, "--resume")
    wait_for_lines(journal, child, done + 1)
    time.sleep(numbers.uniform(0, 0.5))
    child.kill()
    child.communicate(timeout=60)
    kept = lines_of(journal)
    tally.check(kept > done, "kill -9 keeps the finished visits", f"{kept} lines, {done} before")
    tally.check(out.read_text() == "old", "kill -9 leaves the old document")
    finished = program.run("probe", *LEVEL, "--resume", "--out", out)
    tally.check(finished.returncode == 0, "--resume ends well", finished.stderr.decode())
    document = json.loads(out.read_text())
    tally.check(not document["interrupted"] and not journal.exists(), "the document is whole and the journal gone")
    strays = sorted(p.name for p in folder.iterdir() if p.name not in ("machine.json", "machine.partial.json"))
    tally.check(not strays, "nothing else is left", str(strays))


def check_failed_write(program: Program, tally: Tally, folder: pathlib.Path) -> None:
    """The document cannot be put in its place at the very end: the journal still holds every visit."""
    out, journal = folder / "last.json", folder / "last.json.journal"
    child = start(program, "--out", out)
    wait_for_lines(journal, child, 2)
    out.mkdir()
    _, stderr = child.communicate(timeout=60)
    tally.check(child.returncode in (2, 4) and b"cannot write" in stderr, "a document that cannot be written is one clear error", f"{child.returncode} {stderr.decode()}")
    done = lines_of(journal)
    tally.check(done > 2, "its journal is kept", str(done))
    out.rmdir()
    finished = program.run("probe", *LEVEL, "--resume", "--out", out)
    tally.check(finished.returncode == 0 and out.is_file() and not journal.exists(), "--resume writes it without measuring again", finished.stderr.decode())


def check_cells(program: Program, tally: Tally) -> None:
    done = program.run("probe", "--level", "smoke", "--cell", "memory.dram.bandwidth.copy.1t", "--json")
    document = json.loads(done.stdout)
    sampled = [s["key"] for p in document["probes"] if p["id"] != "counters" for s in p["samples"]]
    tally.check(sampled == ["memory.dram.bandwidth.copy.1t"], "--cell samples that figure alone", str(sampled))
    tally.check(all(p["status"] in ("ok", "degraded") for p in document["probes"] if p["id"] != "counters"), "and its probe is not failed by it")
    done = program.run("probe", "--level", "smoke", "--cell", "memory.dram.bandwith.copy.1t")
    tally.check(done.returncode == 2 and b"no probe samples" in done.stderr, "a cell that no probe has is one clear error", done.stderr.decode())
    done = program.run("probe", "--memory", "1KiB")
    tally.check(done.returncode == 2 and b"too little" in done.stderr, "too little memory is one clear error", done.stderr.decode())


def check_refusals(program: Program, tally: Tally, folder: pathlib.Path) -> None:
    for words, what in ((["--resume"], "--resume without --out"), (["--resume", "--out", folder / "none.json"], "--resume of nothing")):
        done = program.run("probe", "--level", "smoke", "--only", "memory", *words)
        tally.check(done.returncode == 2 and b"resume" in done.stderr, what + " is one clear error", done.stderr.decode())
    other = folder / "other.json"
    (folder / "other.json.journal").write_text('{"level":"full","machine":"m","options":"","version":"0","visits":5}\n')
    done = program.run("probe", "--level", "smoke", "--resume", "--out", other)
    tally.check(done.returncode == 2 and b"another machine" in done.stderr, "a journal of another machine is refused", done.stderr.decode())
    tally.check((folder / "other.json.journal").exists(), "and not touched")
    (folder / "device").symlink_to("/dev/null")
    done = program.run("probe", "--level", "smoke", "--only", "memory", "--out", folder / "device")
    tally.check(done.returncode == 0 and not list(folder.glob("device.*")), "a device gets the document and no journal", done.stderr.decode())
    done = program.run("probe", "--level", "smoke", "--only", "memory", "--resume", "--out", folder / "device")
    tally.check(done.returncode == 2 and b"resume" in done.stderr, "a device cannot be resumed", done.stderr.decode())


def main() -> int:
    program, tally, numbers = Program(sys.argv[1]), Tally(), random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix="ridgepoint-resume-") as folder:
        check_interrupt(program, tally, pathlib.Path(folder), numbers.uniform(0, 0.5))
        check_kill_and_resume(program, tally, pathlib.Path(folder), numbers)
        check_failed_write(program, tally, pathlib.Path(folder))
        check_cells(program, tally)
        check_refusals(program, tally, pathlib.Path(folder))
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
