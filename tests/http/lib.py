"""What the HTTP tests share: TAP, a running service, a client, and a reader of docs/api.yaml."""
import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import traceback

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


class Tap:
    """Runs functions as test points; a point fails when its function raises."""

    def __init__(self):
        self.points = []

    def __call__(self, function):
        self.points.append(function)
        return function

    def run(self, *arguments):
        failed = 0
        print(f"1..{len(self.points)}")
        for number, function in enumerate(self.points, 1):
            name = function.__name__.replace("_", " ")
            try:
                function(*arguments)
                print(f"ok {number} - {name}", flush=True)
            except Exception:  # a test may fail in any way
                failed += 1
                print(f"not ok {number} - {name}")
                for line in traceback.format_exc().splitlines():
                    print("# " + line)
                sys.stdout.flush()
        return failed


class Service:
    """The test program tests/http/serve in a directory of its own."""

    def __init__(self, program, **settings):
        self.program, self.settings, self.keys = program, settings, {}
        self.directory = tempfile.TemporaryDirectory(prefix="likeness-http-")
        self.log = tempfile.TemporaryFile()
        self.start()

    def start(self):
        """Also again, after stop() or kill()."""
        words = [self.program, self.directory.name] + [f"{k}={v}" for k, v in self.settings.items()]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=self.log, text=True)
        for line in self.process.stdout:
            words = line.split()
            if words[0] == "key":
                self.keys[words[1]] = words[2]
            elif words[0] == "listening":
                self.port = int(words[-1].rsplit(":", 1)[1])
                return
        raise RuntimeError("the service did not start: " + self.log_text())

    def log_text(self):
        self.log.seek(0)
        return self.log.read().decode()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=20)
        self.process.stdout.close()
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        self.log.close()
        self.directory.cleanup()

    def connect(self, timeout=20):
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def request(self, method, path, body=None, headers=None, key=None):
        """One request on a connection of its own; a dict or list is sent as JSON."""
        headers = dict(headers or {})
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        if key is not None:
            headers["Authorization"] = "Bearer " + self.keys.get(key, key)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, headers)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, body, **more):
        return self.request("POST", path, body, **more)


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {k.lower(): v for k, v in response.getheaders()}
        self.body = response.read()
        self.type = self.headers.get("content-type", "").split(";")[0]

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


def read_all(sock):
    """Everything until the other side closes."""
    pieces = []
    while True:
        try:
            piece = sock.recv(65536)
        except ConnectionResetError:
            break
        if not piece:
            break
        pieces.append(piece)
    return b"".join(pieces)


def problem(answer, status, code):
    """Asserts that an answer is this problem."""
    assert answer.status == status, answer
    assert answer.type == "application/problem+json", answer.headers
    body = answer.json()
    assert body["code"] == code and body["status"] == status, body
    assert body["request_id"] == answer.headers["x-request-id"], body
    return body


def a_print(seed):
    """256 bits of which half are set, as of a healthy picture."""
    bits = list(range(256))
    random.Random(seed).shuffle(bits)
    return sum(1 << b for b in bits[:128])


def hex_of(value):
    return f"{value:064x}"


def near(value, n_bits, seed=1):
    """The same print with n bits changed."""
    for bit in random.Random(seed).sample(range(256), n_bits):
        value ^= 1 << bit
    return value


def image(value, quality=97):
    record = {"kind": "whole", "front_end": "fullres", "quality": quality, "turn": 0}
    return {"medium": "image", "records": [{**record, "print": hex_of(value)}]}


def a_case(*values, **more):
    return {"age": "adult", "items": [image(v) for v in values], **more}


class Schema:
    """The part of JSON Schema that docs/api.yaml and docs/node-api.yaml use."""

    def __init__(self, name="api.yaml"):
        self.files = {}
        self.api = self.load(name)

    def load(self, name):
        if name not in self.files:
            with open(os.path.join(ROOT, "docs", name), encoding="utf-8") as f:
                self.files[name] = yaml.safe_load(f)
                self.anchor(self.files[name], name)
        return self.files[name]

    def anchor(self, node, name):
        """Every reference names its file."""
        for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            self.anchor(child, name)
        if isinstance(node, dict) and node.get("$ref", "").startswith("#"):
            node["$ref"] = name + node["$ref"]

    def resolve(self, node):
        while "$ref" in node:
            name, path = node["$ref"].split("#/")
            target = self.load(name)
            for part in path.split("/"):
                target = target[part]
            node = target
        return node

    def operations(self):
        for path, methods in self.api["paths"].items():
            for method, operation in methods.items():
                yield method.upper(), path, operation

    def check_answer(self, method, path, answer):
        """An answer must be one that the operation documents, in type and shape."""
        operation = self.api["paths"][path][method.lower()]
        assert str(answer.status) in operation["responses"], f"{answer.status} is not documented"
        response = self.resolve(operation["responses"][str(answer.status)])
        content = response.get("content")
        if content is None:
            assert answer.body == b"" and answer.type == "", f"{answer} should have no body"
            return
        assert answer.type in content, f"{answer.type} is not documented for {answer.status}"
        schema = content[answer.type]["schema"]
        if answer.type == "application/x-ndjson":
            for line in answer.body.splitlines():
                self.check(json.loads(line), schema)
        elif answer.type.endswith("json"):
            self.check(answer.json(), schema)
        elif answer.type == "text/plain":
            self.check(answer.body.decode(), schema)

    TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}

    def is_type(self, value, name):
        if name == "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        if name == "number":
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        return isinstance(value, self.TYPES[name])

    def check(self, value, node, place="$"):
        node = self.resolve(node)
        if "oneOf" in node:
            good = [n for n in node["oneOf"] if "required" in n or self.fits(value, n)]
            assert good, f"{place}: none of the forms fits {value!r}"
        if "const" in node:
            assert value == node["const"], f"{place}: {value!r} is not {node['const']!r}"
        if "enum" in node:
            assert value in node["enum"], f"{place}: {value!r} is not in the list"
        if "type" in node:
            names = node["type"] if isinstance(node["type"], list) else [node["type"]]
            assert any(self.is_type(value, n) for n in names), f"{place}: {value!r} is no {names}"
        if isinstance(value, str) and "pattern" in node:
            assert re.search(node["pattern"], value), f"{place}: {value!r} breaks the pattern"
        if isinstance(value, (int, float)):
            assert node.get("minimum", value) <= value <= node.get("maximum", value), place
        if isinstance(value, list):
            assert node.get("minItems", 0) <= len(value), f"{place}: too few"
            assert len(value) <= node.get("maxItems", len(value)), f"{place}: too many"
            for i, v in enumerate(value):
                self.check(v, node.get("items", {}), f"{place}[{i}]")
        if isinstance(value, dict):
            self.check_object(value, node, place)

    def check_object(self, value, node, place):
        properties = node.get("properties", {})
        for name in node.get("required", []):
            assert name in value, f"{place}: {name} is missing"
        for name, v in value.items():
            if name in properties:
                self.check(v, properties[name], f"{place}.{name}")
            else:
                assert node.get("additionalProperties", True), f"{place}: {name} is not documented"

    def fits(self, value, node):
        try:
            self.check(value, node)
            return True
        except AssertionError:
            return False
