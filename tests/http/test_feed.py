#!/usr/bin/env python3
"""The feed as a client in another language sees it (tests/exchange/feed_client.py, written from
docs/formats/feed.md alone). usage: test_feed.py SERVE"""
import os
import sys
import threading
import time

from lib import ROOT, Service, Tap, a_case, a_print

sys.path.insert(0, os.path.join(ROOT, "tests", "exchange"))
from feed_client import Client

tap = Tap()


def open_case(service, *values):
    answer = service.post("/v1/cases", a_case(*values))
    assert answer.status == 201, answer
    return answer.json()["code"]


def withdraw(service, code):
    assert service.post("/v1/cases/withdraw", {"code": code}).status == 200


machines = {"acme": [], "other": []}  # that have joined


def client(service, partner="acme"):
    machines[partner].append(Client(f"http://127.0.0.1:{service.port}", service.keys[partner]))
    return machines[partner][-1]


def prints(a_client):
    return {p[3] for e in a_client.entries.values() for p in e["prints"]}


def bytes_of(value):
    return value.to_bytes(32, "big")


@tap
def what_is_registered_comes_and_what_is_withdrawn_goes(service):
    one = client(service)
    kept, gone = a_print("kept"), a_print("gone")
    open_case(service, kept)
    code = open_case(service, gone)
    one.follow()
    assert {bytes_of(kept), bytes_of(gone)} <= prints(one)
    withdraw(service, code)
    one.follow()
    assert bytes_of(kept) in prints(one) and bytes_of(gone) not in prints(one)


@tap
def a_newcomer_holds_the_same(service):
    old, new = client(service), client(service)
    old.follow()
    new.follow()
    assert old.entries == new.entries and old.node != new.node


@tap
def an_entry_says_how_far_it_is_trusted_and_until_when(service):
    one = client(service)
    open_case(service, a_print("about"))
    one.follow()
    entry = [e for e in one.entries.values() if e["prints"][0][3] == bytes_of(a_print("about"))][0]
    days = entry["last_day"] - time.time() / 86400
    assert entry["tier"] == 1 and entry["brake"] == 0 and entry["laws"] == [], entry
    assert 728 < days <= 730, days


@tap
def two_partners_have_other_names_for_every_entry(service):
    acme, other = client(service), client(service, "other")
    client(service, "other")
    acme.follow()
    other.follow()
    assert prints(acme) == prints(other)
    assert not set(acme.entries) & set(other.entries)


@tap
def a_match_names_the_entry_as_the_feed_does(service):
    one = client(service)
    value = a_print("named")
    open_case(service, value)
    one.follow()
    answer = service.post("/v1/match", {"prints": [f"{value:064x}"]}, key="acme").json()
    assert bytes.fromhex(answer["results"][0]["matches"][0]["entry"]) in one.entries


@tap
def whoever_waits_hears_of_news_at_once(service):
    one = client(service)
    one.follow()
    heard = []

    def wait():
        heard.append((one.fetch(wait=30), time.monotonic()))

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.3)  # so that it does wait; were it late, the test would still be right
    assert not heard
    open_case(service, a_print("news"))
    thread.join(20)
    assert heard and heard[0][0][:4] == b"LKFC"
    one.apply(heard[0][0])
    assert bytes_of(a_print("news")) in prints(one)


@tap
def whoever_waits_in_vain_is_told(service):
    one = client(service)
    one.follow()
    assert one.fetch(wait=1) == b""


@tap
def many_wait_without_holding_a_worker(service):
    waiting = [client(service) for _ in range(12)]  # there are four workers
    for one in waiting:
        one.follow()
    chunks = []
    threads = [threading.Thread(target=lambda c=c: chunks.append(c.fetch(wait=30))) for c in waiting]
    for thread in threads:
        thread.start()
    assert service.get("/readyz").status == 200
    open_case(service, a_print("for all"))
    for thread in threads:
        thread.join(20)
    assert len(chunks) == 12 and all(chunk[:4] == b"LKFC" for chunk in chunks)


@tap
def a_changed_chunk_is_not_taken(service):
    one = client(service)
    chunk = one.fetch()
    for place in (4, 8, 30, 80, 125, 140, len(chunk) - 1):
        wrong = bytearray(chunk)
        wrong[place] ^= 1
        try:
            one.open(bytes(wrong))
        except ValueError:
            continue
        raise AssertionError(f"a change at byte {place} was taken")
    assert one.open(chunk)


@tap
def a_chunk_of_another_node_is_not_taken(service):
    one, two = client(service), client(service)
    try:
        one.open(two.fetch())
    except ValueError:
        return
    raise AssertionError("taken")


@tap
def a_person_sees_how_many_partners_use_or_deleted_what_is_theirs(service):
    code = open_case(service, a_print("seen"))

    def seen():
        item = service.post("/v1/cases/status", {"code": code}).json()["items"][0]
        return item["partners_seen"]

    assert seen() == 0
    for one in machines["other"][:-1]:
        one.follow()
        one.sign()
    assert seen() == 0, "one of its machines has not signed"
    last = machines["other"][-1]
    last.follow()
    last.sign()
    assert seen() == 1
    withdraw(service, code)
    assert seen() == 0
    for one in machines["other"]:
        one.follow()
    assert seen() == 1, "each signs for what it deletes"


@tap
def a_receipt_is_taken_once_it_is_signed_by_the_node(service):
    one, two = client(service), client(service)
    one.follow()
    two.follow()
    one.sign_secret = two.sign_secret
    try:
        one.sign()
    except OSError as error:
        assert error.code == 403
        return
    raise AssertionError("a receipt with another's signature was taken")


def main():
    with Service(sys.argv[1], case_burst=10000, code_burst=10000, key_burst=10000) as service:
        failed = tap.run(service)
        assert service.stop() == 0
    return failed > 0


sys.exit(main())
