#!/usr/bin/env python3
"""A node and the platform's own contents. usage: test_node_own.py LIKENESS SERVE"""
import json
import os
import subprocess
import sys

from node_program import World, a_picture
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


@tap
def what_was_there_before_the_node_is_found_by_a_scan(world):
    value = a_print("older than the archive")
    node = world.node()
    world.open_case(value)
    node.wait_for(value)
    archive(node, {f"old {i}": a_print(f"old {i}") for i in range(250)})
    archive(node, {"old copy": near(value, 3)})
    assert node.findings() == []
    state = world.path("archive.state")
    assert node.command("scan", "archive", "--state", state) == "251 searched, 1 new findings\n"
    found = node.findings()
    assert [(f["content"], f["by"]) for f in found] == [("old copy", "scan")], found
    assert node.command("scan", "archive", "--state", state) == "251 searched, 0 new findings\n"
    assert not os.path.exists(state) and len(node.findings()) == 1
    assert node.stop() == 0


@tap
def a_scan_that_is_killed_goes_on_where_it_was(world):
    node = world.node()
    picture = a_picture()
    folder, state = world.path("backlog"), world.path("backlog.state")
    os.makedirs(folder)
    for i in range(60):
        with open(os.path.join(folder, f"{i:02}.ppm"), "wb") as f:
            f.write(picture)
    out = subprocess.run([LIKENESS, "hash", "--json", os.path.join(folder, "00.ppm")], capture_output=True,
                         text=True, check=True).stdout
    value = int(json.loads(out)["sequence"]["records"][0]["print"], 16)
    world.open_case(value)
    node.wait_for(value)
    words = [LIKENESS, "node", "scan", folder, "--state", state, "--node", node.address.rstrip("/")]
    cut = subprocess.Popen(words + ["--rate", "40"], stdout=subprocess.PIPE)
    node.wait(lambda: os.path.exists(state), "the scan has begun")
    cut.kill()
    cut.communicate()
    other = subprocess.run(words[:3] + [world.path("")] + words[4:], capture_output=True, text=True)
    assert other.returncode > 2 and "another scan" in other.stderr, other
    rest = subprocess.run(words, capture_output=True, text=True, check=True)
    n_searched = int(rest.stdout.split()[0])
    assert 0 < n_searched < 60 and "goes on after" in rest.stderr, rest
    contents = sorted(f["content"] for f in node.findings())
    assert contents == [os.path.join(folder, f"{i:02}.ppm") for i in range(60)], contents
    assert not os.path.exists(state)
    assert node.stop() == 0


@tap
def a_list_of_paths_is_scanned_and_what_is_no_picture_is_said(world):
    node = world.node()
    listed = world.path("paths")
    with open(listed, "w") as f:
        f.write(os.path.join(PHOTOS, "jeans.jpg") + "\n" + listed + "\n")
    words = [LIKENESS, "node", "scan", listed, "--state", listed + ".state", "--node", node.address.rstrip("/")]
    out = subprocess.run(words, capture_output=True, text=True)
    assert out.stdout == "1 searched, 0 new findings\n" and out.returncode > 2 and listed in out.stderr, out
    assert node.stop() == 0


@tap
def in_shadow_mode_it_says_what_would_be_done_and_what_of_it_was_right(world):
    value = a_print("in the shadow")
    node = world.node("--shadow")
    archive(node, {"shadowed": value, "shadowed too": near(value, 2), "shadowed three": near(value, 3)})
    assert node.get("/v1/report").json() == {"shadow": True, "open": 0, "lost": 0, "rows": []}
    code = world.open_case(value)
    node.wait(lambda: node.status()["findings_open"] == 3, "all are found")
    found = node.findings()
    assert all(f["effect"] == "shadow" and f["action"] == "queue" and f["would"] == "hold" for f in found), found
    match = node.lookup(value)[0]
    assert (match["action"], match["effect"], match["would"]) == ("queue", "shadow", "hold"), match
    row = node.get("/v1/report").json()["rows"][0]
    assert "precision" not in row and row["found"] == 3 and row["would"]["hold"] == 3, row
    numbers = [str(f["finding"]) for f in found]
    node.command("mark", *numbers[:2], "right")
    node.command("mark", numbers[2], "wrong")
    node.kill()
    node.start()
    report = json.loads(node.command("report", "--json"))
    assert report["open"] == 0 and report["rows"][0] == {
        "source": "registry", "tier": "self", "grade": "exact", "found": 3, "right": 2, "wrong": 1,
        "precision": 0.6667, "would": {"queue": 0, "hold": 3, "block": 0}}, report
    assert "66.7 %" in node.command("report")
    node.command("mark", numbers[2], "open")
    assert node.get("/v1/report").json()["rows"][0]["precision"] == 1
    world.withdraw(code)
    node.wait(lambda: node.findings() == [], "they are gone")
    row = node.get("/v1/report").json()["rows"][0]
    assert (row["found"], row["right"], row["wrong"]) == (2, 2, 0), row
    node.kill()
    node.start()
    assert node.get("/v1/report").json()["rows"] == [row]
    assert node.stop() == 0


@tap
def uploads_with_a_name_are_noted_in_shadow_mode_alone(world):
    value = a_print("an upload by name")
    quiet, node = world.node(), world.node("--shadow")
    world.open_case(value)
    for each in (quiet, node):
        each.wait_for(value)
        each.request("POST", "/v1/lookup?ref=lookup", hex_of(value), "text/plain")
        each.request("POST", "/v1/match", {"prints": [hex_of(value)], "refs": ["json"]})
        each.request("POST", "/v1/match", json.dumps({"print": hex_of(value), "ref": "line"}) + "\n",
                     "application/x-ndjson")
        each.request("POST", "/v1/lookup", hex_of(value), "text/plain")
    assert quiet.findings() == [] and quiet.stop() == 0
    found = node.findings()
    assert [(f["content"], f["by"]) for f in found] == [(n, "query") for n in ("lookup", "json", "line")], found
    assert node.stop() == 0


@tap
def wrong_marks_and_scans_are_told_what_is_wrong(world):
    node = world.node()
    cases = [("POST", "/v1/findings/1", {"mark": "right"}, 404), ("POST", "/v1/findings/x", {"mark": "right"}, 404),
             ("POST", "/v1/findings/1", {"mark": "perhaps"}, 400), ("POST", "/v1/findings/1", {}, 400),
             ("POST", "/v1/scan/archive?limit=0", None, 400)]
    for method, path, body, status in cases:
        assert node.request(method, path, body).status == status, path
    line = json.dumps({"print": hex_of(a_print("nameless"))}) + "\n"
    assert node.request("POST", "/v1/scan", line, "application/x-ndjson").status == 400
    assert node.request("POST", "/v1/lookup?ref=", hex_of(1), "text/plain").status == 400
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
