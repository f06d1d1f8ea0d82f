#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks every #include against the layer table: documents travel between areas, headers do not. No two
headers define one type name in one namespace."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# area -> areas it may include. model/core is the vocabulary, model/networks the networks that the model weighs and
# the kernels run; siblings never include one another.
MAY = {
    "model/core": {"model/core"},
    "model/networks": {"model/core", "model/networks"},
    "model": {"model/core", "model/networks", "model"},
    "probes": {"model/core", "probes"},
    "workloads": {"model/core", "model/networks", "workloads"},
    "reports": {"model/core", "reports"},
    "main": {"model/core", "model", "probes", "workloads", "reports"},
}
# package header prefix -> only place that may use it
OWNER = {
    r"hwloc": "probes", r"papi": "probes", r"liburing": "model/core/io_ring", r"CL/": "probes/opencl", r"cuda": "probes/cuda",
    r"oneapi/dnnl": "workloads/dnn/onednn", r"benchmark/": "workloads/harness",
    r"coin/": "model/plan/cbc", r"omp\.h": "workloads/dnn/onednn", r"onnx|google/protobuf": "model/networks/onnx_",
    r"gdcm": "workloads/volume/dicom", r"zlib\.h": "workloads/", r"sqlite3\.h": "reports/store/database",
    r"boost/program_options": "main.cpp", r"boost/(asio|beast)": "reports/serve/", r"nlohmann/": "model/core/json.h",
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def area_of(path: str) -> str:
    if path == "main.cpp":
        return "main"
    inner = next((a for a in MAY if "/" in a and path.startswith(a + "/")), None)
    return inner or path.split("/")[0]


def troubles_of(path: str, text: str) -> list[str]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        kind, target = match.groups()
        if kind == '"' and area_of(target) not in MAY[area_of(path)]:
            found.append(f"{path}:{number}: {area_of(path)} may not include '{target}'")
        for prefix, owner in OWNER.items():
            if kind == "<" and re.match(prefix, target) and not path.startswith(owner):
                found.append(f"{path}:{number}: <{target}> belongs to {owner} only")
    return found


TYPE = re.compile(r"^(?:struct|class|enum class)\s+(\w+)[^;]*$", re.M)
NAMESPACE = re.compile(r"^namespace ([\w:]+) \{", re.M)


def twins_of(headers: dict[str, str]) -> list[str]:
    """Types of one name in one namespace, defined in two headers: a linker merges their functions without a word."""
    seen: dict[tuple[str, str], str] = {}
    found = []
    for path, text in headers.items():
        space = NAMESPACE.search(text)
        for name in TYPE.findall(text):
            key = (space.group(1) if space else "", name)
            if seen.setdefault(key, path) != path:
                found.append(f"{path}: '{name}' is also a type of {seen[key]}; rename one")
    return found


def main() -> int:
    files = ["main.cpp"] + [str(p.relative_to(ROOT)) for area in ("model", "probes", "workloads", "reports")
                            for p in sorted((ROOT / area).rglob("*")) if p.suffix in (".h", ".cpp")]
    found = [t for f in files for t in troubles_of(f, (ROOT / f).read_text())]
    found += twins_of({f: (ROOT / f).read_text() for f in files if f.endswith(".h")})
    print("\n".join(found) if found else f"layers: {len(files)} files, no crossing")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
