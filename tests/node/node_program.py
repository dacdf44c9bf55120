"""A registry and nodes as programs, for the tests and the benchmark of nodes."""
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "http"))
from lib import Answer, Schema, a_case  # noqa: E402 (tests/http)

SCHEMA = Schema("node-api.yaml")


class Node:
    """`likeness node run` in a directory that stays when it ends."""

    def __init__(self, likeness, directory, url, key, *options, listen="127.0.0.1:0"):
        self.words = [likeness, "node", "run", *([url] if url else []), "--data", directory,
                      "--listen", listen, *options]
        self.environment = {**os.environ, "LIKENESS_PARTNER_KEY": key or ""}
        self.log_path = directory + ".log"
        self.start()

    def start(self):
        self.log = open(self.log_path, "ab")
        self.process = subprocess.Popen(self.words, stdout=subprocess.PIPE, stderr=self.log,
                                        env=self.environment, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening on "):
            raise RuntimeError("the node did not start: " + self.log_text())
        self.address = line.split()[-1]
        if self.address.startswith("http"):
            self.port = int(self.address.rstrip("/").rsplit(":", 1)[1])

    def log_text(self):
        with open(self.log_path) as f:
            return f.read()

    def connect(self):
        if self.address.startswith("http"):
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection = http.client.HTTPConnection("localhost", timeout=20)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(self.address.split("unix:", 1)[1])
        return connection

    def request(self, method, path, body=None, content_type=None, accept=None):
        connection = self.connect()
        headers = {}
        if isinstance(body, (dict, list)):
            body, content_type = json.dumps(body), "application/json"
        if content_type:
            headers["Content-Type"] = content_type
        if accept:
            headers["Accept"] = accept
        try:
            connection.request(method, path, body, headers)
            answer = Answer(connection.getresponse())
        finally:
            connection.close()
        self.check(method, path.split("?")[0], answer)
        return answer

    def check(self, method, path, answer):
        """Every answer must be one that docs/node-api.yaml documents."""
        path = re.sub(r"^/v1/(entries|findings|quarantine)/[^/]+", r"/v1/\1/{id}", path)
        if method.lower() in SCHEMA.api["paths"].get(path, {}):
            SCHEMA.check_answer(method, path, answer)
        else:
            assert answer.status in (404, 405), (method, path, answer)

    def command(self, *words, code=0, data=None):
        """`likeness node ...` at this node; its standard output."""
        out = subprocess.run([self.words[0], "node", *words, "--node", self.address.rstrip("/")], input=data,
                             capture_output=True, text=True, timeout=60)
        assert out.returncode == code, (words, out)
        return out.stdout

    def findings(self):
        return [json.loads(line) for line in self.command("findings", "--json").splitlines()]

    def get(self, path):
        return self.request("GET", path)

    def status(self):
        return self.get("/v1/status").json()

    def lookup(self, value, poster=None):
        """The matches of one print."""
        path = "/v1/lookup" + (f"?poster={poster}" if poster else "")
        answer = self.request("POST", path, f"{value:064x}", "text/plain")
        assert answer.status == 200, answer
        results = answer.json()["results"]
        return results[0]["matches"] if results else []

    def wait(self, condition, what):
        """Until it is so; half a minute at most."""
        for _ in range(1500):
            if condition():
                return
            time.sleep(0.02)
        raise AssertionError(f"never: {what}; {self.status()} {self.log_text()[-500:]}")

    def wait_for(self, value, found=True):
        self.wait(lambda: bool(self.lookup(value)) == found, "the print is " + ("found" if found else "gone"))

    def kill(self):
        self.process.kill()
        self.end()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.end()

    def end(self):
        code = self.process.wait(timeout=20)
        self.process.stdout.close()
        self.log.close()
        return code


class World:
    """One registry, and a directory for nodes."""

    def __init__(self, service, likeness):
        self.service, self.likeness = service, likeness
        self.directory = tempfile.TemporaryDirectory(prefix="likeness-node-")
        self.n = 0

    def path(self, name):
        return os.path.join(self.directory.name, name)

    def node(self, *options, partner="acme", **more):
        self.n += 1
        return Node(self.likeness, self.path(f"node{self.n}"), f"http://127.0.0.1:{self.service.port}",
                    self.service.keys[partner], *options, **more)

    def open_case(self, *values):
        answer = self.service.post("/v1/cases", a_case(*values))
        assert answer.status == 201, answer
        return answer.json()["code"]

    def withdraw(self, code):
        assert self.service.post("/v1/cases/withdraw", {"code": code}).status == 200


def a_picture():
    """A PNM of soft shapes, like a photograph in nothing but its evenness of tones."""
    width, height, rows = 320, 240, bytearray()
    for y in range(height):
        for x in range(width):
            v = (x * x // 7 + y * 3) % 256 if (x - 90) ** 2 + (y - 100) ** 2 < 4900 else (x * 2 + y * y // 5) % 256
            rows += bytes((v, (v + x) % 256, (v + y) % 256))
    return b"P6 %d %d 255\n" % (width, height) + bytes(rows)
