"""What the edits draw with: text, stickers, hands, pages of an app."""
import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

FONTS = "/usr/share/fonts/truetype/dejavu/"
FACES = ("DejaVuSans-Bold.ttf", "DejaVuSerif-Bold.ttf", "DejaVuSans.ttf", "DejaVuSansMono.ttf")
WORDS = ("when", "nobody", "watches", "my", "channel", "look", "who", "it", "is", "follow", "for", "more",
         "part", "two", "tonight", "exclusive", "original", "save", "before", "deleted", "group", "chat")


def words(rng, n):
    return " ".join(rng.choice(WORDS, n))


def colour(rng, low=0, high=256):
    return tuple(int(v) for v in rng.integers(low, high, 3))


def canvas(height, width, fill):
    c = np.empty((int(height), int(width), 3), np.uint8)
    c[:] = fill
    return c


def scaled(img, factor):
    h, w = img.shape[:2]
    size = (max(8, round(w * factor)), max(8, round(h * factor)))
    return cv2.resize(img, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)


def long_side(img, side):
    return scaled(img, side / max(img.shape[:2]))


def fill_box(img, width, height):
    """Scaled and cut in the middle so that it fills the box."""
    h, w = img.shape[:2]
    s = max(width / w, height / h)
    img = cv2.resize(img, (max(width, round(w * s)), max(height, round(h * s))), interpolation=cv2.INTER_AREA)
    y, x = (img.shape[0] - height) // 2, (img.shape[1] - width) // 2
    return img[y:y + height, x:x + width]


def put(on, img, x, y):
    on[int(y):int(y) + img.shape[0], int(x):int(x) + img.shape[1]] = img
    return on


def window(img, x0, y0, x1, y1):
    h, w = img.shape[:2]
    return img[round(y0 * h):max(round(y0 * h) + 8, round(y1 * h)),
               round(x0 * w):max(round(x0 * w) + 8, round(x1 * w))].copy()


def blend(under, over, mask):
    """mask: 0 to 1, where `over` shows."""
    m = mask[..., None]
    return np.clip(under * (1 - m) + over * m + .5, 0, 255).astype(np.uint8)


def ellipse_mask(shape, cx, cy, rx, ry, angle=0, soft=0):
    m = np.zeros(shape[:2], np.float32)
    cv2.ellipse(m, (int(cx), int(cy)), (max(1, int(rx)), max(1, int(ry))), angle, 0, 360, 1, -1, cv2.LINE_AA)
    return cv2.GaussianBlur(m, (0, 0), soft) if soft else m


def letters(img, string, x, y, size, fill=(255, 255, 255), edge=None, face=0, alpha=1.0, centred=False):
    """Text with its top at y; edge: colour of an outline."""
    layer = Image.fromarray(img)
    font = ImageFont.truetype(FONTS + FACES[face], max(6, int(size)))
    draw = ImageDraw.Draw(layer)
    if centred:
        x -= draw.textlength(string, font=font) / 2
    draw.text((x, y), string, font=font, fill=tuple(fill), stroke_width=max(1, int(size / 12)) if edge else 0,
              stroke_fill=tuple(edge) if edge else None)
    out = np.asarray(layer)
    return out.copy() if alpha >= 1 else cv2.addWeighted(out, alpha, img, 1 - alpha, 0)


def face_sticker(img, rng, cx, cy, r):
    """A round face in one of three tempers."""
    p = lambda v: int(round(v))
    body, line = ((60, 215, 255), (90, 170, 250), (110, 230, 160))[rng.integers(3)], (30, 40, 70)
    cv2.circle(img, (p(cx), p(cy)), p(r), body, -1, cv2.LINE_AA)
    kind = rng.integers(3)
    for d in (-1, 1):
        eye = (p(cx + d * .38 * r), p(cy - .22 * r))
        if kind == 0:  # hearts are close enough to diamonds at this size
            pts = np.array([[0, -.22], [.2, 0], [0, .26], [-.2, 0]]) * r + eye
            cv2.fillPoly(img, [pts.astype(np.int32)], (70, 50, 230), cv2.LINE_AA)
        elif kind == 1:
            cv2.line(img, (p(eye[0] - .18 * r), eye[1]), (p(eye[0] + .18 * r), p(eye[1] - d * .08 * r)), line, max(1, p(.1 * r)))
        else:
            cv2.ellipse(img, eye, (p(.1 * r), p(.17 * r)), 0, 0, 360, line, -1, cv2.LINE_AA)
    turn = 0 if kind != 1 else 180
    cv2.ellipse(img, (p(cx), p(cy + (.18 if turn == 0 else .62) * r)), (p(.5 * r), p(.4 * r)), turn, 20, 160, line, max(1, p(.11 * r)), cv2.LINE_AA)


def star_sticker(img, rng, cx, cy, r):
    t = np.arange(10) * np.pi / 5 + rng.uniform(0, 1)
    rr = np.where(np.arange(10) % 2, .42, 1) * r
    pts = np.stack([cx + rr * np.cos(t), cy + rr * np.sin(t)], 1).astype(np.int32)
    cv2.fillPoly(img, [pts], colour(rng, 80), cv2.LINE_AA)
    cv2.polylines(img, [pts], True, (255, 255, 255), max(1, int(r / 10)), cv2.LINE_AA)


def app_page(img, rng, dark, width=828):
    """A phone's screen: bar on top, name, the photograph over the full width, buttons, comments."""
    height = int(width * 2.05)
    ground, ink, weak = ((24, 22, 21), (240, 240, 240), (140, 140, 140)) if dark else ((250, 250, 250), (25, 25, 25), (150, 150, 150))
    c = canvas(height, width, ground)
    c = letters(c, f"{rng.integers(24):02d}:{rng.integers(60):02d}", 40, 18, 28, ink)
    c = letters(c, f"{rng.integers(5, 100)} %", width - 130, 18, 26, ink)
    cv2.ellipse(c, (62, 128), (36, 36), 0, 0, 360, colour(rng, 60, 220), -1, cv2.LINE_AA)
    c = letters(c, "_".join(rng.choice(WORDS, 2)), 118, 96, 28, ink)
    c = letters(c, f"{rng.integers(2, 50)} min", 118, 132, 22, weak, face=2)
    for k in range(3):
        cv2.circle(c, (width - 40, 110 + 14 * k), 4, ink, -1, cv2.LINE_AA)
    room = int(height * .6)
    s = min(width / img.shape[1], room / img.shape[0])
    pic = scaled(img, s)
    put(c, pic, (width - pic.shape[1]) // 2, 190)
    y = 190 + pic.shape[0]
    cv2.polylines(c, [np.array([[50, y + 62], [28, y + 40], [39, y + 26], [50, y + 36], [61, y + 26], [72, y + 40]])], True, ink, 4, cv2.LINE_AA)
    cv2.rectangle(c, (106, y + 26), (150, y + 58), ink, 4, cv2.LINE_AA)
    cv2.fillPoly(c, [np.array([[186, y + 60], [206, y + 24], [226, y + 60], [206, y + 50]])], ink, cv2.LINE_AA)
    c = letters(c, f"{rng.integers(12, 9000)} times liked", 30, y + 82, 24, ink)
    for k in range(int(max(0, min(5, (height - y - 230) // 46)))):
        c = letters(c, words(rng, 5), 30, y + 130 + 46 * k, 22, weak if k else ink, face=2)
    cv2.line(c, (0, height - 110), (width, height - 110), weak, 2)
    for k in range(5):
        x = int(width * (.1 + .2 * k))
        (cv2.circle(c, (x, height - 60), 22, ink, 4, cv2.LINE_AA) if k % 2 else cv2.rectangle(c, (x - 20, height - 80), (x + 20, height - 40), ink, 4))
    return c


def hand(img, rng):
    """Fingers reaching in from one corner."""
    h, w = img.shape[:2]
    side = int(rng.integers(2))
    m = np.zeros((h, w), np.uint8)
    for k in range(4):
        x0 = (w * (-.02 + .05 * k) if side == 0 else w * (1.02 - .05 * k))
        x1 = x0 + (1 if side == 0 else -1) * w * rng.uniform(.14, .26)
        cv2.line(m, (int(x0), int(h * 1.02)), (int(x1), int(h * (.62 + .05 * abs(k - 1.3)))), 255, int(.055 * max(h, w)), cv2.LINE_AA)
    skin = canvas(h, w, (120, 150, 205)) + rng.normal(0, 5, (h, w, 1))
    shade = cv2.GaussianBlur(m, (0, 0), .012 * max(h, w)).astype(np.float32) / 255
    return blend(img, np.clip(skin * (.55 + .45 * shade[..., None]), 0, 255), cv2.GaussianBlur(m, (0, 0), 1.2).astype(np.float32) / 255)
