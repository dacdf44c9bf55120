"""Edits of photographs as they circulate: picture in, picture out.

Each is a function of (picture, rng, other): BGR bytes, a numpy generator seeded by (seed, edit,
picture) alone, and a function of the generator that gives another photograph. ALL lists them by
family; `apply` returns the edited picture as the bytes of a file and the file's ending."""
import hashlib
import os
import subprocess
import tempfile

import cv2
import numpy as np

from drawing import (app_page, blend, canvas, colour, ellipse_mask, face_sticker, fill_box, hand,
                     letters, long_side, put, scaled, star_sticker, window, words)

ALL, FAMILY, ENCODING = {}, {}, {}


def edit(family, encoding=("jpg", 82)):
    def note(f):
        ALL[f.__name__], FAMILY[f.__name__], ENCODING[f.__name__] = f, family, encoding
        return f
    return note


def either(rng):
    return 1 if rng.random() < .5 else -1


def coded(img, ending, *options):
    return cv2.imdecode(cv2.imencode(ending, img, options)[1], cv2.IMREAD_COLOR)


def turned(img, degrees):
    """Turned about the middle, the largest rectangle of the same shape without corners."""
    h, w = img.shape[:2]
    r = cv2.warpAffine(img, cv2.getRotationMatrix2D((w / 2, h / 2), degrees, 1), (w, h), flags=cv2.INTER_CUBIC,
                       borderMode=cv2.BORDER_REPLICATE)
    t = np.deg2rad(abs(degrees))
    k = min(w / (w * np.cos(t) + h * np.sin(t)), h / (w * np.sin(t) + h * np.cos(t)))
    return window(r, (1 - k) / 2, (1 - k) / 2, (1 + k) / 2, (1 + k) / 2)


def cut(img, rng, share):
    """A window of `share` of each side, anywhere."""
    x, y = rng.uniform(0, 1 - share, 2)
    return window(img, x, y, x + share, y + share)


# ---- files and pixels
@edit("file", ("jpg", 5))
def jpeg5(i, r, o): return i


@edit("file", ("webp", 8))
def webp8(i, r, o): return i


@edit("file", ("avif", 25))
def avif25(i, r, o): return i


@edit("file")
def tiny120(i, r, o): return long_side(i, 200)


@edit("file", ("jpg", 45))
def five_hops(i, r, o):
    """Forwarded five times, each with its own size and quality."""
    for side, quality in zip((1024, 760, 900, 600, 720), r.integers(40, 75, 5)):
        i = coded(long_side(i, side), ".jpg", cv2.IMWRITE_JPEG_QUALITY, int(quality))
    return i


@edit("file")
def upscaled(i, r, o): return scaled(long_side(i, 240), 4)


# ---- tone
@edit("tone")
def inverted(i, r, o): return 255 - i


@edit("tone")
def duotone(i, r, o):
    g = cv2.cvtColor(i, cv2.COLOR_BGR2GRAY).astype(np.float32)[..., None] / 255
    a, b = np.array(colour(r, 0, 90), np.float32), np.array(colour(r, 170, 256), np.float32)
    return (a * (1 - g) + b * g).astype(np.uint8)


@edit("tone")
def posterised(i, r, o): return (i // 64 * 64 + 32).astype(np.uint8)


@edit("tone")
def vignette(i, r, o):
    h, w = i.shape[:2]
    y, x = np.mgrid[-1:1:h * 1j, -1:1:w * 1j]
    return np.clip(i * np.exp(-1.1 * (x * x + y * y))[..., None], 0, 255).astype(np.uint8)


@edit("tone")
def sharp_grain(i, r, o):
    s = cv2.addWeighted(i, 3.0, cv2.GaussianBlur(i, (0, 0), 1.5), -2.0, 0)
    return np.clip(s + r.normal(0, 26, i.shape[:2])[..., None], 0, 255).astype(np.uint8)


@edit("tone")
def dim_screen(i, r, o):
    """An underexposed picture, all its values in the lowest quarter."""
    return np.clip(i * .24 + 4 + r.normal(0, 1.5, i.shape), 0, 255).astype(np.uint8)


@edit("tone")
def side_light(i, r, o):
    h, w = i.shape[:2]
    x = np.linspace(-1, 1, w) * either(r)
    y = np.linspace(-1, 1, h)[:, None] * .4
    return np.clip(i * (.85 + .5 * (x + y))[..., None] + 10, 0, 255).astype(np.uint8)


@edit("tone")
def halftone(i, r, o):
    """Dots whose size is the darkness, six pixels apart."""
    g = cv2.cvtColor(i, cv2.COLOR_BGR2GRAY).astype(np.float32)
    y, x = np.mgrid[0:g.shape[0], 0:g.shape[1]]
    screen = 127 + 62 * (np.cos((x + y) * np.pi / 4.2) + np.cos((x - y) * np.pi / 4.2))
    return cv2.cvtColor(np.where(g > screen, 245, 15).astype(np.uint8), cv2.COLOR_GRAY2BGR)


# ---- geometry
@edit("geometry")
def turn7(i, r, o): return turned(i, 7 * either(r))


@edit("geometry")
def turn13(i, r, o): return turned(i, 13 * either(r))


@edit("geometry")
def quarter_cut(i, r, o): return cut(np.rot90(i, r.choice([1, 3])).copy(), r, .86)


@edit("geometry")
def mirror_cut(i, r, o): return cut(i[:, ::-1].copy(), r, .75)


@edit("geometry")
def zoom50(i, r, o): return cut(i, r, .5)


@edit("geometry")
def strip(i, r, o):
    """The middle third of the height, or a third near it."""
    y = r.uniform(.2, .42)
    return window(i, 0, y, 1, y + .36)


@edit("geometry")
def squeeze15(i, r, o):
    k = np.exp(either(r) * .15)
    return cv2.resize(i, None, fx=k, fy=1 / k, interpolation=cv2.INTER_AREA)


@edit("geometry")
def perspective(i, r, o):
    h, w = i.shape[:2]
    d = r.uniform(0, .09, (4, 2)) * (w, h)
    src = np.float32([[0, 0], [w, 0], [w, h], [0, h]]) + np.float32(d * [[1, 1], [-1, 1], [-1, -1], [1, -1]])
    m = cv2.getPerspectiveTransform(src.astype(np.float32), np.float32([[0, 0], [w, 0], [w, h], [0, h]]))
    return cv2.warpPerspective(i, m, (w, h), flags=cv2.INTER_CUBIC)


@edit("geometry")
def swirl(i, r, o):
    """A light twist about the middle: 14 degrees there, none at half the short side."""
    h, w = i.shape[:2]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    dx, dy = x - w / 2, y - h / 2
    t = np.deg2rad(14) * either(r) * np.clip(1 - np.hypot(dx, dy) / (.5 * min(h, w)), 0, 1)
    return cv2.remap(i, (w / 2 + np.cos(t) * dx - np.sin(t) * dy).astype(np.float32),
                     (h / 2 + np.sin(t) * dx + np.cos(t) * dy).astype(np.float32), cv2.INTER_LINEAR)


# ---- covered
@edit("cover")
def face_blur(i, r, o):
    """An ellipse as large as a head, blurred away."""
    h, w = i.shape[:2]
    m = ellipse_mask(i.shape, r.uniform(.3, .7) * w, r.uniform(.2, .45) * h, .13 * min(h, w), .18 * min(h, w), soft=3)
    return blend(i, cv2.GaussianBlur(i, (0, 0), .04 * max(h, w)), m)


@edit("cover")
def pixelated(i, r, o):
    """All of it in blocks of a fiftieth of the width."""
    h, w = i.shape[:2]
    return cv2.resize(cv2.resize(i, (50, max(8, 50 * h // w)), interpolation=cv2.INTER_AREA), (w, h), interpolation=cv2.INTER_NEAREST)


@edit("cover")
def stickers(i, r, o):
    i = i.copy()
    h, w = i.shape[:2]
    for k in range(5):
        (star_sticker if k % 2 else face_sticker)(i, r, r.uniform(.1, .9) * w, r.uniform(.1, .9) * h, r.uniform(.07, .11) * min(h, w))
    return i


@edit("cover")
def big_emoji(i, r, o):
    """One round face over a quarter of the width."""
    i = i.copy()
    h, w = i.shape[:2]
    face_sticker(i, r, r.uniform(.35, .65) * w, r.uniform(.25, .5) * h, .2 * min(h, w))
    return i


@edit("cover")
def pasted_picture(i, r, o):
    """A cut-out of another photograph as a sticker, a fifth of the area."""
    h, w = i.shape[:2]
    m = ellipse_mask(i.shape, r.uniform(.25, .75) * w, r.uniform(.25, .75) * h, .23 * w, .28 * h, r.uniform(0, 90), 1)
    return blend(i, fill_box(o(r), w, h), m)


@edit("cover")
def scribble(i, r, o):
    i = i.copy()
    h, w = i.shape[:2]
    for _ in range(3):
        t = np.linspace(0, 1, 60)
        x = (r.uniform(.1, .9) + .35 * np.sin(2 * np.pi * (r.uniform(.5, 2.5) * t + r.random())) * t) * w
        y = (r.uniform(.1, .9) + .35 * np.cos(2 * np.pi * (r.uniform(.5, 2.5) * t + r.random()))) * h
        cv2.polylines(i, [np.stack([x, y], 1).astype(np.int32)], False, colour(r), max(3, int(.012 * max(h, w))), cv2.LINE_AA)
    return i


@edit("cover")
def mark_grid(i, r, o):
    """A name all over, in lines at 30 degrees."""
    h, w = i.shape[:2]
    side = int(1.5 * max(h, w))
    layer, name = canvas(side, side, (0, 0, 0)), "@" + "".join(r.choice(words(r, 8).split(), 2))
    for k, y in enumerate(range(0, side, max(20, int(.11 * h)))):
        for x in range(-(k % 2) * int(.2 * w), side, int(.45 * w)):
            layer = letters(layer, name, x, y, .035 * h + 6)
    layer = cv2.warpAffine(layer, cv2.getRotationMatrix2D((side / 2, side / 2), 30, 1), (side, side))
    y, x = (side - h) // 2, (side - w) // 2
    return blend(i, np.full_like(i, 255), layer[y:y + h, x:x + w, 0].astype(np.float32) / 255 * .4)


@edit("cover")
def hand_over(i, r, o): return hand(i, r)


@edit("cover")
def meme(i, r, o):
    """Heavy outlined capitals at the top and the bottom."""
    h, w = i.shape[:2]
    for y in (.02, .86):
        i = letters(i, words(r, 3).upper(), w / 2, y * h, min(.1 * h, .075 * w), edge=(1, 1, 1), centred=True)
    return i


# ---- framed
@edit("frame", ("png", 6))
def page_dark(i, r, o): return app_page(i, r, True)


@edit("frame")
def page_light(i, r, o): return app_page(i, r, False)


@edit("frame")
def page_twice(i, r, o): return app_page(app_page(i, r, r.random() < .5), r, r.random() < .5)


@edit("frame")
def page_cut(i, r, o): return window(app_page(i, r, r.random() < .5), 0, r.uniform(.05, .09), 1, r.uniform(.72, .85))


@edit("frame")
def story(i, r, o):
    """Upright frame: two-coloured ground, the photograph a little turned on it, a line of text."""
    w, h = 720, 1280
    a, b = np.array(colour(r), np.float32), np.array(colour(r), np.float32)
    t = np.linspace(0, 1, h, dtype=np.float32)[:, None, None]
    c = np.broadcast_to(a * (1 - t) + b * t, (h, w, 3)).astype(np.uint8).copy()
    s = min(.86 * w / i.shape[1], .66 * h / i.shape[0])
    m = cv2.getRotationMatrix2D((i.shape[1] / 2, i.shape[0] / 2), r.uniform(-5, 5), s)
    m[:, 2] += (w / 2 - i.shape[1] / 2, h * .46 - i.shape[0] / 2)
    over = cv2.warpAffine(i, m, (w, h), flags=cv2.INTER_AREA)
    mask = cv2.warpAffine(np.ones(i.shape[:2], np.float32), m, (w, h))
    return letters(blend(c, over, mask), words(r, 3), w / 2, .86 * h, 44, edge=(1, 1, 1), centred=True)


@edit("frame")
def border_caption(i, r, o):
    """White print border, wide at the bottom, with handwriting-sized text."""
    h, w = i.shape[:2]
    b = int(.06 * w)
    c = put(canvas(h + b + int(.2 * h), w + 2 * b, (244, 246, 247)), i, b, b)
    return letters(c, words(r, 4), c.shape[1] / 2, b + h + .06 * h, .06 * h, (50, 40, 40), face=1, centred=True)


@edit("frame", ("jpg", 70))
def photographed_screen(i, r, o):
    """A dim screen from a slant: dark room, moire, glare, noise."""
    i = long_side(i, 820)
    h, w = i.shape[:2]
    y, x = np.mgrid[0:h, 0:w]
    i = np.clip(i * (.62 + .06 * np.sin((x + .15 * y) * 2 * np.pi / 4.6))[..., None] + 8, 0, 255)
    pad = int(.12 * max(h, w))
    src = np.float32([[0, 0], [w, 0], [w, h], [0, h]])
    dst = src + pad + r.uniform(-.05, .05, (4, 2)).astype(np.float32) * max(h, w)
    c = cv2.warpPerspective(i.astype(np.uint8), cv2.getPerspectiveTransform(src, dst.astype(np.float32)), (w + 2 * pad, h + 2 * pad), borderValue=(14, 12, 12))
    glare = 70 * ellipse_mask(c.shape, r.uniform(.2, .8) * w, r.uniform(.2, .8) * h, .12 * w, .07 * h, r.uniform(0, 180), .04 * w)
    return np.clip(cv2.GaussianBlur(c, (0, 0), 1.1) + glare[..., None] + r.normal(0, 7, c.shape), 0, 255).astype(np.uint8)


# ---- composed
@edit("composed")
def three_up(i, r, o):
    """One large and two small, or three beside each other, all scaled to the same height."""
    parts = [i, o(r), o(r)]
    order = r.permutation(3)
    parts = [scaled(parts[k], 480 / parts[k].shape[0]) for k in order]
    gap = canvas(480, 8, (255, 255, 255))
    return np.hstack([parts[0], gap, parts[1], gap, parts[2]])


@edit("composed")
def picture_in_picture(i, r, o):
    """The photograph in the corner of another, 40 % of its width."""
    back = long_side(o(r), 1100)
    h, w = back.shape[:2]
    s = min(.42 * w / i.shape[1], .6 * h / i.shape[0])
    pic = scaled(i, s)
    x, y = (int(.03 * w), w - pic.shape[1] - int(.03 * w))[r.integers(2)], (int(.03 * h), h - pic.shape[0] - int(.03 * h))[r.integers(2)]
    cv2.rectangle(back, (x - 4, y - 4), (x + pic.shape[1] + 4, y + pic.shape[0] + 4), (255, 255, 255), -1)
    return put(back, pic, x, y)


@edit("composed")
def with_inset(i, r, o):
    """Another photograph pasted over a corner of this one, 35 % of the width."""
    i = i.copy()
    h, w = i.shape[:2]
    pic = scaled(o(r), .35 * w / 640)
    pic = pic[:int(.5 * h), :int(.5 * w)]
    return put(i, pic, (0, w - pic.shape[1])[r.integers(2)], (0, h - pic.shape[0])[r.integers(2)])


@edit("composed")
def before_after(i, r, o):
    """The left half beside itself in grey, with a line between."""
    half = window(i, .12, 0, .88, 1)
    g = cv2.cvtColor(cv2.cvtColor(half, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    return np.hstack([half, canvas(half.shape[0], 6, (255, 255, 255)), g])


# ---- chains
@edit("chain", ("jpg", 50))
def chain_repost(i, r, o): return meme(long_side(cut(i, r, .88), 640), r, o)


@edit("chain", ("jpg", 60))
def chain_story(i, r, o): return stickers(story(mirror_cut(i, r, o), r, o), r, o)


@edit("chain")
def chain_evade(i, r, o): return mark_grid(squeeze_little(turn7(i, r, o), r), r, o)


def squeeze_little(i, r):
    k = np.exp(either(r) * .06)
    return cv2.resize(i, None, fx=k, fy=1 / k, interpolation=cv2.INTER_AREA)


# ---- running
def generator(seed, name, ident):
    digest = hashlib.sha256(f"{name}/{ident}/{seed}".encode()).digest()
    return np.random.default_rng(np.frombuffer(digest[:16], np.uint64))


def avif(img, quality):
    with tempfile.TemporaryDirectory() as d:
        a, b = os.path.join(d, "a.png"), os.path.join(d, "b.avif")
        cv2.imwrite(a, img)
        subprocess.run(["heif-enc", "-A", "-q", str(quality), "-o", b, a], check=True, capture_output=True)
        with open(b, "rb") as f:
            return f.read()


def apply(name, img, ident, other, seed):
    """(bytes of the file, ending)"""
    out = np.ascontiguousarray(ALL[name](img, generator(seed, name, ident), other))
    ending, quality = ENCODING[name]
    if ending == "avif":
        return avif(out, quality), ending
    flag = {"jpg": cv2.IMWRITE_JPEG_QUALITY, "webp": cv2.IMWRITE_WEBP_QUALITY, "png": cv2.IMWRITE_PNG_COMPRESSION}[ending]
    return cv2.imencode("." + ending, out, [flag, quality])[1].tobytes(), ending
