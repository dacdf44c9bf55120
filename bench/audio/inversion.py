#!/usr/bin/python3
"""What can be heard in audio prints? The best reconstruction of speech from prints that this script
knows, and how much of it a speech recogniser understands.

usage: bench/audio/inversion.py [SENTENCES [DIRECTORY]]   (Debian: python3-numpy python3-scipy ffmpeg
       pocketsphinx pocketsphinx-en-us pocketsphinx-testdata asterisk-core-sounds-{en,fr,it,ru}-g722)

From the 256 signs of every block the attacker wants the 32 bands over time. He knows how speech behaves
from other voices in other languages: the mean of each band, how bands go together and how fast they
change (a Gaussian process). Of all that could be, he takes the likeliest that has the signs: logistic
loss on every coefficient, minimised by L-BFGS. Bands become sound by Griffin and Lim's method, or by
noise through the bands. Compared: the recording; the same limited to the bands; its own true bands made
sound (the best that any attack on prints can reach, as signs say less); bands from prints every 32 ms;
every 128 ms, as registered; every 256 ms; a random quarter of those of 128 ms. DIRECTORY keeps the
WAV files, to be listened to."""
import glob
import gzip
import os
import random
import re
import subprocess
import sys
import tempfile

import numpy as np
from scipy.fft import dct, idct
from scipy.optimize import minimize

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
SOUNDS, RATE, WINDOW, HOP, BLOCK, BANDS, SIGNS = "/usr/share/asterisk/sounds", 16000, 1024, 256, 64, 32, 16
LIBRIVOX = "/usr/share/pocketsphinx/test/data/librivox"
FOREIGN = ["fr_CA_f_June", "it_IT_m_Carlo", "ru_RU_f_IvrvoiceRU"]
ENGLISH = "en_US_f_Allison"
SHARPNESS = 12  # of the logistic loss, in standard deviations of a coefficient


def table(name, to_number=lambda text: float.fromhex(text.rstrip("f"))):
    text = open(os.path.join(ROOT, "src/core/audio/audio_tables.h")).read()
    inside = re.search(name + r"\[[^=]*= \{(.*?)\};", text, re.S).group(1)
    return [to_number(x) for x in inside.replace(",", " ").split()]


def band_matrix():
    first, count = table("audio_band_first", int), table("audio_band_bins", int)
    weights, matrix, at = table("audio_band_weights"), np.zeros((BANDS, WINDOW // 2 + 1)), 0
    for b in range(BANDS):
        matrix[b, first[b]:first[b] + count[b]] = weights[at:at + count[b]]
        at += count[b]
    return matrix


MATRIX = band_matrix()
HANN = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
TIME = np.cos(np.pi / BLOCK * np.outer(np.arange(1, SIGNS + 1), np.arange(BLOCK) + 0.5))
BAND = np.cos(np.pi / BANDS * np.outer(np.arange(SIGNS), np.arange(BANDS) + 0.5))


# --- sound and bands

def decode(data, args):
    made = subprocess.run(["ffmpeg", "-v", "error", *args, "-i", "-", "-ac", "1", "-ar", str(RATE), "-f", "s16le", "-"],
                          input=data, capture_output=True, check=True).stdout
    return np.frombuffer(made, np.int16) / 32768


def prompts(files):
    return decode(b"".join(open(f, "rb").read() for f in files), ["-f", "g722"])


def stft(x):
    n = (len(x) - WINDOW) // HOP + 1
    return np.fft.rfft(np.lib.stride_tricks.sliding_window_view(x, WINDOW)[::HOP][:n] * HANN)


def rows_of(x):
    return (np.abs(stft(x)) ** 2 @ MATRIX.T) ** 0.25


def signs_of(rows, starts):
    return [(s, np.sign(TIME @ rows[s:s + BLOCK] @ BAND.T)) for s in starts]


# --- what the attacker knows about speech

class Speech:
    def __init__(self, rows, n):
        """Of sequences of n rows: means, principal components of the bands, and their spectra in time."""
        self.mean = rows.mean(0)
        self.vectors = np.linalg.eigh(np.cov(rows.T))[1]
        parts = (rows - self.mean) @ self.vectors
        spectrum = np.mean([dct(parts[i:i + BLOCK * 4], axis=0, norm="ortho") ** 2
                            for i in range(0, len(rows) - BLOCK * 4, BLOCK)], 0)
        at = np.arange(n) * BLOCK * 4 / n
        self.scale = np.sqrt(np.stack([np.interp(at, np.arange(BLOCK * 4), spectrum[:, k])
                                       for k in range(BANDS)], 1))
        blocks = [TIME @ rows[i:i + BLOCK] @ BAND.T for i in range(0, len(rows) - BLOCK, BLOCK)]
        self.coefficient = np.sqrt(np.mean(np.square(blocks), 0))

    def rows(self, z):
        return self.mean + idct(z * self.scale, axis=0, norm="ortho") @ self.vectors.T

    def gradient(self, g):
        return dct(g @ self.vectors, axis=0, norm="ortho") * self.scale


def invert(signs, n, speech):
    """The likeliest n rows that have these signs."""
    weight = SHARPNESS / speech.coefficient
    at, sign = np.array([start for start, _ in signs]), np.stack([x for _, x in signs])

    def loss(flat):
        z = flat.reshape(n, BANDS)
        columns = speech.rows(z) @ BAND.T
        blocks = np.lib.stride_tricks.sliding_window_view(columns, BLOCK, axis=0)[at]
        margin = sign * weight * (blocks @ TIME.T).transpose(0, 2, 1)
        pull = sign * weight / (1 + np.exp(np.clip(margin, -50, 50)))
        g = np.zeros((n, SIGNS))
        for start, block in zip(at, TIME.T @ pull):
            g[start:start + BLOCK] -= block
        total = 0.5 * np.dot(flat, flat) + np.logaddexp(0, -margin).sum()
        return total, (speech.gradient(g @ BAND) + z).ravel()

    best = minimize(loss, np.zeros(n * BANDS), jac=True, method="L-BFGS-B", options={"maxiter": 150})
    return np.maximum(speech.rows(best.x.reshape(n, BANDS)), 0)


# --- from bands back to sound

SPREAD = MATRIX.T / np.maximum(MATRIX.sum(0), 1e-9)[:, None]


def griffin_lim(rows, rounds=60):
    size, n = np.sqrt(rows ** 4 @ SPREAD.T), (len(rows) - 1) * HOP + WINDOW
    rng = np.random.RandomState(1)
    x, norm = rng.randn(n), np.zeros(n)
    for i in range(len(rows)):
        norm[i * HOP:i * HOP + WINDOW] += HANN ** 2
    for _ in range(rounds):
        z = stft(x)
        frames = np.fft.irfft(size * z / np.maximum(np.abs(z), 1e-9)) * HANN
        x = np.zeros(n)
        for i, f in enumerate(frames):
            x[i * HOP:i * HOP + WINDOW] += f
        x /= np.maximum(norm, 0.1)
    return x


def limited(x):
    z = np.fft.rfft(x)
    f = np.fft.rfftfreq(len(x), 1 / RATE)
    return np.fft.irfft(z * ((f > 250) & (f < 3500)), len(x))


# --- how much is understood

def write_wav(path, x):
    pcm = (x / np.abs(x).max() * 20000).astype(np.int16).tobytes()
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "s16le", "-ar", str(RATE), "-i", "-", path], input=pcm, check=True)


def recognise(directory, names, extra=()):
    with open(os.path.join(directory, "ctl"), "w") as f:
        f.write("\n".join(names) + "\n")
    out = os.path.join(directory, "hyp")
    model = "/usr/share/pocketsphinx/model/en-us/"
    language = extra or ["-lm", model + "en-us.lm.bin"]
    subprocess.run(["pocketsphinx_batch", "-adcin", "yes", "-adchdr", "44", "-cepdir", directory, "-cepext", ".wav", "-ctl",
                    os.path.join(directory, "ctl"), "-hyp", out, "-hmm", model + "en-us", "-dict",
                    model + "cmudict-en-us.dict", *language], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    return [line[:line.rindex("(")].split() for line in open(out)]


def right_words(said, heard):
    """Words of the longest common subsequence."""
    best = np.zeros((len(said) + 1, len(heard) + 1), int)
    for i, a in enumerate(said):
        for j, b in enumerate(heard):
            best[i + 1, j + 1] = best[i, j] + 1 if a == b else max(best[i, j + 1], best[i + 1, j])
    return best[-1, -1]


def dictionary():
    path = "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict"
    return {line.split()[0] for line in open(path)}


def sentences(n):
    """(name, words, samples): five of a reading, the rest prompts, n in all."""
    found = []
    for line in open(os.path.join(LIBRIVOX, "transcription")):
        name = line[line.rindex("(") + 1:line.rindex(")")]
        words = [w for w in line[:line.rindex("(")].split() if not w.startswith("<")]
        found.append((name, words, decode(open(os.path.join(LIBRIVOX, name + ".wav"), "rb").read(), ["-f", "wav"])))
    known = dictionary()
    for line in gzip.open("/usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt.gz", "rt"):
        name, _, text = line.partition(":")
        words = re.sub(r"[^a-z' ]", " ", text.lower()).split()
        path = os.path.join(SOUNDS, ENGLISH, name + ".g722")
        if len(found) < n and 7 <= len(words) <= 18 and "[" not in text and set(words) <= known and os.path.exists(path):
            found.append((name.replace("/", "_"), words, prompts([path])))
    return found


def grammar(path, texts):
    with open(path, "w") as f:
        f.write("#JSGF V1.0;\ngrammar known;\npublic <known> = " + " | ".join(" ".join(t) for t in texts) + ";\n")


def starts(n, stride):
    return range(0, n - BLOCK + 1, stride)


def main():
    n_sentences = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    directory = sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp(prefix="inversion-")
    os.makedirs(directory, exist_ok=True)
    files = [f for voice in FOREIGN for f in sorted(glob.glob(f"{SOUNDS}/{voice}/*.g722"))[:120]]
    background = rows_of(prompts(files))
    background *= 1 / background.mean()
    rng, correlations = random.Random(1), {}
    ways = {"every 32 ms": 2, "every 128 ms": 8, "every 256 ms": 16, "a quarter of 128 ms": 8}
    said = sentences(n_sentences)
    for name, _, x in said:
        true = rows_of(x)
        n = len(true)
        speech = Speech(background, n)
        write_wav(os.path.join(directory, name + ".recording.wav"), x)
        write_wav(os.path.join(directory, name + ".limited.wav"), limited(x))
        made = {"true bands": true}
        for way, stride in ways.items():
            signs = signs_of(true, starts(n, stride))
            if way.startswith("a quarter"):
                signs = rng.sample(signs, max(1, len(signs) // 4))
            made[way] = invert(signs, n, speech)
        loud = true.mean(1) > 0.3 * true.mean()
        for way, rows in made.items():
            own = [np.corrcoef(rows[loud, b], true[loud, b])[0, 1] for b in range(BANDS)]
            correlations.setdefault(way, []).append(np.nanmean(own))
            write_wav(os.path.join(directory, f"{name}.{way.replace(' ', '_')}.wav"), griffin_lim(rows))
    rules = os.path.join(directory, "known.jsgf")
    grammar(rules, [words for _, words, _ in said])
    n_words = sum(len(words) for _, words, _ in said)
    print(f"{len(said)} sentences, {n_words} words, {sum(len(x) for _, _, x in said) / RATE:.0f} s; sounds in {directory}")
    print(f"{'sound made of':24} {'bands alike':>12} {'words understood':>17} {'sentence picked out of ' + str(len(said)):>28}")
    for way in ["recording", "limited", *made]:
        names = [f"{name}.{way.replace(' ', '_')}" for name, _, _ in said]
        free = recognise(directory, names)
        picked = recognise(directory, names, ["-jsgf", rules])
        right = sum(right_words(words, heard) for (_, words, _), heard in zip(said, free))
        same = sum(words == heard for (_, words, _), heard in zip(said, picked))
        alike = f"{np.mean(correlations[way]):.2f}" if way in correlations else ""
        print(f"{way:24} {alike:>12} {100 * right / n_words:>15.0f} % {100 * same / len(said):>26.0f} %")


main()
