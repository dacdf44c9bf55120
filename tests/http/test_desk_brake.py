"""An accepted refusal brakes a file: what the platform, the moderator, the desk and the person read of
it, and that it can be lifted. Speaks TAP.

usage: test_desk_brake.py LIKENESS"""
import html
import io
import json
import os
import re
import subprocess
import sys
import tarfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from desk import Desk, differ, lacks  # noqa: E402
from lib import Schema, a_print, hex_of, image  # noqa: E402
from tap import finish, point  # noqa: E402

PRINT = a_print(1)
desk = Desk(sys.argv[1], items=[image(PRINT)])
schema = Schema()


def ask(name):
    answer = desk.call("/v1/match", {"prints": [hex_of(PRINT)]}, name)
    schema.check_answer("POST", "/v1/match", answer)
    return answer.json()["results"][0]["matches"][0]


def status():
    answer = desk.call("/v1/cases/status", {"code": desk.code})
    schema.check_answer("POST", "/v1/cases/status", answer)
    return answer.json()["items"][0]["braked"]


match = ask("Facebook")
point("a file has its full effect at first, and the person reads of no brake",
      differ(("action", match["action"], "hold"), ("braked", match.get("braked"), None), ("status", status(), [])))

desk.call(f"/v1/matches/{match['id']}/answer", {"outcome": "refused", "reason": "not_the_same"}, "Facebook")
page = desk.page(desk.case)
desk.call(f"/v1/matches/{match['id']}/answer", {"outcome": "refused", "reason": "satire_or_art"}, "Facebook")
offered = desk.page(desk.case)
point("the desk can accept a refusal that says something of the file, and no other",
      differ(("other picture", "Accept the refusal" in page, False), ("satire", "Accept the refusal" in offered, True)))

page = desk.post(offered, desk.case + "/brake", accept=match["id"])
braked, other = ask("Facebook"), ask("Google Search")
point("then every platform is told to look and do nothing, and why; grade and tier stay",
      lacks(page, "The file is braked.", "Braked at every platform since")
      + differ(*((name, (m["action"], m["braked"], m["grade"], m["tier"]),
                  ("queue", "satire_or_art", match["grade"], match["tier"]))
                 for name, m in (("one", braked), ("other", other)))))

moderator = html.unescape(desk.page(match["view"]))
person = html.unescape(desk.page("/case", {"code": desk.code, "detail": "list"}))
point("the moderator and the person read it in plain words",
      lacks(moderator, "The helpline agreed that content like this may stay.", "it is satire or art")
      + lacks(person, "The helpline agreed that this may stay. It is still found.", "it is satire or art")
      + differ(("status", [sorted(one) for one in status()], [["reason", "since"]])))

lift = re.search(r'name="lift" value="(\d+)"', page)[1]
silent = desk.post(page, desk.case + "/brake", lift=lift, why="")
page = desk.post(page, desk.case + "/brake", lift=lift, why="It was meant to hurt.")
match = ask("Google Search")
point("the desk lifts it, and has to say why",
      lacks(silent, "say why the brake is lifted")
      + lacks(page, "The brake is lifted.", "It was meant to hurt.")
      + differ(("action", match["action"], "hold"), ("braked", match.get("braked"), None), ("status", status(), [])))
tar = subprocess.run([sys.argv[1], "case", "pack", desk.case.rsplit("/", 1)[1], "--for", "regulator", "--plain",
                      "--data", desk.home.name], check=True, stdout=subprocess.PIPE).stdout
case = json.load(tarfile.open(fileobj=io.BytesIO(tar)).extractfile("case.json"))
point("an evidence pack tells of it, with its end",
      differ(("brakes", [sorted(one) for one in case["brakes"]], [["item", "lifted_at", "platform", "reason", "since"]]),
             ("platform", case["brakes"][0]["platform"], None), ("reason", case["brakes"][0]["reason"], "satire_or_art"),
             ("lifted", case["brakes"][0]["lifted_at"] is not None, True)))
desk.stop()
finish()
