#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Do the comparisons with other tools read what those tools print? The report of likwid-bench 5.2 is a recorded one, shortened; the others
have the shape of theirs, with numbers that tell a wrong choice."""
import sys

from support import ROOT, Tally

sys.path.insert(0, str(ROOT / "scripts"))
import peer_latency  # noqa: E402
import peer_likwid  # noqa: E402
import peer_opencl  # noqa: E402
import peer_storage  # noqa: E402

KERNELS = """copy_avx512 - Double-precision vector copy, only scalar operations
load_avx512 - Double-precision load, optimized for AVX-512
"""
RUN = """Warning: Sanitizing vector length to a multiple of the loop stride 32 and thread count 1 from 3000 elements (24000 bytes) to 2976 elements (23808 bytes)
Cycles:			4592528984
CPU Clock:		2599946693
Cycle Clock:		2599946693
Time:			1.766394e+00 sec
Iterations:		33554432
Iterations per thread:	33554432
Inner loop executions:	93
Size (Byte):		23808
Number of Flops:	0
MFlops/s:		12.50
Data volume (Byte):	798863917056
MByte/s:		452257.05
"""
LMBENCH = '"stride=64\n0.00049 1.401\n0.01562 1.402\n0.25000 4.478\n2.00000 22.170\n\n'
FIO = {"bw_bytes": 1234567, "iops": 301.5}


def check_likwid(tally: Tally) -> None:
    tally.check(peer_likwid.parse_kernels(KERNELS) == {"copy_avx512", "load_avx512"}, "likwid-bench -a names kernels")
    tally.check(peer_likwid.parse_run(RUN, False) == (452257.05e6, 33554432, 1.766394), "bytes a second, iterations, seconds", str(peer_likwid.parse_run(RUN, False)))
    tally.check(peer_likwid.parse_run(RUN, True)[0] == 12.5e6, "operations a second")
    tally.check(peer_likwid.parse_run("Error: unknown kernel", False) == (0, 0, 0), "nothing where it failed")


def check_latency(tally: Tally) -> None:
    got = peer_latency.parse_lmbench(LMBENCH)
    tally.check(got == {"L1 16 KiB": 1.402e-9, "L2 256 KiB": 4.478e-9, "2 MiB": 22.17e-9}, "lmbench's nearest size", str(got))


def check_opencl(tally: Tally) -> None:
    text = """Platform: Portable Computing Language
  Device: cpu
    Global memory bandwidth (GBPS)
      float   : 9.50
      float16 : 12.25
    Single-precision compute (GFLOPS)
      float   : 3.10
      float8  : 45.60
    Kernel launch latency : 17.25 us
"""
    got = peer_opencl.parse(text)
    tally.check(got == {"compute.fp32": 45.6e9, "memory.bandwidth.read": 12.25e9, "launch.queued_to_start": 17.25e-6}, "the best of clpeak's variants", str(got))


def check_storage(tally: Tally) -> None:
    report = {"jobs": [{"write": FIO, "read": {"bw_bytes": 1, "iops": 2}}]}
    read = lambda cell: peer_storage.parse(cell, report)
    tally.check(read("storage.write.random.32d") == 301.5, "fio's requests a second")
    tally.check(read("storage.write.sequential.8d") == 1234567, "fio's bytes a second")
    tally.check(read("storage.read.random.1d") == 2, "reads are fio's reads")
    tally.check(read("storage.sync.latency") == 1 / 301.5, "seconds of one durable write")


def main() -> int:
    tally = Tally()
    for check in (check_likwid, check_latency, check_opencl, check_storage):
        check(tally)
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
