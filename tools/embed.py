#!/usr/bin/env python3
"""Compiles files into a C table of struct asset (src/service/assets.h). Scripts lose their indentation
and the lines that are only a comment: people on a slow line need neither. And "sha256-{NAME}" in a
script becomes the hash of the file of this name, as fetch() takes it for `integrity`.

usage: embed.py OUTPUT.c FILE...
"""
import base64
import hashlib
import os
import re
import sys

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}


def lean(script):
    if any(line.count(b"`") % 2 for line in script.splitlines()):
        sys.exit("embed: a script has a template of several lines; its indentation would be lost")
    lines = (line.strip() for line in script.splitlines())
    return b"".join(line + b"\n" for line in lines if line and not line.startswith(b"//"))


def pinned(script, files):
    def hash_of(match):
        name = match[1].decode()
        if name not in files:
            # a browser would take what is left of the place for no hash at all, and check nothing
            sys.exit(f"embed: a script pins {name}, which is not among the files")
        return b"sha256-" + base64.b64encode(hashlib.sha256(files[name]).digest())

    return re.sub(rb"sha256-\{([^}]*)\}", hash_of, script)


def main():
    output, paths = sys.argv[1], sys.argv[2:]
    found = {}
    for path in paths:
        with open(path, "rb") as f:
            found[os.path.basename(path)] = f.read()
    files = sorted(
        (name, pinned(lean(data), found) if name.endswith(".js") else data)
        for name, data in found.items()
    )
    whole = hashlib.sha256()
    for name, data in files:
        whole.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
    directory = whole.hexdigest()[:16]
    with open(output, "w") as out:
        out.write('/* Made by tools/embed.py. */\n#include "service/assets.h"\n\n')
        for i, (_, data) in enumerate(files):
            out.write(f"static const uint8_t bytes_{i}[] = {{\n")
            for at in range(0, len(data), 24):
                out.write("".join(f"{b}," for b in data[at : at + 24]) + "\n")
            out.write("0};\n")
        out.write("\nconst struct asset asset_table[] = {\n")
        for i, (name, data) in enumerate(files):
            kind = TYPES[os.path.splitext(name)[1]]
            digest = hashlib.sha256(data).hexdigest()
            out.write(f'    {{"{name}", "/assets/{directory}/{name}", "{kind}", ')
            out.write(f'"\\"{digest[:16]}\\"", "{digest}", bytes_{i}, {len(data)}}},\n')
        out.write(f"}};\nconst size_t n_assets = {len(files)};\n")
        out.write(f'const char asset_directory[] = "{directory}";\n')


main()
