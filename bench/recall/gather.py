#!/usr/bin/python3
"""Gather pictures of Debian packages for false_positives.py.

gather.py OUT [--sources sources.tsv] [--pictures NAME=DIR] [--videos NAME=DIR]

OUT/pictures/SOURCE/....jpg, and OUT/sources.tsv: source, version, licence file's digest, pictures.
Takes every picture whose shorter side is at least 200 pixels and whose sides are no further apart
than 3 to 1, in which at least a twentieth of the area is not flat, transparent parts on grey; long
side at most 800; files of one content once. Derived maps of a texture (normals, gloss, glow...) are
left out by their names. Of a video, one frame in four seconds. Nothing gathered is ever committed."""
import argparse
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile

import cv2
import numpy as np
from PIL import Image

Image.MAX_IMAGE_PIXELS = 2 * 10**8
ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".tga", ".bmp", ".dds", ".tif", ".tiff", ".ppm", ".pgm", ".gif")
ARCHIVES = (".pk3", ".zip", ".pk4", ".wz")
DERIVED = ("norm", "gloss", "bump", "_local", "glow", "reflect", "spec", "_nm", "_sp", "shader", "_add",
           "mask", "_alpha", "height", "_pants", "_shirt", "_n.", "_s.", "thumb", "icon", "font")


def usable(data):
    """The picture as luma-bearing RGB of at most 800 pixels a side, or None."""
    try:
        im = Image.open(io.BytesIO(data))
        w, h = im.size
        if min(w, h) < 200 or max(w, h) > 3 * min(w, h):
            return None
        im.draft("RGB", (1600, 1600))
        if im.mode in ("RGBA", "LA", "P", "PA"):
            im = im.convert("RGBA")
            ground = Image.new("RGBA", im.size, (128, 128, 128, 255))
            im = Image.alpha_composite(ground, im)
        im = im.convert("RGB")
    except Exception:  # whatever a decoder says of a damaged or strange file: it is not used
        return None
    im.thumbnail((800, 800))
    g = np.asarray(im.convert("L"), np.int16)
    d = np.abs(g[1:, 1:] - g[:-1, 1:]) + np.abs(g[1:, 1:] - g[1:, :-1])
    return im if (d > 6).mean() > .05 else None


class Gatherer:
    def __init__(self, out):
        self.out, self.seen = out, set()

    def add(self, source, name, data):
        digest = hashlib.sha256(data).hexdigest()[:16]
        if digest in self.seen:
            return 0
        self.seen.add(digest)
        im = usable(data)
        if im is None:
            return 0
        where = os.path.join(self.out, "pictures", source)
        os.makedirs(where, exist_ok=True)
        stem = os.path.splitext(os.path.basename(name))[0][:40].replace("\t", " ")
        im.save(os.path.join(where, f"{stem}-{digest}.jpg"), quality=92)
        return 1

    def tree(self, source, root, names_matter=True):
        n = 0
        for here, _, files in sorted(os.walk(root)):
            for f in sorted(files):
                path, low = os.path.join(here, f), f.lower()
                if os.path.islink(path) and names_matter or not os.path.isfile(path):
                    continue
                if low.endswith(ARCHIVES):
                    n += self.archive(source, path)
                elif low.endswith(ENDINGS) and not (names_matter and any(d in low for d in DERIVED)):
                    n += self.add(source, f, open(path, "rb").read())
        return n

    def archive(self, source, path):
        n = 0
        try:
            with zipfile.ZipFile(path) as z:
                for f in sorted(z.namelist()):
                    low = f.lower()
                    if low.endswith(ENDINGS) and not any(d in os.path.basename(low) for d in DERIVED):
                        n += self.add(source, f, z.read(f))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
            pass
        return n

    def package(self, name):
        """(version, digest of its copyright file, pictures), or None where it cannot be had."""
        with tempfile.TemporaryDirectory(dir=self.out) as d:
            if subprocess.run(["apt-get", "download", "-qq", name], cwd=d, capture_output=True).returncode:
                return None
            deb = os.path.join(d, os.listdir(d)[0])
            version = subprocess.run(["dpkg-deb", "-f", deb, "Version"], capture_output=True, text=True).stdout.strip()
            tree = os.path.join(d, "tree")
            subprocess.run(["dpkg-deb", "-x", deb, tree], check=True)
            os.unlink(deb)
            copyright_file = os.path.join(tree, "usr/share/doc", name, "copyright")
            if os.path.isfile(copyright_file):
                licence = os.path.join(self.out, "licences", name + ".copyright")
                os.makedirs(os.path.dirname(licence), exist_ok=True)
                shutil.copyfile(copyright_file, licence)
            return version, self.tree(name, tree)

    def videos(self, source, root):
        n = 0
        for here, _, files in sorted(os.walk(root)):
            for f in sorted(files):
                if not f.lower().endswith((".mp4", ".webm", ".mkv", ".ogv", ".mov")):
                    continue
                v = cv2.VideoCapture(os.path.join(here, f))
                step, i = max(1, int((v.get(cv2.CAP_PROP_FPS) or 25) * 4)), 0
                while v.grab():
                    if i % step == step // 2:
                        ok, frame = v.retrieve()
                        if ok:
                            n += self.add(source, f"{f}-{i}.png", cv2.imencode(".png", frame)[1].tobytes())
                    i += 1
        return n


def main():
    p = argparse.ArgumentParser()
    p.add_argument("out")
    p.add_argument("--sources", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "sources.tsv"))
    p.add_argument("--pictures", action="append", default=[], metavar="NAME=DIR")
    p.add_argument("--videos", action="append", default=[], metavar="NAME=DIR")
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    g = Gatherer(a.out)
    with open(os.path.join(a.out, "sources.tsv"), "w", buffering=1) as log:
        for x in a.pictures:
            name, _, root = x.partition("=")
            log.write(f"{name}\t-\t{g.tree(name, root, False)}\n")
        for x in a.videos:
            name, _, root = x.partition("=")
            log.write(f"{name}\t-\t{g.videos(name, root)}\n")
        for line in open(a.sources):
            name = line.split("\t")[0].strip()
            if not name or name.startswith("#"):
                continue
            got = g.package(name)
            if got is None:
                print(f"gather: no package {name}", file=sys.stderr)
            else:
                log.write(f"{name}\t{got[0]}\t{got[1]}\n")


if __name__ == "__main__":
    main()
