"""A partner's keys: each opens what it is for and no more, ends when it is said to, and the first is replaced
without a pause. Speaks TAP.

usage: test_keys.py LIKENESS"""
import http.client
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from desk import Desk, differ  # noqa: E402
from lib import Answer  # noqa: E402
from tap import finish, point  # noqa: E402

desk = Desk(sys.argv[1])
# One address for each purpose, and what it answers to whoever may.
PURPOSES = {
    "match": ("GET", "/v1/matches", 200), "answer": ("POST", "/v1/answers", 400), "notices": ("GET", "/v1/notices", 200),
    "feed": ("GET", "/v1/feed?node=x", 400), "webhooks": ("GET", "/v1/webhooks", 200),
    "lists": ("GET", "/stopncii/v1/FetchHashes", 403), "cases": ("POST", "/v1/cases/open-for-others", 403),
}


def ask(key, purpose):
    method, path, _ = PURPOSES[purpose]
    connection = http.client.HTTPConnection(*desk.origin.removeprefix("http://").split(":"))
    connection.request(method, path, "{}" if method == "POST" else None,
                       {"Authorization": "Bearer " + key, "x-functions-key": key, "Content-Type": "application/json"})
    return Answer(connection.getresponse())


def opens(key):
    """The purposes for which it is not turned away as a key for something else."""
    answers = {purpose: ask(key, purpose) for purpose in PURPOSES}
    return {p for p, a in answers.items() if a.status != 401 and "this key is not for" not in a.body.decode()}, answers


def a_key(*words):
    return desk.run("partner", "key", "add", "Facebook", *words).strip()


def keys():
    return [json.loads(line) for line in desk.run("partner", "key", "list", "Facebook", "--json").splitlines()]


def fails(*words):
    return subprocess.run([sys.argv[1], *words, "--data", desk.home.name], capture_output=True, text=True)


first = desk.keys["Facebook"]
all_of_it, answers = opens(first)
point("the first key is for everything",
      differ(("opens", all_of_it, set(PURPOSES)), *((p, answers[p].status, PURPOSES[p][2]) for p in PURPOSES)))

wrong = {}
for purpose in PURPOSES:
    got, answers = opens(a_key("--for", purpose, purpose))
    if got != {purpose} or any(a.status != 403 for p, a in answers.items() if p != purpose):
        wrong[purpose] = got
two, _ = opens(a_key("--for", "match,answer", "matcher"))
point("a key for one purpose opens that alone, and says so; for two, those",
      differ(("wrong", wrong, {}), ("two", two, {"match", "answer"})))

listed = keys()
number = listed[0]["id"]
extra = a_key("to be ended")
here = opens(extra)[0]
desk.run("partner", "key", "end", "Facebook", str(keys()[-1]["id"]))
time.sleep(2.2)  # a key that was right is remembered for two seconds
point("what is listed names no key, and an ended one opens nothing",
      differ(("listed", [(k["label"], k["for"]) for k in listed[:2]], [("match", ["match"]), ("answer", ["answer"])]),
             ("before", here, set(PURPOSES)), ("after", opens(extra)[0], set()), ("over", keys()[-1]["over"], True))
      + [f"a key is listed: {k}" for k in listed if "lk_" in str(k)])

short = a_key("--days", "1", "for a day")
desk.ask("UPDATE partner_key SET until_ms = 1 WHERE label = 'for a day'")
point("a key ends by itself", differ(("opens", opens(short)[0], set())))

second = desk.run("partner", "rotate", "Facebook").strip()
both = (opens(first)[0], opens(second)[0])
third = desk.run("partner", "rotate", "Facebook", "--overlap-hours", "0").strip()
time.sleep(2.2)
point("a new first key works beside the one before for a while, or at once alone",
      differ(("both", both, (set(PURPOSES), set(PURPOSES))), ("second", opens(second)[0], set()),
             ("third", opens(third)[0], set(PURPOSES)), ("first, still in its day", opens(first)[0], set(PURPOSES))))

point("what makes no sense is refused, with what would",
      differ(("purpose", fails("partner", "key", "add", "Facebook", "x", "--for", "all").returncode, 2),
             ("says", "match, answer, notices" in fails("partner", "key", "add", "Facebook", "x", "--for", "all").stderr, True),
             ("label", fails("partner", "key", "add", "Facebook", "x" * 41).returncode, 2),
             ("number", fails("partner", "key", "end", "Google Search", str(number)).returncode != 0, True),
             ("nobody", fails("partner", "rotate", "Nobody").returncode != 0, True)))

desk.run("partner", "revoke", "Facebook")
time.sleep(2.2)
point("revoking the partner ends all of them", differ(("third", opens(third)[0], set()), ("two", opens(first)[0], set())))
desk.stop()
finish()
