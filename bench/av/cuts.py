"""Edits of video clips: the ten of the goal, and a wider family.

write() cuts 8 s out of a film, at no particular frame, and writes every edit in one FFmpeg process
(re-filming, which needs warps that change in time, in numpy)."""
import os
import subprocess

import cv2
import numpy as np

import media

SECONDS = 8
H264 = ["-c:v", "libx264", "-preset", "superfast", "-pix_fmt", "yuv420p"]
WEBM = ["-c:v", "libvpx", "-b:v", "200k", "-deadline", "realtime", "-cpu-used", "8"]
MARK = "drawtext=font=DejaVu Sans:fontcolor=white:borderw=2:text=%s"


def pasted(width, height, x, y, shade):
    """A plate with letters, of a share of the frame, as channels and sites put over it."""
    return (f"drawbox=x=iw*{x}:y=ih*{y}:w=iw*{width}:h=ih*{height}:color={shade}:t=fill,"
            + MARK % "LOGO" + f":fontsize=h*{height}*0.7:x=w*{x + .02}:y=h*({y}+{height * .15})")


def padded(left, right, top, bottom, colour):
    """The picture whole, between bars that are a share of the new frame."""
    return (f"pad=trunc(iw/{1 - left - right:.3f}/2)*2:trunc(ih/{1 - top - bottom:.3f}/2)*2:"
            f"trunc(ow*{left}/2)*2:trunc(oh*{top}/2)*2:color={colour},scale=640:-2")


def crop(share, x=.5, y=.5):
    return f"crop=trunc(iw*{share}/2)*2:trunc(ih*{share}/2)*2:(iw-ow)*{x}:(ih-oh)*{y}"


# name: file ending, filters, encoder
TEN = {
    "reencode": ("mp4", "scale=-2:270", [*H264, "-crf", "35"]),
    "crop10": ("mp4", crop(.9), [*H264, "-crf", "26"]),
    "mirror": ("mp4", "hflip", [*H264, "-crf", "26"]),
    "letterbox": ("mp4", "pad=iw:trunc(ih*1.33/2)*2:0:(oh-ih)/2:black", [*H264, "-crf", "26"]),
    "logo": ("mp4", pasted(.25, .12, .72, .04, "red@0.9"), [*H264, "-crf", "26"]),
    "speed1.25": ("mp4", "setpts=PTS/1.25", [*H264, "-crf", "26"]),
    "tone": ("mp4", "eq=gamma=1.4:contrast=1.25:saturation=0.7", [*H264, "-crf", "26"]),
    "fps15": ("mp4", "fps=15", [*H264, "-crf", "26"]),
    "vp8": ("webm", "null", WEBM),
    "clip": ("mp4", "null", [*H264, "-crf", "23"]),
}
WIDER = {
    "sepia": ("mp4", "colorchannelmixer=.393:.769:.189:0:.349:.686:.168:0:.272:.534:.131,eq=contrast=0.85", [*H264, "-crf", "28"]),
    "grey": ("mp4", "hue=s=0", [*H264, "-crf", "28"]),
    "heavy_logo": ("mp4", pasted(.4, .25, .05, .68, "white@1"), [*H264, "-crf", "28"]),
    "side_bars": ("mp4", padded(.2, .2, 0, 0, "gray"), [*H264, "-crf", "28"]),
    "padded": ("mp4", padded(.08, .08, .14, .14, "0x204060"), [*H264, "-crf", "28"]),
    "crop15_corner": ("mp4", crop(.85, .1, .9), [*H264, "-crf", "28"]),
    "crop20": ("mp4", crop(.8), [*H264, "-crf", "28"]),
    "captioned": ("mp4", "pad=iw:trunc(ih*1.25/2)*2:0:oh-ih:white," + MARK % "when you see it" + ":fontsize=28:x=20:y=25",
                  [*H264, "-crf", "28"]),
    "slow0.8": ("mp4", "setpts=PTS/0.8", [*H264, "-crf", "28"]),
    "turned3": ("mp4", "rotate=3*PI/180:c=black," + crop(.9), [*H264, "-crf", "28"]),
    "noise_dark": ("mp4", "eq=brightness=-0.2,noise=alls=18:allf=t", [*H264, "-crf", "30"]),
    "mirror_logo": ("mp4", "hflip," + pasted(.25, .12, .03, .04, "black@0.8"), [*H264, "-crf", "28"]),
    "vp9_240p": ("webm", "scale=-2:240", ["-c:v", "libvpx-vp9", "-b:v", "120k", "-deadline", "realtime", "-cpu-used", "8"]),
    "pip75_plain": ("mp4", padded(.125, .125, .125, .125, "0x808080"), [*H264, "-crf", "28"]),
    "pip50_plain": ("mp4", padded(.4, .1, .1, .4, "0xd0c0a0"), [*H264, "-crf", "28"]),
    "refilmed": ("mp4", None, [*H264, "-crf", "28"]),
    "pip75_busy": ("mp4", None, [*H264, "-crf", "28"]),
}
PLAIN_GROUND = ("pip75_plain", "pip50_plain")
EVERY = {**TEN, **WIDER}


def file_of(directory, name):
    return os.path.join(directory, f"{name}.{EVERY[name][0]}")


def refilmed(frame, rng, state, busy):
    """A screen taken by a hand: keystone that drifts, glare, moire, blur and noise."""
    h, w = frame.shape[:2]
    state["shake"] = .9 * state.get("shake", np.zeros((4, 2))) + rng.standard_normal((4, 2)) * .0012
    corners = np.float32([[0, 0], [w, 0], [w, h], [0, h]])
    lean = state.setdefault("lean", rng.uniform(-.035, .035, (4, 2)))
    to = corners * (1, 1) + (lean + state["shake"]) * (w, h)
    out = cv2.warpPerspective(frame, cv2.getPerspectiveTransform(corners, np.float32(to)), (w, h), borderValue=(22, 20, 18))
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    wave = 1 + .04 * np.sin(x * .9 + y * .07) + .18 * (x / w - .5)
    out = cv2.GaussianBlur(out, (0, 0), .9) * wave[..., None] + rng.standard_normal((h, w, 1)) * 5 + 8
    return np.clip(out, 0, 255).astype(np.uint8)


def inset(frame, rng, state, busy):
    """Three quarters of the frame, over a busy picture."""
    h, w = frame.shape[:2]
    ground = state.setdefault("ground", cv2.resize(cv2.imread(busy), (w, h)))
    out = ground.copy()
    small = cv2.resize(frame, (w * 3 // 4, h * 3 // 4), interpolation=cv2.INTER_AREA)
    out[h // 8:h // 8 + small.shape[0], w // 8:w // 8 + small.shape[1]] = small
    return out


FRAMEWISE = {"refilmed": refilmed, "pip75_busy": inset}


def framewise(directory, name, film, start, busy):
    cv2.setNumThreads(1)
    v, rng, state = cv2.VideoCapture(film), media.generator(name, film, start), {}
    fps = v.get(cv2.CAP_PROP_FPS)
    w, h = int(v.get(cv2.CAP_PROP_FRAME_WIDTH)), int(v.get(cv2.CAP_PROP_FRAME_HEIGHT))
    coder = subprocess.Popen(["ffmpeg", "-v", "error", "-y", "-threads", "1", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s",
                              f"{w}x{h}", "-r", str(fps), "-i", "-", *EVERY[name][2], file_of(directory, name)],
                             stdin=subprocess.PIPE)
    for k in range(int((start + SECONDS) * fps)):
        ok, frame = v.read()
        if not ok:
            break
        if k >= start * fps:
            coder.stdin.write(FRAMEWISE[name](frame, rng, state, busy).tobytes())
    coder.stdin.close()
    if coder.wait():
        raise SystemExit(f"cannot write {file_of(directory, name)}")


def write(directory, film, start, names, busy):
    """The edits named, of the 8 s of a film that begin at `start`."""
    os.mkdir(directory)
    outputs = []
    for name in names:
        if name in FRAMEWISE:
            framewise(directory, name, film, start, busy)
        else:
            _, graph, coder = EVERY[name]
            outputs += ["-vf", graph, "-an", *coder, "-threads", "1", file_of(directory, name)]
    media.ffmpeg("-ss", f"{start:.3f}", "-t", str(SECONDS), "-i", film, *outputs)


def begin(film, seconds):
    return float(media.generator("cut", os.path.basename(film)).uniform(.3, max(.31, seconds - SECONDS - .2)))
