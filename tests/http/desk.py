"""A service behind a proxy that signs its one member of staff in, and what the tests of the desk's pages do
with it."""
import html.parser
import http.client
import json
import re
import signal
import sqlite3
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from lib import Answer


class Forms(html.parser.HTMLParser):
    """What a browser would send of the form with that address."""

    def __init__(self, action, page):
        super().__init__()
        self.action, self.inside, self.select, self.fields = action, False, None, {}
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if tag == "form":
            self.inside = a.get("action") == self.action
        elif not self.inside:
            return
        elif tag == "input" and (a.get("type") != "checkbox" or "checked" in a):
            self.fields[a.get("name")] = a.get("value") or ""
        elif tag == "select":
            self.select = a["name"]
        elif tag == "option" and (self.select not in self.fields or "selected" in a):
            self.fields[self.select] = a["value"]


class Desk:
    """With a case of one address, and two platforms with a key."""

    def __init__(self, likeness, rule="suggest", items=()):
        self.home = tempfile.TemporaryDirectory(prefix="likeness-wait-")
        self.likeness, self.process, self.staff = likeness, None, "sam"
        self.serve(rule)
        self.run("admin", "staff", "add", "sam", "--role", "lead", "--proxy")
        self.keys = {name: self.run("partner", "add", name).strip() for name in ("Facebook", "Google Search")}
        texts = [{"kind": "location", "text": "https://www.facebook.com/p/1"},
                 {"kind": "situation", "text": "what=intimate\norigin=made\nmedium=picture\nage=adult\ncountry=us"}]
        self.code = self.call("/v1/cases", {"age": "adult", "texts": texts, "items": list(items)}).json()["code"]
        self.case = "/desk/case/" + self.ask("SELECT lower(hex(public_id)) FROM case_file")[0][0]

    def serve(self, rule):
        self.stop()
        self.process = subprocess.Popen(
            [self.likeness, "serve", "--listen", "127.0.0.1:0", "--data", self.home.name, "--escalate", rule,
             "--trusted-proxy", "--staff-header", "X-Staff", "--mail-every-seconds", "1",
             "--letters-organisation", "Example Helpline", "--letters-signer", "Sam Signer",
             "--letters-email", "n@helpline.example"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.origin = re.search(r"http://\S+", self.process.stdout.readline())[0].rstrip("/")

    def stop(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=30)
            self.process.stdout.close()

    def run(self, *words):
        return subprocess.run([self.likeness, *words, "--data", self.home.name], check=True, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout

    def call(self, path, body, name=None):
        """The API, as that partner or as a person."""
        connection = http.client.HTTPConnection(*self.origin.removeprefix("http://").split(":"))
        headers = {"Content-Type": "application/json", **({"Authorization": "Bearer " + self.keys[name]} if name else {})}
        connection.request("POST", path, json.dumps(body), headers)
        return Answer(connection.getresponse())

    def ask(self, sql):
        store = sqlite3.connect(f"file:{self.home.name}/likeness.db", uri=True, timeout=20)
        with store:
            rows = store.execute(sql).fetchall()
        store.close()
        return rows

    def fetch(self, path, fields=None):
        """Status and bytes, as the member of staff who is at it."""
        data = None if fields is None else urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(self.origin + path, data,
                                         {"X-Staff": self.staff, "Accept-Language": "en"})
        try:
            answer = urllib.request.urlopen(request)
        except urllib.error.HTTPError as refused:  # with the page that says why
            answer = refused
        return answer.status, answer.read()

    def page(self, path, fields=None):
        return self.fetch(path, fields)[1].decode()

    def post(self, page, path, **more):
        return self.page(path, {**Forms(path, page).fields, **more})

    def note_facts(self):
        self.post(self.page(self.case), self.case + "/facts", authority="in writing", facts="She never agreed.",
                  no_consent="on", good_faith="on", accurate="on")

    def until(self, sql, wanted):
        for _ in range(300):
            if self.ask(sql) == wanted:
                break
            time.sleep(0.1)
        return self.ask(sql)


def lacks(page, *texts):
    return [f"'{text}' is not on the page" for text in texts if text not in page]


def differ(*pairs):
    return [f"{name}: {got!r}, not {wanted!r}" for name, got, wanted in pairs if got != wanted]
