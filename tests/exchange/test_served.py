"""The three protocols of others, served (docs/formats/foreign.md): clients that loop as the common ones do, and
our own `likeness exchange pull`, follow the bank of a running service: additions, withdrawals, many in one
second, kill -9 of the service. Speaks TAP.

usage: test_served.py LIKENESS"""
import base64
import http.client
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
import xml.etree.ElementTree

from tap import finish, point

LIKENESS = sys.argv[1]
rng = random.Random(20261125)
PROTOCOLS = ("stopncii", "ncmec", "threatexchange")


def a_pdq():
    bits = [1] * 128 + [0] * 128
    rng.shuffle(bits)
    return "%064x" % int("".join(map(str, bits)), 2)


def same(name, got, wanted):
    return [] if got == wanted else [f"{name}: {got!r}, not {wanted!r}"]


class Service:
    def __init__(self, dir):
        self.dir = dir
        self.start()

    def start(self, port=0):
        self.process = subprocess.Popen([LIKENESS, "serve", "--listen", f"127.0.0.1:{port}", "--data", self.dir],
                                        stdout=subprocess.PIPE, stderr=open(os.path.join(self.dir, "log"), "ab"), text=True)
        self.port = int(re.search(r"127\.0\.0\.1:(\d+)", self.process.stdout.readline())[1])

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.process.stdout.close()

    def run(self, *words, check=True):
        return subprocess.run([LIKENESS, *words, "--data", self.dir], check=check, capture_output=True, text=True)

    def send(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, text

    def open(self, pdqs):
        records = [{"kind": "whole", "front_end": "fullres", "quality": 90, "turn": 0}]
        items = [{"medium": "image", "records": [{**records[0], "print": pdq}]} for pdq in pdqs]
        status, text = self.send("POST", "/v1/cases", json.dumps({"age": "adult", "items": items}), **{"Content-Type": "application/json"})
        assert status == 201, text
        return json.loads(text)["code"]

    def withdraw(self, code):
        status, text = self.send("POST", "/v1/cases/withdraw", json.dumps({"code": code}), **{"Content-Type": "application/json"})
        assert status == 200, text


class StopNCII:
    """Loops while hasMoreRecords with the same startTimestamp; numbers must be numbers; a record takes the place of
    the one with the same type and value."""

    def __init__(self, service, key, page=800):
        self.service, self.key, self.page = service, key, page
        self.known, self.checkpoint, self.pages, self.tombs = set(), 10, 0, set()

    def ask(self, method, call, body=None):
        return self.service.send(method, f"/stopncii/v1/{call}", body, **{
            "x-functions-key": self.key, "Ocp-Apim-Subscription-Key": "any", **({"Content-Type": "application/json"} if body else {})})

    def pull(self, max_pages=10 ** 6):
        start, token = self.checkpoint, None
        for _ in range(max_pages):
            query = {"startTimestamp": start, "pageSize": self.page, **({"nextPageToken": token} if token else {})}
            status, text = self.ask("GET", "FetchHashes?" + urllib.parse.urlencode(query))
            assert status == 200, text
            page = json.loads(text)
            assert type(page["count"]) is int and type(page["nextSetTimestamp"]) is int and type(page["hasMoreRecords"]) is bool
            assert page["count"] == len(page["hashRecords"])
            for record in page["hashRecords"]:
                assert type(record["lastModtimestamp"]) is int and record["caseNumbers"] == {}
                assert record["signalType"] == "ImagePDQ" and record["hashStatus"] in ("Active", "Withdrawn")
                gone = record["hashStatus"] == "Withdrawn"
                self.known -= {record["hashValue"]}
                (self.tombs if gone else self.known).add(record["hashValue"])
            self.checkpoint, token, self.pages = page["nextSetTimestamp"], page["nextPageToken"], self.pages + 1
            if not page["hasMoreRecords"]:
                return self.known
        return self.known


class NCMEC:
    """Asks for a window; a paginated first page of a window over 60 s is thrown away, and the window quartered."""

    def __init__(self, service, key):
        self.service, self.key, self.known, self.checkpoint, self.ids = service, key, {}, 0, {}

    def ask(self, path, method="GET", body=None):
        basic = base64.b64encode(f"me:{self.key}".encode()).decode()
        status, text = self.service.send(method, "/ncmec" + path, body, Authorization="Basic " + basic)
        return status, text

    def tree(self, path):
        status, text = self.ask(path)
        assert status == 200, text
        return xml.etree.ElementTree.fromstring(re.sub(rb' xmlns="[^"]+"', b"", text))

    def window(self, start, end):
        stamp = lambda s: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(s))
        path = f"/v2/entries?from={stamp(start)}&to={stamp(end)}"
        page = self.tree(path)
        if page.find("paging/next") is not None and end - start > 60:
            step = (end - start) // 4
            for i in range(4):
                self.window(start + i * step, end if i == 3 else start + (i + 1) * step)
            return
        while True:
            for group in ("images", "videos"):
                part = page.find(group)
                assert len(part) == 0 or part.get("maxTimestamp"), "no maxTimestamp"
                for item in part:
                    key = (item.find("member").get("id"), item.find("id").text)
                    if item.tag.startswith("deleted"):
                        self.known.pop(key, None)
                    else:
                        self.known[key] = item.find("fingerprints/pdq").text
            after = page.find("paging/next")
            if after is None:
                return
            page = self.tree(after.text)

    def pull(self):
        now = int(time.time())
        self.window(self.checkpoint, now)
        self.checkpoint = now
        return set(self.known.values())


class ThreatExchange:
    """Follows paging.next as it stands; falls over an empty page."""

    def __init__(self, service, key, limit=100):
        self.service, self.limit, self.token = service, limit, "12345678|" + key
        self.known, self.checkpoint, self.empty = {}, 0, 0

    def pull(self):
        query = {"access_token": self.token, "limit": self.limit, "fields": "id,indicator,type,last_updated,should_delete"}
        if self.checkpoint:
            query["start_time"] = self.checkpoint
        url = "/threatexchange/v21.0/77/threat_updates/?" + urllib.parse.urlencode(query)
        while url:
            status, text = self.service.send("GET", url)
            assert status == 200, text
            page = json.loads(text)
            assert page["data"], "an empty page"
            for item in page["data"]:
                assert type(item["last_updated"]) is int and type(item["should_delete"]) is bool
                assert item["type"] == "HASH_PDQ"
                if item["should_delete"]:
                    self.known.pop(item["indicator"], None)
                else:
                    self.known[item["indicator"]] = item["descriptors"]["data"][0]["status"]
                self.checkpoint = max(self.checkpoint, item["last_updated"])
            url = page.get("paging", {}).get("next")
            if url:
                assert url.startswith(f"http://127.0.0.1:{self.service.port}/"), url
                url = url[len(f"http://127.0.0.1:{self.service.port}"):]
        return set(self.known)


class Ours:
    """likeness exchange, of another home."""
    URLS = {"stopncii": "/stopncii/v1", "ncmec": "/ncmec", "threatexchange": "/threatexchange/v21.0/77"}

    def __init__(self, dir, kind, service, key):
        self.dir = dir
        keys = {"stopncii": f"function-key = {key}\nsubscription-key = any\n", "ncmec": f"user = me\npassword = {key}\n",
                "threatexchange": f"token = 12345678|{key}\n"}[kind]
        path = os.path.join(dir, "keys")
        with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w") as f:
            f.write(keys)
        where = f"127.0.0.1:{service.port}"
        self.run("add", kind, "list", "--url", f"http://{where}{self.URLS[kind]}", "--allow", where, "--credentials", path)

    def run(self, *words):
        got = subprocess.run([LIKENESS, "exchange", *words, "--data", f"{self.dir}/data"], capture_output=True, text=True)
        assert got.returncode == 0, got.stderr
        return got.stdout

    def pull(self):
        self.run("pull")
        return json.loads(self.run("list", "--json"))["entries"]


def a_second():
    """Ranges of whole seconds do not have what comes in a second that was asked for already."""
    time.sleep(1.1)


with tempfile.TemporaryDirectory(prefix="likeness-served-") as top:
    os.mkdir(os.path.join(top, "registry"))
    service = Service(os.path.join(top, "registry"))
    key = service.run("partner", "add", "acme").stdout.strip()
    other = service.run("partner", "add", "other").stdout.strip()
    clients = {"stopncii": StopNCII(service, key, page=7), "ncmec": NCMEC(service, key), "threatexchange": ThreatExchange(service, key, limit=7)}

    calls = {"stopncii": lambda k: StopNCII(service, k).ask("GET", "FetchHashes?startTimestamp=10")[0],
             "ncmec": lambda k: NCMEC(service, k).ask("/v2/status")[0],
             "threatexchange": lambda k: service.send("GET", "/threatexchange/v21.0/77/threat_updates/?access_token="
                                                      + urllib.parse.quote("12345678|" + k))[0]}
    closed = {kind: (call(key), call("lk_" + "x" * 43)) for kind, call in calls.items()}
    before = service.run("partner", "protocols", "acme").stdout
    service.run("partner", "protocols", "acme", "--allow", "ncmec")
    one = {kind: call(key) for kind, call in calls.items()}
    service.run("partner", "protocols", "acme", "--allow", ",".join(PROTOCOLS))
    point("each is a switch that is off at first, for this partner alone; a wrong key opens none",
          same("closed", closed, {kind: (403, 401) for kind in PROTOCOLS}) + same("said", before.split("\n")[0], "none")
          + same("one", one, {"stopncii": 403, "ncmec": 200, "threatexchange": 403})
          + same("all", {kind: call(key) for kind, call in calls.items()}, dict.fromkeys(PROTOCOLS, 200))
          + same("other", {kind: call(other) for kind, call in calls.items()}, dict.fromkeys(PROTOCOLS, 403)))

    point("an empty list is a page that every client takes",
          [problem for kind, client in clients.items() for problem in same(kind, client.pull(), set())])

    first = {a_pdq() for _ in range(40)}
    codes = {pdq: service.open([pdq]) for pdq in first}
    a_second()
    a_second()
    point("what is registered is pulled, many of them in one second, page after page",
          [problem for kind, client in clients.items() for problem in same(kind, client.pull() ^ first, set())])
    half = StopNCII(service, key, page=7)
    half.pull(max_pages=3)
    several = half.pages
    half.pull()
    point("whoever stops after any page goes on at its nextSetTimestamp and misses nothing",
          same("pages", several, 3) + same("known", half.known ^ first, set()))

    gone = set(list(first)[:15])
    for pdq in gone:
        service.withdraw(codes[pdq])
    second = {a_pdq() for _ in range(9)}
    more = service.open(list(second))
    a_second()
    a_second()
    point("what is withdrawn is told, and what is new, to those who ask from where they were",
          [problem for kind, client in clients.items() for problem in same(kind, client.pull() ^ (first - gone | second), set())])
    fresh = {"stopncii": StopNCII(service, key), "ncmec": NCMEC(service, key), "threatexchange": ThreatExchange(service, key)}
    point("a newcomer sees the same",
          [problem for kind, client in fresh.items() for problem in same(kind, client.pull() ^ (first - gone | second), set())]
          + same("tombstones", fresh["stopncii"].tombs ^ gone, set()))
    point("asking again when nothing is new changes nothing",
          [problem for kind, client in clients.items() for problem in same(kind, client.pull() ^ (first - gone | second), set())])

    ours = {}
    for kind in PROTOCOLS:
        os.mkdir(os.path.join(top, kind))
        ours[kind] = Ours(os.path.join(top, kind), kind, service, key)
    got = {kind: mine.pull() for kind, mine in ours.items()}
    service.withdraw(more)
    third = a_pdq()
    service.open([third])
    port = service.port
    service.kill()
    service.start(port)
    a_second()
    a_second()
    got_later = {kind: mine.pull() for kind, mine in ours.items()}
    point("our own client follows our own server by each of them, also when the server was killed meanwhile",
          same("first", got, dict.fromkeys(PROTOCOLS, 34)) + same("later", got_later, dict.fromkeys(PROTOCOLS, 26)))

    ask = clients["stopncii"].ask
    left = sorted(first - gone)
    feedback = {"count": 3, "hashFeedbacks": [{"tags": [], "feedbackValue": "Blocked", "hashValue": left[0]},
                                              {"tags": ["x"], "feedbackValue": "NotBlocked", "hashValue": left[1]},
                                              {"tags": [], "feedbackValue": "Blocked", "hashValue": a_pdq()}]}
    said = ask("POST", "SubmitFeedback", json.dumps(feedback))
    entry = next(id for (_, id), pdq in clients["ncmec"].known.items() if pdq == left[2])
    xml_said = clients["ncmec"].ask(f"/v2/entries/1/{entry}/PDQ/feedback", "PUT",
                                    '<feedbackSubmission xmlns="https://hashsharing.ncmec.org/hashsharing/v2"><affirmative/></feedbackSubmission>')
    wrong = [clients["ncmec"].ask(f"/v2/entries/1/{'0' * 32}/PDQ/feedback", "PUT", "<feedbackSubmission><affirmative/></feedbackSubmission>")[0],
             clients["ncmec"].ask(f"/v2/entries/1/{entry}/PDQ/feedback", "PUT", "<feedbackSubmission/>")[0]]
    handed = {"count": 2, "hashRecords": [{"lastModtimestamp": 1, "signalType": "StopNCIISignalType.ImagePDQ", "hashValue": a_pdq(),
                                           "CSPFeedbacks": [{"tags": [], "feedbackValue": "Blocked"}]},
                                          {"lastModtimestamp": 1, "signalType": "VideoMD5", "hashValue": "0" * 31 + "1", "CSPFeedbacks": []}]}
    submitted = [json.loads(ask("POST", "SubmitHashes", json.dumps(handed))[1]) for _ in range(2)]
    summary = json.loads(service.run("partner", "protocols", "acme", "--json").stdout)
    kept = [json.loads(line) for line in service.run("partner", "submitted", "acme", "--json").stdout.splitlines()]
    point("opinions are kept, of a hash and of an entry; what is handed in is the partner's own, once",
          same("said", (said[0], json.loads(said[1])), (200, {"count": 2, "ignored": 1})) + same("xml", xml_said[0], 200)
          + same("wrong", wrong, [404, 400]) + same("submitted", submitted, [{"count": 2, "ignored": 0}] * 2)
          + same("summary", (summary["agrees"], summary["disagrees"], summary["submitted"]), (2, 1, 2))
          + same("kept", {(k["type"], k["hash"], k["medium"]) for k in kept},
                 {("pdq", handed["hashRecords"][0]["hashValue"], "image"), ("md5", "0" * 31 + "1", "video")})
          + same("in no list", clients["stopncii"].pull() ^ (first - gone | {third}), set()))
    reasons = clients["ncmec"].tree("/v2/feedback/PDQ/reasons")
    members = clients["ncmec"].tree("/v2/members")
    point("members and reasons are there",
          same("reasons", len(reasons.findall(".//reason[@guid][@name]")), 4) + same("member", members.find("member").get("id"), "1"))

    service.run("partner", "protocols", "acme", "--allow", ",".join(PROTOCOLS), "--tier", "checked")
    point("an operator may list only what a helpline checked",
          same("all", StopNCII(service, key).pull(), set()))

    for path in ("/stopncii/v1/FetchHashes?startTimestamp=-1", "/stopncii/v1/FetchHashes?startTimestamp=x",
                 "/stopncii/v1/FetchHashes?nextPageToken=%00"):
        status = service.send("GET", path, **{"x-functions-key": key})[0]
        assert status == 400, (path, status)
    odd = [clients["ncmec"].ask(f"/v2/entries?from={a}&to={b}")[0] for a, b in
           (("2999-01-01T00:00:00Z", "2999-01-02T00:00:00Z"), ("2020-01-02T00:00:00Z", "2020-01-01T00:00:00Z"), ("yesterday", "now"))]
    point("ranges in the future and backwards are empty, and nonsense is refused", same("status", odd, [200, 200, 400]))

    service.run("partner", "protocols", "acme", "--allow", "none")
    store = sqlite3.connect(os.path.join(service.dir, "likeness.db"), timeout=20)
    left_over = store.execute("SELECT (SELECT count(*) FROM listed) + (SELECT count(*) FROM listed_print)").fetchone()[0]
    store.close()
    service.stop()
    log = open(os.path.join(service.dir, "log"), encoding="utf-8").read()
    point("with the last switch off the list is gone, and nothing of a request stands in the log",
          same("rows", left_over, 0) + [f"{word} is in the log" for word in (key, "access_token", "FetchHashes?", "/threat_updates/?") if word in log])
finish()
