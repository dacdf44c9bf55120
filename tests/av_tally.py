#!/usr/bin/env python3
"""The counting of bench/av: a bench that counts wrongly would say what it likes."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bench", "av"))
import tally  # noqa: E402

ROWS = [
    ("review", 40, "a", "q1"), ("near", 12, "a", "q1"),  # the best grade counts
    ("partial", 30, "b", "q2"),  # not its own
    ("review", 44, "b", "q3"),
    ("partial", 20, "a", "stranger"), ("review", 20, "a", "stranger"),
]
TRUTH = {"q1": "a", "q2": "a", "q3": "b", "q4": "b", "stranger": None}


def own_and_others():
    own, others = tally.split(ROWS, TRUTH)
    return own == {"q1": "near", "q3": "review"} and others == {("q2", "b"): "partial", ("stranger", "a"): "partial"}


def recall_by_edit():
    own, _ = tally.split(ROWS, TRUTH)
    table, total = tally.recall([("crop", "q1"), ("crop", "q2"), ("logo", "q3"), ("logo", "q4")], own)
    return table == {"crop": (2, 1, 1), "logo": (2, 1, 0)} and total == (4, 2, 1)


def nothing_asked():
    table, total = tally.recall([], {})
    return table == {} and total == (0, 0, 0) and tally.share(0, 0) == 0


def rule_of_three():
    return tally.bound(3000) == 1e-3 and tally.bound(0) == 1


def phrases():
    return (tally.same_phrase("all of them: Unix airlines, everybody", "Unix airlines everybody brings")
            and not tally.same_phrase("one and two and three", "three and one and two"))


def grades():
    return tally.by_grade({1: "near", 2: "review", 3: "review"}) == "exact 0, near 1, partial 0, review 2"


TESTS = [
    ("a query counts with the best grade of its own original, others apart", own_and_others),
    ("recall is counted by edit, and of those that may act", recall_by_edit),
    ("an empty manifest is no error", nothing_asked),
    ("no event among n pairs bounds the rate by three over n", rule_of_three),
    ("texts share a phrase when a run of words does, in whatever spelling", phrases),
    ("false pairs are listed by grade", grades),
]
bad = 0
for n, (name, test) in enumerate(TESTS, 1):
    good = test()
    bad += not good
    print(f"{'ok' if good else 'not ok'} {n} - {name}")
print(f"1..{len(TESTS)}")
sys.exit(bad > 0)
