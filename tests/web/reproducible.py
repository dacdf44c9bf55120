#!/usr/bin/env python3
"""Whoever builds the modules that pages run gets the bytes that we serve: the hash at
/.well-known/likeness-wasm.json can then be checked by anyone. Speaks TAP.

usage: reproducible.py CLANG SOURCE_ROOT (MODULE.wasm SOURCE...)...
"""
import gzip
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tap import finish, point  # noqa: E402

MAX_PACKED = {"likeness.wasm": 250_000, "timed.wasm": 100_000, "inspect.wasm": 40_000}  # bytes on a slow line
LEAKY = '__attribute__((export_name("where"))) const char *where(void) { return __FILE__; }\n'


def build(clang, root, sources, directory):
    """The module as tools/wasm_build makes it of these sources, with all it writes in a directory."""
    module = directory / "module.wasm"
    command = [root / "tools/wasm_build", clang, root, module, directory / "d", directory / "objects"]
    # another place, another language, another hour of the day: none may be in the bytes
    env = {**os.environ, "LC_ALL": "C", "TZ": "Asia/Tokyo", "PWD": str(directory)}
    done = subprocess.run(
        [*command, *sources], cwd=directory, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        raise RuntimeError(done.stdout)
    return module.read_bytes()


def has_compiler(clang, directory):
    probe = directory / "probe.c"
    probe.write_text("int probe(void);\nint probe(void) { return 0; }\n")
    command = [clang, "--target=wasm32-wasi", "-nostartfiles", "-Wl,--no-entry", probe, "-o", directory / "probe"]
    try:
        return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def copy_of(root, place):
    """The parts of the tree that a module is made of, as files of today."""
    for part in ("include", "src", "tools"):
        shutil.copytree(root / part, place / part, copy_function=shutil.copy)
    return place


def modules(words):
    found = {}
    for word in map(Path, words):
        if word.suffix == ".wasm":
            sources = found[word] = []
        else:
            sources.append(word.resolve())
    return found


def leak_is_seen(clang, root, directory):
    built = []
    for name in ("here", "there"):
        place = directory / name
        place.mkdir()
        (place / "leaky.c").write_text(LEAKY)
        built.append(build(clang, root, [place / "leaky.c"], place))
    point("a path in the bytes would be seen", [] if built[0] != built[1] else ["it is not"])


def main():
    clang, root, given = sys.argv[1], Path(sys.argv[2]).resolve(), modules(sys.argv[3:])
    with tempfile.TemporaryDirectory(prefix="likeness-wasm-") as name:
        directory = Path(name)
        if not has_compiler(clang, directory):
            print(f"1..0 # SKIP {clang} cannot make WebAssembly here")
            return 0
        leak_is_seen(clang, root, directory)
        copy = copy_of(root, directory / "a/longer/way/to/the/tree")
        for module, sources in given.items():
            first, out = module.read_bytes(), directory / module.stem
            out.mkdir()
            second = build(clang, copy, [copy / source.relative_to(root) for source in sources], out)
            both = [f"{hashlib.sha256(data).hexdigest()} of {len(data)} bytes" for data in (first, second)]
            point(f"{module.name} is the same from another place: {both[0]}", both if first != second else [])
            packed, bound = len(gzip.compress(first, 9)), MAX_PACKED[module.name]
            point(f"{module.name} is {packed} bytes packed, at most {bound}", [] if packed <= bound else ["it is more"])
    finish()


main()
