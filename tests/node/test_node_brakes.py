#!/usr/bin/env python3
"""What takes the effect from a match at a node. usage: test_node_brakes.py LIKENESS SERVE"""
import json
import os
import subprocess
import sys

from node_program import World, a_picture
from lib import Service, Tap, a_print, hex_of, near  # of tests/http, by node_program

tap = Tap()
LIKENESS = sys.argv[1]


def effect(match):
    return match["action"], match.get("effect"), match.get("would")


@tap
def what_many_unrelated_people_post_is_for_review_until_a_person_releases_it(world):
    value = a_print("flood")
    node = world.node("--quarantine-posters", "5", "--hma")
    world.open_case(value)
    node.wait_for(value)
    for i in range(4):
        for _ in range(3):
            assert effect(node.lookup(value, f"poster{i}")[0]) == ("hold", None, None)
    match = node.lookup(near(value, 2), "poster4")[0]
    assert effect(match) == ("queue", "quarantined", "hold"), match
    assert effect(node.lookup(value)[0]) == ("queue", "quarantined", "hold")
    assert node.get(f"/m/lookup?signal_type=pdq&signal={hex_of(value)}").json() == {}
    assert node.status()["quarantined"] == 1
    node.kill()
    node.start()
    assert effect(node.lookup(value)[0]) == ("queue", "quarantined", "hold")
    assert node.command("quarantine", "list").startswith(match["entry"] + " quarantined since 20")
    node.command("quarantine", "release", match["entry"])
    node.command("quarantine", "release", match["entry"], code=7)
    for i in range(12):
        assert effect(node.lookup(value, f"other{i}")[0]) == ("hold", None, None)
    node.kill()
    node.start()
    assert effect(node.lookup(value)[0]) == ("hold", None, None)
    assert json.loads(node.command("quarantine", "list", "--json"))["entries"][0]["state"] == "released"
    assert node.stop() == 0


@tap
def an_entry_that_is_withdrawn_leaves_the_quarantine(world):
    value = a_print("withdrawn flood")
    node = world.node("--quarantine-posters", "2")
    code = world.open_case(value)
    node.wait_for(value)
    for poster in ("a", "b"):
        node.lookup(value, poster)
    assert node.status()["quarantined"] == 1
    world.withdraw(code)
    node.wait(lambda: node.status()["quarantined"] == 0, "it left the quarantine")
    assert node.get("/v1/quarantine").json() == {"entries": []} and node.stop() == 0


@tap
def a_line_names_its_poster_too_and_none_is_kept(world):
    value = a_print("posters in lines")
    node = world.node("--quarantine-posters", "3")
    world.open_case(value)
    node.wait_for(value)
    lines = "".join(json.dumps({"print": hex_of(value), "poster": f"the token of {i}"}) + "\n" for i in range(3))
    answer = node.request("POST", "/v1/match", lines, "application/x-ndjson")
    found = [json.loads(line)["matches"][0]["action"] for line in answer.body.splitlines()]
    assert found == ["hold", "hold", "queue"], found
    assert node.stop() == 0
    directory = node.words[node.words.index("--data") + 1]
    for folder, _, names in os.walk(directory):
        for name in names:
            with open(os.path.join(folder, name), "rb") as f:
                assert b"the token" not in f.read(), name
    assert "the token" not in node.log_text()


@tap
def without_the_brake_or_above_its_tier_nothing_is_quarantined(world):
    value = a_print("no brake")
    world.open_case(value)
    node = world.node("--quarantine-posters", "0")
    node.wait_for(value)
    for i in range(40):
        assert node.lookup(value, f"poster{i}")[0]["action"] == "hold"
    assert node.status()["quarantined"] == 0 and node.stop() == 0


@tap
def in_shadow_mode_would_is_what_the_quarantine_leaves(world):
    value = a_print("quarantined in the shadow")
    world.open_case(value)
    node = world.node("--shadow", "--quarantine-posters", "2")
    node.wait_for(value)
    assert effect(node.lookup(value, "a")[0]) == ("queue", "shadow", "hold")
    assert effect(node.lookup(value, "b")[0]) == ("queue", "shadow", "queue")
    assert node.stop() == 0


@tap
def what_is_known_to_be_lawful_brings_no_action(world):
    value = a_print("lawful")
    node = world.node("--hma")
    world.open_case(value)
    node.wait_for(value)
    assert node.command("allow", "add", hex_of(value)) == "1 added, 0 replaced\n"
    for copy in (value, near(value, 9)):
        match = node.lookup(copy)[0]
        assert (match["action"], match["effect"]) == ("none", "allowed") and match["would"] in ("hold", "queue"), match
    assert effect(node.lookup(near(value, 14))[0]) == ("queue", None, None), "another picture is not excused"
    assert node.get(f"/m/lookup?signal_type=pdq&signal={hex_of(value)}").json() == {}
    line = json.dumps({"id": "allowed", "print": hex_of(value)}) + "\n"
    assert node.request("POST", "/v1/scan", line, "application/x-ndjson").json() == {"searched": 1, "new": 0}
    node.kill()
    node.start()
    assert node.lookup(value)[0]["action"] == "none" and node.status()["allowed"] == 1
    assert node.command("allow", "list") == hex_of(value) + "\n" and node.command("allow", "count") == "1\n"
    node.command("allow", "remove", hex_of(value))
    assert effect(node.lookup(value)[0]) == ("hold", None, None)
    assert node.stop() == 0


@tap
def a_file_that_is_allowed_is_no_finding_when_it_is_registered(world):
    picture = world.path("press.ppm")
    with open(picture, "wb") as f:
        f.write(a_picture())
    out = subprocess.run([LIKENESS, "hash", "--json", picture], capture_output=True, text=True, check=True).stdout
    value, last = int(json.loads(out)["sequence"]["records"][0]["print"], 16), a_print("the last one")
    node = world.node()
    assert node.command("allow", "add", picture) == "1 added, 0 replaced\n"
    lines = "".join(json.dumps({"id": name, "print": hex_of(v)}) + "\n" for name, v in (("press", value), ("last", last)))
    assert node.request("POST", "/v1/archive", lines, "application/x-ndjson").json()["added"] == 2
    world.open_case(value)
    node.wait_for(value)
    world.open_case(last)
    node.wait(lambda: node.status()["findings_open"] > 0, "the last one is found")
    assert [f["content"] for f in node.findings()] == ["last"]
    assert node.stop() == 0


@tap
def the_largest_distance_is_set_by_tier(world):
    value = a_print("nearer")
    world.open_case(value)
    node = world.node("--max-distance", "self=12")
    node.wait_for(value)
    assert node.lookup(near(value, 12)) and not node.lookup(near(value, 13))
    assert node.stop() == 0


@tap
def settings_that_make_no_sense_are_refused(world):
    for words in (["--max-distance", "self=32"], ["--max-distance", "self"], ["--max-distance", "friend=3"],
                  ["--max-distance", "self=3;checked=4"], ["--quarantine-tier", "friend"],
                  ["--quarantine-posters", "1001"], ["--quarantine-hours", "0"], ["--allow-distance", "32"]):
        out = subprocess.run([LIKENESS, "node", "run", "--data", world.path("refused"), *words],
                             capture_output=True, text=True, timeout=20)
        assert out.returncode == 2 and words[0][2:] in out.stderr, (words, out)
    node = world.node()
    too_long = "x" * 257
    assert node.request("POST", f"/v1/lookup?poster={too_long}", hex_of(1), "text/plain").status == 400
    assert node.request("POST", "/v1/lookup?poster=", hex_of(1), "text/plain").status == 400
    assert node.request("POST", "/v1/quarantine/zz/release").status == 404
    assert node.request("POST", "/v1/quarantine/" + "0" * 32 + "/release").status == 404
    assert node.stop() == 0


def main():
    settings = dict(case_burst=10000, code_burst=10000, key_burst=10000)
    with Service(sys.argv[2], **settings) as service:
        world = World(service, LIKENESS)
        failed = tap.run(world)
        assert service.stop() == 0
        world.directory.cleanup()
    return failed > 0


sys.exit(main())
