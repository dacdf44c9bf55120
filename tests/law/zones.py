#!/usr/bin/env python3
"""Local time in the zones of the law, against Python's zoneinfo, which reads the same files in its
own way: every hour of eight years, the end of every day, and the readings around every change. TAP.

usage: zones.py ZONE_WALK
"""
import json
import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tap import finish, point  # noqa: E402

LAW = Path(__file__).resolve().parents[2] / "data/law"
FIRST, LAST = 2024, 2031
ZONES = {
    "ae": ["Asia/Dubai"],
    "ar": ["America/Argentina/Buenos_Aires"],
    "au": ["Australia/Sydney", "Australia/Perth", "Australia/Adelaide", "Australia/Lord_Howe"],
    "bd": ["Asia/Dhaka"],
    "br": ["America/Sao_Paulo", "America/Manaus"],
    "ca": ["America/Vancouver", "America/Toronto", "America/St_Johns"],
    "cn": ["Asia/Shanghai"],
    "de": ["Europe/Berlin"],
    "dk": ["Europe/Copenhagen", "America/Nuuk"],
    "es": ["Europe/Madrid", "Atlantic/Canary"],
    "eu": ["Europe/Brussels", "Europe/Helsinki", "Atlantic/Azores"],
    "fr": ["Europe/Paris"],
    "gb": ["Europe/London"],
    "gh": ["Africa/Accra"],
    "ie": ["Europe/Dublin"],
    "in": ["Asia/Kolkata"],
    "it": ["Europe/Rome"],
    "jp": ["Asia/Tokyo"],
    "ke": ["Africa/Nairobi"],
    "kr": ["Asia/Seoul"],
    "mx": ["America/Mexico_City", "America/Tijuana"],
    "my": ["Asia/Kuala_Lumpur"],
    "ng": ["Africa/Lagos"],
    "nl": ["Europe/Amsterdam"],
    "nz": ["Pacific/Auckland", "Pacific/Chatham"],
    "ph": ["Asia/Manila"],
    "pk": ["Asia/Karachi"],
    "sg": ["Asia/Singapore"],
    "tw": ["Asia/Taipei"],
    "us": ["America/New_York", "America/Denver", "America/Los_Angeles", "Pacific/Honolulu"],
    "za": ["Africa/Johannesburg"],
    "clocks that change at odd hours": [
        "Africa/Cairo",  # at midnight, both ways
        "America/Havana",  # at midnight and one
        "Africa/Casablanca",  # by the moon, twice a year, to an hour less
        "Antarctica/Troll",  # by two hours
        "Asia/Beirut",
        "America/Santiago",
    ],
}


def seconds(day):
    return (day - date(1970, 1, 1)).days * 86400


def hours(zone):
    last, runs = None, []
    for s in range(seconds(date(FIRST, 1, 1)), seconds(date(LAST + 1, 1, 1)), 3600):
        t = datetime.fromtimestamp(s, zone)
        now = (int(t.utcoffset().total_seconds()), t.tzname())
        if now != last:
            runs.append((s, *now))
        last = now
    return runs


def day_end(day, zone):
    """The first quarter of an hour after which it is later for good, looked for one by one."""
    near = datetime.combine(day + timedelta(1), datetime.min.time(), zone)
    start = int(near.timestamp()) // 900 * 900 - 8 * 900
    last = max(s for s in range(start, start + 17 * 900, 900) if datetime.fromtimestamp(s, zone).date() <= day)
    return last + 900


def wall_instants(s, zone):
    wall = (datetime(1970, 1, 1) + timedelta(seconds=s)).replace(tzinfo=zone)
    return tuple(int((wall.replace(fold=f).astimezone(timezone.utc)).timestamp()) for f in (0, 1))


def faults(walk, name):
    zone = ZoneInfo(name)
    out = subprocess.run([walk, name, str(FIRST), str(LAST)], capture_output=True, text=True, check=True)
    lines = [line.split() for line in out.stdout.splitlines()]
    runs = [(int(a), int(b), c) for kind, a, b, c in (x for x in lines if x[0] == "at")]
    expected = hours(zone)
    yield from (f"offset from {run}: in one of the two only" for run in set(runs) ^ set(expected))
    n_days = n_walls = 0
    for line in lines:
        if line[0] == "day":
            n_days += 1
            if day_end(date.fromisoformat(line[1]), zone) != int(line[2]):
                yield f"{line[1]} ends at {line[2]}"
        elif line[0] == "wall":
            n_walls += 1
            if wall_instants(int(line[1]), zone) != (int(line[2]), int(line[3])):
                yield " ".join(line)
        elif line[0] != "at":
            yield " ".join(line)
    if n_days != (date(LAST + 1, 1, 1) - date(FIRST, 1, 1)).days or n_walls != 144 * (len(expected) - 1):
        yield f"{n_days} days and {n_walls} readings of the wall were compared"


def main():
    known = {path.stem for path in LAW.glob("*.json") if "jurisdiction" in json.loads(path.read_text("utf-8"))}
    point("every country and union of data/law has a zone here", known - {"intl"} - ZONES.keys())
    for place, names in ZONES.items():
        for name in names:
            point(f"{name} ({place}): every hour, day and change of {FIRST} to {LAST}", faults(sys.argv[1], name))
    finish()


main()
