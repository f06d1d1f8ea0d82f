#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Are the loops we time the loops we wrote? Disassembles them in the built program: `instruction_mix.py PROGRAM`. A compiler may
merge equal chains, vectorise scalar ones or spill registers; the answer stays right and only the count of operations is false."""
import platform
import re
import subprocess
import sys

FEW = 8  # count, compare, branch, and register moves, which are free; a register spilled to memory is not

# part of the function's name -> (instructions of the hot loop, pattern)
EXPECTED = {
    "N_SSE4*VectorChain<double, 0>": (192, r"(mul|add)pd .*%xmm"),
    "N_SSE4*VectorChain<float, 0>": (192, r"(mul|add)ps .*%xmm"),
    "N_AVX2*VectorChain<double, 0>": (96, r"vfmadd\d+pd .*%ymm"),
    "N_AVX2*VectorChain<float, 0>": (96, r"vfmadd\d+ps .*%ymm"),
    "N_AVX3::*VectorChain<double, 0>": (96, r"vfmadd\d+pd .*%zmm"),
    "N_AVX3::*VectorChain<float, 0>": (96, r"vfmadd\d+ps .*%zmm"),
    "N_AVX2*ScalarChain<double, 0>": (96, r"vfmadd\d+sd .*%xmm"),
    "N_AVX2*ScalarChain<float, 0>": (96, r"vfmadd\d+ss .*%xmm"),
    "fp16_avx512<0>": (96, r"vfmadd\d+ph .*%zmm"),
    "int8_avx512<0>": (96, r"vpdpbusd .*%zmm"),
    "int8_avx2<0>": (104, r"(\{vex\} )?vpdpbusd .*%ymm"),
    "bf16_avx512<0>": (96, r"vdpbf16ps .*%zmm"),
    "int8_amx<0>": (4, r"tdpbssd .*%tmm"),
    "bf16_amx<0>": (4, r"tdpbf16ps .*%tmm"),
}


def symbols(program: str) -> list:
    """(name, address, size) of every function."""
    out = subprocess.run(["nm", "-S", "-C", program], check=True, capture_output=True, text=True).stdout
    rows = [re.match(r"([0-9a-f]+) ([0-9a-f]+) [tTwW] (.*)", line) for line in out.splitlines()]
    return [(m[3], int(m[1], 16), int(m[2], 16)) for m in rows if m]


def instructions(program: str, address: int, size: int) -> list:
    out = subprocess.run(["objdump", "-d", "--no-show-raw-insn", f"--start-address={address}", f"--stop-address={address + size}", program],
                         check=True, capture_output=True, text=True).stdout
    rows = [re.match(r"\s*([0-9a-f]+):\s+(.*)", line) for line in out.splitlines()]
    return [(int(m[1], 16), re.sub(r"\s+", " ", m[2]).strip()) for m in rows if m]


def hot_loop(code: list, pattern: str) -> list:
    """Of the ranges that a jump closes backwards, the shortest with the most instructions of the pattern."""
    best = []
    for at, text in code:
        jump = re.match(r"j\w+ ([0-9a-f]+)", text)
        if not jump or int(jump[1], 16) > at:
            continue
        body = [t for a, t in code if int(jump[1], 16) <= a <= at]
        count = sum(bool(re.match(pattern, t)) for t in body)
        if count and (not best or (count, -len(body)) > (sum(bool(re.match(pattern, t)) for t in best), -len(best))):
            best = body
    return best


def main() -> int:
    if platform.machine() != "x86_64":
        print("SKIP: written for x86-64")
        return 77
    program, wrong = sys.argv[1], 0
    functions = symbols(program)
    for name, (count, pattern) in EXPECTED.items():
        shape = ".*".join(re.escape(part) for part in name.split("*"))
        found = [(a, s) for n, a, s in functions if re.search(shape, n) and not re.search(r"lambda|_FUN|\.cold", n)]
        if not found:
            print(f"FAIL {name}: no such function")
            wrong += 1
            continue
        body = hot_loop(instructions(program, *found[0]), pattern)
        hits = sum(bool(re.match(pattern, t)) for t in body)
        others = [t for t in body if not re.match(pattern, t)]
        ok = hits == count and len(others) <= FEW and not any("(%" in t for t in others)
        wrong += not ok
        print(f"{'ok  ' if ok else 'FAIL'} {name}: {hits} of {count} and {len(others)} others"
              + ("" if ok else ": " + "; ".join(others[:8])))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
