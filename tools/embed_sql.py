#!/usr/bin/env python3
"""Turns numbered schema files (0001_init.sqlite.sql ...) into a C table.

usage: embed_sql.py OUT.c ENGINE FILE...
"""
import os
import sys


def main():
    out, engine, files = sys.argv[1], sys.argv[2], sorted(sys.argv[3:], key=os.path.basename)
    lines = ['#include "store/schema.h"', '',
             f'const struct store_schema store_schemas_{engine}[] = {{']
    for want, path in enumerate(files, 1):
        number = int(os.path.basename(path).split('_')[0])
        if number != want:
            sys.exit(f'embed_sql: {path} should have number {want:04d}: no gaps')
        with open(path, encoding='utf-8') as f:
            rows = f.read().splitlines()
        lines.append(f'    {{{number},')
        for row in rows:
            text = row.replace('\\', '\\\\').replace('"', '\\"')
            lines.append(f'     "{text}\\n"')
        lines.append('    },')
    lines += ['    {0, 0},', '};', '']
    with open(out, 'w', encoding='utf-8') as f:
        f.write('\n'.join(lines))


main()
