#!/usr/bin/env python3
"""The deadline of every regime in force, as a table that a lawyer can read and correct:
tests/golden/deadlines.txt. TAP.

usage: deadlines.py DEADLINE_TABLE [--write]      --write: replaces the table by what is so now
"""
import datetime
import json
import subprocess
import sys
import textwrap
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tap import finish, point  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
LAW = ROOT / "data/law"
TABLE = ROOT / "tests/golden/deadlines.txt"
UTC = datetime.timezone.utc
STARTS = [
    (2026, 1, 15, 12, 0),  # before some of the laws
    (2026, 11, 24, 10, 0),  # an ordinary day
    (2027, 3, 13, 17, 30),  # a Saturday; clocks go forward in the United States that night
    (2027, 10, 30, 23, 0),  # a Saturday; clocks go back in Europe that night
    (2028, 1, 31, 9, 0),  # a month before the leap day
    (2028, 12, 31, 22, 0),  # over the turn of the year
]
HEAD = """\
Deadlines of every regime in force, with a number or without.

Made by tests/law/deadlines.py from data/law, compared by every run of the tests. Times are as the
clocks of the zone show them; a day is over at 24:00. "counts": regime and number were checked and
bind, so the deadline appears in figures and may lead to a next step by itself. "reminder": it tells
the desk to ask again, no more. Public holidays are not in it.
"""


def regimes():
    for path in sorted(LAW.glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        if "jurisdiction" in data:
            yield from (r for r in data["regimes"] if r["status"] == "in_force")


def seconds(start):
    return int(datetime.datetime(*start, tzinfo=UTC).timestamp())


def rows_of(program, questions):
    asked = "".join(f"{regime} {event} {at}\n" for regime, event, at in questions)
    return subprocess.run([program], input=asked, capture_output=True, text=True, check=True).stdout.splitlines()


def table(program):
    rules = json.loads((LAW / "clock-rules.json").read_text(encoding="utf-8"))
    numbered, others = [], []
    for regime in regimes():
        rule = rules["regimes"].get(regime["id"])
        (numbered if rule and rule["count"] else others).append((regime, rule))
    yield HEAD
    for regime, rule in numbered:
        notice = regime["notice"]
        yield f"{regime['id']}: {regime['title']}"
        says = f"It says: {notice['deadline_text']}. From: {rules['starts'][rule['starts_at']]}."
        if rule["unit"] != "hours":
            says += f" Counted in {rule['unit']}" + (", on to a working day." if "ends_on_business_day" in rule else ".")
        if "note" in rule:
            says += f" Note: {rule['note']}"
        yield textwrap.fill(says, 98, initial_indent="  ", subsequent_indent="  ")
        questions = [(regime["id"], rule["starts_at"], seconds(start)) for start in STARTS]
        yield from ("    " + row.replace(" | ", " -> ", 1) for row in rows_of(program, questions))
        yield ""
    yield "No clock runs for these:\n"
    questions = [(regime["id"], "notice_received", seconds(STARTS[1])) for regime, _ in others]
    for (regime, _), row in zip(others, rows_of(program, questions)):
        yield f"  {regime['id']}: {row.split(' | ')[1]}"


def main():
    now = "\n".join(table(sys.argv[1])) + "\n"
    if sys.argv[2:] == ["--write"]:
        TABLE.write_text(now, encoding="utf-8")
        return
    before, after = TABLE.read_text(encoding="utf-8").splitlines(), now.splitlines()
    point(
        "every deadline is that of tests/golden/deadlines.txt",
        [f"- {x}" for x in before if x not in after] + [f"+ {x}" for x in after if x not in before],
    )
    point("the table has the order of the data", [] if set(before) != set(after) or before == after else ["it has not"])
    finish()


main()
