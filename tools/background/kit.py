"""Pens for the drawings of the background set: text, icons, faces, and stand-ins for photographs.

Everything is drawn by code from random numbers; nothing is copied from any app, font glyph sheet or
picture. All of FONTS must be installed for the pictures to come out as they did."""
import math

import cairo
import numpy as np

FONTS = ("DejaVu Sans", "DejaVu Serif", "DejaVu Sans Mono", "DejaVu Sans Condensed", "Liberation Sans",
         "Liberation Serif", "Liberation Sans Narrow", "Liberation Mono", "Noto Sans", "Noto Serif",
         "Roboto", "Roboto Condensed", "Lato", "FreeSans", "FreeSerif", "FreeMono")
SYLLABLES = ("ka lo mi re ta no si ve du pa er an in el or is th sh ch ar on it us en ly ed ing the and you "
             "for not all new see one get real full look live free best more").split()


class Pen:
    """A cairo context with a random source and a style."""

    def __init__(self, width, height, rng):
        self.w, self.h, self.rng = width, height, rng
        self.surface = cairo.ImageSurface(cairo.FORMAT_RGB24, width, height)
        self.c = cairo.Context(self.surface)
        self.font, self.bold = str(rng.choice(FONTS)), rng.random() < .4
        self.dark = rng.random() < .5
        tone = rng.uniform(0, .14) if self.dark else rng.uniform(.9, 1)
        self.ground = (tone, tone, tone)
        ink = rng.uniform(.8, 1) if self.dark else rng.uniform(0, .2)
        self.ink = (ink, ink, ink)
        self.soft = tuple(.5 * a + .5 * b for a, b in zip(self.ground, self.ink))
        self.faint = tuple(.85 * a + .15 * b for a, b in zip(self.ground, self.ink))
        self.accent = tuple(rng.uniform(.1, .9, 3))
        self.line = rng.uniform(.05, .12)  # stroke of icons, share of their size
        self.filled = rng.random() < .3

    def save(self, path):
        """Writes the luma, as a PGM."""
        self.surface.flush()
        px = np.frombuffer(self.surface.get_data(), np.uint8).reshape(self.h, -1, 4)[:, :self.w].astype(np.uint32)
        luma = (px[..., 2] * 299 + px[..., 1] * 587 + px[..., 0] * 114 + 500) // 1000
        with open(path, "wb") as f:
            f.write(b"P5\n%d %d\n255\n" % (self.w, self.h) + luma.astype(np.uint8).tobytes())

    # ---- basics
    def colour(self, c, alpha=1):
        self.c.set_source_rgba(*c, alpha)

    def fill(self, c):
        self.colour(c)
        self.c.fill()

    def stroke(self, c, width):
        self.colour(c)
        self.c.set_line_width(width)
        self.c.stroke()

    def paint(self, c):
        self.colour(c)
        self.c.paint()

    def box(self, x, y, w, h, c, r=0, stroke=0):
        if r > 0:
            r = min(r, w / 2, h / 2)
            self.c.new_sub_path()
            for cx, cy, a in ((x + w - r, y + r, -90), (x + w - r, y + h - r, 0), (x + r, y + h - r, 90),
                              (x + r, y + r, 180)):
                self.c.arc(cx, cy, r, math.radians(a), math.radians(a + 90))
            self.c.close_path()
        else:
            self.c.rectangle(x, y, w, h)
        self.stroke(c, stroke) if stroke else self.fill(c)

    def disc(self, x, y, r, c, stroke=0):
        self.c.new_sub_path()
        self.c.arc(x, y, r, 0, 2 * math.pi)
        self.stroke(c, stroke) if stroke else self.fill(c)

    def path(self, points, c, stroke=0, closed=True):
        self.c.move_to(*points[0])
        for p in points[1:]:
            self.c.line_to(*p)
        if closed:
            self.c.close_path()
        self.stroke(c, stroke) if stroke else self.fill(c)

    # ---- text
    def words(self, n):
        r = self.rng
        one = lambda: "".join(r.choice(SYLLABLES, r.integers(1, 4)))
        s = " ".join(one() for _ in range(n))
        kind = r.random()
        return s.upper() if kind < .15 else s.capitalize() if kind < .5 else s

    def text(self, x, y, size, s, c, edge=0, font=None, bold=None):
        """y is the base line; returns the width."""
        weight = cairo.FONT_WEIGHT_BOLD if (self.bold if bold is None else bold) else cairo.FONT_WEIGHT_NORMAL
        self.c.select_font_face(font or self.font, cairo.FONT_SLANT_NORMAL, weight)
        self.c.set_font_size(size)
        if edge:
            self.c.move_to(x, y)
            self.c.text_path(s)
            self.c.set_line_join(cairo.LINE_JOIN_ROUND)
            self.stroke(tuple(1 - v for v in c), edge)
        self.c.move_to(x, y)
        self.colour(c)
        self.c.show_text(s)
        return self.c.text_extents(s).x_advance

    def number(self):
        r = self.rng
        n = int(10 ** r.uniform(0, 5))
        return f"{n:,}" if r.random() < .5 else f"{n / 1000:.1f}K" if n > 1000 else str(n)

    # ---- icons of size s around (x, y)
    def icon(self, x, y, s, c, kind=None):
        kind = self.rng.integers(22) if kind is None else kind
        w = max(1, s * self.line * 1.6)
        h = s / 2
        cx = self.c
        cx.set_line_cap(cairo.LINE_CAP_ROUND)
        st = 0 if self.filled else w
        if kind == 0:
            self.disc(x, y, h, c, w)
        elif kind == 1:
            self.box(x - h, y - h, s, s, c, 0, w)
        elif kind == 2:
            self.box(x - h, y - h, s, s, c, s * .25, w)
        elif kind == 3:  # heart
            cx.move_to(x, y + h * .9)
            cx.curve_to(x - s, y, x - h * .8, y - h * 1.2, x, y - h * .4)
            cx.curve_to(x + h * .8, y - h * 1.2, x + s, y, x, y + h * .9)
            self.fill(c) if self.filled else self.stroke(c, w)
        elif kind == 4:  # bubble
            self.disc(x, y, h * .9, c, st)
            self.path([(x + h * .3, y + h * .7), (x + h, y + h), (x + h * .8, y + h * .2)], c, st)
        elif kind == 5:  # plane
            self.path([(x - h, y - h * .6), (x + h, y - h * .9), (x, y + h)], c, st)
            self.path([(x + h, y - h * .9), (x - h * .2, y)], c, w, False)
        elif kind == 6:  # bookmark
            self.path([(x - h * .6, y - h), (x + h * .6, y - h), (x + h * .6, y + h), (x, y + h * .4),
                       (x - h * .6, y + h)], c, st)
        elif kind == 7:  # house
            self.path([(x - h, y), (x, y - h), (x + h, y), (x + h * .8, y + h), (x - h * .8, y + h)], c, st)
        elif kind == 8:  # magnifier
            self.disc(x - h * .2, y - h * .2, h * .7, c, w)
            self.path([(x + h * .3, y + h * .3), (x + h, y + h)], c, w, False)
        elif kind == 9:  # plus
            self.path([(x - h, y), (x + h, y)], c, w, False)
            self.path([(x, y - h), (x, y + h)], c, w, False)
        elif kind == 10:  # plus in a box
            self.box(x - h, y - h, s, s, c, s * .25, w)
            self.path([(x - h * .5, y), (x + h * .5, y)], c, w, False)
            self.path([(x, y - h * .5), (x, y + h * .5)], c, w, False)
        elif kind == 11:  # play
            self.path([(x - h * .7, y - h), (x + h, y), (x - h * .7, y + h)], c, st)
        elif kind == 12:  # person
            self.disc(x, y - h * .4, h * .45, c, st)
            cx.arc(x, y + h, h * .85, math.pi, 2 * math.pi)
            self.fill(c) if self.filled else self.stroke(c, w)
        elif kind == 13:  # three dots
            for k in (-1, 0, 1):
                self.disc(x + k * h * .8, y, h * .22, c)
        elif kind == 14:  # three dots upright
            for k in (-1, 0, 1):
                self.disc(x, y + k * h * .8, h * .22, c)
        elif kind == 15:  # menu
            for k in (-1, 0, 1):
                self.path([(x - h, y + k * h * .7), (x + h, y + k * h * .7)], c, w, False)
        elif kind == 16:  # back
            self.path([(x + h * .4, y - h), (x - h * .5, y), (x + h * .4, y + h)], c, w, False)
        elif kind == 17:  # cross
            self.path([(x - h, y - h), (x + h, y + h)], c, w, False)
            self.path([(x - h, y + h), (x + h, y - h)], c, w, False)
        elif kind == 18:  # arrow
            self.path([(x - h, y), (x + h, y)], c, w, False)
            self.path([(x + h * .3, y - h * .6), (x + h, y), (x + h * .3, y + h * .6)], c, w, False)
        elif kind == 19:  # bell
            self.path([(x - h * .8, y + h * .5), (x - h * .5, y - h * .6), (x, y - h), (x + h * .5, y - h * .6),
                       (x + h * .8, y + h * .5)], c, st)
            self.disc(x, y + h * .8, h * .2, c)
        elif kind == 20:  # camera
            self.box(x - h, y - h * .6, s, s * .75, c, s * .12, w)
            self.disc(x, y + h * .15, h * .4, c, w)
        else:  # disc
            self.disc(x, y, h, c)

    def battery(self, x, y, s, c):
        r = self.rng
        w = s * r.uniform(1.3, 2.2)
        filled = r.random() < .4
        self.box(x, y - s, w, s, c, s * r.uniform(0, .35), 0 if filled else max(1, s * .12))
        if not filled:
            self.box(x + s * .2, y - s * .8, (w - s * .4) * r.uniform(.2, 1), s * .6, c)
        return w

    def signal(self, x, y, s, c):
        if self.rng.random() < .5:
            for k in range(4):
                self.box(x + k * s * .35, y - s * (k + 1) / 4, s * .22, s * (k + 1) / 4, c)
        else:
            self.path([(x, y), (x + s * 1.2, y), (x + s * 1.2, y - s)], c)
        return s * 1.4

    def wifi(self, x, y, s, c):
        for k in (1, 2, 3):
            self.c.new_sub_path()
            self.c.arc(x + s * .6, y, s * k / 3, math.radians(225), math.radians(315))
            self.stroke(c, s * .16)
        return s * 1.4

    # ---- stickers
    def face(self, x, y, r):
        rng = self.rng
        skin = ((1, .8, .2), (.98, .72, .1), (1, .85, .45), (.95, .6, .2))[rng.integers(4)]
        dark = ((.1, .1, .15), (.35, .2, .05), (0, 0, 0))[rng.integers(3)]
        self.disc(x, y, r, skin)
        if rng.random() < .7:
            self.disc(x, y, r, tuple(v * rng.uniform(.4, .9) for v in skin), r * rng.uniform(.04, .12))
        ey, ex = rng.uniform(.15, .35), rng.uniform(.28, .42)
        eyes = rng.integers(4)
        for d in (-1, 1):
            px, py = x + d * r * ex, y - r * ey
            if eyes == 0:
                self.disc(px, py, r * rng.uniform(.09, .16), dark)
            elif eyes == 1:
                self.c.save()
                self.c.translate(px, py)
                self.c.scale(1, 1.6)
                self.disc(0, 0, r * .11, dark)
                self.c.restore()
            elif eyes == 2:
                self.disc(px, py, r * .2, (1, 1, 1))
                self.disc(px, py, r * .1, dark)
            else:
                self.c.new_sub_path()
                self.c.arc(px, py, r * .15, math.pi, 2 * math.pi)
                self.stroke(dark, r * .08)
        mouth = rng.integers(4)
        self.c.new_sub_path()
        if mouth == 0:
            self.c.arc(x, y + r * .05, r * rng.uniform(.45, .6), math.radians(20), math.radians(160))
            self.stroke(dark, r * rng.uniform(.06, .12))
        elif mouth == 1:
            self.c.arc(x, y + r * .1, r * .5, 0, math.pi)
            self.c.close_path()
            self.fill(dark)
        elif mouth == 2:
            self.c.arc(x, y + r * .75, r * .4, math.radians(200), math.radians(340))
            self.stroke(dark, r * .1)
        else:
            self.disc(x, y + r * .45, r * .18, dark)

    def star(self, x, y, r, c, n=5, inner=.45):
        pts = [(x + r * (inner if k % 2 else 1) * math.sin(math.pi * k / n),
                y - r * (inner if k % 2 else 1) * math.cos(math.pi * k / n)) for k in range(2 * n)]
        self.path(pts, c)

    # ---- a stand-in for a photograph: noise of many sizes under random shapes
    def photograph(self, x, y, w, h, radius=0):
        r = self.rng
        w, h = max(8, int(w)), max(8, int(h))
        a = np.zeros((h, w))
        for k in (4, 12, 36, 108):
            cell = max(1, max(w, h) // k)
            n = r.normal(0, 1, (h // cell + 3, w // cell + 3))
            yy, xx = np.linspace(0, n.shape[0] - 1.001, h), np.linspace(0, n.shape[1] - 1.001, w)
            y0, x0 = yy.astype(int), xx.astype(int)
            n = n[y0] * (1 - (yy - y0))[:, None] + n[y0 + 1] * (yy - y0)[:, None]
            a += (n[:, x0] * (1 - (xx - x0)) + n[:, x0 + 1] * (xx - x0)) * (4 / k) ** r.uniform(.2, .8)
        a = (a - a.mean()) / a.std() * r.uniform(.12, .25) + r.uniform(.3, .65)
        px = np.full((h, w, 4), 255, np.uint8)
        px[..., :3] = np.clip(a * 255, 0, 255)[..., None]
        im = cairo.ImageSurface.create_for_data(px, cairo.FORMAT_ARGB32, w, h)
        c = self.c
        c.save()
        if radius:
            self.c.new_sub_path()
            self.c.arc(x + w / 2, y + h / 2, min(w, h) / 2, 0, 2 * math.pi)
        else:
            c.rectangle(x, y, w, h)
        c.clip()
        c.set_source_surface(im, x, y)
        c.paint()
        for _ in range(r.integers(3, 12)):
            n = r.integers(3, 9)
            m, cx, cy = r.uniform(.05, .3) * min(w, h), x + r.uniform(0, w), y + r.uniform(0, h)
            t = np.sort(r.uniform(0, 2 * math.pi, n))
            pts = [(cx + m * r.uniform(.5, 1.3) * math.cos(v), cy + m * r.uniform(.5, 1.3) * math.sin(v)) for v in t]
            c.move_to(*pts[0])
            for k in range(1, n):
                c.curve_to(*pts[k - 1], pts[k][0] + m * r.normal(0, .3), pts[k][1] + m * r.normal(0, .3), *pts[k])
            self.colour(tuple(r.uniform(0, 1, 3)), r.uniform(.3, 1))
            c.fill()
        c.restore()
