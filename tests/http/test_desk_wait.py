"""The desk prepares letters that a clock sends: the page that offers them, the case that shows them
waiting, and the service that sends them. Speaks TAP.

usage: test_desk_wait.py LIKENESS"""
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from desk import Desk, Forms, differ, lacks  # noqa: E402
from tap import finish, point  # noqa: E402

LIKENESS = sys.argv[1]
WAITING, STOPPED, GIVEN = 9, 10, 8

desk = Desk(LIKENESS, "suggest")
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

desk = Desk(LIKENESS, "search")
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

desk = Desk(LIKENESS, "search")
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
