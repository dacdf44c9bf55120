#!/usr/bin/env python3
"""Compiles files into a C table of struct asset (src/service/assets.h). Scripts lose their indentation
and the lines that are only a comment, nothing else: people on a slow line need neither.

usage: embed.py OUTPUT.c FILE...
"""
import hashlib
import os
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


def main():
    output, paths = sys.argv[1], sys.argv[2:]
    files = []
    for path in paths:
        with open(path, "rb") as f:
            data = f.read()
        files.append((os.path.basename(path), lean(data) if path.endswith(".js") else data))
    files.sort()
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
            tag = hashlib.sha256(data).hexdigest()[:16]
            out.write(f'    {{"{name}", "/assets/{directory}/{name}", "{kind}", ')
            out.write(f'"\\"{tag}\\"", bytes_{i}, {len(data)}}},\n')
        out.write(f"}};\nconst size_t n_assets = {len(files)};\n")
        out.write(f'const char asset_directory[] = "{directory}";\n')


main()
