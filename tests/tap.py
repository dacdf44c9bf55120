"""TAP points on standard output, for the checks that are scripts."""
import sys

_points = []


def point(name, wrong):
    """One point; wrong: what is, a text each."""
    wrong = list(wrong)
    _points.append(not wrong)
    print(f"{'not ok' if wrong else 'ok'} {len(_points)} - {name}")
    for line in wrong:
        print(f"# {line}")


def finish():
    """The plan, and the exit that says whether all points passed."""
    print(f"1..{len(_points)}")
    sys.exit(not all(_points))
