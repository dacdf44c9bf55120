#!/usr/bin/env python3
"""Canaries: entries of one partner alone, which say whose copy of the bank got out.
usage: test_canary.py SERVE LIKENESS"""
import os
import subprocess
import sys

from lib import ROOT, Service, Tap, a_case, a_print

sys.path.insert(0, os.path.join(ROOT, "tests", "exchange"))
from feed_client import Client

LIKENESS = sys.argv[2]
tap = Tap()
known = {}


def canary(service, *words, expect=0):
    words = [LIKENESS, "partner", "canary", *words, "--data", service.directory.name,
             "--key-file", os.path.join(service.directory.name, "likeness.db.key")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == expect, (words, done)
    return done.stdout


def entries_of(service, partner):
    a_client = Client(f"http://127.0.0.1:{service.port}", service.keys[partner])
    a_client.follow()
    return a_client.entries


def the_whole(entry):
    """The record that is the picture's own print, as hexadecimal digits."""
    return entry["prints"][0][3].hex()


@tap
def a_canary_comes_to_its_partner_alone(service):
    assert service.post("/v1/cases", a_case(a_print("a person's"))).status == 201
    canary(service, "add", "acme", "--number", "2")
    acme, other = entries_of(service, "acme"), entries_of(service, "other")
    assert len(acme) == 3 and len(other) == 1, (len(acme), len(other))
    person = {the_whole(e) for e in other.values()}
    known["acme"] = [e for e in acme.values() if the_whole(e) not in person]
    assert len(known["acme"]) == 2


@tap
def a_canary_has_the_prints_of_a_photograph(service):
    for entry in known["acme"]:
        whole = int(the_whole(entry), 16).bit_count()
        assert 120 <= whole <= 136, whole
        assert entry["tier"] == 1 and entry["brake"] == 0
        assert 100 <= len(entry["prints"]) <= 512, len(entry["prints"])
    assert the_whole(known["acme"][0]) != the_whole(known["acme"][1])


@tap
def nobody_is_told_of_a_match_with_one(service):
    query = {"prints": [the_whole(known["acme"][0])]}
    for partner in ("acme", "other"):
        answer = service.post("/v1/match", query, key=partner).json()
        assert answer["results"] == [], answer


@tap
def a_real_entry_in_the_same_query_is_still_found(service):
    value = a_print("beside a canary")
    assert service.post("/v1/cases", a_case(value)).status == 201
    query = {"prints": [the_whole(known["acme"][0]), f"{value:064x}", the_whole(known["acme"][1])]}
    results = service.post("/v1/match", query, key="other").json()["results"]
    assert [(r["index"], len(r["matches"])) for r in results] == [(1, 1)], results


@tap
def who_asked_for_anothers_is_listed_and_counted(service):
    lines = canary(service, "list").splitlines()
    assert lines[0].startswith("acme ") and "2 in force, 0 taken back" in lines[0], lines
    assert len(lines) == 3, "one line for each canary that 'other' asked for; its owner is none"
    for line, times in zip(lines[1:], ("2 times", "1 times")):
        assert line.startswith("SEEN: one of 'acme' was asked for by 'other', " + times), line
    assert "likeness_canaries_total 2\n" in service.get("/metrics").body.decode()


@tap
def a_list_that_turned_up_names_its_owner(service):
    path = os.path.join(service.directory.name, "dump.csv")
    rows = [f"{number},{a_print(number):064x},90" for number in range(1000)]
    with open(path, "w", encoding="ascii") as file:
        file.write("\n".join(rows))
    assert canary(service, "check", path, expect=1) == ""
    flipped = int(the_whole(known["acme"][1]), 16) ^ 1 << 200
    with open(path, "a", encoding="ascii") as file:
        file.write(f'\n{{"pdq": "{flipped:064X}"}}\n')
    assert canary(service, "check", path) == "acme\n"


@tap
def a_list_without_prints_is_said_to_be_none(service):
    path = os.path.join(service.directory.name, "none.txt")
    with open(path, "w", encoding="ascii") as file:
        file.write("0" * 63 + " " + "0" * 65)
    canary(service, "check", path, expect=3)


@tap
def what_is_taken_back_is_withdrawn_and_asked_for_in_peace(service):
    canary(service, "remove", "acme")
    assert len(entries_of(service, "acme")) == 2, "of persons"
    before = canary(service, "list").splitlines()
    assert "0 in force, 2 taken back" in before[0]
    service.post("/v1/match", {"prints": [the_whole(known["acme"][0])]}, key="other")
    assert canary(service, "list").splitlines() == before


@tap
def only_whoever_follows_the_feed_can_have_one(service):
    canary(service, "add", "helpline", expect=7)
    canary(service, "add", "nobody", expect=7)
    canary(service, "add", "acme", "--number", "0", expect=2)


def main():
    with Service(sys.argv[1], case_burst=10000, code_burst=10000, key_burst=10000) as service:
        failed = tap.run(service)
        assert service.stop() == 0
    return failed > 0


sys.exit(main())
