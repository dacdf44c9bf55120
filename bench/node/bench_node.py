#!/usr/bin/env python3
"""A node over N entries: how fast it fills, starts, answers, and hears of news with two others.
usage: bench_node.py BUILD [N [SECONDS [ROUNDS]]]   (needs wrk)"""
import os
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "tests", "node"))
from node_program import Node  # noqa: E402
from lib import a_case, a_print  # noqa: E402 (tests/http, by node_program)

BUILD = sys.argv[1]
N = int(sys.argv[2]) if len(sys.argv) > 2 else 1000000
SECONDS = int(sys.argv[3]) if len(sys.argv) > 3 else 8
ROUNDS = int(sys.argv[4]) if len(sys.argv) > 4 else 100


def wrk(name, url, connections, **environment):
    """Requests a second and milliseconds (median, 99 %) of one run."""
    words = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}", "--latency"]
    if environment:
        words += ["-s", os.path.join(HERE, "lookup.lua")]
    out = subprocess.run(words + [url], env={**os.environ, **environment}, check=True,
                         capture_output=True, text=True).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
    units = {"us": 1e-3, "ms": 1, "s": 1e3}
    latency = [float(m.group(1)) * units[m.group(2)]
               for m in (re.search(rf"\s{p}%\s+([\d.]+)(us|ms|s)", out) for p in ("50", "99"))]
    bad = re.search(r"Non-2xx.*: (\d+)", out)
    print(f"{name}: {rate:,.0f}/s, median {latency[0]:.2f} ms, 99 % {latency[1]:.2f} ms"
          + (f", {bad.group(1)} FAILED" if bad else ""), flush=True)
    return rate


def percentile(values, p):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * p))]


def show(name, values):
    print(f"{name}: median {1e3 * percentile(values, .5):.1f} ms, 99 % {1e3 * percentile(values, .99):.1f} ms, "
          f"most {1e3 * max(values):.1f} ms of {len(values)}", flush=True)


def until(nodes, value, found):
    """When each node had it so."""
    left, times = list(nodes), []
    while left:
        for node in list(left):
            if bool(node.lookup(value)) == found:
                times.append(time.monotonic())
                left.remove(node)
        time.sleep(0.001)
    return times


def news(service, nodes):
    from_ask, from_answer, gone = [], [], []
    for i in range(ROUNDS):
        value = a_print(f"news {i}")
        asked = time.monotonic()
        answer = service("POST", "/v1/cases", a_case(value))
        answered = time.monotonic()
        for at in until(nodes, value, True):
            from_ask.append(at - asked)
            from_answer.append(max(0, at - answered))
        asked = time.monotonic()
        service("POST", "/v1/cases/withdraw", {"code": answer.json()["code"]})
        gone += [at - asked for at in until(nodes, value, False)]
    show("registered, from the request (its Argon2 included)", from_ask)
    show("registered, from the acknowledgement", from_answer)
    show("withdrawn, from the request (its Argon2 included)", gone)


def main():
    directory = tempfile.TemporaryDirectory(prefix="likeness-bench-")
    registry = subprocess.Popen([os.path.join(BUILD, "bench", "serve_million"),
                                 os.path.join(directory.name, "registry"), str(N)],
                                stdout=subprocess.PIPE, text=True)
    key = port = None
    for line in registry.stdout:
        words = line.split()
        if words[0] == "key":
            key = words[1]
        elif words[0] == "listening":
            port = int(words[1])
            break
    likeness = os.path.join(BUILD, "likeness")
    nodes = [Node(likeness, os.path.join(directory.name, f"node{i}"), f"http://127.0.0.1:{port}", key)
             for i in range(3)]
    try:
        started = time.monotonic()
        while nodes[0].status()["entries"] < N or not nodes[0].status()["following"]:
            time.sleep(0.1)
        print(f"filled with {N:,} entries beside two others: {time.monotonic() - started:.1f} s", flush=True)
        for node in nodes:
            while not node.status()["following"]:
                time.sleep(0.1)

        def service(method, path, body):
            probe = Node.__new__(Node)
            probe.address, probe.port, probe.check = "http", port, lambda *_: None
            answer = probe.request(method, path, body)
            assert answer.status < 300, answer
            return answer

        news(service, nodes)
        for node in nodes[1:]:
            node.stop()
        url = f"http://127.0.0.1:{nodes[0].port}"
        empty = wrk("empty (GET /livez), 32 connections", url + "/livez", 32)
        full = wrk("one print, 32 connections", url, 32, PRINTS="1")
        print(f"one lookup costs {empty / full:.2f} empty requests")
        wrk("one print, 4 connections", url, 4, PRINTS="1")
        half = wrk("one print, 32 connections that pause a millisecond", url, 32, PRINTS="1", PAUSE="1")
        print(f"that is {100 * half / full:.0f} % of the load")
        batches = wrk("batches of 10,000 prints, 4 connections", url, 4, PRINTS="10000")
        print(f"that is {batches * 10000:,.0f} prints/s")
        nodes[0].stop()
        started = time.monotonic()
        nodes[0].start()
        nodes[0].lookup(1 << 255)
        print(f"from start to the first answer over {N:,}: {time.monotonic() - started:.2f} s")
        nodes[0].kill()
        started = time.monotonic()
        nodes[0].start()
        nodes[0].lookup(1 << 255)
        print(f"the same after kill -9: {time.monotonic() - started:.2f} s")
        nodes[0].stop()
    finally:
        for node in nodes:
            node.process.kill()
        registry.kill()
        directory.cleanup()


main()
