"""Looking again at reported addresses, against a site on this machine."""
import http.server
import subprocess
import sys
import threading

from tap import finish, point

PROBE = sys.argv[1]
asked = []


class Site(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_HEAD(self):
        asked.append((self.command, self.path))
        if self.path == "/shy":
            self.answer(405)
        elif self.path == "/members":
            self.answer(302, Location="/login")
        elif self.path == "/gone":
            self.answer(404)
        elif self.path == "/busy":
            self.answer(429)
        else:
            self.answer(200)

    def do_GET(self):
        if self.path == "/shy":
            asked.append((self.command, self.path))
            self.answer(200)
        else:
            self.do_HEAD()


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
threading.Thread(target=server.serve_forever, daemon=True).start()
here = f"127.0.0.1:{server.server_port}"


def look(removed, *urls):
    asked.clear()
    out = subprocess.run([PROBE, here, str(removed), *urls], capture_output=True, text=True,
                         timeout=50)
    return out.stdout.splitlines() + out.stderr.splitlines()


def expect(name, lines, expected):
    point(name, [] if all(e in lines for e in expected) else
          [f"expected {expected}, got {lines}"])


paths = ["/page", "/gone", "/shy", "/members", "/busy"]
lines = look(0, *[f"http://{here}{path}" for path in paths])
expect("each answer is kept as what it tells", lines,
       ["1 up 200", "2 gone 404", "3 up 200", "4 unclear 200", "5 unclear 429", "back 0"])
point("a page that answers HEAD well is not fetched", [f"{a}" for a in asked if a == ("GET", "/page")])
point("one host is asked for one address in a round",
      [line for line in lines if line.startswith("round") and sum(map(int, line.split()[2::2])) > 1])

expect("what was removed and answers twice is back",
       look(1, f"http://{here}/page"), ["1 up 200", "back 1"])
expect("what was removed and stays gone is not", look(1, f"http://{here}/gone"),
       ["1 gone 404", "back 0"])

lines = look(0, "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://localhost/")
expect("an address inside is never asked, and says nothing", lines,
       ["1 unclear 0", "2 unclear 0", "3 unclear 0"])
finish()
