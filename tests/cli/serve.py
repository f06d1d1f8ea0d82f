#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The server under real sockets: malformed requests, clients that never finish, many clients at once. Arguments: the program,
malformed requests, slow sockets, clients, seconds. The test runs it small; scripts/serve_load runs it long and reports."""
import http.client
import json
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from support import ROOT, Program, Tally

import figures


class Server:
    def __init__(self, program: Program, *more):
        words = [program.binary, "serve", str(ROOT / "tests/golden/input"), "--port", "0", *map(str, more)]
        self.process = subprocess.Popen(words, env=program.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()
        self.port = int(re.search(r":(\d+)/", line).group(1))

    def get(self, path, headers=None, method="GET", timeout=60):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, headers=headers or {})
            reply = connection.getresponse()
            return reply.status, reply.read(), dict(reply.getheaders())
        finally:
            connection.close()

    def raw(self, data: bytes, timeout=10) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as s:
            out = b""
            try:
                s.sendall(data)
                s.shutdown(socket.SHUT_WR)
                while part := s.recv(65536):
                    out += part
            except ConnectionError:
                pass
            return out

    def memory(self) -> int:
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return 1024 * int(re.search(r"VmRSS:\s+(\d+)", text).group(1))

    def alive(self) -> bool:
        return self.process.poll() is None and self.get("/healthz")[0] == 200

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return -1


def check_pages(tally: Tally, server: Server) -> None:
    for path, kind in (("/", "text/html"), ("/dashboard.js", "text/javascript"), ("/dashboard.css", "text/css"), ("/healthz", "text/plain"),
                       ("/metrics", "text/plain"), ("/api/v1", "application/json"), ("/api/v1/documents", "application/json"),
                       ("/api/v1/rows?kind=runs", "application/json"), ("/api/v1/schemas/runs", "application/schema+json")):
        status, body, headers = server.get(path)
        tally.check(status == 200 and headers["Content-Type"].startswith(kind) and len(body) > 2, path)
        tally.check(headers.get("X-Content-Type-Options") == "nosniff" and headers.get("Referrer-Policy") == "no-referrer"
                    and "frame-ancestors 'none'" in headers.get("Content-Security-Policy", "") and "unsafe" not in headers["Content-Security-Policy"],
                    f"{path}: security headers", str(headers))
        tally.check(not any(h.lower().startswith("access-control") for h in headers), f"{path}: no CORS")
        head = server.get(path, method="HEAD")
        tally.check(head[0] == 200 and head[1] == b"" and (path == "/metrics" or head[2]["Content-Length"] == str(len(body))), f"HEAD {path}")
    tag = server.get("/api/v1/documents/runs.json")[2]["ETag"]
    tally.check(server.get("/api/v1/documents/runs.json", {"If-None-Match": tag})[0] == 304, "ETag")
    tally.check(server.get("/healthz", {"Host": "evil.example"})[0] == 421, "another host's name")
    tally.check(server.get("/api/v1", method="POST")[0] == 405, "POST")
    tool = figures.promtool()
    if tool:
        checked = subprocess.run([tool, "check", "metrics"], input=server.get("/metrics")[1], capture_output=True)
        tally.check(checked.returncode == 0, "promtool of /metrics", (checked.stdout + checked.stderr).decode())


def check_questions(tally: Tally, server: Server) -> None:
    path = "/api/v1/recommend?workload=sparse/spmv-27pt&objective=time&as-of=2017-06"
    times = []
    for _ in range(2):
        begin = time.monotonic()
        status, body, _ = server.get(path)
        times.append(time.monotonic() - begin)
        tally.check(status == 200 and json.loads(body)["answers"][0]["choice"] != "", path)
    status, body, _ = server.get("/api/v1/recommend?network=resnet18&precision=fp16&objective=cost&as-of=2022-11")
    tally.check(status == 200 and json.loads(body)["answers"][0]["choice"] != "", "a network", body[:300].decode())
    status, body, _ = server.get("/api/v1/fit?network=resnet18&platform=nvidia-t4&batch=4&as-of=2022-11")
    tally.check(status == 200 and json.loads(body)["platform_id"] == "nvidia-t4", "a fit", body[:300].decode())
    for name in ("workload", "network"):
        status, body, _ = server.get(f"/api/v1/{name}s")
        tally.check(status == 200 and all(name in one for one in json.loads(body)), f"{name}s")
    for query in ("workload=sparse/nothing", "workload=--help", "objective=beauty", "as-of=2017", "network=../x"):
        status, body, _ = server.get("/api/v1/recommend?" + query)
        tally.check(status == 400 and json.loads(body)["error"]["what"] != "", query)
    print(f"a recommendation: {1000 * times[0]:.0f} ms computed, {1000 * times[1]:.1f} ms again")


def malformed(chance: random.Random) -> bytes:
    line = chance.choice([b"GET / HTTP/1.1", b"GET  / HTTP/1.1", b"GET / HTTP/9.9", b"G\0T / HTTP/1.1", b"GET /" + b"a" * 9000 + b" HTTP/1.1",
                          b"GET /%zz HTTP/1.1", b"GET http://x/ HTTP/1.1", b"POST /api/v1 HTTP/1.1", b"\x16\x03\x01\x02", b"", b"GET / HTTP/1.1\nHost: a"])
    headers = [chance.choice([b"Host: localhost", b"Host: evil", b"Host: localhost\r\nHost: evil", b"Host:", b"no colon", b"X: " + b"y" * 9000,
                              b"Content-Length: -1", b"Content-Length: 99999999999999999999", b"Content-Length: 5", b"Transfer-Encoding: chunked",
                              b"Transfer-Encoding: chunked\r\nContent-Length: 4", b"\x80\xff: \x00", b" folded", b"Range: bytes=0-1,0-2"])
               for _ in range(chance.randrange(4))]
    data = b"\r\n".join([line, *headers, b"", b""]) + chance.choice([b"", b"zz\r\n", b"ffffffffffffffff1\r\n", os.urandom(64)])
    if chance.random() < 0.3:
        at = chance.randrange(len(data) + 1)
        data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1:]
    return data


REFUSED = [(b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n12345", 413),
           (b"GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 413),
           (b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n", 400),
           (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 9000 + b"\r\n\r\n", 431),
           (b"GET / HTTP/1.1\r\n\r\n", 421), (b"nonsense\r\n\r\n", 400), (b"GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
           (b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 400), (b"DELETE /api/v1 HTTP/1.1\r\nHost: localhost\r\n\r\n", 405)]


def check_malformed(tally: Tally, server: Server, count: int) -> None:
    for data, status in REFUSED:
        out = server.raw(data)
        tally.check(out.startswith(b"HTTP/1.1 %d " % status), f"{data[:60]!r} gets {status}", out[:100].decode("latin-1"))
    chance, statuses = random.Random(3), set()
    for _ in range(count):
        out = server.raw(malformed(chance))
        match = re.match(rb"HTTP/1\.1 (\d+)", out)
        statuses.add(int(match.group(1)) if match else 0)
    tally.check(server.alive(), f"{count} malformed requests")
    tally.check(not any(s >= 500 for s in statuses), "and none is a failure of the server", str(statuses))


def check_slow(tally: Tally, program: Program, count: int) -> None:
    server = Server(program, "--timeout", "1", "--connections", count + 20)
    sockets = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(count)]
    begin, fine, closed = time.monotonic(), True, 0
    for s in sockets:
        s.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
    while time.monotonic() - begin < 2.5:
        for i, s in enumerate(sockets):
            try:
                s.sendall(b"X-%d: y\r\n" % i)
            except OSError:
                pass
        fine = fine and server.alive()
        time.sleep(0.2)
    for s in sockets:
        s.settimeout(1)
        try:
            closed += s.recv(1) == b""
        except ConnectionError:
            closed += 1
        except TimeoutError:
            pass
        s.close()
    tally.check(fine, f"others are served beside {count} slow sockets")
    tally.check(closed == count, "every slow socket was closed", f"{closed} of {count}")
    tally.check(server.stop() == 0, "Ctrl-C ends the server")


def check_limit(tally: Tally, program: Program) -> None:
    server = Server(program, "--connections", "3", "--timeout", "30")
    held = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(3)]
    time.sleep(0.3)
    tally.check(server.raw(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") == b"", "one connection beyond the limit is closed")
    for s in held:
        s.close()
    time.sleep(0.3)
    tally.check(server.alive(), "and when others have gone there is room again")
    server.stop()


def check_clients(tally: Tally, server: Server, clients: int, seconds: float) -> None:
    paths = ["/", "/api/v1/documents", "/api/v1/rows?kind=runs", "/api/v1/documents/recommendation.json", "/metrics",
             "/api/v1/recommend?workload=sparse/spmv-27pt&objective=time&as-of=2017-06"]
    for path in paths:
        server.get(path)
    took, wrong, lock, end = [], [], threading.Lock(), time.monotonic() + seconds

    def client(number: int) -> None:
        connection, mine, bad = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30), [], []
        i = number
        while time.monotonic() < end:
            begin = time.monotonic()
            try:
                connection.request("GET", paths[i % len(paths)])
                reply = connection.getresponse()
                reply.read()
                if reply.status != 200:
                    bad.append(reply.status)
            except Exception as error:  # noqa: BLE001: any failure counts
                bad.append(repr(error))
                connection.close()
            mine.append(time.monotonic() - begin)
            i += 1
        connection.close()
        with lock:
            took.extend(mine)
            wrong.extend(bad)

    def crowd() -> None:
        threads = [threading.Thread(target=client, args=(n,)) for n in range(clients)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()

    end = time.monotonic() + min(2.0, seconds / 4)
    crowd()  # fills what may be filled once
    before, end = server.memory(), time.monotonic() + seconds
    took.clear()
    crowd()
    growth = server.memory() - before
    took.sort()
    print(f"{clients} clients for {seconds:.0f} s: {len(took)} requests, p50 {1000 * took[len(took) // 2]:.1f} ms, "
          f"p99 {1000 * took[len(took) * 99 // 100]:.1f} ms, growth {growth / 1e6:.1f} MB")
    tally.check(not wrong, "every reply is right", str(wrong[:5]))
    tally.check(growth < 10e6, "memory does not grow", f"{growth} bytes")
    tally.check(server.alive(), "the server is there")


def check_token(tally: Tally, program: Program) -> None:
    folder = ROOT / "tests/golden/input"
    done = program.run("serve", folder, "--listen", "0.0.0.0", "--port", "0")
    tally.check(done.returncode == 2 and b"--token-file" in done.stderr, "off loopback a token is required")
    for words in (["serve", "no/such/folder"], ["serve", folder, "--port", "70000"], ["serve", folder, "--listen", "localhost"]):
        tally.check(program.run(*words).returncode == 2, str(words))
    with tempfile.TemporaryDirectory() as name:
        token = pathlib.Path(name) / "token"
        token.write_text("0123456789abcdef0123456789abcdef\n")
        token.chmod(0o600)
        server = Server(program, "--listen", "0.0.0.0", "--token-file", token)
        tally.check(server.get("/api/v1/documents")[0] == 401, "no token, no data")
        right = {"Authorization": "Bearer 0123456789abcdef0123456789abcdef"}
        tally.check(server.get("/api/v1/documents", right)[0] == 200, "with the token there are")
        server.stop()


def main() -> int:
    program, tally = Program(sys.argv[1]), Tally()
    bad, slow, clients, seconds = (int(word) for word in sys.argv[2:6])
    check_token(tally, program)
    check_limit(tally, program)
    check_slow(tally, program, slow)
    server = Server(program)
    check_pages(tally, server)
    check_questions(tally, server)
    check_malformed(tally, server, bad)
    check_clients(tally, server, clients, seconds)
    tally.check(server.stop() == 0, "Ctrl-C ends the server")
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
