#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Networks written with python3-onnx equal the built-in ones; broken and hostile files get a clear refusal."""
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import onnx
    from onnx import TensorProto, helper
except ImportError:
    print("skipped: python3-onnx is not installed")
    sys.exit(77)

PROGRAM = sys.argv[1]
FAILED = []


def run(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run([PROGRAM, "network", *words], capture_output=True, text=True, timeout=60, check=False)


def check(ok: bool, what: str, detail: str = "") -> None:
    if not ok:
        FAILED.append(what)
        print(f"FAILED {what}\n{detail}")


class Net:
    """Writes nodes; weights have sizes and no values, which is all that is read."""

    def __init__(self, name: str, channels: int, shape: list) -> None:
        self.name, self.nodes, self.weights, self.count = name, [], [], 0
        self.input = helper.make_tensor_value_info("x", TensorProto.FLOAT, [shape[0], channels, *shape[1:]])
        self.rank = len(shape) - 1

    def weight(self, dims: list) -> str:
        tensor = TensorProto(name=f"w{len(self.weights)}", data_type=TensorProto.FLOAT, dims=dims)
        tensor.data_location = TensorProto.EXTERNAL  # never to be opened
        tensor.external_data.add(key="location", value="/dev/zero")
        self.weights.append(tensor)
        return tensor.name

    def node(self, kind: str, inputs: list, **attributes) -> str:
        self.count += 1
        self.nodes.append(helper.make_node(kind, inputs, [f"t{self.count}"], **attributes))
        return f"t{self.count}"

    def conv(self, x: str, cin: int, cout: int, k: int, stride: int = 1, bias: bool = False) -> str:
        names = [x, self.weight([cout, cin] + [k] * self.rank)] + ([self.weight([cout])] if bias else [])
        return self.node("Conv", names, kernel_shape=[k] * self.rank, strides=[stride] * self.rank,
                         pads=[k // 2] * (2 * self.rank))

    def norm(self, x: str, channels: int, kind: str) -> str:
        extra = 2 if kind == "BatchNormalization" else 0
        return self.node(kind, [x] + [self.weight([channels]) for _ in range(2 + extra)])

    def save(self, path: pathlib.Path, out: str, opset: int = 13) -> None:
        value = helper.make_tensor_value_info(out, TensorProto.FLOAT, None)
        graph = helper.make_graph(self.nodes, self.name, [self.input], [value], self.weights)
        path.write_bytes(helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)]).SerializeToString())


def unet(shape: list) -> tuple:
    net, widths, skips, x, cin = Net("unet", 1, shape), [32, 64, 128, 256, 320, 320], [], "x", 1

    def block(x: str, cin: int, cout: int, stride: int = 1) -> str:
        return net.node("Relu", [net.norm(net.conv(x, cin, cout, 3, stride), cout, "InstanceNormalization")])

    for level, width in enumerate(widths):
        x = block(block(x, cin, width, 1 if level == 0 else 2), width, width)
        skips.append(x)
        cin = width
    for width, skip in zip(widths[4::-1], skips[4::-1]):
        up = net.node("ConvTranspose", [x, net.weight([cin, width, 2, 2, 2]), net.weight([width])],
                      kernel_shape=[2] * 3, strides=[2] * 3)
        x = block(block(net.node("Concat", [up, skip], axis=1), 2 * width, width), width, width)
        cin = width
    return net, net.conv(x, 32, 3, 1, bias=True)


def resnet50(shape: list) -> tuple:
    net = Net("resnet", 3, shape)

    def unit(x: str, cin: int, cout: int, k: int, stride: int = 1) -> str:
        return net.norm(net.conv(x, cin, cout, k, stride), cout, "BatchNormalization")

    x, cin = net.node("Relu", [unit("x", 3, 64, 7, 2)]), 64
    x = net.node("MaxPool", [x], kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
    for stage, blocks in enumerate([3, 4, 6, 3]):
        width = 64 << stage
        for block in range(blocks):
            stride = 2 if stage > 0 and block == 0 else 1
            y = net.node("Relu", [unit(x, cin, width, 1)])
            y = unit(net.node("Relu", [unit(y, width, width, 3, stride)]), width, 4 * width, 1)
            skip = unit(x, cin, 4 * width, 1, stride) if block == 0 else x
            x, cin = net.node("Relu", [net.node("Add", [y, skip])]), 4 * width
    x = net.node("Flatten", [net.node("GlobalAveragePool", [x])])
    return net, net.node("Gemm", [x, net.weight([1000, 2048]), net.weight([1000])], transB=1)


def figures(*words: str) -> dict:
    done = run(*words, "--json")
    check(done.returncode == 0, "runs: " + " ".join(words), done.stderr)
    return json.loads(done.stdout)["figures"] if done.returncode == 0 else {}


def same(path: pathlib.Path, name: str, shape: str) -> None:
    for phase in ("inference", "training"):
        ours = figures(name, "--input", shape, "--phase", phase)
        theirs = figures(str(path), "--input", shape, "--phase", phase)
        for key, fact in ours.items():
            check(theirs.get(key, {}).get("value") == fact["value"], f"{name}, {phase}: {key}",
                  f"{fact['value']} built in, {theirs.get(key, {}).get('value')} from the file")


def refused(path: pathlib.Path, words: str, *more: str) -> None:
    done = run(str(path), *more)
    check(done.returncode == 2 and words in done.stderr, f"refuses with '{words}'", f"{done.returncode} {done.stderr}")


def main() -> int:
    if "without the ONNX reader" in run().stdout:
        print("skipped: built without the ONNX reader")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "net.onnx"
        net, out = unet(["batch", "d", 64, 64])
        net.save(path, out)
        same(path, "mlperf-3d-unet-kits19", "2x1x64x64x64")
        pinned = figures(str(path), "--axis", "batch=2", "--axis", "d=64")
        check(pinned == figures(str(path), "--input", "2x1x64x64x64"), "--axis pins as --input does")
        refused(path, "leaves the axis 'batch'")
        refused(path, "cannot join", "--input", "1x1x72x64x64")
        whole = path.read_bytes()
        for end in range(0, len(whole), 64):
            path.write_bytes(whole[:end])
            done = run(str(path), "--input", "1x1x64x64x64")
            check(done.returncode == 2 and done.stderr.startswith("ridgepoint"), f"cut at {end}", done.stderr)
        path.write_bytes(b"not an onnx file, just words" * 9)
        refused(path, "no ONNX model")
        net, out = resnet50([1, 224, 224])
        net.save(path, out)
        same(path, "resnet50", "1x3x224x224")
        net.save(path, out, opset=18)
        refused(path, "opset 18")
        net, out = resnet50([1, 1 << 40, 1 << 40])
        net.save(path, out)
        refused(path, "2^50")
        net, _ = resnet50([1, 224, 224])
        net.save(path, net.node("Loop", ["t1"]))
        refused(path, "Loop")
    print(f"{len(FAILED)} failed")
    return 1 if FAILED else 0


if __name__ == "__main__":
    sys.exit(main())
