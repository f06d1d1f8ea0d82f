#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`ridgepoint plan` as a user runs it: every plan passes an independent checker, small ones agree with glpsol, impossible
ones name what stands in the way, Ctrl-C and a short clock end it in time."""
import json
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import plan_checker
from support import ROOT, Program, Tally


def plan_of(tally: Tally, program: Program, name: str, *words, code=0):
    done = program.run("plan", *words, "--json", timeout=280)
    tally.check(done.returncode == code, f"{name}: exit", f"exit {done.returncode}: {done.stderr.decode()}")
    return json.loads(done.stdout) if done.stdout.strip().startswith(b"{") else None


def check(tally: Tally, name: str, plan) -> None:
    if plan is None:
        return
    tally.check(bool(plan["months"]), f"{name}: there is a plan", plan["status"])
    if not plan["months"]:
        return
    troubles = plan_checker.troubles_of(plan)
    tally.check(not troubles, f"{name}: the checker", "\n".join(troubles[:10]))


def examples(tally: Tally, program: Program) -> None:
    for file in sorted((ROOT / "configs/scenarios").glob("*.json")):
        plan = plan_of(tally, program, file.stem, file, "--seconds", 12, "--gap", 0.05)
        check(tally, file.stem, plan)
        if plan:
            tally.check("gap" in plan and bool(plan["simulated"]), f"{file.stem}: bound and simulation")


def against_glpsol(tally: Tally, program: Program, folder: pathlib.Path) -> None:
    """The same program, solved by another solver, costs the same."""
    for size, seed in (("2x2x2x1", 1), ("2x2x3x1", 2), ("3x2x2x1", 3)):
        scenario = json.loads(program.run("plan", "--synthetic", size, "--seed", seed, "--scenario-only", "--json").stdout)
        for demand in scenario["demands"]:
            demand["requests_per_s"] = round(demand["requests_per_s"] / 10, 3)  # pools small enough to be sized exactly
        path, lp = folder / f"{size}.json", folder / f"{size}.lp"
        path.write_text(json.dumps(scenario))
        plan = plan_of(tally, program, size, path, "--gap", 0, "--export-lp", lp)
        if plan is None:
            continue
        check(tally, size, plan)
        tally.check(plan["status"] == "optimal", f"{size}: proven optimal", f"{plan['status']}, {plan['method_used']}")
        out = subprocess.run(["glpsol", "--lp", str(lp), "--cuts", "--tmlim", "60", "-o", str(folder / "out.txt")], capture_output=True, text=True, timeout=90)
        text = (folder / "out.txt").read_text() if (folder / "out.txt").exists() else ""
        found = re.search(r"Objective:\s+usd = (\S+)", text)
        tally.check(bool(found) and "INTEGER OPTIMAL" in text, f"{size}: glpsol solves it", out.stdout[-500:])
        if found:
            usd = float(found.group(1))
            tally.check(abs(usd - plan["sums"]["usd"]) <= 1e-4 * usd, f"{size}: glpsol agrees", f"{usd} and {plan['sums']['usd']}")


def impossible(tally: Tally, program: Program, folder: pathlib.Path) -> None:
    scenario = json.loads((ROOT / "configs/scenarios/hospital-group.json").read_text())
    for demand in scenario["demands"]:
        demand.pop("unmet_usd")
    for offer in scenario["offers"]:
        offer.pop("rent_usd_per_h", None)
    scenario["sites"][0]["power_w"] = scenario["sites"][1]["power_w"] = 600
    path = folder / "impossible.json"
    path.write_text(json.dumps(scenario))
    plan = plan_of(tally, program, "impossible", path, "--seconds", 20, code=1)
    if plan is None:
        return
    tally.check(plan["status"] == "infeasible" and not plan["fleet"], "impossible: says so", plan["status"])
    tally.check(any(c.startswith("power at") for c in plan["conflicts"]), "impossible: names the power", str(plan["conflicts"]))
    tally.check(not any("budget" in c for c in plan["conflicts"]), "impossible: the budget is innocent", str(plan["conflicts"]))
    tally.check(bool(plan["relaxations"]), "impossible: names a way out")
    text = program.run("plan", path, "--seconds", 20).stdout.decode()
    tally.check("No plan can meet" in text, "impossible: the page says so", text[:300])


def variants(tally: Tally, program: Program) -> None:
    plan = plan_of(tally, program, "variants", "--synthetic", "2x2x4x1", "--seconds", 16, "--portfolio", "--what-if", "price=2", "--what-if", "demand=0.5,stock=0.5")
    if plan is None:
        return
    free = next(v for v in plan["portfolio"] if v["name"] == "free portfolio")
    for other in plan["portfolio"]:
        if "usd" in other:
            tally.check(other["usd"] >= free["lower_bound_usd"] - 1e-6, f"{other['name']} is not cheaper than free choice's bound")
    value = plan.get("diversity_usd")
    tally.check(value is None or value["lo"] <= value["value"] <= value["hi"], "the value of diversity lies within its range", str(value))
    dear, half = plan["what_if"]
    tally.check(dear["usd"] >= plan["lower_bound_usd"] and half["lower_bound_usd"] <= plan["sums"]["usd"], "dearer is not cheaper, half is not dearer")
    done = program.run("plan", "--synthetic", "2x2x4x1", "--what-if", "colour=2")
    tally.check(done.returncode == 2 and b"colour" in done.stderr, "an unknown change is refused", done.stderr.decode())


def stopped(tally: Tally, program: Program, folder: pathlib.Path) -> None:
    out = folder / "kept.json"
    out.write_text("old")
    for delay in (0.3, 2.0):
        child = subprocess.Popen([program.binary, "plan", "--synthetic", "12x30x24x3", "--out", str(out), "--quiet"], env=program.environment,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        time.sleep(delay)
        began = time.monotonic()
        child.send_signal(signal.SIGINT)
        _, stderr = child.communicate(timeout=60)
        seconds = time.monotonic() - began
        tally.check(child.returncode in (130, -2), f"stopped after {delay} s: exit", f"{child.returncode} {stderr.decode()}")
        tally.check(seconds < 15, f"stopped after {delay} s: ends soon", f"{seconds:.2f} s")
        tally.check(out.read_text() == "old", f"stopped after {delay} s: the old file stays")
    began = time.monotonic()
    done = program.run("plan", "--synthetic", "12x30x24x3", "--seconds", 1, "--json")
    plan = json.loads(done.stdout)
    tally.check(time.monotonic() - began < 60 and plan["status"] in ("no-plan", "within-bound"), "a short clock ends it", plan["status"])
    tally.check((done.returncode == 1) == (not plan["months"]), "no plan, exit 1")


def main() -> int:
    program, tally = Program(sys.argv[1]), Tally()
    probe = program.run("plan", "--synthetic", "1x1x1x1")
    if probe.returncode == 3:
        tally.skip("plan", "built without CBC")
        return tally.close()
    first, again = (program.run("plan", "--synthetic", "1x2x3x1", "--json").stdout for _ in range(2))
    tally.check(first == again, "same scenario, same bytes")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if shutil.which("glpsol"):
            against_glpsol(tally, program, folder)
        else:
            tally.skip("glpsol", "glpk-utils is not installed")
        examples(tally, program)
        impossible(tally, program, folder)
        variants(tally, program)
        stopped(tally, program, folder)
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
