#!/usr/bin/env python3
"""Times every page of the desk over HTTP: a signed-in member of staff, a store full of cases, one
request after the other on one connection. Writes the table of docs/performance.md.

usage: times.py LIKENESS DESK_FILL [N_CASES]      exits 1 when a page fails, or its p99 is over the limit
"""
import http.client
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIMIT_MS = 200
N_EACH = 200
PAGES = [
    # what, address, whether it needs a letter
    ("queue, last change", "/desk", False),
    ("queue, next deadline", "/desk?sort=due", False),
    ("queue, waiting for us", "/desk?sort=waiting", False),
    ("queue, gravest first", "/desk?sort=harm", False),
    ("queue, late only", "/desk?sort=due&late=1", False),
    ("queue, not looked at yet", "/desk?sort=change&new=1", False),
    ("queue, of one language", "/desk?sort=due&language=ko", False),
    ("queue, my own, gravest first", "/desk?sort=harm&who=me", False),
    ("queue, a filter that leaves nothing", "/desk?sort=harm&language=xx", False),
    ("queue, nobody's", "/desk?sort=change&who=nobody&harm=4", False),
    ("queue, the hundredth page", "/desk?sort=change&from=5000", False),
    ("queue, near its end", "/desk?sort=change&from={far}", False),
    ("a case", "/desk/case/{case}", False),
    ("a case, letters proposed", "/desk/case/{case}/letters", False),
    ("a letter", "/desk/case/{case}/letter/{letter}", True),
    ("letters to hand in", "/desk/post", False),
    ("my work", "/desk/me", False),
    ("the trail", "/desk/audit", False),
    ("staff", "/desk/staff", False),
]


def start(likeness, data):
    service = subprocess.Popen(
        [likeness, "serve", "--listen", "127.0.0.1:0", "--data", data],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    for line in service.stdout:
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if found:
            return service, int(found[1])
    sys.exit("times.py: the service did not start")


class Desk:
    def __init__(self, port, session):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Cookie": f"desk={session}", "Accept-Language": "en"}

    def get(self, path):
        began = time.perf_counter()
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        return answer.status, len(body), (time.perf_counter() - began) * 1000


def measure(desk, address, samples):
    times, size = [], 0
    for i in range(N_EACH + 3):
        case, letter = samples[i % len(samples)]
        path = address.replace("{case}", case).replace("{letter}", letter)
        status, n, ms = desk.get(path)
        if status != 200:
            return None, f"{path} answers {status}"
        if i >= 3:  # the first ones fill the caches
            times.append(ms)
            size = max(size, n)
    times.sort()
    return (times[len(times) // 2], times[len(times) * 99 // 100], times[-1], size), None


def main():
    likeness, fill = sys.argv[1:3]
    n_cases = int(sys.argv[3]) if len(sys.argv) > 3 else 100000
    data = tempfile.mkdtemp(prefix="desk-")
    service = None
    slow = []
    try:
        made = json.loads(subprocess.run([fill, data, str(n_cases)], stdout=subprocess.PIPE, check=True).stdout)
        size = sum(f.stat().st_size for f in Path(data).iterdir() if f.is_file())
        service, port = start(likeness, data)
        desk = Desk(port, made["session"])
        print(f"{n_cases} cases, {size / 1e6:.0f} MB\n")
        print("| page | p50, ms | p99, ms | longest, ms | at most, kB |\n|---|---|---|---|---|")
        for what, address, needs_letter in PAGES:
            samples = [pair for pair in made["cases"] if pair[1] or not needs_letter]
            figures, problem = measure(desk, address.replace("{far}", str(n_cases * 19 // 20)), samples)
            if problem:
                slow.append(f"{what}: {problem}")
                print(f"| {what} | {problem} | | | |")
                continue
            p50, p99, longest, n = figures
            if p99 > LIMIT_MS:
                slow.append(f"{what}: p99 {p99:.0f} ms, the limit is {LIMIT_MS}")
            print(f"| {what} | {p50:.1f} | {p99:.1f} | {longest:.1f} | {n / 1000:.0f} |", flush=True)
    finally:
        if service:
            service.terminate()
            service.wait()
        shutil.rmtree(data)
    for line in slow:
        print(f"times.py: {line}", file=sys.stderr)
    sys.exit(1 if slow else 0)


main()
