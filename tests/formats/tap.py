"""Points of a test, as TAP."""
import sys


class Tap:
    def __init__(self):
        self.n, self.failed = 0, False

    def point(self, ok, name, detail=""):
        self.n += 1
        self.failed |= not ok
        print(f"{'ok' if ok else 'not ok'} {self.n} - {name}")
        if not ok and detail:
            print("# " + str(detail).replace("\n", "\n# "))

    def end(self):
        print(f"1..{self.n}")
        sys.exit(self.failed)
