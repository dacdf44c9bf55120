#!/usr/bin/env python3
"""Draws the pictures of the background set: frames of imagined apps, stickers, captions, test cards.

usage: tools/background/draw.py OUT_DIR FIRST LAST

Writes OUT_DIR/NUMBER_KIND.pgm; picture NUMBER depends on its number alone. Every picture is a
drawing of its own: other sizes, fonts, colours, words, and another stand-in photograph."""
import math
import os
import sys

import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from kit import Pen  # noqa: E402


def status_bar(p, u, colour=None):
    r, c = p.rng, colour or p.ink
    clock = f"{r.integers(24)}:{r.integers(60):02d}"
    size = u * r.uniform(.026, .036)
    y = u * r.uniform(.05, .07)
    p.text(u * r.uniform(.03, .08) if r.random() < .8 else p.w / 2 - size, y, size, clock, c)
    x = p.w - u * r.uniform(.16, .26)
    if r.random() < .3:
        x = p.w - u * .19
        for k in range(3):  # plain boxes
            p.box(x + k * u * .053, y - size * .8, u * .035, size * .8, c, 0, 0 if k else max(1, u * .003))
        return y
    x += p.signal(x, y, size * .8, c)
    if r.random() < .7:
        x += p.wifi(x, y, size * .8, c)
    if r.random() < .4:
        x += p.text(x, y, size * .8, f"{r.integers(5, 100)}%", c)
    p.battery(x + size * .2, y, size * .7, c)
    return y


def avatar(p, x, y, r):
    k = p.rng.integers(5)
    if k == 0:
        p.photograph(x - r, y - r, 2 * r, 2 * r, r)
    else:
        p.disc(x, y, r, p.accent if k < 3 else p.soft)
        if k == 2:
            p.text(x - r * .4, y + r * .4, r * 1.1, p.words(1)[0].upper(), (1, 1, 1))
        if k == 4:
            p.icon(x, y, r, p.ground, 12)
    if p.rng.random() < .3:
        p.disc(x, y, r * 1.18, p.accent, r * .1)


def header(p, u, y):
    r = p.rng
    rad = u * r.uniform(.03, .055)
    x = u * r.uniform(.02, .06) + rad
    if r.random() < .4:
        p.icon(x, y, rad, p.ink, 16)
        x += rad * 2
    avatar(p, x, y, rad)
    p.text(x + rad * 1.6, y - rad * .1, u * r.uniform(.024, .036), p.words(r.integers(1, 3)), p.ink)
    if r.random() < .8:
        p.text(x + rad * 1.6, y + rad * .8, u * r.uniform(.018, .026), p.words(r.integers(1, 4)), p.soft, bold=False)
    if r.random() < .4:
        p.box(p.w - u * .32, y - u * .03, u * .18, u * .06, p.accent, u * .015)
        p.text(p.w - u * .29, y + u * .01, u * .026, p.words(1), (1, 1, 1))
    p.icon(p.w - u * .06, y, u * .04, p.ink, int(r.choice([13, 14, 17])))
    return y + rad * 1.6


def icon_row(p, u, y, n, size, spread, x=None, colour=None):
    r = p.rng
    same = r.integers(22) if r.random() < .35 else None
    for k in range(n):
        px = (p.w * (k + .5) / n) if spread else (x or u * .07) + k * size * r.uniform(2.05, 2.1)
        p.icon(px, y, size, colour or p.ink, same)


def lines(p, u, x, y, width, n, size, colour=None, gap=None):
    gap = gap or p.rng.uniform(1.35, 2.2)
    for k in range(n):
        if y > p.h:
            return y
        s = p.words(p.rng.integers(2, 9))
        while len(s) > 4 and len(s) * size * .55 > width:
            s = s[:-1]
        p.text(x, y, size, s, colour or p.ink, bold=False)
        y += size * gap
    return y


def nav_bar(p, u):
    r = p.rng
    y = p.h - u * r.uniform(.05, .09)
    if r.random() < .5:
        p.box(0, y - u * .06, p.w, max(1, u * .003), p.faint)
    icon_row(p, u, y, r.integers(3, 6), u * r.uniform(.045, .07), True)
    if r.random() < .3:
        p.box(p.w * .32, p.h - u * .02, p.w * .36, u * .008, p.ink, u * .01)


def phone(rng):
    u = int(rng.choice([360, 400, 480, 540]))
    p = Pen(u, int(u * rng.uniform(1.75, 2.25)), rng)
    p.paint(p.ground)
    y = status_bar(p, u)
    return p, u, y


def feed(rng):
    p, u, y = phone(rng)
    y = header(p, u, y + u * rng.uniform(.06, .11))
    h = min(p.h * rng.uniform(.3, .62), u * rng.uniform(.6, 1.4))
    if rng.random() < .4:
        y = max(y, (p.h - h) / 2 - u * .1)
    p.photograph(0, y, p.w, h)
    y += h + u * rng.uniform(.05, .08)
    icon_row(p, u, y, rng.integers(2, 5), u * rng.uniform(.04, .065), False)
    if rng.random() < .5:
        p.icon(p.w - u * .07, y, u * .05, p.ink, 6)
    y += u * rng.uniform(.06, .09)
    p.text(u * .04, y, u * rng.uniform(.022, .032), p.number() + " " + p.words(1), p.ink)
    y = lines(p, u, u * .04, y + u * .055, u * .9, rng.integers(1, 4), u * rng.uniform(.02, .03))
    while y < p.h - u * .3 and rng.random() < .6:
        avatar(p, u * .07, y, u * .025)
        p.text(u * .12, y + u * .008, u * .024, p.words(rng.integers(2, 6)), p.ink)
        y += u * .09
    nav_bar(p, u)
    return p


def chat(rng):
    p, u, y = phone(rng)
    y = header(p, u, y + u * .08) + u * .04
    shown = rng.integers(1, 4)
    k = 0
    while y < p.h - u * .35:
        mine = rng.random() < .5
        w = u * rng.uniform(.25, .7)
        x = p.w - w - u * .04 if mine else u * .04
        c = p.accent if mine else p.faint
        if k == shown:
            h = w * rng.uniform(.7, 1.3)
            p.photograph(x, y, w, h)
        else:
            n = rng.integers(1, 4)
            h = u * (.04 * n + .04)
            p.box(x, y, w, h, c, u * rng.uniform(.01, .04))
            lines(p, u, x + u * .02, y + u * .045, w - u * .03, n, u * .026, (1, 1, 1) if mine else p.ink, 1.5)
        p.text(x + w - u * .08, y + h + u * .025, u * .018, f"{rng.integers(24)}:{rng.integers(60):02d}", p.soft)
        y += h + u * rng.uniform(.03, .07)
        k += 1
    if rng.random() < .4:
        keyboard(p, u)
    else:
        p.box(u * .1, p.h - u * .14, u * .7, u * .08, p.faint, u * .04)
        p.text(u * .14, p.h - u * .088, u * .028, p.words(2), p.soft)
        p.icon(u * .05, p.h - u * .1, u * .05, p.ink, 9)
        p.icon(u * .9, p.h - u * .1, u * .06, p.accent)
    return p


def keyboard(p, u):
    top = p.h - u * .62
    p.box(0, top, p.w, p.h - top, p.faint)
    for row, keys in enumerate(("qwertyuiop", "asdfghjkl", "zxcvbnm")):
        w = u * .085
        x = (p.w - len(keys) * u * .098) / 2
        for k in keys:
            p.box(x, top + u * (.03 + .14 * row), w, u * .11, p.ground, u * .015)
            p.text(x + w * .3, top + u * (.1 + .14 * row), u * .045, k, p.ink, bold=False)
            x += u * .098
    p.box(u * .25, top + u * .45, u * .5, u * .11, p.ground, u * .015)


def story(rng):
    p, u, _ = phone(rng)
    p.photograph(0, 0, p.w, p.h)
    white = (1, 1, 1)
    status_bar(p, u, white)
    n = rng.integers(1, 7)
    for k in range(n):
        p.box(p.w * (k + .06) / n, u * .09, p.w * .88 / n, u * .008, white, u * .004)
    avatar(p, u * .09, u * .16, u * .045)
    p.text(u * .16, u * .17, u * .032, p.words(1), white)
    p.icon(p.w - u * .08, u * .16, u * .045, white, 17)
    if rng.random() < .5:
        p.box(u * .05, p.h - u * .16, u * .7, u * .1, white, u * .05, u * .004)
        p.text(u * .1, p.h - u * .1, u * .03, p.words(2), white)
        icon_row(p, u, p.h - u * .11, 2, u * .06, False, u * .83, white)
    else:  # short video
        y = p.h * .45
        for k in range(rng.integers(3, 6)):
            p.icon(p.w - u * .09, y, u * .075, white)
            p.text(p.w - u * .12, y + u * .085, u * .024, p.number(), white)
            y += u * .19
        p.text(u * .04, p.h - u * .22, u * .034, "@" + p.words(1).lower(), white)
        lines(p, u, u * .04, p.h - u * .16, u * .7, 2, u * .028, white)
        p.box(0, p.h - u * .07, p.w, u * .004, (.6, .6, .6))
    return p


def browser(rng):
    w = int(rng.choice([800, 1024, 1280]))
    p = Pen(w, int(w * rng.uniform(.52, .75)), rng)
    p.paint(p.ground)
    u = w * rng.uniform(.45, .6)
    bar = u * rng.uniform(.07, .16)
    p.box(0, 0, w, bar, p.faint)
    if rng.random() < .6:
        for k in range(3):
            p.disc(u * (.03 + .035 * k), bar * .3, u * .011, p.soft)
    if rng.random() < .7:
        p.box(w * .1, bar * .45, w * rng.uniform(.5, .8), bar * .42, p.ground, bar * rng.uniform(0, .2))
    p.text(w * .12, bar * .74, u * rng.uniform(.02, .03), "https://" + p.words(1).lower() + ".example/" +
           p.words(1).lower(), p.ink, bold=False)
    icon_row(p, u, bar * .66, rng.integers(0, 4), u * .025, False, u * .03)
    x, y = w * rng.uniform(.03, .15), bar + u * rng.uniform(.05, .15)
    if rng.random() < .5:
        p.text(x, y, u * rng.uniform(.03, .06), p.words(4), p.ink)
        y += u * .04
    iw = w * rng.uniform(.3, .5)
    ih = min(iw * rng.uniform(.6, 1.2), p.h - y - u * .05)
    p.photograph(x, y, iw, ih)
    size = u * rng.uniform(.018, .032)
    lines(p, u, x, y + ih + size * 2, iw, 5, size)
    lines(p, u, w * rng.uniform(.62, .7), bar + u * rng.uniform(.06, .12), w * .3, rng.integers(8, 24), size,
          p.soft if rng.random() < .5 else p.ink, rng.uniform(1.4, 3))
    if rng.random() < .5:
        p.photograph(w * .84, p.h * .78, w * .12, p.h * .15)
    return p


def picture(rng):
    w = int(rng.uniform(400, 700))
    p = Pen(w, int(w * rng.uniform(.6, 1.6)), rng)
    p.photograph(0, 0, p.w, p.h)
    return p, min(p.w, p.h)


def stickers(rng):
    p, u = picture(rng)
    kind = rng.integers(5)
    for _ in range(rng.integers(2, 6)):
        x, y, s = rng.uniform(.1, .9) * p.w, rng.uniform(.1, .9) * p.h, rng.uniform(.06, .18) * u
        c = ((1, 1, 1), (0, 0, 0), p.accent, (.9, .1, .15), (1, .85, .1))[rng.integers(5)]
        if kind < 2:
            p.face(x, y, s)
        elif kind == 2:
            p.filled = True
            p.icon(x, y, s * 1.8, c, int(rng.choice([0, 3, 3, 9, 11, 17, 18, 21])))
        elif kind == 3:
            p.star(x, y, s, c, int(rng.choice([4, 5, 5, 6, 8, 12])), rng.uniform(.4, .8))
        else:
            p.box(x - s, y - s * .5, 2 * s, s, (1, 1, 1), s * .3)
            p.text(x - s * .8, y + s * .15, s * .45, p.words(1)[:6], (0, 0, 0))
    return p


def letters(rng):
    """Words over a picture, with or without an edge."""
    p, u = picture(rng)
    size = u * rng.uniform(.06, .12)
    light = rng.random() < .75
    for _ in range(rng.integers(1, 4)):
        p.text(rng.uniform(.01, .15) * p.w, rng.uniform(.1, .95) * p.h, size, p.words(3),
               (1, 1, 1) if light else (0, 0, 0), size * rng.uniform(.08, .2) if rng.random() < .8 else 0)
    return p


def caption(rng):
    p, u = picture(rng)
    h = p.h * rng.uniform(.1, .25)
    p.box(0, 0 if rng.random() < .7 else p.h - h, p.w, h, p.ground)
    y0 = 0 if rng.random() < .7 else p.h - h
    p.box(0, y0, p.w, h, p.ground)
    n = rng.integers(1, 4)
    for k in range(n):
        p.text(p.w * .04, y0 + h * (k + .75) / n, h / n * rng.uniform(.5, .75), p.words(4), p.ink)
    return p


def watermark(rng):
    p, u = picture(rng)
    if rng.random() < .5:
        s, size = p.words(2), u * rng.uniform(.03, .07)
        for k in range(12):
            for i in range(5):
                p.c.save()
                p.c.translate(p.w * (i * .4 - .3 + .12 * (k % 2)), p.h * (.05 + k * .12))
                p.c.push_group()
                p.text(0, 0, size, s, (1, 1, 1))
                p.c.pop_group_to_source()
                p.c.paint_with_alpha(.45)
                p.c.restore()
    else:
        w, h = p.w * rng.uniform(.2, .35), u * rng.uniform(.06, .13)
        x, y = rng.choice([.02, .6]) * p.w, rng.choice([.02, .85]) * p.h
        p.box(x, y, w, h, p.accent, h * rng.uniform(0, .5))
        p.text(x + h * .3, y + h * .68, h * .5, p.words(1), (1, 1, 1))
    return p


def card(rng):
    """Test cards, codes, grids, gradients."""
    w = int(rng.uniform(400, 800))
    p = Pen(w, int(w * rng.uniform(.6, 1.5)), rng)
    p.paint(p.ground)
    kind = rng.integers(6)
    n = rng.integers(6, 24)
    s = p.w / n
    if kind == 0:
        for k in range(n):
            p.box(k * s, 0, s + 1, p.h * rng.uniform(.6, 1), tuple(rng.uniform(0, 1, 3)))
    elif kind == 1:
        for k in range(n):
            for i in range(int(p.h / s) + 1):
                if (k + i) % 2:
                    p.box(k * s, i * s, s, s, p.ink)
    elif kind == 2:  # code of squares with three marks
        m = min(p.w, p.h) * .9
        n = int(rng.choice([21, 25, 29, 33]))
        q = m / n
        for k in range(n * n):
            if rng.random() < .5:
                p.box(k % n * q + m * .05, k // n * q + m * .05, q, q, p.ink)
        for i, j in ((0, 0), (n - 7, 0), (0, n - 7)):
            x, y = i * q + m * .05, j * q + m * .05
            p.box(x, y, 7 * q, 7 * q, p.ink)
            p.box(x + q, y + q, 5 * q, 5 * q, p.ground)
            p.box(x + 2 * q, y + 2 * q, 3 * q, 3 * q, p.ink)
    elif kind == 3:  # bars
        x = p.w * .1
        while x < p.w * .9:
            b = p.w * .004 * rng.integers(1, 5)
            p.box(x, p.h * .2, b, p.h * .5, p.ink)
            x += b + p.w * .004 * rng.integers(1, 5)
        lines(p, p.w, p.w * .2, p.h * .8, p.w * .7, 1, p.w * .05)
    elif kind == 4:
        for k in range(n):
            p.box(k * s, 0, 2, p.h, p.ink)
            p.box(0, k * s, p.w, 2, p.ink)
        p.disc(p.w / 2, p.h / 2, min(p.w, p.h) * .4, p.ink, 4)
    else:  # page of text
        lines(p, p.w, p.w * .08, p.h * .08, p.w * .84, 60, p.w * rng.uniform(.02, .05))
    return p


KINDS = (feed, feed, feed, chat, story, story, browser, browser, stickers, stickers, stickers, letters, letters,
         caption, watermark, card)


def main():
    out, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.makedirs(out, exist_ok=True)
    for number in range(first, last):
        kind = KINDS[number % len(KINDS)]
        kind(np.random.default_rng([20, number])).save(f"{out}/{number:05d}_{kind.__name__}.pgm")


main()
