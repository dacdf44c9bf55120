"""The inbox of a platform as pages: signing in with the key, what waits and by when, answers, files, and
that one platform never sees what is another's. Speaks TAP.

usage: test_inbox.py LIKENESS"""
import csv
import html
import http.client
import io
import os
import re
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from desk import Desk, Forms, differ, lacks  # noqa: E402
from lib import Answer, Schema, a_print, hex_of, image  # noqa: E402
from tap import finish, point  # noqa: E402

PRINT = a_print(1)
desk = Desk(sys.argv[1], items=[image(PRINT)])


class Browser:
    """Of a platform: keeps its cookie, follows no redirect by itself."""

    def __init__(self):
        self.cookie, self.status, self.headers, self.text = "", 0, {}, ""

    def go(self, path, fields=None, **headers):
        connection = http.client.HTTPConnection(*desk.origin.removeprefix("http://").split(":"))
        headers = {"Accept-Language": "en", "Cookie": self.cookie, **headers}
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("GET" if fields is None else "POST", path, body, headers)
        answer = connection.getresponse()
        self.status, self.headers = answer.status, answer.headers
        self.text = html.unescape(answer.read().decode())
        connection.close()
        if answer.headers["Set-Cookie"]:
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        return self.text

    def sign_in(self, key):
        self.go("/inbox/sign-in", {"key": key})
        return self

    def answer(self, page, path, **more):
        return self.go(path, {"form": Forms("/inbox/sign-out", page).fields["form"], **more})

    def is_let_in(self):
        self.go("/inbox")
        return self.status == 200


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


site = Browser()
site.go("/inbox")
point("nobody reads an inbox without signing in",
      differ(("status", site.status, 303), ("to", site.headers["Location"], "/inbox/sign-in")))

wrong = site.go("/inbox/sign-in", {"key": "lk_" + "x" * 43})
refused = site.status
helper = desk.run("partner", "add", "Helpers", "--role", "helpline").strip()
other = Browser().sign_in(helper)
point("a wrong key, and the key of who is no platform, open nothing, and the page says what a key is",
      differ(("status", refused, 403), ("helper", other.status, 403), ("in", other.is_let_in(), False))
      + lacks(wrong, "It begins with lk_"))

stranger = Browser()
stranger.go("/inbox/sign-in", {"key": desk.keys["Facebook"]}, **{"Sec-Fetch-Site": "cross-site"})
point("a page of another site signs nobody in", differ(("status", stranger.status, 403), ("in", stranger.is_let_in(), False)))

site.sign_in("  " + desk.keys["Facebook"] + "\r\n")
cookie = site.headers["Set-Cookie"]
empty = site.go("/inbox")
point("the key opens it, blanks around it or not; the cookie is for the inbox alone, and not the key",
      lacks(cookie, "Path=/inbox", "HttpOnly", "SameSite=Strict") + lacks(empty, "Facebook", "None.")
      + differ(("key", desk.keys["Facebook"] in cookie, False)))

desk.note_facts()
desk.post(desk.page(desk.case + "/letters"), desk.case + "/letters", action="send")
inbox = site.go("/inbox")
point("a letter of the desk is there with its address, its clock and whose clock it is",
      lacks(inbox, "https://www.facebook.com/p/1", "not answered yet", "answer by", "by law", "UTC"))

path = re.search(r"/inbox/notice/[0-9a-f]{32}", inbox)[0]
page = site.go(path)
point("the notice's page has the letter, what the law expects with where that comes from, and all answers",
      lacks(page, "What the law expects", "From a valid notice on, a platform has 48 hours.", "It is not legal advice.",
            "Example Helpline", 'value="removed"', 'value="refused:satire_or_art"', 'value="not_actionable:location_missing"')
      + differ(("restored", 'value="restored"' in page, False)))

before = desk.ask("SELECT count(*) FROM notice_step")
site.answer(page, path)
nothing = (site.status, "choose an answer first" in site.text)
site.answer(page, path, answer="refused")
no_reason = (site.status, "needs a reason" in site.text)
site.answer(page, path, answer="restored")
may_not = site.status
site.go(path, {"answer": "removed", "form": "0" * 32})
forged = site.status
point("an answer without a choice, without its reason, out of order or with a forged form records nothing",
      differ(("nothing", nothing, (400, True)), ("no reason", no_reason, (400, True)), ("out of order", may_not, 409),
             ("forged", forged, 403), ("steps", desk.ask("SELECT count(*) FROM notice_step"), before)))

thief = Browser().sign_in(desk.keys["Google Search"])
theirs = thief.go("/inbox?all=1")
thief.go(path)
looked = thief.status
thief.answer(theirs, path, answer="removed")
point("another platform neither sees nor answers it",
      differ(("looked", looked, 404), ("answered", thief.status, 404), ("listed", "facebook.com" in theirs, False)))

site.answer(inbox, path, answer="acknowledged")
looking = site.go(site.headers["Location"])
site.answer(looking, path, answer="removed", note="Gone since noon.")
waiting = site.go("/inbox")
every = site.go("/inbox?all=1")
point("one press says that it is looked at, one more that it is removed; then nothing waits, and all shows it",
      lacks(looking, "Your answer is recorded.", "you are looking at it") + lacks(waiting, "None.")
      + lacks(every, "removed, you said"))
desks = html.unescape(desk.page(desk.case))
person = html.unescape(desk.page("/case", {"code": desk.code, "detail": "links"}))
point("the desk reads the answer and its note, and the person what the platform says",
      lacks(desks, "Gone since noon.") + lacks(person, "Removed there"))

table = rows(site.go("/inbox/notices.csv"))
point("the file lists every notice with state and clock",
      differ(("n", len(table), 1), ("address", table[0]["address"], "https://www.facebook.com/p/1"),
             ("state", table[0]["state"], "removed"), ("overdue", table[0]["overdue"], "no"),
             ("type", site.headers["Content-Type"], "text/csv; charset=utf-8")))

desk.call("/v1/match", {"prints": [hex_of(PRINT)]}, "Facebook")
matches = site.go("/inbox/matches")
path = re.search(r"/inbox/match/[0-9a-f]{32}", matches)[0]
page = site.go(path)
site.answer(page, path, answer="refused:not_the_same", note="A different room.")
table = rows(site.go("/inbox/matches.csv"))
person = html.unescape(desk.page("/case", {"code": desk.code, "detail": "list"}))
point("what the matcher found is there too, with what may follow, and is answered in the same way",
      lacks(matches, "What agrees", "exact", "not answered yet") + lacks(page, "Whoever posted it objects")
      + differ(("file", [(m["state"], m["reason"]) for m in table], [("refused", "not_the_same")]))
      + lacks(person, "A different room."))
seen = site.go("/inbox/matches?state=refused")
point("matches can be listed by state", lacks(seen, path) + differ(("found", path in site.go("/inbox/matches"), False)))

schema = Schema()


def drafts(path, status=200):
    connection = http.client.HTTPConnection(*desk.origin.removeprefix("http://").split(":"))
    connection.request("GET", path, headers={"Authorization": "Bearer " + desk.keys["Facebook"]})
    answer = Answer(connection.getresponse())
    schema.check_answer("GET", re.sub("/[0-9a-f]{32}", "/{id}", path.split("?")[0]), answer)
    assert answer.status == status, answer.body
    return answer.json()


# What the database takes, from its documentation: the values of each member, whichever it may be.
TAKES = {
    "decision_visibility": {"DECISION_VISIBILITY_CONTENT_" + w for w in ("REMOVED", "DISABLED", "DEMOTED", "AGE_RESTRICTED",
                                                                        "INTERACTION_RESTRICTED", "LABELLED")} | {"DECISION_VISIBILITY_OTHER"},
    "content_type": {"CONTENT_TYPE_" + w for w in ("APP", "AUDIO", "IMAGE", "PRODUCT", "SYNTHETIC_MEDIA", "TEXT", "VIDEO", "OTHER")},
    "category_specification": {"KEYWORD_" + w for w in ("CYBER_BULLYING_INTIMIDATION", "CYBER_HARASSMENT", "CYBER_INCITEMENT",
                                                        "CYBER_STALKING", "NON_CONSENSUAL_IMAGE_SHARING",
                                                        "NON_CONSENSUAL_MATERIAL_DEEPFAKE", "OTHER")},
}
REQUIRED = {"decision_visibility", "decision_ground", "incompatible_content_ground", "incompatible_content_explanation",
            "content_type", "category", "content_date", "application_date", "decision_facts", "source_type",
            "automated_detection", "automated_decision", "puid"}


def unfit(draft):
    said, missing = draft["statement"], {one["member"] for one in draft["missing"]}
    return ([f"{name}: {value}" for name, takes in TAKES.items() for value in said.get(name, []) if value not in takes]
            + [f"{name} is neither there nor named as missing" for name in REQUIRED - set(said) - missing]
            + [f"{name} is there and missing" for name in set(said) & missing]
            + ["it names the address" for text in said.values() if "facebook.com" in str(text)])


notice = rows(site.go("/inbox/notices.csv"))[0]["notice"]
draft = drafts(f"/v1/notices/{notice}/statement")
listed = drafts("/v1/statements?of=notices")
point("for what was removed there is a draft of the statement of reasons, with what is known and what is not",
      unfit(draft) + differ(
          ("what", draft["statement"]["decision_visibility"], ["DECISION_VISIBILITY_CONTENT_REMOVED"]),
          ("types", draft["statement"]["content_type"], ["CONTENT_TYPE_IMAGE", "CONTENT_TYPE_SYNTHETIC_MEDIA"]),
          ("keyword", draft["statement"]["category_specification"], ["KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE"]),
          ("source", draft["statement"]["source_type"], "SOURCE_ARTICLE_16"),
          ("from", draft["statement"]["source_identity"], "Example Helpline"),
          ("id", draft["statement"]["puid"], notice), ("listed", listed, {"statements": [draft], "next": None})))

match = rows(site.go("/inbox/matches.csv"))[0]["match"]
drafts(f"/v1/matches/{match}/statement", 409)
none = drafts("/v1/statements?of=matches")["statements"]
said = []
for outcome, reason in (("limited", None), ("limited", "age_restricted"), ("limited", "reach_reduced"), ("removed", None)):
    answer = desk.call(f"/v1/matches/{match}/answer", {"outcome": outcome, "reason": reason}, "Facebook")
    schema.check_answer("POST", "/v1/matches/{id}/answer", answer)
    draft = drafts(f"/v1/matches/{match}/statement")
    said.append((draft["statement"]["decision_visibility"][0][20:], "decision_visibility_other" in draft["statement"], unfit(draft)))
point("nothing is owed for what stays; limits by age, by reach, otherwise, and removal are told apart; a match is the "
      "platform's own detection",
      differ(("none", none, []), ("said", said, [("OTHER", True, []), ("CONTENT_AGE_RESTRICTED", False, []),
                                                 ("CONTENT_DEMOTED", False, []), ("CONTENT_REMOVED", False, [])]),
             ("source", draft["statement"]["source_type"], "SOURCE_VOLUNTARY"),
             ("detected", draft["statement"]["automated_detection"], "Yes")))
drafts("/v1/statements?of=all", 400)

old = site.cookie
site.answer(seen, "/inbox/sign-out")
left = site.cookie
site.cookie = old
gone = site.is_let_in()
site.sign_in(desk.keys["Facebook"])
desk.ask("UPDATE partner_session SET seen_ms = seen_ms - 3 * 3600 * 1000")
idle = site.is_let_in()
site.sign_in(desk.keys["Facebook"])
inside = site.is_let_in()
desk.run("partner", "revoke", "Facebook")
point("a session ends when it is left, idle, or with the key",
      differ(("cookie", left, "inbox="), ("left", gone, False), ("idle", idle, False), ("inside", inside, True),
             ("revoked", site.is_let_in(), False)))
point("the key stands nowhere in the store", differ(("found", any(
    desk.keys["Facebook"].encode() in open(os.path.join(desk.home.name, name), "rb").read()
    for name in os.listdir(desk.home.name) if name.startswith("likeness.db")), False)))
desk.stop()
finish()
