#!/usr/bin/env python3
"""A node and the platform's own contents. usage: test_node_own.py LIKENESS SERVE"""
import json
import os
import subprocess
import sys

from node_program import World
from lib import ROOT, Service, Tap, a_print, hex_of, image, near  # of tests/http, by node_program

tap = Tap()
LIKENESS = sys.argv[1]
PHOTOS = os.path.join(ROOT, "tests", "media", "photos")


def lines_of(contents):
    """What POST /v1/archive takes, of prints by id."""
    return "".join(json.dumps({"id": name, "sequence": image(value)}) + "\n" for name, value in contents.items())


def archive(node, contents):
    answer = node.request("POST", "/v1/archive", lines_of(contents), "application/x-ndjson")
    assert answer.status == 200, answer
    return answer.json()


def await_findings(node, contents):
    node.wait(lambda: [f["content"] for f in node.findings()] == contents, f"{contents} are found")
    return node.findings()


@tap
def a_new_entry_is_found_in_the_archive_as_it_comes(world):
    value = a_print("archived")
    node = world.node()
    archive(node, {"upload 1": near(value, 4), "upload 2": a_print("something else")})
    world.open_case(value)
    finding = await_findings(node, ["upload 1"])[0]
    match = node.lookup(near(value, 4))[0]
    for member in ("entry", "grade", "tier", "distance", "action", "medium"):
        assert finding[member] == match[member], (finding, match)
    assert finding["mark"] == "open" and finding["by"] == "news" and finding["would"] == finding["action"]
    assert node.status()["archived"] == 2 and node.status()["findings_open"] == 1
    assert node.stop() == 0


@tap
def a_finding_is_there_once_and_survives_kill_9(world):
    values = [a_print(f"once {i}") for i in range(8)]
    node = world.node()
    archive(node, {f"content {i}": value for i, value in enumerate(values)})
    for i, value in enumerate(values):
        world.open_case(value)
        if i % 3 == 1:
            node.kill()
            node.start()
    node.wait(lambda: node.status()["findings_open"] == len(values), "all are found")
    node.kill()
    node.start()
    node.wait(lambda: node.status()["following"], "it follows")
    found = node.findings()
    assert sorted(f["content"] for f in found) == [f"content {i}" for i in range(8)], found
    assert [f["finding"] for f in found] == sorted({f["finding"] for f in found})
    after = found[2]["finding"]
    page = node.get(f"/v1/findings?after={after}&limit=2").json()
    assert [f["finding"] for f in page["findings"]] == [f["finding"] for f in found[3:5]] and page["more"]
    assert node.stop() == 0


@tap
def what_is_withdrawn_takes_its_findings_with_it(world):
    gone, kept = a_print("withdrawn finding"), a_print("kept finding")
    node = world.node()
    archive(node, {"gone": gone, "kept": kept})
    code = world.open_case(gone)
    await_findings(node, ["gone"])
    world.open_case(kept)
    await_findings(node, ["gone", "kept"])
    world.withdraw(code)
    await_findings(node, ["kept"])
    node.kill()
    node.start()
    await_findings(node, ["kept"])
    assert node.stop() == 0


@tap
def the_archive_is_filled_listed_and_emptied_by_commands(world):
    node = world.node()
    folder = world.path("uploads")
    os.makedirs(os.path.join(folder, "deeper"))
    for name in ("blouse.jpg", "deeper/jeans.jpg"):
        with open(os.path.join(PHOTOS, os.path.basename(name)), "rb") as f, \
                open(os.path.join(folder, name), "wb") as out:
            out.write(f.read())
    assert node.command("archive", "add", folder) == "2 added, 0 replaced\n"
    hashed = subprocess.run([LIKENESS, "hash", "--json", "--query", os.path.join(PHOTOS, "blouse_copy.jpg")],
                            capture_output=True, text=True, check=True).stdout
    assert node.command("archive", "add", "--sequences", "-", data=hashed) == "1 added, 0 replaced\n"
    assert node.command("archive", "add", "--sequences", "-", data=hashed) == "0 added, 1 replaced\n"
    ids = node.command("archive", "list").splitlines()
    assert ids == [os.path.join(folder, "blouse.jpg"), os.path.join(folder, "deeper", "jeans.jpg"),
                   os.path.join(PHOTOS, "blouse_copy.jpg")], ids
    assert node.command("archive", "count") == "3\n"
    node.kill()
    node.start()
    node.command("archive", "remove", ids[0])
    node.command("archive", "remove", ids[0], code=7)
    assert node.command("archive", "list").splitlines() == ids[1:]
    assert node.stop() == 0


@tap
def an_edited_copy_in_the_archive_is_found_when_the_photograph_is_registered(world):
    node = world.node()
    node.command("archive", "add", os.path.join(PHOTOS, "blouse_copy.jpg"))
    out = subprocess.run([LIKENESS, "hash", "--json", "--register", os.path.join(PHOTOS, "blouse.jpg")],
                         capture_output=True, text=True, check=True).stdout
    answer = world.service.post("/v1/cases", {"age": "adult", "items": [json.loads(out)["sequence"]]})
    assert answer.status == 201, answer
    await_findings(node, [os.path.join(PHOTOS, "blouse_copy.jpg")])
    assert node.stop() == 0


@tap
def the_last_content_of_one_id_counts_and_others_never_do(world):
    first, last = a_print("first of an id"), a_print("last of an id")
    node = world.node()
    twice = lines_of({"same": first}) + lines_of({"same": last})
    assert node.request("POST", "/v1/archive", twice, "application/x-ndjson").json()["count"] == 1
    archive(node, {"removed": a_print("removed content")})
    node.command("archive", "remove", "removed")
    for seed in (first, a_print("removed content"), last):
        world.open_case(seed)
    node.wait_for(last)
    await_findings(node, ["same"])
    assert node.stop() == 0


@tap
def what_cannot_be_archived_is_said(world):
    node = world.node()
    flat = {"id": "flat", "print": "0" * 64}
    answer = node.request("POST", "/v1/archive", json.dumps(flat) + "\n", "application/x-ndjson").json()
    assert answer["added"] == 0 and answer["refused"][0]["id"] == "flat", answer
    bad = [('{"print": "%s"}' % hex_of(1), 400), ('{"id": ""}', 400), ('{"id": "a", "sequence": 1}', 400),
           ('{"id": "%s", "print": "%s"}' % ("x" * 257, hex_of(1)), 400),
           ('{"id": "a\\u0007", "print": "%s"}' % hex_of(1), 400)]
    for line, status in bad:
        assert node.request("POST", "/v1/archive", line + "\n", "application/x-ndjson").status == status, line
    assert node.request("DELETE", "/v1/archive").status == 400
    assert node.request("DELETE", "/v1/archive?id=nobody").status == 404
    for query in ("after=-1", "limit=0", "limit=1001", "after=x"):
        assert node.get("/v1/findings?" + query).status == 400, query
        assert node.get("/v1/archive?" + query).status == 400, query
    assert node.stop() == 0


@tap
def ids_and_findings_are_sealed_on_the_disk(world):
    value = a_print("sealed")
    node = world.node()
    archive(node, {"the name of an upload": value})
    world.open_case(value)
    await_findings(node, ["the name of an upload"])
    assert node.stop() == 0
    directory = node.words[node.words.index("--data") + 1]
    for folder, _, names in os.walk(directory):
        for name in names:
            with open(os.path.join(folder, name), "rb") as f:
                assert b"the name of" not in f.read(), name
            assert os.stat(os.path.join(folder, name)).st_mode & 0o077 == 0, name


def main():
    settings = dict(case_burst=10000, code_burst=10000, key_burst=10000)
    with Service(sys.argv[2], **settings) as service:
        world = World(service, LIKENESS)
        failed = tap.run(world)
        assert service.stop() == 0
        world.directory.cleanup()
    return failed > 0


sys.exit(main())
