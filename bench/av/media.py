"""Sound and files: samples in and out through FFmpeg, and a cache of what was made, by content.

A made file is named by the digest of what it was made from: the name of its maker, the maker's
source text and the arguments. A second run finds it and makes nothing."""
import hashlib
import inspect
import os
import subprocess
import wave

import numpy as np

RATE = 16000


def digest(*parts):
    return hashlib.sha256("\x1f".join(str(p) for p in parts).encode()).hexdigest()[:20]


def generator(*parts):
    """numpy's generator, seeded by the parts alone."""
    return np.random.default_rng(int(digest(*parts), 16))


def run(command, given=None):
    """Its standard output; SystemExit with what it said where it fails."""
    done = subprocess.run(command, input=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\nfailed: {done.stderr.decode(errors='replace')[-1500:]}")
    return done.stdout


def ffmpeg(*arguments, given=None):
    return run(["ffmpeg", "-v", "error", "-nostdin" if given is None else "-y", "-y", "-threads", "1", *arguments], given)


def samples(path, rate=RATE):
    """Mono floats of -1..1 at `rate`."""
    return np.frombuffer(ffmpeg("-i", path, "-ac", "1", "-ar", str(rate), "-f", "f32le", "-"), np.float32)


def write_wav(path, x, rate=RATE):
    with wave.open(path, "wb") as w:
        w.setparams((1, 2, rate, 0, "NONE", ""))
        w.writeframes((np.clip(x, -1, 1) * 32767).round().astype("<i2").tobytes())


class Cache:
    """Files by content under one directory."""

    def __init__(self, root):
        self.root = root

    def made(self, maker, ending, *arguments):
        """The path of the file that maker(path, *arguments) writes; made if it is not there."""
        key = digest(maker.__module__, inspect.getsource(maker), *arguments)
        path = os.path.join(self.root, key[:2], f"{key}.{ending}")
        if not os.path.exists(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            unfinished = f"{path[:-len(ending) - 1]}.{os.getpid()}.{ending}"
            maker(unfinished, *arguments)
            os.rename(unfinished, path)
        return path
