#!/usr/bin/env python3
"""Runs transcripts of the command line and compares every byte. Speaks TAP.

usage: transcript.py BINDIR MEDIADIR FILE...

A transcript is commands and what they answer:

    # a comment
    $ likeness bank info nowhere
    2> likeness: cannot open 'nowhere': No such file or directory
    ? 7

Lines behind "$ " are run by sh in an empty directory that lasts for the file; plain lines are expected on
standard output, "2> " lines on standard error, "? N" is the exit code (0 when not given). {{REGEX}}
stands for text that changes. $MEDIA is the directory of the test pictures."""
import os
import re
import subprocess
import sys
import tempfile


class Step:
    def __init__(self, command, line):
        self.command, self.line = command, line
        self.out, self.err, self.code = [], [], 0


def parse(path):
    steps = []
    with open(path, encoding="utf-8") as text:
        for number, line in enumerate(text, 1):
            line = line.rstrip("\n")
            if line.startswith("$ "):
                steps.append(Step(line[2:], number))
            elif line.startswith("#") or (not line and not steps):
                continue
            elif line.startswith("2> "):
                steps[-1].err.append(line[3:])
            elif line.startswith("? "):
                steps[-1].code = int(line[2:])
            elif line:
                steps[-1].out.append(line)
    return steps


def matches(expected, actual):
    parts = re.split(r"\{\{(.*?)\}\}(?!\})", "\n".join(expected))
    pattern = "".join(p if i % 2 else re.escape(p) for i, p in enumerate(parts))
    return re.fullmatch(pattern, actual.rstrip("\n")) is not None


def run(step, cwd, env):
    done = subprocess.run(["sh", "-c", step.command], cwd=cwd, env=env, capture_output=True,
                          text=True, timeout=120, stdin=subprocess.DEVNULL, check=False)
    wrong = []
    if done.returncode != step.code:
        wrong.append(f"exit code {done.returncode}, expected {step.code}")
    for name, want, got in (("output", step.out, done.stdout), ("errors", step.err, done.stderr)):
        if not matches(want, got):
            wrong += [f"expected {name}:"] + want + [f"got {name}:"] + got.rstrip("\n").split("\n")
    return wrong


def main():
    bindir, media, *files = sys.argv[1:]
    env = dict(os.environ, PATH=os.path.abspath(bindir) + ":" + os.environ["PATH"],
               MEDIA=os.path.abspath(media), LC_ALL="C", TZ="UTC")
    n = 0
    failed = False
    for path in files:
        with tempfile.TemporaryDirectory() as cwd:
            for step in parse(path):
                n += 1
                wrong = run(step, cwd, env)
                title = f"{os.path.basename(path)}:{step.line} {step.command}".replace("#", "")
                print(f"{'not ok' if wrong else 'ok'} {n} - {title}")
                for line in wrong:
                    print("# " + line)
                failed = failed or bool(wrong)
    print(f"1..{n}")
    sys.exit(failed)


main()
