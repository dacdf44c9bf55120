#!/usr/bin/env python3
"""The files of data/law are what their README and schema promise, and agree with each other. TAP.

The validator comes first: a point that it refuses what it should stands for each keyword.
"""
import datetime
import json
import re
import sys
from pathlib import Path

from schema import Schema, SchemaError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tap import finish, point  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
LAW = ROOT / "data/law"
NOT_JURISDICTIONS = {"schema", "platforms", "compliance", "seed-categories", "regime-topics", "platform-places", "clock-rules", "police-risks"}


def read(stem):
    def once(pairs):
        names = [name for name, _ in pairs]
        if len(names) != len(set(names)):
            sys.exit(f"{stem}.json: a member stands there twice: {names}")
        return dict(pairs)

    return json.loads((LAW / f"{stem}.json").read_text(encoding="utf-8"), object_pairs_hook=once)


# name of the point, schema, values that fit, values that do not
JUDGED = [
    ("type", {"type": "integer"}, [1, 1.0], [True, "1", 1.5, None]),
    ("a list of types", {"type": ["string", "null"]}, ["", None], [0, False, []]),
    ("required", {"required": ["a"]}, [{"a": 0}, 7], [{}, {"b": 0}]),
    (
        "additionalProperties",
        {"properties": {"a": {"type": "null"}}, "additionalProperties": False},
        [{}, {"a": None}],
        [{"b": None}, {"a": 1}],
    ),
    ("enum", {"enum": ["a", None, 1]}, ["a", None, 1.0], ["b", True, False]),
    ("const", {"const": "1.0"}, ["1.0"], [1.0, "1.1"]),
    ("pattern", {"pattern": "^s[0-9]$"}, ["s1", 5], ["s12", "s1\n", "xs1", ""]),
    ("minLength", {"minLength": 2}, ["ab", 1], ["a"]),
    ("minimum and maximum", {"minimum": 0, "maximum": 2}, [0, 2, "9"], [-1, 3]),
    ("items", {"items": {"type": "string"}}, [[], ["a"]], [[1], ["a", None]]),
    ("minItems", {"minItems": 1}, [[0], {}], [[]]),
    ("uniqueItems", {"uniqueItems": True}, [[1, True, "1"]], [[1, 1.0], [{"a": []}, {"a": []}]]),
    ("allOf", {"allOf": [{"minimum": 1}, {"maximum": 3}]}, [2], [0, 4]),
    (
        "if and then",
        {"if": {"properties": {"a": {"const": 1}}, "required": ["a"]}, "then": {"required": ["b"]}},
        [{"a": 1, "b": 0}, {"a": 2}, {}],
        [{"a": 1}],
    ),
    ("$ref", {"$ref": "#/$defs/n", "$defs": {"n": {"type": "null"}}}, [None], [0]),
    ("false", {"items": False}, [[]], [[None]]),
]
UNJUDGEABLE = [
    {"maxLength": 3},
    {"properties": {"a": {"oneOf": []}}},
    {"$defs": {"nobody_uses_it": {"format": "uri"}}},
    {"items": {"if": {"not": {}}}},
    {"type": "text"},
    {"$ref": "#/$defs/gone"},
    {"allOf": [3]},
]


def validator():
    for name, schema, good, bad in JUDGED:
        judge = Schema(schema)
        wrong = [f"refused {v!r}: {judge.faults(v)}" for v in good if judge.faults(v)]
        point(f"the validator judges {name}", wrong + [f"let {v!r} pass" for v in bad if not judge.faults(v)])
    wrong = []
    for schema in UNJUDGEABLE:
        try:
            Schema(schema)
            wrong.append(f"took {schema}")
        except SchemaError:
            pass
    point("the validator refuses a schema that it does not understand", wrong)


def spoilt(schema, file):
    """One good file, made bad in one place at a time."""
    regime = file["regimes"][0]
    for what, target, change in (
        ("a wrong type", file, {"regimes": {}}),
        ("an unknown member", file, {"regime": []}),
        ("an unknown status", regime, {"status": "in force"}),
        ("a date of another shape", file, {"last_checked": "22 November 2026"}),
        ("a verified regime without a source", regime, {"confidence": "verified", "sources": []}),
        ("a negative deadline", regime["notice"], {"deadline_hours": -1}),
        ("an unknown element", regime["notice"], {"elements": [{"id": "x", "label": "", "required": True}]}),
    ):
        before = dict(target)
        target.update(change)
        if not schema.faults(file):
            yield f"{what} passes"
        target.clear()
        target.update(before)
    del file["sources"]
    if not schema.faults(file):
        yield "a missing member passes"


def objects(node, place):
    """Every object in a file, with where it stands."""
    if isinstance(node, dict):
        yield place, node
    for key, inner in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(inner, (dict, list)):
            yield from objects(inner, f"{place}.{key}")


def source_faults(stem, file):
    """Every statement has its sources, and every source a day on which it was read."""
    known = [source["id"] for source in file["sources"]]
    yield from (f"{stem}: source {k} twice" for k in sorted(set(known)) if known.count(k) > 1)
    for place, node in objects(file, stem):
        for source in node.get("sources", []) if place != stem else []:
            if source not in known:
                yield f"{place}: there is no source {source}"
        if node.get("confidence") == "verified" and not node.get("sources"):
            yield f"{place}: verified, without a source"
        if "phone" in node and (node["phone"] is None) != (node["phone_confidence"] is None):
            yield f"{place}: phone_confidence is for a phone number, and for every one"
    for source in file["sources"]:
        if source["seen"] > file["last_checked"]:
            yield f"{stem}: source {source['id']} was seen after last_checked"


DATED = {"last_checked", "seen", "as_of", "in_force_from", "in_force_until"}


def date_faults(stem, file):
    """The schema knows the shape of a date; here it must be in the calendar."""
    for place, node in objects(file, stem):
        for name in DATED & node.keys():
            text = node[name]
            if text is None or (name == "as_of" and text == "undated"):
                continue
            try:
                datetime.date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)
            except ValueError:
                yield f"{place}.{name}: {text!r}"
        if node.get("status") == "in_force" and (node.get("in_force_from") or "") > file["last_checked"]:
            yield f"{place}: in force from {node['in_force_from']}, after last_checked"


def deadline_faults(stem, file):
    for regime in file["regimes"]:
        notice = regime["notice"]
        if notice and notice["deadline_hours"] is not None and not notice["deadline_source"]:
            yield f"{stem}: {regime['id']} has a deadline without its source"


def ids_of(file):
    return [entry["id"] for part in ("regimes", "offences", "platform_reporting_duties") for entry in file[part]]


def id_faults(stem, file):
    ids = ids_of(file)
    yield from (f"{stem}: {i} twice" for i in sorted(set(ids)) if ids.count(i) > 1)
    # what another file names must tell which file to look in
    yield from (f"{stem}: {i} does not begin with {stem}-" for i in ids if not i.startswith(stem + "-"))


def place_faults(files):
    for stem, file in files.items():
        place = file["jurisdiction"]
        if place["code"] != stem:
            yield f"{stem}.json is of {place['code']!r}"
        parent = place["parent"]
        if parent is not None and files.get(parent, {"jurisdiction": {}})["jurisdiction"].get("level") != "union":
            yield f"{stem}: {parent!r} is no union that has a file"
        if {"eu": "union", "intl": "global"}.get(stem, "country") != place["level"]:
            yield f"{stem}: level {place['level']}"


def people_follow(stem, file):
    """Web addresses that pages show, by place: all but what was read for the facts."""
    for place, node in objects(file, stem):
        for name in ("url", "official_form"):
            if isinstance(node.get(name), str) and ".sources." not in place:
                yield place, node[name]


HOURS_IN = {"hours": 1, "days": 24, "business_days": 24, "months": 720}
RULE_MEMBERS = {"starts_at", "count", "unit", "zone", "binding", "ends_on_business_day", "note"}
DAYS = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"}


def clock_faults(rules, files):
    """Every number of hours or days in a regime has been read, and says the same."""
    regimes = {regime["id"]: regime["notice"] or {} for file in files.values() for regime in file["regimes"]}
    number = re.compile(r"\b(\d+|one|two|three|seven)\b")
    for name, notice in regimes.items():
        if notice.get("deadline_hours") is not None or number.search(notice.get("deadline_text") or ""):
            if name not in rules["regimes"]:
                yield f"{name}: nobody read from when its time runs"
    for name, rule in rules["regimes"].items():
        if name not in regimes:
            yield f"there is no regime {name}"
            continue
        hours = regimes[name].get("deadline_hours")
        count = rule["count"]
        if hours is not None and hours != (count or 0) * HOURS_IN[rule["unit"]]:
            yield f"{name}: {count} {rule['unit']} here, {hours} hours there"
        if rule["starts_at"] not in rules["starts"] or rule["unit"] not in rules["units"]:
            yield f"{name}: starts at {rule['starts_at']!r}, in {rule['unit']!r}"
        if not RULE_MEMBERS >= rule.keys() or type(rule["binding"]) is not bool:
            yield f"{name}: has the members {sorted(rule)}"
        if rule["zone"] is None and rule["unit"] != "hours":
            yield f"{name}: where do its days end?"
        if rule["zone"] is not None and not (Path("/usr/share/zoneinfo") / rule["zone"]).is_file():
            yield f"{name}: there is no zone {rule['zone']}"
    for place, days in rules["rest_days"].items():
        if place != "basis" and not (set(days) < DAYS and place in files.keys() | {"default"}):
            yield f"rest days of {place}: {days}"


FIELDS = {"any", "intimate", "child", "terror", "label", "tool", "likeness", "harass", "threat", "fraud", "hate"}


def home_faults(others, files):
    """Each platform once, with plain host names, a known country, and a known kind of recipient."""
    places, known = others["platform-places"], {p["id"] for p in others["platforms"]["platforms"]}
    faults = [f"{i}: not in both files" for i in known ^ set(places["platforms"])]
    hosts = [host for place in places["platforms"].values() for host in place["hosts"]]
    faults += [f"{host}: stands twice" for host in set(hosts) if hosts.count(host) > 1]
    for name, place in places["platforms"].items():
        if place["country"] is not None and place["country"] not in files:
            faults.append(f"{name}: unknown country {place['country']}")
        if place["target"] not in places["targets"]:
            faults.append(f"{name}: unknown target {place['target']}")
        faults += [f"{name}: {h}" for h in place["hosts"] if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", h)]
    return faults


def field_faults(topics, files):
    regimes = {regime["id"] for file in files.values() for regime in file["regimes"]}
    faults = [f"{name}: only in one of the two" for name in regimes ^ set(topics["regimes"])]
    for name, fields in topics["regimes"].items():
        if not fields or not set(fields) <= FIELDS:
            faults.append(f"{name}: {fields}")
    return faults


def platform_faults(platforms):
    ids = [platform["id"] for platform in platforms["platforms"]]
    yield from (f"{i} twice" for i in sorted(set(ids)) if ids.count(i) > 1)
    for platform in platforms["platforms"]:
        for route in platform["routes"]:
            if route["kind"] not in platforms["route_kinds"]:
                yield f"{platform['id']}: route kind {route['kind']!r}"


def compliance_faults(compliance, files, schema):
    """The table of deadlines says what the regimes say, and data names members that there are."""
    for row in compliance["deadline_table"]:
        file = files.get(row["jurisdiction"], {"regimes": []})
        regime = next((r for r in file["regimes"] if r["id"] == row["regime"]), None)
        if regime is None:
            yield f"there is no regime {row['regime']} of {row['jurisdiction']}"
        elif (regime["notice"] or {}).get("deadline_hours") != row["hours"]:
            yield f"{row['regime']}: {row['hours']} hours here, another number there"
    for priority in compliance["ipu_five_priorities"]:
        for name in priority["data"]:
            if "[]" not in name:
                continue  # a figure that is worked out elsewhere
            part, _, member = name.partition("[]")
            items = schema.root["properties"].get(part, {}).get("items", {})
            inner = schema.resolve(items["$ref"]) if "$ref" in items else items
            if not items or (member and member[1:] not in inner.get("properties", {})):
                yield f"priority {priority['n']}: there is no {name}"


def category_faults(seed, files, schema):
    topics = schema.root["$defs"]["offence"]["properties"]["topics"]["items"]["enum"]
    offences = {offence["id"] for offence in files["gb"]["offences"]}
    ids = [category["id"] for category in seed["categories"]]
    yield from (f"{i} twice" for i in sorted(set(ids)) if ids.count(i) > 1)
    for category in seed["categories"]:
        steps = [step for outcome in category["outcomes"] for step in outcome["do"]]
        for wrong in (
            [topic for topic in category["topics"] if topic not in topics],
            [offence for offence in category["uk"] if offence not in offences],
            [step for step in steps if step.startswith("go_to:") and step[6:] not in ids],
        ):
            yield from (f"{category['id']}: there is no {name}" for name in wrong)


def element_faults(files, schema):
    """One vocabulary, in the README, in the schema and in every notice."""
    readme = (LAW / "README.md").read_text(encoding="utf-8")
    listed = re.search(r"`elements\[\]\.id` is a fixed vocabulary[^:]*:\s*([a-z_,\s]+)\.", readme)
    known = re.findall(r"[a-z_]+", listed[1]) if listed else []
    if known != schema.root["$defs"]["element"]["properties"]["id"]["enum"]:
        yield f"the README and the schema list different elements: {known}"
    for stem, file in files.items():
        for regime in file["regimes"]:
            ids = [element["id"] for element in (regime["notice"] or {"elements": []})["elements"]]
            yield from (f"{stem}: {regime['id']} asks for {i!r}" for i in ids if i not in known)
            yield from (f"{stem}: {regime['id']} asks for {i} twice" for i in set(ids) if ids.count(i) > 1)


def built_in():
    """The codes that src/law/meson.build compiles in."""
    build = (ROOT / "src/law/meson.build").read_text(encoding="utf-8")
    return re.findall(r"'(\w+)'", re.search(r"foreach code : \[(.*?)\]", build, re.S)[1])


def main():
    validator()
    schema = Schema(read("schema"))
    present = sorted({path.stem for path in LAW.glob("*.json")} - NOT_JURISDICTIONS)
    files = {stem: read(stem) for stem in present}
    others = {stem: read(stem) for stem in sorted(NOT_JURISDICTIONS - {"schema"})}
    everything = {**files, **others}
    point("a file of data/law that is spoilt in one place is refused", spoilt(schema, read("us")))
    for stem, file in files.items():
        wrong = schema.faults(file)
        point(f"{stem}.json fits the schema", wrong)
        if wrong:  # what follows takes the shape for granted
            print(f"Bail out! {stem}.json has another shape")
            sys.exit(1)

    def each(faults, among):
        return [line for stem, file in among.items() for line in faults(stem, file)]

    sourced = {stem: file for stem, file in everything.items() if "sources" in file}
    point("the build compiles in each file that is there", set(built_in()) ^ set(present))
    point("code, level and parent are those of the file", place_faults(files))
    point("ids are unique and begin with the code of their place", each(id_faults, files))
    point("every source that is named is listed; what is verified has one", each(source_faults, sourced))
    point("every date is a day, a month or a year that there is", each(date_faults, everything))
    point("every deadline in hours says where it is from", each(deadline_faults, files))
    point("notices ask for known elements, each once", element_faults(files, schema))
    point(
        "every web address that people are sent to is https",
        [
            f"{place}: {url}"
            for stem, file in everything.items()
            for place, url in people_follow(stem, file)
            if not url.startswith("https://")
        ],
    )
    point("every platform, and nothing else, has its places", home_faults(others, files))
    point("every regime, and nothing else, has its fields", field_faults(others["regime-topics"], files))
    point("every number of hours or days is read as a clock", clock_faults(others["clock-rules"], files))
    point(
        "each country in which a report can harm is known, with the reason",
        [k for k, why in others["police-risks"]["countries"].items() if k not in files or len(why) < 20],
    )
    point("platforms are unique and their routes of known kinds", platform_faults(others["platforms"]))
    point("the table of deadlines agrees with the regimes", compliance_faults(others["compliance"], files, schema))
    point(
        "kinds of deepfake name topics, offences and kinds that there are",
        category_faults(others["seed-categories"], files, schema),
    )
    finish()


main()
