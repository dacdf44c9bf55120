"""Fetching an address that a stranger chose: nothing inside is reached, and everything is bounded.

The servers here listen on this machine, that is, exactly where a fetch must not go. `allow=` opens one
of them for one fetch; the other counts who came, and nobody may."""
import http.server
import socket
import socketserver
import subprocess
import sys
import threading
import time

from tap import finish, point

PROBE = sys.argv[1]


class Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen = []
    posted = []

    def log_message(self, *_):
        pass

    def answer(self, status=200, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_HEAD(self):
        self.do_GET()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Site.posted.append((dict(self.headers), body))
        self.do_GET()

    def do_GET(self):
        Site.seen.append((self.command, self.path, dict(self.headers)))
        self.close_connection = True
        here = f"http://127.0.0.1:{self.server.server_port}"
        name, _, rest = self.path[1:].partition("?")
        try:
            if name == "to":
                self.answer(302, b"moved", Location=rest, Set_Cookie="a=1")
            elif name == "loop":
                self.answer(301, Location=f"{here}/loop?{len(rest)}x{rest}")
            elif name.startswith("chain"):
                n = int(name[5:])
                self.answer(302, Location=f"/chain{n - 1}" if n > 1 else "/page")
            elif name == "drip":
                self.send_response(200)
                self.end_headers()
                while True:
                    self.wfile.write(b".")
                    time.sleep(0.1)
            elif name == "slow_head":
                self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                while True:
                    self.wfile.write(b"X")
                    time.sleep(0.1)
            elif name == "endless":
                self.send_response(200)
                self.end_headers()
                while True:
                    self.wfile.write(b"x" * 65536)
            elif name == "bomb":
                self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                while True:
                    self.wfile.write(b"X-A: " + b"b" * 1000 + b"\r\n")
            elif name == "bomb_line":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-A: ")
                while True:
                    self.wfile.write(b"b" * 65536)
            elif name == "packed":
                self.answer(200, b"\x1f\x8b packed", Content_Encoding="gzip")
            elif name == "gone":
                self.answer(410, b"gone")
            elif name == "no_http":
                self.wfile.write(b"SSH-2.0-OpenSSH_9\r\n")
            else:
                self.answer(200, b"hello", Content_Type="text/html; charset=utf-8")
        except OSError:
            pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


class Server6(Server):
    address_family = socket.AF_INET6


def serve(address, kind=Server, handler=Site):
    server = kind((address, 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


inside_came = []


class Inside(Site):
    def do_GET(self):
        inside_came.append(self.path)
        self.answer(200, b"secret")


open_port = serve("127.0.0.1")
inside_port = serve("127.0.0.1", handler=Inside)
HERE = f"http://127.0.0.1:{open_port}"
ALLOW = f"allow=127.0.0.1:{open_port}"


def fetch(url, *words):
    out = subprocess.run([PROBE, url, *words], capture_output=True, text=True, errors="replace",
                         timeout=30).stdout
    return dict((line.partition(" ")[0], line.partition(" ")[2]) for line in out.splitlines())


def differs(got, **expected):
    return [f"{k} is {got.get(k)!r}, not {v!r}" for k, v in expected.items() if got.get(k) != str(v)]


def expect(name, url, words=(), **expected):
    point(name, differs(fetch(url, *words), **expected))


expect("a page is read whole", HERE + "/page", [ALLOW], end="done", status=200, bytes=5,
       type="text/html; charset=utf-8", body="hello", host_changed=0, path_changed=0)
expect("HEAD asks for no body", HERE + "/page", [ALLOW, "head"], end="done", status=200, bytes=0)
expect("what is gone is told by its status", HERE + "/gone", [ALLOW], end="done", status=410)

inside = [f"127.0.0.1:{inside_port}", f"127.1:{inside_port}", f"2130706433:{inside_port}",
          f"0x7f000001:{inside_port}", f"0x7f.1:{inside_port}", f"0177.0.0.1:{inside_port}",
          f"017700000001:{inside_port}", f"0:{inside_port}", f"0.0.0.0:{inside_port}",
          f"localhost:{inside_port}", f"LOCALHOST.:{inside_port}", f"a.localhost:{inside_port}",
          f"[::1]:{inside_port}", f"[::]:{inside_port}", f"[::ffff:127.0.0.1]:{inside_port}",
          f"[::ffff:7f00:1]:{inside_port}", f"[::127.0.0.1]:{inside_port}",
          f"[64:ff9b::7f00:1]:{inside_port}", f"[2002:7f00:1::]:{inside_port}",
          f"%31%32%37.0.0.1:{inside_port}", f"user@127.0.0.1:{inside_port}",
          f"\uff11\uff12\uff17.0.0.1:{inside_port}", f"127.0.0.1:{inside_port}#@example.org"]
wrong = []
for host in inside:
    got = fetch(f"http://{host}/", f"port={inside_port}")
    if got.get("end") not in ("refused", "no_name") or got.get("body"):
        wrong.append(f"{host}: {got}")
point("no spelling of this machine's own address is asked, though its port be allowed", wrong)

wrong = []
for host in inside:
    got = fetch(f"{HERE}/to?http://{host}/", ALLOW, f"port={inside_port}")
    if got.get("end") not in ("refused", "no_name") or got.get("body"):
        wrong.append(f"{host}: {got}")
point("no redirect leads to it", wrong)

private = ["10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "198.18.0.1",
           "224.0.0.1", "255.255.255.255", "192.0.2.1", "[fc00::1]", "[fe80::1]", "[ff02::1]",
           "[2001:db8::1]", "[::ffff:10.0.0.1]", "[64:ff9b::a00:1]", "[2001:0:7f00:1::1]"]
point("private and special addresses are refused at once", [
    f"{host}: {got}" for host in private
    for got in [fetch(f"http://{host}/", "ms=3000")] if got.get("end") != "refused"])

point("only the ports of the web are asked", [
    f"{port}: {got}" for port in (22, 25, 8080, 6379)
    for got in [fetch(f"http://1.1.1.1:{port}/", "ms=3000")] if got.get("end") != "refused"])

schemes = ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "dict://127.0.0.1/",
           "smtp://127.0.0.1/", "telnet://127.0.0.1/", "javascript:1", "data:,x", "", "//", "http://",
           "http:///x", "http://[::1", "http://a b/", "@account", "http://" + "a" * 5000]
point("only http and https are asked", [f"{url[:40]}: {got}" for url in schemes
      for got in [fetch(url)] if got.get("end") not in ("refused", "no_name") or got.get("body")])
point("nor does a redirect change that", [
    f"{url}: {got}" for url in schemes[:6]
    for got in [fetch(f"{HERE}/to?{url}", ALLOW)] if got.get("end") != "refused" or got["body"]])

expect("a redirect is followed", f"{HERE}/to?/page", [ALLOW], end="done", status=200, body="hello",
       host_changed=0, path_changed=1)
expect("five redirects are followed", HERE + "/chain5", [ALLOW], end="done", status=200)
expect("six are not", HERE + "/chain6", [ALLOW], end="redirects", status=302)
expect("a loop ends", HERE + "/loop", [ALLOW], end="redirects")
other_port = serve("127.0.0.1")
expect("a redirect to another host is told", f"{HERE}/to?http://localhost:{other_port}/to?/page",
       [ALLOW, f"allow=127.0.0.1:{other_port}"], end="done", status=200, host_changed=1)

expect("a drip ends at the deadline", HERE + "/drip", [ALLOW, "ms=700"], end="timeout", status=200)
expect("so does a drip of headers", HERE + "/slow_head", [ALLOW, "ms=700"], end="timeout")
expect("an endless body is cut at the limit", HERE + "/endless", [ALLOW, "max=70000"], end="cut",
       status=200, bytes=70000)
expect("a body that is exactly as long as the limit is whole", HERE + "/page", [ALLOW, "max=5"],
       end="done", bytes=5)
expect("a bomb of headers is not swallowed", HERE + "/bomb", [ALLOW], end="failed")
expect("nor one endless header", HERE + "/bomb_line", [ALLOW], end="failed")
expect("what does not speak HTTP fails", HERE + "/no_http", [ALLOW], end="failed")
expect("packed bytes stay packed", HERE + "/packed", [ALLOW], end="done", bytes=9)
expect("a fetch that was stopped ends", HERE + "/drip", [ALLOW, "stop"], end="stopped")
expect("without a deadline nothing is asked", HERE + "/page", [ALLOW, "ms=0"],
       error="a fetch needs a deadline")

Site.seen.clear()
fetch(f"http://user:secret@127.0.0.1:{open_port}/to?/page#part", ALLOW)
said = [h for _, _, h in Site.seen]
point("no cookie, credential, referrer or offer to unpack goes out", [
    f"{name}: {value}" for h in said for name, value in h.items()
    if name.lower() in ("cookie", "authorization", "referer", "accept-encoding")] +
    ([] if len(said) == 2 else [f"{len(said)} requests"]))

try:
    six_port = serve("::1", Server6)
except OSError:
    six_port = None
if six_port is not None:
    expect("an address of IPv6 can be allowed for a test", f"http://[::1]:{six_port}/page",
           [f"allow=[::1]:{six_port}"], end="done", status=200)

Site.seen.clear()
proxy = f"proxy=http://127.0.0.1:{open_port}"
got = fetch("http://page.example/page", proxy)
point("a proxy is asked for the name", differs(got, end="done", status=200) +
      [str(s) for s in Site.seen if s[1] != "http://page.example/page"])
Site.seen.clear()
wrong = [f"{url}: {got}" for url in ("http://127.0.0.1/", "http://10.0.0.1/", "http://localhost/",
                                     "http://a.localhost./", "http://2130706433/", "http://[::1]/",
                                     "http://page.example:22/")
         for got in [fetch(url, proxy)] if got.get("end") != "refused"]
point("through a proxy, numbers, ports and this machine's names are judged all the same",
      wrong + [str(s) for s in Site.seen])
expect("what is posted is answered", HERE + "/page", [ALLOW, "post={}"], end="done", status=200,
       body="hello")
headers, body = Site.posted[-1]
point("it arrives with its headers and nothing else of ours", [
    f"{headers} {body}" for good in [
        body == b"{}" and headers.get("Content-Type") == "application/json" and
        headers.get("X-Test") == "a b" and "Expect" not in headers] if not good])
Site.seen.clear()
expect("what is posted follows no redirect", f"{HERE}/to?/page", [ALLOW, "post={}"], end="done",
       status=302, path_changed=0)
point("it was sent once", [str(s) for s in Site.seen[1:]])
Site.seen.clear()
expect("what is asked with keys follows no redirect", f"{HERE}/to?/page", [ALLOW, "keyed"], end="done",
       status=302, path_changed=0)
point("and the keys are sent", [str(s) for s in Site.seen if s[2].get("X-Test") != "a b"])
expect("nothing is posted inside", f"http://127.0.0.1:{inside_port}/", ["post={}"], end="refused")
expect("where only https will do, http is refused", "http://1.1.1.1/", ["https", "ms=3000"],
       end="refused")
expect("but where it was allowed by name", HERE + "/page", [ALLOW, "https"], end="done", status=200)
may = {"https://page.example/hook": 1, "https://page.example:8443/": 0, "http://page.example/": 0,
       "https://10.0.0.1/": 0, "https://[::1]/": 0, "https://localhost/": 0, "https://": 0,
       "ftp://page.example/": 0, HERE + "/": 1, "https://1.1.1.1/": 1, "not an address": 0}
point("whether an address may be asked is told without asking", [
    f"{url}: {got}" for url, answer in may.items()
    for got in [fetch(url, "https", "may", ALLOW)] if got.get("may") != str(answer)])
point("nobody came to the server inside", inside_came)
finish()
