#!/usr/bin/env python3
"""A platform's node beside a real registry. usage: test_node.py LIKENESS SERVE"""
import json
import os
import re
import struct
import subprocess
import sys

from node_program import SCHEMA, Node, World, a_picture
from lib import ROOT, Service, Tap, a_print, hex_of, near  # of tests/http, by node_program

tap = Tap()
LIKENESS = sys.argv[1]


@tap
def what_is_registered_is_found_and_what_is_withdrawn_is_not(world):
    value = a_print("first")
    node = world.node()
    code = world.open_case(value)
    node.wait_for(value)
    match = node.lookup(near(value, 5))[0]
    assert match["grade"] in ("exact", "near") and match["distance"] == 5, match
    assert match["tier"] == "self" and match["action"] in ("hold", "queue"), match
    assert node.lookup(a_print("another")) == []
    world.withdraw(code)
    node.wait_for(value, found=False)
    assert node.stop() == 0


@tap
def it_serves_from_the_disk_when_the_registry_is_gone_and_says_how_old_that_is(world):
    value = a_print("kept on disk")
    node = world.node()
    world.open_case(value)
    node.wait_for(value)
    assert node.stop() == 0
    node.words[3] = "http://127.0.0.1:1"  # nobody there
    node.start()
    assert node.lookup(value)
    status = node.status()
    assert not status["following"] and status["age_seconds"] >= 0 and status["current"], status
    node.wait(lambda: "cannot be reached" in node.status().get("problem", ""), "it says why")
    assert node.get("/readyz").status == 200
    assert node.stop() == 0


@tap
def a_node_that_never_followed_is_not_ready(world):
    node = Node(LIKENESS, world.path("never"), "http://127.0.0.1:1", "lk_" + "x" * 43)
    assert node.get("/livez").status == 200
    assert node.get("/readyz").status == 503
    assert node.status()["entries"] == 0
    assert node.stop() == 0


@tap
def killed_at_any_time_it_goes_on_where_it_was(world):
    values = [a_print(f"killed {i}") for i in range(30)]
    node = world.node()
    codes = []
    for i, value in enumerate(values):
        codes.append(world.open_case(value))
        if i % 6 == 5:
            node.kill()
            node.start()
    for value in values:
        node.wait_for(value)
    for i, code in enumerate(codes[:15]):
        world.withdraw(code)
        if i % 5 == 4:
            node.kill()
            node.start()
    for i, value in enumerate(values):
        node.wait_for(value, found=i >= 15)
    assert "begins again" not in node.log_text()
    assert node.stop() == 0


@tap
def the_directory_tells_a_thief_nothing(world):
    value = a_print("stolen")
    node = world.node()
    world.open_case(value)
    node.wait_for(value)
    assert node.stop() == 0
    directory = node.words[node.words.index("--data") + 1]
    for folder, _, names in os.walk(directory):
        for name in names:
            with open(os.path.join(folder, name), "rb") as f:
                content = f.read()
            for secret in (bytes.fromhex(hex_of(value)), bytes.fromhex(hex_of(value))[::-1],
                           world.service.keys["acme"].encode()):
                assert secret not in content, name
            assert os.stat(os.path.join(folder, name)).st_mode & 0o077 == 0, name
    assert hex_of(value) not in node.log_text()


@tap
def another_key_opens_nothing(world):
    node = world.node()
    node.wait(lambda: node.status()["following"], "it follows")
    assert node.stop() == 0
    directory = node.words[node.words.index("--data") + 1]
    with open(os.path.join(directory, "node.key"), "w") as f:
        f.write("ab" * 32 + "\n")
    try:
        node.start()
    except RuntimeError as error:
        assert "key" in str(error), error
        node.end()
        return
    raise AssertionError("it started")


@tap
def two_nodes_do_not_share_a_directory(world):
    node = world.node()
    words = list(node.words)
    other = subprocess.run(words, env=node.environment, capture_output=True, text=True, timeout=20)
    assert other.returncode > 2 and "another process" in other.stderr, other
    assert node.stop() == 0


@tap
def a_person_sees_when_every_machine_of_a_platform_deleted(world):
    value = a_print("deleted everywhere")
    nodes = [world.node(partner="other") for _ in range(3)]
    code = world.open_case(value)
    for node in nodes:
        node.wait_for(value)
    world.withdraw(code)

    def seen():
        answer = world.service.post("/v1/cases/status", {"code": code}).json()
        return answer["items"][0]["partners_seen"]

    nodes[0].wait(lambda: seen() == 1, "the platform's machines have signed")
    for node in nodes:
        assert node.lookup(value) == [] and node.stop() == 0


@tap
def many_prints_are_asked_as_json_as_lines_and_as_a_message(world):
    value, other = a_print("many"), a_print("none of them")
    node = world.node()
    world.open_case(value)
    node.wait_for(value)
    as_json = node.request("POST", "/v1/match", {"prints": [hex_of(other), hex_of(value)]}).json()
    assert [r["index"] for r in as_json["results"]] == [1], as_json
    lines = "".join(json.dumps({"print": hex_of(v), "ref": r}) + "\n"
                    for v, r in ((other, "a"), (value, "b")))
    answer = node.request("POST", "/v1/match", lines, "application/x-ndjson")
    found = [json.loads(line) for line in answer.body.splitlines()]
    assert [(f["ref"], len(f["matches"])) for f in found] == [("a", 0), ("b", 1)], found
    message = b"LKSM\1\0\0\0" + struct.pack("<I", 2)
    for v in (other, value):
        message += b"LKSQ\1\1\0\0" + struct.pack("<II", 1, 0)
        message += struct.pack("<BBBBIBBBB", 1, 1, 97, 0, 0, 128, 128, 255, 0) + v.to_bytes(32, "big")
    answer = node.request("POST", "/v1/match", message, "application/vnd.likeness.sequences",
                          "application/vnd.likeness.matches")
    assert answer.body[:4] == b"LKMR", answer
    n_queries, n_matches = struct.unpack_from("<II", answer.body, 8)
    assert (n_queries, n_matches) == (2, 1)
    assert struct.unpack_from("<I", answer.body, 24)[0] == 1
    assert answer.body[44:60].hex() == found[1]["matches"][0]["entry"]
    assert node.stop() == 0


@tap
def wrong_requests_are_told_what_is_wrong(world):
    node = world.node()
    cases = [("POST", "/v1/lookup", "xyz", "text/plain", 400),
             ("POST", "/v1/lookup", b"1" * 31, "application/octet-stream", 400),
             ("POST", "/v1/lookup", "", "text/plain", 400),
             ("POST", "/v1/match", {"prints": []}, None, 400),
             ("POST", "/v1/match", '{"print": "1"}\n', "application/x-ndjson", 400),
             ("POST", "/v1/match", b"LKSM", "application/vnd.likeness.sequences", 422),
             ("GET", "/v1/match", None, None, 405),
             ("GET", "/v1/entries/zz", None, None, 404),
             ("GET", "/v1/entries/" + "0" * 32, None, None, 404),
             ("GET", "/nothing", None, None, 404),
             ("POST", "/v1/match/file", b"x", "image/jpeg", 404),
             ("GET", "/m/lookup?signal_type=pdq&signal=" + "0" * 64, None, None, 404)]
    for method, path, body, kind, status in cases:
        answer = node.request(method, path, body, kind)
        assert answer.status == status, (method, path, answer)
        assert answer.type == "application/problem+json" and answer.json()["detail"], answer
    assert node.stop() == 0


@tap
def hma_callers_switch_by_changing_an_address(world):
    value = a_print("hma")
    node = world.node("--hma")
    world.open_case(value)
    node.wait_for(value)
    query = f"signal_type=pdq&signal={hex_of(near(value, 4))}"
    found = node.get("/m/lookup?" + query).json()
    assert list(found) == ["LIKENESS_SELF"] and found["LIKENESS_SELF"][0]["distance"] == "4", found
    number = found["LIKENESS_SELF"][0]["bank_content_id"]
    assert isinstance(number, int) and 0 < number < 2 ** 53
    assert node.get("/m/raw_lookup?" + query).json() == {"matches": [number]}
    with_distance = node.get("/m/raw_lookup?include_distance=true&" + query).json()
    assert with_distance == {"matches": [{"bank_content_id": number, "distance": "4"}]}
    body = {"signal_type": "pdq", "signal": hex_of(value)}
    assert node.request("POST", "/m/lookup", body).json()["LIKENESS_SELF"][0]["distance"] == "0"
    assert node.get(f"/m/lookup?signal_type=pdq&signal={hex_of(a_print('no hma'))}").json() == {}
    assert node.get("/m/lookup?url=http://127.0.0.1/").status == 400
    assert node.get("/status").body == b"I-AM-ALIVE"
    assert hex_of(near(value, 4)) not in node.log_text(), "a query was logged"
    assert node.stop() == 0


@tap
def a_file_is_decoded_in_the_jail_and_matched(world):
    picture = world.path("picture.ppm")
    with open(picture, "wb") as f:
        f.write(a_picture())
    out = subprocess.run([LIKENESS, "hash", "--json", picture], capture_output=True, text=True, check=True)
    print_hex = json.loads(out.stdout)["sequence"]["records"][0]["print"]
    world.open_case(int(print_hex, 16))
    node = world.node("--files", "--hma")
    node.wait_for(int(print_hex, 16))
    answer = node.request("POST", "/v1/match/file", a_picture(), "application/octet-stream")
    assert answer.json()["results"][0]["matches"][0]["grade"] == "exact", answer
    assert node.request("POST", "/v1/match/file", b"no picture", "image/png").status == 415
    boundary = "line"
    parts = (f"--{boundary}\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.ppm\"\r\n"
             "Content-Type: image/x-portable-pixmap\r\n\r\n").encode() + a_picture()
    parts += f"\r\n--{boundary}--\r\n".encode()
    kind = f"multipart/form-data; boundary={boundary}"
    assert node.request("POST", "/h/hash", parts, kind).json() == {"pdq": print_hex}
    assert node.request("POST", "/m/lookup", parts, kind).json()["pdq"]["LIKENESS_SELF"]
    assert node.request("POST", "/h/hash", parts[:-20], kind).status == 400
    assert node.stop() == 0


@tap
def in_shadow_mode_nothing_is_to_be_done(world):
    value = a_print("shadow")
    node = world.node("--shadow")
    world.open_case(value)
    node.wait_for(value)
    assert node.lookup(value)[0]["action"] == "queue" and node.status()["shadow"]
    assert node.stop() == 0


@tap
def it_listens_on_a_socket_that_others_cannot_open(world):
    path = world.path("socket")
    node = world.node(listen="unix:" + path)
    assert node.get("/livez").body == b"ok\n"
    assert os.stat(path).st_mode & 0o007 == 0
    node.kill()
    node.start()  # over what the killed one left
    assert node.get("/livez").status == 200
    assert node.stop() == 0


@tap
def an_entry_is_told_with_its_last_day(world):
    value = a_print("entry")
    node = world.node()
    world.open_case(value)
    node.wait_for(value)
    entry = node.lookup(value)[0]["entry"]
    about = node.get("/v1/entries/" + entry).json()
    assert about["entry"] == entry and about["tier"] == "self" and about["laws"] == [], about
    assert len(about["last_day"]) == 10
    assert node.stop() == 0


@tap
def a_wrong_partner_key_is_said(world):
    node = Node(LIKENESS, world.path("wrong"), f"http://127.0.0.1:{world.service.port}", "lk_" + "x" * 43)
    node.wait(lambda: "partner key" in node.status().get("problem", ""), "it says so")
    assert node.stop() == 0
    assert "lk_x" not in node.log_text()


@tap
def every_address_is_documented_and_every_documented_one_is_there(_):
    with open(os.path.join(ROOT, "src", "node", "app.c"), encoding="utf-8") as f:
        routes = set(re.findall(r'\{\{"(GET|POST|PUT|DELETE)", "([^"]+)"', f.read()))
    assert routes == {(method, path) for method, path, _ in SCHEMA.operations()} and len(routes) > 10


def main():
    settings = dict(case_burst=10000, code_burst=10000, key_burst=10000)
    with Service(sys.argv[2], **settings) as service:
        world = World(service, LIKENESS)
        failed = tap.run(world)
        assert service.stop() == 0
        world.directory.cleanup()
    return failed > 0


sys.exit(main())
