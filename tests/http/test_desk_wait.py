"""The desk prepares letters that a clock sends: the page that offers them, the case that shows them
waiting, and the service that sends them. Speaks TAP.

usage: test_desk_wait.py LIKENESS"""
import html.parser
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from tap import finish, point  # noqa: E402

LIKENESS = sys.argv[1]
WAITING, STOPPED, GIVEN = 9, 10, 8


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
    """A service behind a proxy that signs its one member of staff in."""

    def __init__(self, rule):
        self.home = tempfile.TemporaryDirectory(prefix="likeness-wait-")
        self.process = None
        self.serve(rule)
        self.run("admin", "staff", "add", "sam", "--role", "lead", "--proxy")
        for name in ("Facebook", "Google Search"):
            self.run("partner", "add", name)
        texts = [{"kind": "location", "text": "https://www.facebook.com/p/1"},
                 {"kind": "situation", "text": "what=intimate\norigin=made\nmedium=picture\nage=adult\ncountry=us"}]
        body = json.dumps({"age": "adult", "texts": texts}).encode()
        urllib.request.urlopen(urllib.request.Request(
            self.origin + "/v1/cases", body, {"Content-Type": "application/json"})).read()
        self.case = "/desk/case/" + self.ask("SELECT lower(hex(public_id)) FROM case_file")[0][0]

    def serve(self, rule):
        self.stop()
        self.process = subprocess.Popen(
            [LIKENESS, "serve", "--listen", "127.0.0.1:0", "--data", self.home.name, "--escalate", rule,
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
        subprocess.run([LIKENESS, *words, "--data", self.home.name], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def ask(self, sql):
        store = sqlite3.connect(f"file:{self.home.name}/likeness.db", uri=True, timeout=20)
        with store:
            rows = store.execute(sql).fetchall()
        store.close()
        return rows

    def page(self, path, fields=None):
        data = None if fields is None else urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(self.origin + path, data, {"X-Staff": "sam", "Accept-Language": "en"})
        try:
            return urllib.request.urlopen(request).read().decode()
        except urllib.error.HTTPError as refused:  # with the page that says why
            return refused.read().decode()

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


desk = Desk("suggest")
desk.note_facts()
offer = desk.page(desk.case + "/letters")
point("by default nothing is offered to go by itself, and the page says so",
      lacks(offer, "every letter takes a person") + (["it is offered"] if "later_target" in offer else []))

desk.serve("registrar")
offer = desk.page(desk.case + "/letters")
fields = Forms(desk.case + "/letters", offer).fields
kept = {k: v for k, v in fields.items() if k.startswith("later_")}
targets = sorted({v for k, v in kept.items() if k.startswith("later_target")})
chosen = [kept["later_recipient" + k[len("later_use"):]] for k in kept if k.startswith("later_use")]
point("beside a letter under a law's clock stand the next steps, and those that lack nothing are chosen",
      lacks(offer, "And if they do not answer in time", "search engines and up to the registrar")
      + differ(("targets", targets, ["host", "search"]), ("chosen", chosen, ["Google Search"])))

host = next(k[len("later_target"):] for k, v in kept.items() if k.startswith("later_target") and v == "host")
page = desk.post(offer, desk.case + "/letters", action="send",
                 **{"later_use" + host: "1", "later_recipient" + host: "Hosting Ltd"})
letters = desk.ask("SELECT state, count(*) FROM letter GROUP BY state ORDER BY state")
point("one without an address is not prepared, and the page says why; the letter went and the other waits",
      lacks(page, "Sent to Facebook", "Prepared for Google Search", "a mail needs one plain address")
      + differ(("letters", letters, [(GIVEN, 1), (WAITING, 1)])))

due = desk.ask("SELECT due_ms FROM notice")[0][0]
case = desk.page(desk.case)
waits = desk.ask("SELECT lower(hex(public_id)) FROM letter WHERE state = 9")[0][0]
wait = f"{desk.case}/letter/{waits}/wait"
point("the case shows what goes by itself, and when",
      lacks(case, "Goes by itself", "search engine: Google Search",
            time.strftime("%Y-%m-%d", time.gmtime(due / 1000)) + " ", wait))

desk.ask("UPDATE notice SET due_ms = 1")
states = desk.until("SELECT state FROM letter ORDER BY id", [(GIVEN,), (GIVEN,)])
case = desk.page(desk.case)
point("when the time is over the service sends it, and the case says by whose rule",
      differ(("letters", states, [(GIVEN,), (GIVEN,)]), ("waiting", "Goes by itself" in case, False))
      + lacks(case, "by the clock, by the operator&#39;s rule" if "&#39;" in case else "by the clock, by the operator's rule"))
desk.stop()

desk = Desk("search")
desk.note_facts()
desk.post(desk.page(desk.case + "/letters"), desk.case + "/letters", action="send")
waits = desk.ask("SELECT lower(hex(public_id)) FROM letter WHERE state = 9")[0][0]
wait = f"{desk.case}/letter/{waits}/wait"
page = desk.post(desk.page(desk.case), wait, go="no")
again = desk.page(wait, {"form": re.search(r'name="form" value="([^"]+)"', page)[1], "go": "yes"})
point("a person stops it, once and for all",
      lacks(page, "The letter does not go.", "stopped by the desk")
      + lacks(again, "it waits for no clock")
      + differ(("letter", desk.ask("SELECT state FROM letter ORDER BY id"), [(GIVEN,), (STOPPED,)])))
desk.stop()

desk = Desk("search")
desk.note_facts()
desk.post(desk.page(desk.case + "/letters"), desk.case + "/letters", action="send")
waits = desk.ask("SELECT lower(hex(public_id)) FROM letter WHERE state = 9")[0][0]
page = desk.post(desk.page(desk.case), f"{desk.case}/letter/{waits}/wait", go="yes")
point("a person sends it at once",
      lacks(page, "The letter is on its way.")
      + differ(("letters", desk.ask("SELECT state FROM letter ORDER BY id"), [(GIVEN,), (GIVEN,)]),
               ("steps", desk.ask("SELECT actor FROM notice_step ORDER BY id"), [(1,), (1,)])))
desk.stop()

wrong = subprocess.run([LIKENESS, "serve", "--escalate", "all", "--data", desk.home.name],
                       capture_output=True, text=True, check=False)
point("another rule is refused, with those that there are",
      lacks(wrong.stderr, "escalate is suggest, search or registrar, not 'all'"))
finish()
