"""Lists of others, followed: servers that behave as the three services do (docs/formats/foreign.md), with
their quirks, drive `likeness exchange`. What was withdrawn is found no more; 429, a cut connection, a
server that starts again and kill -9 lose nothing."""
import base64
import hashlib
import http.server
import json
import os
import random
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import xml.sax.saxutils

from tap import finish, point

LIKENESS, PHOTOS = sys.argv[1:3]
PAGE = 40
rng = random.Random(20261124)


def a_pdq():
    """With 128 bits set, as healthy ones have."""
    bits = [1] * 128 + [0] * 128
    rng.shuffle(bits)
    return "%064x" % int("".join(map(str, bits)), 2)


YESTERDAY = int(time.time()) - 86400


class Item:
    def __init__(self, number, pdq=None, md5=None, sha1=None, video=False):
        self.number, self.pdq, self.md5, self.sha1, self.video = number, pdq, md5, sha1, video
        self.at, self.gone = YESTERDAY + number, False


class World:
    """What all three services know."""
    def __init__(self):
        self.items, self.seen, self.hold, self.served = [], [], None, 0
        self.trouble = []  # of the next answers: "429", "500", "cut"
        self.forget_tokens, self.ticks = False, 0

    def add(self, **what):
        self.items.append(Item(len(self.items) + 1, **what))
        return self.items[-1]

    def withdraw(self, item):
        item.gone, item.at = True, self.tick()

    def tick(self):
        """A second of its own for every change, none of them in the future."""
        self.ticks += 1
        return int(time.time()) - 200 + self.ticks


def iso(s):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(s))


def seconds(text):
    return int(time.mktime(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ")) - time.timezone)


class Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", kind="application/json"):
        w = self.server.world
        body = body if isinstance(body, bytes) else body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if w.trouble[:1] == ["cut"] and status == 200:
            w.trouble.pop(0)
            self.wfile.write(body[:len(body) // 2])
        else:
            self.wfile.write(body)
            w.served += status == 200
        self.close_connection = True

    def do_GET(self):
        w = self.server.world
        where = urllib.parse.urlsplit(self.path)
        query = {k: v[0] for k, v in urllib.parse.parse_qs(where.query).items()}
        w.seen.append((where.path, query))
        if w.trouble[:1] in (["429"], ["500"]):
            return self.answer(int(w.trouble.pop(0)))
        if w.hold is not None:
            w.hold(w)
        try:
            if where.path == "/v1/FetchHashes":
                self.stopncii(w, query)
            elif where.path == "/v2/entries":
                self.ncmec(w, query)
            elif where.path == "/graph/77/threat_updates/":
                self.threats(w, query)
            else:
                self.answer(404)
        except OSError:
            pass

    def stopncii(self, w, q):
        if self.headers["x-functions-key"] != "fetch key" or \
                self.headers["Ocp-Apim-Subscription-Key"] != "sub":
            return self.answer(401)
        start = int(q["startTimestamp"])
        token = q.get("nextPageToken")
        if token is not None and w.forget_tokens:
            w.forget_tokens = False
            return self.answer(400)
        at = int(token.split("/")[1]) if token else 0
        found = sorted((i for i in w.items if i.at > start), key=lambda i: i.at)
        page = found[at:at + PAGE]
        more = at + PAGE < len(found)
        records = [{"lastModtimestamp": i.at,
                    "signalType": "VideoMD5" if i.video else "ImagePDQ",
                    "hashValue": i.md5 if i.video else i.pdq,
                    "hashStatus": "Withdrawn" if i.gone else "Active",
                    "caseNumbers": {"00000000-0000-0000-0000-000000000000": "Active"}}
                   for i in page if i.video or i.pdq]
        records.insert(0, {"lastModtimestamp": 1, "signalType": "Undefined", "hashValue": "00",
                           "hashStatus": "Active", "caseNumbers": {}})
        body = {"count": len(records), "nextSetTimestamp": page[-1].at if page else start,
                "hasMoreRecords": more, "hashRecords": records}
        if more:
            body["nextPageToken"] = f"t +/{at + PAGE}"
        self.answer(200, json.dumps(body))

    def ncmec(self, w, q):
        if self.headers["Authorization"] != "Basic " + base64.b64encode(b"me:pass:word").decode():
            return self.answer(401)
        low, high, at = seconds(q["from"]), seconds(q["to"]), int(q.get("start", 0))
        if q.get("max", "") not in ("", f"{low}-{high}"):
            return self.answer(400)
        found = [i for i in w.items if low < i.at <= high]
        found.sort(key=lambda i: hashlib.md5(str(i.number).encode()).hexdigest())  # in no order
        page = found[at:at + PAGE]

        def one(i):
            kind = "Video" if i.video else "Image"
            head = f'<h:member id="7">Seven</h:member><h:id>n&amp;{i.number}</h:id>' \
                   f"<h:timestamp>{iso(i.at)}</h:timestamp>"
            if i.gone:
                return f"<h:deleted{kind}>{head}</h:deleted{kind}>"
            prints = "".join(f"<h:{t}>{v}</h:{t}>" for t, v in
                             (("md5", i.md5), ("sha1", i.sha1), ("pdna", "AAA"), ("pdq", i.pdq)) if v)
            return f"<h:{kind.lower()}>{head}<h:classification>A1</h:classification>" \
                   f"<h:fingerprints>{prints}</h:fingerprints></h:{kind.lower()}>"
        body = '<?xml version="1.0"?><h:queryResult xmlns:h="https://hashsharing.ncmec.org/hashsharing/v2">'
        for group, video in (("images", False), ("videos", True)):
            mine = [i for i in page if i.video == video]
            until = f' maxTimestamp="{iso(max(i.at for i in mine))}"' if mine else ""
            body += f'<h:{group} count="{len(mine)}"{until}>' + "".join(map(one, mine)) + f"</h:{group}>"
        if at + PAGE < len(found):
            nxt = "/v2/entries?" + urllib.parse.urlencode(
                {"from": q["from"], "to": q["to"], "start": at + PAGE, "max": f"{low}-{high}"})
            body += f"<h:paging><h:next>{xml.sax.saxutils.escape(nxt)}</h:next></h:paging>"
        self.answer(200, body + "</h:queryResult>", "application/xml")

    def threats(self, w, q):
        if q.get("access_token") != "12345678|abcdefghijklmnopqrst":
            return self.answer(400)
        start, at = int(q.get("start_time") or 0), int(q.get("after", 0))
        found = sorted((i for i in w.items if i.at >= start), key=lambda i: i.at)
        page = found[at:at + PAGE]
        data = [{"id": str(900 + i.number), "indicator": i.md5 if i.video else i.pdq,
                 "type": "HASH_VIDEO_MD5" if i.video else "HASH_PDQ", "last_updated": i.at,
                 "should_delete": i.gone,
                 "descriptors": {"data": [{"id": "1", "owner": {"id": "5"}, "status": "MALICIOUS",
                                           "tags": {"data": [{"text": "ncii"}]}}]}}
                for i in page if i.video or i.pdq]
        body = {"data": data}
        if at + PAGE < len(found):
            body["paging"] = {"next": f"http://127.0.0.1:{self.server.server_port}/graph/77/threat_updates/?"
                              + urllib.parse.urlencode({"access_token": q["access_token"],
                                                        "start_time": start, "after": at + PAGE})}
        self.answer(200, json.dumps(body))


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    allow_reuse_address = True


def serve(world, port=0):
    server = Server(("127.0.0.1", port), Site)
    server.world = world
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


KINDS = {"stopncii": ("/v1", "function-key = fetch key\nsubscription-key=sub\n"),
         "ncmec": ("", "user = me\npassword = pass:word\n"),
         "threatexchange": ("/graph/77", "# of the group\ntoken = 12345678|abcdefghijklmnopqrst\n")}


class Home:
    def __init__(self, dir, kind, port):
        self.dir, self.kind, self.port = dir, kind, port
        self.keys = os.path.join(dir, "keys")
        with open(os.open(self.keys, os.O_CREAT | os.O_WRONLY, 0o600), "w") as f:
            f.write(KINDS[kind][1])

    def run(self, *args, env=None):
        return subprocess.run([LIKENESS, "exchange", *args, "--data", f"{self.dir}/data"],
                              capture_output=True, text=True, env={**os.environ, **(env or {})})

    def add(self, *more):
        return self.run("add", self.kind, "list", "--url",
                        f"http://127.0.0.1:{self.port}{KINDS[self.kind][0]}/",
                        "--allow", f"127.0.0.1:{self.port}", "--credentials", self.keys, *more)

    def listed(self):
        return json.loads(self.run("list", "--json").stdout)

    def found(self, path):
        got = self.run("match", "--json", path)
        return [json.loads(line)["grade"] for line in got.stdout.splitlines()], got.returncode


def same(what, want):
    return [] if what == want else [f"{what!r}, not {want!r}"]


PHOTO = sorted(p for p in os.listdir(PHOTOS) if p.endswith(".jpg"))[0]
PHOTO = os.path.join(PHOTOS, PHOTO)
PHOTO_PDQ = json.loads(subprocess.run([LIKENESS, "hash", "--json", PHOTO], capture_output=True,
                                      text=True, check=True).stdout)["sequence"]["records"][0]["print"]
PHOTO_BYTES = open(PHOTO, "rb").read()
CUT = int(PHOTO_PDQ, 16) ^ int("%x" % (2**20 - 1), 16)  # 20 bits away


def fill(world, n):
    for _ in range(n):
        world.add(pdq=a_pdq())


def follow(kind, dir):
    world = World()
    fill(world, 100)
    shown = world.add(pdq="%064x" % CUT)
    world.add(md5="00" * 16, video=True)
    server = serve(world)
    home = Home(dir, kind, server.server_port)
    got = home.add()
    point(f"{kind}: a source is added", same(got.returncode, 0) + ([got.stderr] if got.returncode else []))
    world.trouble = ["429", "cut"]
    got = home.run("pull")
    world_pages = [q for p, q in world.seen]
    point(f"{kind}: a page comes after 429 and after a cut connection",
          same(got.returncode, 0) + same(len(world_pages), 5) + ([got.stderr] if got.stderr else []))
    point(f"{kind}: everything is in force", same(home.listed()["entries"], 102))
    point(f"{kind}: a picture is found within 31 bits", same(home.found(PHOTO), (["near"], 0)))
    world.seen.clear()
    got = home.run("pull")
    point(f"{kind}: what is known is not added again",
          same(got.returncode, 0) + same(home.listed()["added"], 102) + same(len(world.seen), 1))
    world.withdraw(shown)
    got = home.run("pull")
    point(f"{kind}: what is withdrawn is found no more",
          same(home.found(PHOTO), ([], 1)) + same(home.listed()["entries"], 101) +
          same(home.listed()["withdrawn"], 1))
    shown.gone, shown.at = False, world.tick()
    home.run("pull")
    point(f"{kind}: and found again when it comes back", same(home.found(PHOTO)[0], ["near"]))
    server.shutdown()
    server.server_close()
    fill(world, 60)
    for item in world.items[-60:]:
        item.at = world.tick()
    got = None

    def later():
        time.sleep(1.5)
        return serve(world, home.port)
    again = []
    thread = threading.Thread(target=lambda: again.append(later()))
    thread.start()
    got = home.run("pull")
    thread.join()
    point(f"{kind}: a server that starts again is waited for",
          same(got.returncode, 0) + same(home.listed()["entries"], 162))
    with open(home.keys, "w") as f:
        f.write(KINDS[kind][1].replace("fetch", "wrong").replace("pass:", "wrong").replace("abcd", "wxyz"))
    got = home.run("pull")
    point(f"{kind}: wrong credentials are said, and not the credentials",
          [] if got.returncode > 2 and "wrong" not in got.stderr and "wxyz" not in got.stderr
          else [got.stderr])
    point(f"{kind}: list says so too, and keeps what is there",
          [] if home.listed()["failure"] and home.listed()["entries"] == 162 else [str(home.listed())])
    again[0].shutdown()
    again[0].server_close()


def killed(kind, dir):
    """Killed when the fourth page of ten is asked for: the first three are not asked for again."""
    world = World()
    fill(world, 10 * PAGE)
    server = serve(world)
    home = Home(dir, kind, server.server_port)
    home.add()
    reached = threading.Event()

    def hold(w):
        if w.served == 3:
            reached.set()
            time.sleep(600)
    world.hold = hold
    process = subprocess.Popen([LIKENESS, "exchange", "pull", "--data", f"{dir}/data"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    came = reached.wait(30)
    process.kill()
    process.wait()
    middle = home.listed()
    world.hold = None
    world.seen.clear()
    got = home.run("pull")
    point(f"{kind}: kill -9 between pages loses nothing",
          ([] if came else ["the fourth page was never asked for"]) + same(got.returncode, 0) +
          same(home.listed()["entries"], 10 * PAGE) + same(middle["in_the_middle"], True))
    point(f"{kind}: and only the pages that were missing are asked for",
          same(middle["entries"], 3 * PAGE) + same(len(world.seen), 7))
    world.items.pop(0)
    home.run("pull", "--anew")
    point(f"{kind}: anew forgets what the list no longer has",
          same(home.listed()["entries"], 10 * PAGE - 1))
    got = home.run("remove", "list")
    point(f"{kind}: a source that is removed leaves nothing",
          same(got.returncode, 0) + same(os.listdir(f"{dir}/data/sources"), []))
    server.shutdown()
    server.server_close()


def digests(dir):
    world = World()
    for i in range(2):
        world.add(sha1=hashlib.sha1(PHOTO_BYTES).hexdigest() if i == 0 else None,
                  md5=hashlib.md5(PHOTO_BYTES).hexdigest() if i == 1 else None)
    server = serve(world)
    home = Home(dir, "ncmec", server.server_port)
    home.add("--tier", "confirmed")
    home.run("pull")
    got = home.run("match", PHOTO)
    point("the same file is found by its SHA-1 and by its MD5", same(home.found(PHOTO)[0], ["exact"] * 2))
    point("with what may follow by the tier of the source",
          [] if got.stdout.count("(tier confirmed: block)") == 2 else [got.stdout])
    os.chmod(home.keys, 0o644)
    got = home.run("pull")
    point("credentials that others can read are refused", [] if "chmod 600" in got.stderr else [got.stderr])
    got = home.run("add", "stopncii", "plain", "--url", "http://hashes.example/v1")
    point("a list is asked by https alone", same(got.returncode, 2))
    home.run("add", "ncmec", "by-env", "--url", f"http://127.0.0.1:{home.port}", "--allow",
             f"127.0.0.1:{home.port}")
    got = home.run("pull", "by-env")
    point("without credentials, the variable that may have them is named",
          [] if "LIKENESS_CREDENTIALS_BY_ENV" in got.stderr else [got.stderr])
    got = home.run("pull", "by-env", env={"LIKENESS_CREDENTIALS_BY_ENV": "user=me\npassword=pass:word"})
    point("and they may come from there", same(got.returncode, 0) +
          same(got.stdout, "by-env: 1 pages, 2 added, 0 withdrawn, 0 passed over\n"))
    server.shutdown()


def strict(dir):
    world = World()
    world.add(pdq="%064x" % CUT)
    world.add(pdq="0" * 64)
    fill(world, 3 * PAGE)
    server = serve(world)
    home = Home(dir, "stopncii", server.server_port)
    home.add("--max-distance", "19")
    world.forget_tokens = True
    got = home.run("pull")
    point("a token that the server no longer knows is no end", same(got.returncode, 0) +
          same(home.listed()["entries"], 3 * PAGE + 1))
    point("a print of nothing is passed over, as is a type that is not known",
          [] if home.listed()["passed_over"] >= 2 else [str(home.listed())])
    point("a source's own distance is the limit of its matches", same(home.found(PHOTO), ([], 1)))
    world.trouble = ["500"] * 9
    got = subprocess.Popen([LIKENESS, "exchange", "pull", "--data", f"{dir}/data"],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    second = home.run("pull")
    point("two do not read one source at once", [] if second.returncode > 2 else [second.stdout])
    got.kill()
    got.wait()
    server.shutdown()


with tempfile.TemporaryDirectory() as top:
    def dir(name):
        path = os.path.join(top, name)
        os.mkdir(path)
        return path
    for kind in KINDS:
        follow(kind, dir("follow-" + kind))
        killed(kind, dir("killed-" + kind))
    digests(dir("digests"))
    strict(dir("strict"))
finish()
