"""Copies of a case's picture are found on a watched page, against a site on this machine."""
import http.server
import os
import subprocess
import sys
import threading

from tap import finish, point

PROBE, PHOTOS = sys.argv[1:3]
asked = []

PAGES = {
    "/page": b"""<!doctype html><title>x</title><!-- <img src=/hidden.jpg> -->
        <img src="pictures/blouse_copy.jpg#a"><img src="/pictures/blouse_copy.jpg">
        <img src=/pictures/jeans.jpg><img src=/broken.jpg><img src=/missing.jpg>
        <img src="http://169.254.169.254/a.jpg"><img src="file:///etc/passwd">
        <video src=/broken.mp4></video>""",
    "/strangers": b"<img src=/pictures/jeans.jpg>",
    "/empty": b"<p>nothing</p>",
}


class Site(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        asked.append(self.path)
        name = self.path.rpartition("/")[2]
        kind, body = "text/html", PAGES.get(self.path)
        if self.path.startswith("/pictures/"):
            kind = "image/jpeg"
            with open(os.path.join(PHOTOS, name), "rb") as f:
                body = f.read()
        elif name.startswith("broken."):
            kind = "image/jpeg"
            body = b"\xff\xd8\xff\xe0 no picture" if name.endswith("jpg") else b"\0\0\0\x18ftypmp42 none"
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body or b"")


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
threading.Thread(target=server.serve_forever, daemon=True).start()
here = f"127.0.0.1:{server.server_port}"


def look(path):
    asked.clear()
    out = subprocess.run([PROBE, here, f"{PHOTOS}/blouse.jpg", f"{PHOTOS}/jeans.jpg",
                          f"http://{here}{path}"], capture_output=True, text=True, timeout=100)
    return out.stdout.splitlines() + out.stderr.splitlines()


def expect(name, lines, expected):
    point(name, [] if lines == expected else [f"expected {expected}, got {lines}"])


lines = look("/page")
expect("a copy on a page is proposed once, with its grade, its entry and the page", lines, [
    "round pages 1 unreadable 0 media 2 found 1", "round pages 1 unreadable 0 media 2 found 1",
    f"found http://{here}/pictures/blouse_copy.jpg grade {lines[-1].split()[3]} entry 1 "
    f"on http://{here}/page"])
point("each medium is asked for once a look, and what a comment holds never", [
    f"{path}: {asked.count(path)}" for path, n in
    {"/page": 2, "/pictures/blouse_copy.jpg": 2, "/hidden.jpg": 0}.items()
    if asked.count(path) != n])
expect("another case's picture is not this case's", look("/strangers"),
       ["round pages 1 unreadable 0 media 1 found 0"] * 2)
lines = look("/pictures/blouse.jpg")
point("a picture may be watched itself", [] if lines[0].endswith("media 1 found 1") else lines)
expect("a page without media is read", look("/empty"),
       ["round pages 1 unreadable 0 media 0 found 0"] * 2)
expect("a page that is gone is told", look("/nowhere"),
       ["round pages 1 unreadable 1 media 0 found 0"] * 2)
finish()
