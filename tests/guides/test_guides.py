"""The programs of docs/integrate.md, as they stand there, against a registry and a node: they find a picture that
is registered and let another pass; nginx with a handler holds and keeps. Speaks TAP.

usage: test_guides.py LIKENESS PHOTOS"""
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from tap import finish, point

LIKENESS, PHOTOS = map(os.path.abspath, sys.argv[1:3])
GUIDE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "integrate.md")
with open(GUIDE, encoding="utf-8") as f:
    BLOCKS = re.findall(r"```(\w+)\n(.*?)```", f.read(), re.S)
KNOWN, OTHER = (os.path.join(PHOTOS, name) for name in ("blouse.jpg", "jeans.jpg"))


def block(kind, number=0):
    return [text for name, text in BLOCKS if name == kind][number]


def started(words, pattern, log, **more):
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=log, text=True, **more)
    return process, re.search(pattern, process.stdout.readline())[1]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(condition, what):
    for _ in range(600):
        try:
            if condition():
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise RuntimeError(f"never: {what}")


def answers(port, method="GET", path="/", body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body, {"Content-Type": "application/octet-stream"} if body else {})
    answer = connection.getresponse()
    answer.read()
    return answer


with tempfile.TemporaryDirectory(prefix="likeness-guides-") as top, open(os.path.join(top, "log"), "wb") as log:
    os.chdir(top)
    data = os.path.join(top, "registry")
    registry, url = started([LIKENESS, "serve", "--listen", "127.0.0.1:0", "--data", data], r"(http://\S+?)/?$", log)
    key = subprocess.run([LIKENESS, "partner", "add", "forum", "--data", data], check=True, capture_output=True, text=True).stdout.strip()
    hashed = json.loads(subprocess.run([LIKENESS, "hash", "--json", KNOWN], check=True, capture_output=True, text=True).stdout)
    item = hashed["sequence"]
    urllib.request.urlopen(urllib.request.Request(url + "/v1/cases", json.dumps({"age": "adult", "items": [item]}).encode(),
                                                  {"Content-Type": "application/json"}))
    node, address = started([LIKENESS, "node", "run", url, "--data", os.path.join(top, "node"), "--files", "--listen", "127.0.0.1:0"],
                            r"(http://\S+?)/?$", log, env={**os.environ, "LIKENESS_PARTNER_KEY": key})
    wait_for(lambda: json.load(urllib.request.urlopen(address + "/v1/status"))["entries"] == 1, "the node holds the entry")
    environment = {**os.environ, "LIKENESS_NODE": address, "GOCACHE": os.path.join(top, "go"), "HOME": top}

    def runs(name, file, words, needs):
        """The program prints the action for a picture that is registered, and none for another."""
        if shutil.which(needs) is None:
            print(f"# {name}: no {needs} on this machine")
            return point(f"{name}: finds a registered picture # SKIP no {needs} here", [])
        with open(file, "w", encoding="utf-8") as f:
            f.write(block(name))
        got = [subprocess.run([*words, file, picture], env=environment, capture_output=True, text=True) for picture in (KNOWN, OTHER)]
        down = subprocess.run([*words, file, KNOWN], env={**environment, "LIKENESS_NODE": f"http://127.0.0.1:{free_port()}"}, capture_output=True)
        said = [one.stdout.strip() for one in got]
        return point(f"{name}: finds a registered picture, lets another pass, and fails when there is no node",
                     ([] if said == ["hold", "none"] else [f"it said {said}: {got[0].stderr[-400:]}"])
                     + ([] if down.returncode != 0 else ["without a node it does not fail"]))

    runs("python", "check.py", [sys.executable], sys.executable)
    runs("javascript", "check.mjs", ["node"], "node")
    runs("go", "check.go", ["go", "run"], "go")

    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        point("nginx and a handler # SKIP no nginx here", [])
    else:
        port, front = free_port(), free_port()
        with open("handler.py", "w", encoding="utf-8") as f:
            f.write(block("python", 1))
        with open("nginx.conf", "w", encoding="utf-8") as f:
            f.write(f"pid {top}/nginx.pid;\nerror_log {top}/nginx.log;\nevents {{}}\nhttp {{\naccess_log off;\nclient_body_temp_path {top}/body;\n"
                    + "".join(f"{kind}_temp_path {top}/{kind};\n" for kind in ("proxy", "fastcgi", "uwsgi", "scgi"))
                    + f"server {{\nlisten 127.0.0.1:{front};\n" + block("nginx").replace("HANDLER", str(port)) + "}\n}\n")
        handler = subprocess.Popen([sys.executable, "handler.py", str(port)], env=environment, stderr=log)
        os.chmod(top, 0o755)
        front_end = subprocess.Popen([nginx, "-c", f"{top}/nginx.conf", "-p", top, "-g", "daemon off; user root;" if os.getuid() == 0 else "daemon off;"], stderr=log)
        wait_for(lambda: answers(front, path="/").status, "nginx answers")
        wait_for(lambda: socket.create_connection(("127.0.0.1", port)).close() is None, "the handler answers")
        got = []
        for picture in (KNOWN, OTHER):
            with open(picture, "rb") as f:
                sent = f.read()
            answer = answers(front, "POST", "/upload", sent)
            got.append((answer.status, answer.headers["X-Action"]))
        with open("kept", "rb") as f:
            is_whole = f.read() == sent
        node.terminate()
        node.wait()
        down = answers(front, "POST", "/upload", sent).status
        left = [name for _, _, names in os.walk("body") for name in names]
        front_end.terminate()
        handler.kill()
        front_end.wait()
        handler.wait()
        point("nginx and a handler: one is held, the other kept whole; without a node nothing is; no body stays behind",
              ([] if got == [(202, "hold"), (201, "none")] else [f"it answered {got}"]) + ([] if is_whole else ["not kept whole"])
              + ([] if down >= 500 else [f"without a node it answered {down}"]) + [f"{name} stays behind" for name in left])
    for process in (node, registry):
        if process.poll() is None:
            process.terminate()
        process.wait(30)
        process.stdout.close()
finish()
