"""Films to register: pictures of Debian packages taken by an unsteady hand, and rendered scenes.

A long film has three pictures, a short one has one picture; no picture is in two films. Pictures
that resemble another one (grey 24 x 24, correlation above 0.8, mirror image too) are left out, so
that films are of independent sources; prints have no say in it."""
import os
import subprocess
from collections import namedtuple

import cv2
import numpy as np

import media

Film = namedtuple("Film", "path half source kind seconds")
WIDTH, HEIGHT, FPS = 640, 360, 25
PICTURES_A_PACKAGE = 70
TEXTURES = ("supertuxkart-data", "torcs-data", "warzone2100-data", "mandelbulber2-data")  # only in short films
ALIKE = .8


def thumbnail(path):
    g = cv2.resize(cv2.imread(path, cv2.IMREAD_GRAYSCALE), (24, 24), interpolation=cv2.INTER_AREA).astype(np.float32)
    g -= g.mean()
    return g / (np.linalg.norm(g) + 1e-6)


def unlike(root, per_package=PICTURES_A_PACKAGE):
    """[(package, path)], taken in turns from the packages, none like another."""
    packages = {}
    for package in sorted(os.listdir(root)):
        files = sorted(os.listdir(os.path.join(root, package)), key=lambda f: media.digest(package, f))
        packages[package] = [os.path.join(root, package, f) for f in files if f.endswith(".jpg")]
    kept, seen = [], np.zeros((0, 576), np.float32)
    for package, files in packages.items():
        n = 0
        for path in files:
            if n == per_package:
                break
            if min(cv2.imread(path, cv2.IMREAD_GRAYSCALE).shape) < 256:
                continue
            t = thumbnail(path)
            pair = np.stack([t.ravel(), t[:, ::-1].ravel()])
            if len(seen) and (seen @ pair.T).max() > ALIKE:
                continue
            seen = np.vstack([seen, pair[:1]])
            kept.append((package, path))
            n += 1
    return sorted(kept, key=lambda k: media.digest("order", os.path.basename(k[1])))


def hand_held(rng, n, zoom_to):
    """n affine frames of a walk over a picture: a slow pan and zoom, and an unsteady hand."""
    ends = rng.uniform(-1, 1, (2, 2))
    zooms = rng.uniform(1.15, zoom_to, 2)
    shake, velocity = np.zeros(3), np.zeros(3)
    for k in range(n):
        t = k / max(1, n - 1)
        velocity = .9 * velocity + rng.standard_normal(3) * (.0016, .0016, .0009)
        shake = .96 * shake + velocity
        zoom = zooms[0] + (zooms[1] - zooms[0]) * t
        centre = (ends[0] + (ends[1] - ends[0]) * t) * .5 * (1 - 1 / zoom) + shake[:2]
        yield centre, zoom, shake[2]


def frames(path, rng, n, width, height, zoom_to=1.7):
    img = cv2.imread(path, cv2.IMREAD_COLOR)
    h, w = img.shape[:2]
    fit = max(width / w, height / h)
    for centre, zoom, turn in hand_held(rng, n, zoom_to):
        m = cv2.getRotationMatrix2D((w * (.5 + centre[0]), h * (.5 + centre[1])), np.degrees(turn), fit * zoom)
        m[:, 2] += (width / 2 - w * (.5 + centre[0]), height / 2 - h * (.5 + centre[1]))
        yield cv2.warpAffine(img, m, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)


def filmed(path, pictures, seconds, width, height, fps):
    """The pictures one after another."""
    cv2.setNumThreads(1)
    rng = media.generator("film", *map(os.path.basename, pictures))
    coder = subprocess.Popen(["ffmpeg", "-v", "error", "-y", "-threads", "1", "-f", "rawvideo", "-pix_fmt", "bgr24",
                              "-s", f"{width}x{height}", "-r", str(fps), "-i", "-", "-c:v", "libx264", "-preset",
                              "ultrafast", "-crf", "20", "-pix_fmt", "yuv420p", path], stdin=subprocess.PIPE)
    for p in pictures:
        for frame in frames(p, rng, int(seconds * fps / len(pictures)), width, height):
            coder.stdin.write(frame.tobytes())
    coder.stdin.close()
    if coder.wait():
        raise SystemExit(f"cannot write {path}")


def rendered(path, source, seconds):
    media.ffmpeg("-f", "lavfi", "-i", source, "-t", str(seconds), "-c:v", "libx264", "-preset", "ultrafast",
                 "-crf", "20", "-pix_fmt", "yuv420p", path)


def scenes(n):
    """lavfi sources, each with its own place or seed."""
    rng = media.generator("scenes")
    size = "s=480x270:r=20"
    for k in range(n):
        seed, x, y = int(rng.integers(1 << 30)), rng.uniform(-1.4, .2), rng.uniform(-.9, .9)
        yield [f"mandelbrot={size}:start_x={x:.4f}:start_y={y:.4f}:start_scale={rng.uniform(.05, .8):.4f}:end_scale=0.01:end_pts=200",
               f"gradients={size}:seed={seed}:nb_colors={2 + seed % 6}:speed=0.03",
               f"life={size}:seed={seed}:mold={5 + seed % 40}:ratio={rng.uniform(.1, .6):.2f}:death_color=#C83232:life_color=#00ff00",
               f"sierpinski={size}:seed={seed}:jump={20 + seed % 100}"][k % 4]


def one(task):
    cache, half, source, kind, seconds, maker, arguments = task
    return Film(cache.made(maker, "mp4", *arguments), half, source, kind, seconds)


def all_films(cache, pool, root, n_long, n_short, n_scenes):
    """(long films, strangers): halves are dealt in turns."""
    pictures = unlike(root)
    scenic = [p for p in pictures if p[0] not in TEXTURES][:3 * n_long]
    others = [p for p in pictures if p not in scenic][:n_short]
    tasks = []
    for k in range(n_long):
        three = scenic[3 * k:3 * k + 3]
        tasks.append((cache, "fix" if k % 2 else "test", three[0][0], "long", 20,
                      filmed, (tuple(p for _, p in three), 20, WIDTH, HEIGHT, FPS)))
    for k, (package, p) in enumerate(others):
        tasks.append((cache, "fix" if k % 2 else "test", package, "short", 6, filmed, ((p,), 6, 480, 270, 20)))
    for k, source in enumerate(scenes(n_scenes)):
        tasks.append((cache, "fix" if k % 2 else "test", "rendered", "short", 6, rendered, (source, 6)))
    done = pool.map(one, tasks, chunksize=2)
    return done[:n_long], done[n_long:]
