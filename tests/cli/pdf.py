#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/pdf: every kind of document prints to pages whose text can be taken out again. Needs chromium and
poppler-utils; skipped (77) without them."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from support import ROOT, Program, Tally

INPUTS = sorted((ROOT / "tests/golden/input").glob("*.json"))


def pdf(program: Program, *words: object, **more) -> subprocess.CompletedProcess:
    environment = {**program.environment, "RIDGEPOINT": program.binary, **more}
    return subprocess.run([ROOT / "scripts/pdf", *map(str, words)], env=environment, capture_output=True, text=True, timeout=600)


def text_of(path: pathlib.Path) -> str:
    raw = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    return re.sub(r"\s+", " ", raw)


def pages_of(path: pathlib.Path) -> int:
    told = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"Pages:\s+(\d+)", told)[1])


def check_kinds(tally: Tally, program: Program, folder: pathlib.Path) -> None:
    done = pdf(program, "--out", folder, *INPUTS)
    tally.check(done.returncode == 0, "every kind prints", done.stderr)
    for document in INPUTS:
        path = folder / f"{document.stem}.pdf"
        if not path.exists():
            tally.check(False, f"{document.stem}: a file")
            continue
        page = program.run("report", document, "--format", "html").stdout.decode()
        title = re.search(r"<h1>(.*?)</h1>", page)[1]
        text = text_of(path)
        tally.check(1 <= pages_of(path) <= 60, f"{document.stem}: pages", str(pages_of(path)))
        tally.check(re.sub(r"&\w+;", "", title)[:40].strip() in text, f"{document.stem}: its title is text", text[:200])
        tally.check("file://" not in text, f"{document.stem}: no path of this machine on the paper")


def check_recommendation(tally: Tally, folder: pathlib.Path) -> None:
    text = text_of(folder / "recommendation.pdf")
    for words in ("NVIDIA L4", "93.4 % likely the best", "What to do next", "Chance to be the best of all", "Warnings"):
        tally.check(words in text, f"recommendation: says '{words}'", text[:400])


def check_refusals(tally: Tally, program: Program, folder: pathlib.Path) -> None:
    for words, more, code, says in (
        ((), {}, 2, "Usage"),
        (("nowhere.html",), {}, 2, "there is no file 'nowhere.html'"),
        (("--size", "A3"), {}, 2, "there is no option '--size'"),
        ((ROOT / "README.md",), {}, 2, "neither .html nor .json"),
        ((folder / "broken.json",), {}, 2, "broken.json"),
        ((folder / "empty.html",), {"CHROMIUM": "/bin/false"}, 3, "could not print"),
        ((folder / "empty.html",), {"CHROMIUM": "/bin/true"}, 3, "wrote no PDF"),
    ):
        (folder / "broken.json").write_text("{")
        (folder / "empty.html").write_text("<!DOCTYPE html><title>t</title>")
        done = pdf(program, *words, **more)
        tally.check(done.returncode == code and says in done.stderr, f"refuses {words}", f"{done.returncode}: {done.stderr}")
    tally.check(not list(folder.glob("*.part")), "leaves no half-written file")


def main() -> int:
    if not all(shutil.which(p) for p in ("chromium", "pdftotext", "pdfinfo")):
        print("skipped: chromium or poppler-utils is missing")
        return 77
    program, tally = Program(sys.argv[1]), Tally()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        check_kinds(tally, program, folder)
        check_recommendation(tally, folder)
        check_refusals(tally, program, folder)
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
