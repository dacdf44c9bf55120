#!/usr/bin/env python3
"""Files for newcomers, and machines that are late. usage: test_snapshot.py SERVE LIKENESS"""
import functools
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading

from lib import ROOT, Service, Tap, a_case, a_print

for folder in ("exchange", "node"):
    sys.path.insert(0, os.path.join(ROOT, "tests", folder))
from feed_client import Client
from node_program import Node

LIKENESS = sys.argv[2]
tap = Tap()


class Host:
    """A file host that knows nothing: it hands out what lies in a directory, and counts."""

    def __init__(self):
        self.directory, self.asked = tempfile.mkdtemp(prefix="likeness-files-"), []
        host = self

        class Handler(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *_):
                host.asked.append((self.path, self.headers.get("Authorization")))

        self.server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Handler, directory=self.directory))
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def names(self):
        return {os.path.join(os.path.relpath(path, self.directory), file)
                for path, _, files in os.walk(self.directory) for file in files}

    def close(self):
        self.server.shutdown()
        shutil.rmtree(self.directory)


class World:
    def __init__(self, service, host):
        self.service, self.host, self.codes = service, host, {}

    def partner(self, *words, expect=0):
        directory = self.service.directory.name
        done = subprocess.run([LIKENESS, "partner", *words, "--data", directory, "--key-file",
                               os.path.join(directory, "likeness.db.key")],
                              capture_output=True, text=True, check=False)
        assert done.returncode == expect, (words, done)
        return done.stdout + done.stderr

    def snapshot(self, partner="acme"):
        return self.partner("snapshot", partner, self.host.directory)

    def register(self, name):
        answer = self.service.post("/v1/cases", a_case(a_print(name)))
        assert answer.status == 201, answer
        self.codes[name] = answer.json()["code"]

    def withdraw(self, name):
        answer = self.service.post("/v1/cases/withdraw", {"code": self.codes[name]})
        assert answer.status == 200, answer

    def client(self, partner="acme"):
        return Client(f"http://127.0.0.1:{self.service.port}", self.service.keys[partner])


def prints(a_client):
    return {p[3] for e in a_client.entries.values() for p in e["prints"]}


def bytes_of(name):
    return a_print(name).to_bytes(32, "big")


@tap
def without_files_nobody_is_told_of_any(world):
    assert "no machines follow" in world.partner("nodes")
    assert world.client().snapshot is None


@tap
def a_newcomer_reads_the_files_and_goes_on_with_the_feed(world):
    for name in ("one", "two", "gone since"):
        world.register(name)
    assert re.search(r"1 files, \d{3,} bytes", world.snapshot())
    world.withdraw("gone since")
    world.register("since")
    one = world.client()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[0-9a-f]{32}/", one.snapshot["url"]), one.snapshot
    assert one.read_snapshot() == 1
    assert prints(one) == {bytes_of(n) for n in ("one", "two", "gone since")}
    one.follow()
    assert prints(one) == {bytes_of(n) for n in ("one", "two", "since")}
    straight = world.client()
    straight.follow()
    assert straight.entries == one.entries


@tap
def a_file_is_for_the_partner_alone_and_signed(world):
    (name,) = world.host.names()
    path = os.path.join(world.host.directory, name)
    with open(path, "rb") as file:
        good = file.read()
    assert bytes_of("one") not in good
    assert world.client("other").snapshot is None
    for place in (0, 60, 140, len(good) - 1):
        with open(path, "wb") as file:
            file.write(good[:place] + bytes([good[place] ^ 1]) + good[place + 1:])
        one = world.client()
        assert one.read_snapshot() == 0, place
        one.follow()
        assert bytes_of("since") in prints(one), "the feed has all of it"
    with open(path, "wb") as file:
        file.write(good)


@tap
def a_newer_one_takes_the_place_of_the_one_before_under_another_key(world):
    before, old = world.client().snapshot, world.host.names()
    world.snapshot()
    after = world.client().snapshot
    assert before["url"] != after["url"] and before["box_secret"] != after["box_secret"]
    assert len(world.host.names()) == 1 and not old & world.host.names()
    one = world.client()
    one.snapshot = before  # told of it before it was replaced
    assert one.read_snapshot() == 0
    one.follow()
    assert bytes_of("since") in prints(one)
    two = world.client()
    assert two.read_snapshot() == 1
    assert prints(two) == prints(one), "what was withdrawn is not in the new one"


@tap
def a_node_reads_them_without_showing_its_key(world):
    world.host.asked.clear()
    with tempfile.TemporaryDirectory(prefix="likeness-node-") as directory:
        node = Node(LIKENESS, os.path.join(directory, "n"), f"http://127.0.0.1:{world.service.port}",
                    world.service.keys["acme"])
        node.wait(lambda: node.status()["following"], "it is current")
        assert node.lookup(a_print("since")) and not node.lookup(a_print("gone since"))
        world.register("after the files")
        node.wait(lambda: node.lookup(a_print("after the files")), "it follows")
        assert node.stop() == 0
    paths = [path.rsplit("/", 1)[1] for path, _ in world.host.asked if "lkf" in path]
    assert "0.lkf" in str(paths), world.host.asked
    assert not any(key for _, key in world.host.asked), "the partner's key is the registry's alone"


@tap
def what_cannot_be_written_leaves_the_one_before(world):
    before = world.client().snapshot
    with open(os.path.join(world.host.directory, "a file"), "w", encoding="ascii"):
        pass
    world.partner("snapshot", "acme", os.path.join(world.host.directory, "a file"), expect=7)
    assert world.client().snapshot == before
    world.partner("snapshot", "nobody", world.host.directory, expect=7)


@tap
def the_operator_sees_who_follows_and_who_owes_a_receipt(world):
    one = world.client("other")
    one.follow()
    one.sign()

    def about():
        lines = [json.loads(line) for line in world.partner("nodes", "other", "--json").splitlines()]
        return next(line for line in lines if line["node"] == one.node.hex())

    assert about()["entries"] == len(one.entries)
    assert about()["owes_receipt_since"] is None and about()["changes_behind"] == 0
    world.withdraw("one")
    assert about()["owes_receipt_since"] is not None and about()["changes_behind"] == 1
    assert about()["late"] is False, "it has an hour"
    assert one.node.hex()[:8] in world.partner("nodes")
    one.follow()
    assert about()["owes_receipt_since"] is None and about()["changes_behind"] == 0


def main():
    host = Host()
    with Service(sys.argv[1], case_burst=10000, code_burst=10000, key_burst=10000,
                 snapshot_port=host.port) as service:
        failed = tap.run(World(service, host))
        assert service.stop() == 0
    host.close()
    return failed > 0


sys.exit(main())
