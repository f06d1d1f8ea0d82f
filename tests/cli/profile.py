#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`ridgepoint profile` around real programs: it passes streams, signals and exit codes on, and its figures see what the program
did. Bounds are one-sided or wide: a busy machine may not turn them red."""
import json
import os
import pathlib
import pty
import signal
import subprocess
import sys
import tempfile
import time

from support import Program, Tally

PYTHON = "/usr/bin/python3"
MIB = 1024 * 1024


class Profiles:
    def __init__(self, program: Program, folder: str):
        self.program, self.out = program, pathlib.Path(folder) / "profile.json"

    def run(self, *words, options=(), **more):
        self.out.unlink(missing_ok=True)
        done = self.program.run("profile", *options, "--out", self.out, "--", *words, **more)
        return done, self.document()

    def document(self):
        return json.loads(self.out.read_text()) if self.out.exists() else None


def value(document: dict, key: str) -> float:
    return document["facts"][key]["value"]


def endings(tally: Tally, profiles: Profiles) -> None:
    done, document = profiles.run("sh", "-c", "exit 3")
    tally.check(done.returncode == 3 and document["exit_code"] == 3, "the exit code is the command's", str(done))
    done, document = profiles.run("sh", "-c", "kill -9 $$")
    tally.check(done.returncode == 128 + 9 and document["signal"] == 9 and "exit_code" not in document, "killed by a signal: 128 + n", str(done))
    done, document = profiles.run("ridgepoint-has-no-such-program")
    tally.check(done.returncode == 127 and document is None and b"there is no program" in done.stderr, "not found: 127, no document", str(done))
    plain = profiles.out.parent / "plain"
    plain.write_text("not a program")
    done, document = profiles.run(plain)
    tally.check(done.returncode == 126 and document is None, "not runnable: 126, no document", str(done))
    done = profiles.program.run("profile")
    tally.check(done.returncode == 2 and b"no command was given" in done.stderr, "no command: 2", str(done))


def streams(tally: Tally, profiles: Profiles) -> None:
    text = os.urandom(4 * MIB)
    done, _ = profiles.run("cat", input=text, stdin=None)
    tally.check(done.stdout == text and done.stderr == b"", "stdin reaches it and 4 MiB of output come back untouched", str(done.returncode))
    done, document = profiles.run("printf", "%s|", "a", "", "--", "-b", "c d")
    tally.check(done.stdout == b"a||--|-b|c d|" and document["words"][1:] == ["%s|", "a", "", "--", "-b", "c d"], "words pass unchanged", str(done))
    done = profiles.program.run("profile", "--", "echo", "out")
    tally.check(done.stdout == b"out\n" and b"What it used" in done.stderr, "without --out the page goes to stderr", str(done))
    with open("/dev/full", "wb") as full:
        done, document = profiles.run("sh", "-c", "echo x", stdout=full)
        tally.check(done.returncode == document["exit_code"] != 0, "a full device is the command's trouble", str(done))
        done = profiles.program.run("profile", "--", "true", stdout=subprocess.DEVNULL, stderr=full)
        tally.check(done.returncode == 4, "a page that cannot be written: 4", str(done))


def figures(tally: Tally, profiles: Profiles, folder: str) -> None:
    burner = "import time\nwhile time.process_time() < 1: pass"
    done, document = profiles.run(PYTHON, "-c", burner)
    cpu = value(document, "time.user") + value(document, "time.system")
    tally.check(0.95 < cpu < 3 and value(document, "time.wall") > 0.95, "a burner: one second of processor time", str(document["facts"]))
    tally.check(document["bound"] != "waiting", "a burner does not wait", str(document["evidence"]))
    done, document = profiles.run("sleep", "0.5")
    tally.check(value(document, "time.wall") >= 0.5 and value(document, "cpu.used") < 0.2, "a sleeper: wall, hardly any processor", str(document["facts"]))
    tally.check(document["bound"] in ("waiting", "memory"), "a sleeper waits", str(document["evidence"]))  # memory: a neighbour's pressure
    writer = f"import os\nwith open('data', 'wb') as f: f.write(bytes({8 * MIB})); f.flush(); os.fsync(f.fileno())"
    done, document = profiles.run("sh", "-c", f'{PYTHON} -c "$0"', writer, cwd=folder)
    tally.check(value(document, "io.calls.written") >= 8 * MIB, "a writer in a grandchild: 8 MiB by calls", str(document["facts"]))
    done, document = profiles.run(PYTHON, "-c", f"import time; b = bytearray({64 * MIB}); time.sleep(0.3)")
    tally.check(value(document, "memory.resident.peak") >= 64 * MIB, "its memory", str(document["facts"]))
    threads = "import threading, time\nts = [threading.Thread(target=time.sleep, args=(0.5,)) for _ in range(6)]\n[t.start() for t in ts]\n[t.join() for t in ts]"
    done, document = profiles.run(PYTHON, "-c", threads)
    tally.check(value(document, "threads.peak") >= 7, "its threads", str(document["facts"].get("threads.peak")))
    for fact in document["facts"].values():
        tally.check(fact["unit"] and fact["source"], "every figure has unit and source", str(fact))


def roofline(tally: Tally, profiles: Profiles, machine: pathlib.Path) -> None:
    done, document = profiles.run("sleep", "0.1")
    reasons = [m["reason"] for m in document["missing"] if m["subject"] == "place on the roofline"]
    tally.check("roofline" not in document and any("machine document" in r for r in reasons), "no place without figures, and it says which", str(document["missing"]))
    done, document = profiles.run("sleep", "0.1", options=["--flop", "1e9", "--byte", "4GB", "--machine", machine])
    place = document.get("roofline", {})
    tally.check(place.get("intensity_flop_byte") == 0.25 and place["work"]["basis"] == "assumed" and place["shares"], "declared figures give a place", str(document["missing"]))
    done = profiles.program.run("profile", "--flop", "-1", "--", "true")
    tally.check(done.returncode == 2, "negative work: 2", str(done))


def signals(tally: Tally, profiles: Profiles) -> None:
    # Its own child must get it too (the whole group is meant), or communicate() waits for the pipe that it holds. No shell:
    # dash loses a SIGINT that comes between two commands.
    parent = "import subprocess\nc = subprocess.Popen(['sleep', '60'])\nprint('ready', flush=True)\nc.wait()"
    for number in (signal.SIGINT, signal.SIGTERM):
        profiles.out.unlink(missing_ok=True)
        child = subprocess.Popen([profiles.program.binary, "profile", "--out", profiles.out, "--", PYTHON, "-c", parent], stderr=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, env=profiles.program.environment)
        child.stdout.readline()
        began = time.monotonic()
        child.send_signal(number)
        child.communicate(timeout=30)
        document = profiles.document()
        tally.check(child.returncode == 128 + number and document and document["signal"] == number, f"{number.name} ends the group and the document is written", f"{child.returncode} {document}")
        tally.check(time.monotonic() - began < 15, f"{number.name} ends it soon")
    stubborn = subprocess.Popen([profiles.program.binary, "profile", "--out", profiles.out, "--", "sh", "-c", "trap '' INT; echo ready; sleep 60"],
                                stdout=subprocess.PIPE, env=profiles.program.environment)
    stubborn.stdout.readline()
    while stubborn.poll() is None:
        stubborn.send_signal(signal.SIGINT)
        time.sleep(0.1)
    tally.check(stubborn.returncode == 128 + 9, "the third SIGINT kills", str(stubborn.returncode))


def daemon(tally: Tally, profiles: Profiles) -> None:
    began = time.monotonic()
    done, document = profiles.run("sh", "-c", "setsid sleep 60 >/dev/null 2>&1 </dev/null & echo $!")
    tally.check(done.returncode == 0 and time.monotonic() - began < 30, "a daemon is not waited for", str(done))
    tally.check([w["code"] for w in document["warnings"]] == ["still-running"], "and the document says that it lives", str(document["warnings"]))
    pid = int(done.stdout)
    tally.check(pathlib.Path(f"/proc/{pid}").exists(), "and it does")
    os.kill(pid, signal.SIGKILL)


def terminal(tally: Tally, profiles: Profiles) -> None:
    """Ctrl-C typed at a terminal while the command reads from it."""
    pid, master = pty.fork()
    if pid == 0:
        reader = "import time\nprint('ready')\nprint('got', input())\ntime.sleep(60)"
        words = ["profile", "--out", str(profiles.out), "--", PYTHON, "-c", reader]
        os.execve(profiles.program.binary, [profiles.program.binary, *words], profiles.program.environment)
    seen = b""
    for wanted, typed in ((b"ready", b"hello\n"), (b"got hello", b"\x03")):
        while wanted not in seen:
            seen += os.read(master, 4096)
        os.write(master, typed)
    _, status = os.waitpid(pid, 0)
    os.close(master)
    tally.check(os.waitstatus_to_exitcode(status) == 130 and profiles.document()["signal"] == signal.SIGINT, "a terminal is lent and Ctrl-C arrives", f"{status} {seen}")


def main() -> int:
    program, tally = Program(sys.argv[1]), Tally()
    with tempfile.TemporaryDirectory() as folder:
        profiles = Profiles(program, folder)
        machine = pathlib.Path(folder) / "machine.json"
        program.run("probe", "--level", "smoke", "--out", machine)
        endings(tally, profiles)
        streams(tally, profiles)
        figures(tally, profiles, folder)
        roofline(tally, profiles, machine)
        signals(tally, profiles)
        daemon(tally, profiles)
        terminal(tally, profiles)
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
