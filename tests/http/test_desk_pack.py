"""An evidence pack from the desk's pages: one asks, another allows, and only whoever it is for takes it.
Speaks TAP.

usage: test_desk_pack.py LIKENESS VERIFY_PACK ROUTES"""
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from desk import Desk, differ, lacks  # noqa: E402
from tap import finish, point  # noqa: E402

LIKENESS, VERIFY, ROUTES = sys.argv[1:]
desk = Desk(LIKENESS)
for name, role in (("kim", "caseworker"), ("pat", "police"), ("quin", "police"), ("lou", "auditor")):
    desk.run("admin", "staff", "add", name, "--role", role, "--proxy")
scratch = tempfile.TemporaryDirectory(prefix="likeness-pack-")
identity = os.path.join(scratch.name, "key")
subprocess.run(["age-keygen", "-o", identity], check=True, stderr=subprocess.DEVNULL)
KEY = subprocess.run(["age-keygen", "-y", identity], check=True, capture_output=True, text=True).stdout.strip()


def at(name):
    desk.staff = name
    return desk


def ask(name, **more):
    """Asks from the page of the case, and returns the number of the request."""
    page = at(name).post(desk.page(desk.case), desk.case + "/pack", recipient=KEY, **more)
    return re.search(r'name="request" value="(\d+)"', page)[1], page


def decide(name, request, **more):
    page = at(name).page("/desk/requests")
    form = re.search(r'name="form" value="([^"]+)"', page)[1]
    return desk.page("/desk/requests", {"form": form, "request": request, **more})


def take(name, request):
    return at(name).fetch("/desk/pack/" + request)


def opened(pack):
    """What the verifier, which knows nothing but Python and age, says of it."""
    path = os.path.join(scratch.name, "pack.age")
    with open(path, "wb") as file:
        file.write(pack)
    tar = subprocess.run(["age", "-d", "-i", identity, path], check=True, capture_output=True).stdout
    with open(path + ".tar", "wb") as file:
        file.write(tar)
    done = subprocess.run([sys.executable, VERIFY, path + ".tar"], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr, tar


request, page = ask("sam", whom="police")
point("a caseworker asks for a pack, and reads that a second person must allow it",
      lacks(page, "waits for a second person", "for the police", KEY, "Evidence pack")
      + differ(("before it is allowed", take("sam", request)[0], 404)))

own = decide("sam", request, allow="1")
point("whoever asked cannot allow it", lacks(own, "allowed by somebody else"))

page = decide("kim", request, allow="1")
point("another allows it, and cannot take it",
      lacks(page, "The pack is made.") + differ(("kim", take("kim", request)[0], 403), ("lou", take("lou", request)[0], 403)))

status, pack = take("sam", request)
code, said, tar = opened(pack)
point("whoever asked takes it; only the recipient opens it, and it verifies",
      differ(("status", status, 200), ("sealed", pack[:21], b"age-encryption.org/v1"), ("verifier", code, 0),
             ("address inside", b"https://www.facebook.com/p/1" in tar, True),
             ("address outside", b"facebook" in pack, False)) + ([] if code == 0 else [said]))

page = at("sam").page("/desk/requests")
point("and finds the way to it on the page", lacks(page, f'href="/desk/pack/{request}"', "until"))

trail = [line.split(",")[1:3] for line in at("sam").page("/desk/audit?csv=1").splitlines()[1:]]
point("the trail has who asked, who allowed, and who took it",
      differ(("trail", [[who, what] for who, what in trail if what != "read a case"][:3],
              [["sam", "took an evidence pack"], ["kim", "allowed what was asked"],
               ["sam", "asked for a second opinion"]])))

bare, _ = ask("kim", whom="regulator", without_texts="on")
decide("sam", bare, allow="1")
point("without what people wrote there is no address in it",
      differ(("address", b"facebook.com/p/1" in opened(take("kim", bare)[1])[2], False)))

addressed, page = ask("sam", whom="police", liaison="pat")
decide("kim", addressed, allow="1")
own = at("pat").page("/desk/packs")
point("one that is addressed to a member of the police is theirs alone",
      lacks(page, "addressed to a member of the police") + lacks(own, f'href="/desk/pack/{addressed}"')
      + differ(("others'", f'"/desk/pack/{request}"' in own, False), ("pat", take("pat", addressed)[0], 200),
               ("sam", take("sam", addressed)[0], 403), ("quin", take("quin", addressed)[0], 403),
               ("pat, sam's", take("pat", request)[0], 403), ("start", "Evidence packs" in at("pat").page("/desk"), True)))

open_to_police = {"/desk", "/desk/sign-in", "/desk/sign-out", "/desk/password", "/desk/me", "/desk/packs", "/desk/pack/{id}"}
desk.ask("UPDATE staff SET role = 2 WHERE name = 'pat'")  # for a moment: the pages of the police have no form
wrong, pats = [], re.search(r'name="form" value="([^"]+)"', at("pat").page(desk.case))[1]
desk.ask("UPDATE staff SET role = 5 WHERE name = 'pat'")
with open(ROUTES, encoding="utf-8") as file:
    routes = re.findall(r'\{\{"(GET|POST)", "(/desk[^"]*)"', file.read())
for method, path in routes:
    if path in open_to_police:
        continue
    where = path.replace("{id}", desk.case.rsplit("/", 1)[1]).replace("{letter}", "1")
    got = at("pat").fetch(where, {"form": pats} if method == "POST" else None)[0]
    if got != 403:
        wrong.append(f"{method} {path}: {got}")
point("every other page of the desk is shut to the police", wrong + ([] if len(routes) > 30 else ["no routes were read"]))

declined, _ = ask("sam", whom="person")
decide("kim", declined)
point("what is declined is not made", differ(("taken", take("sam", declined)[0], 404)))

refused = [at("sam").fetch(desk.case + "/pack", {"form": re.search(r'name="form" value="([^"]+)"', desk.page(desk.case))[1],
                                                  **fields})[0]
           for fields in ({"whom": "police", "recipient": "age1nonsense"}, {"whom": "friends", "recipient": KEY},
                          {"whom": "police", "recipient": KEY, "liaison": "kim"})]
point("a key that is none, a recipient that is none, a liaison who is none: refused",
      differ(("statuses", refused, [400, 400, 400])))

desk.ask(f"UPDATE desk_pack SET until_ms = 1 WHERE request_id = {request}")
point("after its days it is gone", differ(("taken", take("sam", request)[0], 404)))

desk.call("/v1/cases/withdraw", {"code": desk.code})
point("and all of a case's are gone when the person withdraws",
      differ(("packs", desk.ask("SELECT count(*) FROM desk_pack"), [(0,)]), ("taken", take("pat", addressed)[0], 404)))

desk.stop()
finish()
