"""Whether two recordings share sound, by their waveforms alone.

Prompt packages use recordings again, and synthetic voices say a word twice alike: such pairs are
rightly found. Windows of 0.7 s of the clip are laid over the other recording by normalised
cross-correlation; one of 0.7 or more means the same sound. Voices saying the same thing twice stay
far below it."""
import functools

import numpy as np

import media

RATE = 8000
WINDOW, STEP = int(.7 * RATE), int(.35 * RATE)
ENOUGH = .7


@functools.lru_cache(64)
def loaded(path):
    x = media.samples(path, RATE).astype(np.float64)
    return x - np.mean(x)


def highest(clip, other):
    """The highest normalised cross-correlation of any window of the clip that holds sound."""
    n = len(other) + WINDOW
    size = 1 << (n - 1).bit_length()
    spectrum = np.fft.rfft(other, size)
    sums = np.concatenate([[0], np.cumsum(other * other)])
    energy = sums[WINDOW:] - sums[:-WINDOW]
    floor = .02 * np.mean(clip * clip) * WINDOW
    best = 0.
    for start in range(0, max(1, len(clip) - WINDOW + 1), STEP):
        w = clip[start:start + WINDOW]
        power = np.sum(w * w)
        if len(w) < WINDOW or power < 10 * floor:
            continue
        lags = np.fft.irfft(spectrum * np.conj(np.fft.rfft(w, size)), size)[:len(energy)]
        best = max(best, float(np.max(lags / np.sqrt(power * np.maximum(energy, floor)))))
    return best


def shared(task):
    """task: (recording, start, seconds, other recording); seconds None: all of it."""
    recording, start, seconds, other = task
    clip = loaded(recording)
    if seconds is not None:
        clip = clip[int(start * RATE):int((start + seconds) * RATE)]
    return highest(clip, loaded(other)) >= ENOUGH
