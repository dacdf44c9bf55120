#!/usr/bin/env python3
"""Adds up the test points of meson's JSON logs and closes with "N passed, N failed".

Every test program speaks TAP, so each point counts. A program that died, timed out or said nothing
counts as one failure."""
import argparse
import json
import re
import sys

POINT = re.compile(r"^\s*(not )?ok\b(.*)$")


def count(entry):
    passed = failed = skipped = 0
    for line in (entry.get("stdout") or "").splitlines():
        point = POINT.match(line)
        if not point:
            continue
        if re.search(r"#\s*skip", point.group(2), re.IGNORECASE):
            skipped += 1
        elif point.group(1):
            failed += 1
        else:
            passed += 1
    if entry["result"] == "SKIP":
        skipped += 1 if passed + failed + skipped == 0 else 0
    elif entry["result"] != "OK":
        failed += 1 if failed == 0 else 0
    elif passed + failed + skipped == 0:
        passed = 1
    return passed, failed, skipped


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--broken", type=int, default=0, help="builds that failed")
    parser.add_argument("logs", nargs="*")
    args = parser.parse_args()
    totals = [0, args.broken, 0]
    bad = []
    for path in args.logs:
        with open(path, encoding="utf-8") as log:
            for line in log:
                entry = json.loads(line)
                counts = count(entry)
                totals = [a + b for a, b in zip(totals, counts)]
                if counts[1]:
                    bad.append(f"{path.split('/')[0]}: {entry['name']}")
    for name in bad:
        print(f"failed: {name}")
    skipped = f", {totals[2]} skipped" if totals[2] else ""
    print(f"{totals[0]} passed, {totals[1]} failed{skipped}")
    sys.exit(1 if totals[1] or not totals[0] else 0)


main()
