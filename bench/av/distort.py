"""The 29 distortions of speech clips, as they happen between a phone and a platform, and extra ones.

write() cuts a clip and writes all its distortions. Noise, rooms and mixtures are numpy, seeded by
the distortion's name and the clip; codecs and changes of tempo and pitch are FFmpeg's, AMR-NB is
SoX's."""
import functools
import os

import numpy as np

import media
from media import RATE

TALKERS_IN_BABBLE = 6


# ---- numpy
def band(x, low, high, slope=.15):
    """Pass low..high Hz; edges fall over `slope` of an octave, stop-band 50 dB down."""
    f = np.fft.rfftfreq(len(x), 1 / RATE) + 1e-9
    below = np.clip((np.log2(f / low) + slope) / slope, 0, 1)
    above = np.clip((np.log2(high / f) + slope) / slope, 0, 1)
    return np.fft.irfft(np.fft.rfft(x) * (.003 + .997 * below * above), len(x))


def small_speaker(x, low, high):
    """Falls by 24 dB an octave below low and above high Hz, as a phone's speaker does."""
    f = np.fft.rfftfreq(len(x), 1 / RATE) + 1e-9
    gain = 1 / np.sqrt((1 + (low / f) ** 8) * (1 + (f / high) ** 8))
    return np.fft.irfft(np.fft.rfft(x) * gain, len(x))


def coloured(rng, n, exponent):
    """Noise of power ~ 1 / f^exponent, of power 1."""
    spectrum = np.fft.rfft(rng.standard_normal(n)) / np.maximum(np.arange(n // 2 + 1), 1) ** (exponent / 2)
    x = np.fft.irfft(spectrum, n)
    return x / np.sqrt(np.mean(x * x))


def mixed(x, noise, snr_db):
    """x with noise, scaled to so many decibels below the clip's mean power."""
    power = np.mean(noise * noise)
    return x + noise * np.sqrt(np.mean(x * x) / max(power, 1e-12) / 10 ** (snr_db / 10))


def room(x, rng, rt60_s, direct):
    """A synthetic room: direct sound, then noise that falls by 60 dB in rt60_s; `direct`: ratio of
    the direct sound's energy to the tail's."""
    t = np.arange(int(rt60_s * RATE)) / RATE
    tail = rng.standard_normal(len(t)) * 10 ** (-3 * t / rt60_s)
    tail[:int(.003 * RATE)] = 0
    tail /= np.sqrt(np.sum(tail * tail) * direct)
    tail[0] = 1
    n = len(x) + len(tail) - 1
    return np.fft.irfft(np.fft.rfft(x, n) * np.fft.rfft(tail, n), n)[:len(x)]


def companded(x, clip, window_s=.05):
    """Levels pulled together as a phone's gain control does: the square root of what they were,
    taken over window_s; then clipped at `clip` times the mean amplitude."""
    window = int(window_s * RATE)
    level = np.sqrt(np.convolve(x * x, np.ones(window) / window, "same") + 1e-8)
    y = x / np.sqrt(level)
    limit = clip * np.mean(np.abs(y))
    return np.clip(y, -limit, limit) / max(limit, 1e-6) * .7


samples_kept = functools.lru_cache(media.samples)


def piece(path, rng, n):
    x = samples_kept(path)
    start = int(rng.integers(max(1, len(x) - n)))
    return np.resize(x[start:start + n], n)


def babble(x, rng, talkers, music, snr_db):
    parts = [piece(t, rng, len(x)) for t in talkers[:TALKERS_IN_BABBLE]]
    return mixed(x, sum(p / np.sqrt(np.mean(p * p) + 1e-9) for p in parts), snr_db)


def with_music(x, rng, talkers, music, snr_db):
    return mixed(x, piece(music[int(rng.integers(len(music)))], rng, len(x)), snr_db)


def white(x, rng, talkers, music, snr_db):
    return mixed(x, rng.standard_normal(len(x)), snr_db)


def pink(x, rng, talkers, music, snr_db):
    return mixed(x, coloured(rng, len(x), 1), snr_db)


def reverb(x, rng, talkers, music):
    return room(x, rng, .6, 2)


def equalised(x, rng, talkers, music):
    """Bass -9 dB, 1 kHz +6 dB, 2.5 kHz -9 dB, treble +6 dB, smooth in log frequency."""
    f = np.log2(np.maximum(np.fft.rfftfreq(len(x), 1 / RATE), 20))
    gain = np.interp(f, np.log2([150, 400, 1000, 2500, 5000]), [-9, 0, 6, -9, 6])
    return np.fft.irfft(np.fft.rfft(x) * 10 ** (gain / 20), len(x))


def crushed(x, rng, talkers, music):
    return companded(x, 2.5)


def telephone(x, rng, talkers, music):
    y = band(x, 300, 3400)
    return np.sign(y) * np.round(np.log1p(255 * np.clip(np.abs(y), 0, 1)) / np.log(256) * 127) / 127


def rerecorded(x, rng, talkers, music):
    """Played by a small speaker, taken by a phone half a metre away: 450-5000 Hz, a room whose tail
    is 6 dB below what comes directly, gain control over 0.2 s, pink noise 15 dB below."""
    y = room(small_speaker(x, 450, 5000), rng, .4, 4)
    return pink(companded(y, 6, .2), rng, talkers, music, 15)


def rerecorded_far(x, rng, talkers, music):
    """From across the room: the tail nearly as loud, nothing at all outside the speaker's band, a
    hard and quick gain control."""
    y = room(band(x, 450, 5000), rng, .4, 1.5)
    return pink(companded(y, 4), rng, talkers, music, 15)


# ---- the table
SEMITONE = 2 ** (1 / 12)


def speed(factor):
    return ["-af", f"asetrate={round(RATE * factor)},aresample={RATE}"]


# name: file ending, then a numpy step with its arguments, or what FFmpeg is to do
ALL = {
    "trim": ("wav", []),
    "mp3_32k": ("mp3", ["-c:a", "libmp3lame", "-b:a", "32k"]),
    "aac_24k": ("m4a", ["-c:a", "aac", "-b:a", "24k"]),
    "opus_12k": ("opus", ["-c:a", "libopus", "-b:a", "12k"]),
    "opus_6k": ("opus", ["-c:a", "libopus", "-b:a", "6k", "-application", "voip"]),
    "amr_5.9k": ("amr", ["-ar", "8000"]),
    "gsm": ("wav", ["-ar", "8000", "-c:a", "libgsm_ms"]),
    "white_20dB": ("wav", white, 20),
    "white_10dB": ("wav", white, 10),
    "white_5dB": ("wav", white, 5),
    "pink_10dB": ("wav", pink, 10),
    "babble_10dB": ("wav", babble, 10),
    "babble_5dB": ("wav", babble, 5),
    "music_10dB": ("wav", with_music, 10),
    "music_5dB": ("wav", with_music, 5),
    "reverb": ("wav", reverb),
    "eq": ("wav", equalised),
    "compander_clip": ("wav", crushed),
    "telephone": ("wav", telephone),
    "tempo-2%": ("wav", ["-af", "atempo=0.98"]),
    "tempo+2%": ("wav", ["-af", "atempo=1.02"]),
    "tempo-5%": ("wav", ["-af", "atempo=0.95"]),
    "tempo+5%": ("wav", ["-af", "atempo=1.05"]),
    "speed+2%": ("wav", speed(1.02)),
    "speed+5%": ("wav", speed(1.05)),
    "pitch+1": ("wav", ["-af", f"rubberband=pitch={SEMITONE}"]),
    "pitch-1": ("wav", ["-af", f"rubberband=pitch={1 / SEMITONE}"]),
    "rerecorded": ("wav", rerecorded),
    "chain": ("amr", with_music, 15),  # then tempo +2 %, Opus 12 kbit/s, AMR-NB
}
# measured beside them, not part of the 29
EXTRA = {
    "rerecorded_far": ("wav", rerecorded_far),
    "speed-5%": ("wav", speed(.95)),
    "speed-2%": ("wav", speed(.98)),
}
EVERY = {**ALL, **EXTRA}


def file_of(directory, name):
    return os.path.join(directory, f"{name}.{EVERY[name][0]}")


def amr(directory, name, wav):
    """FFmpeg of Debian cannot write AMR-NB. 5.9 kbit/s; SoX leaves pauses out (DTX)."""
    media.run(["sox", "-D", wav, "-r", "8000", "-t", "amr-nb", "-C", "2", file_of(directory, name)])
    os.unlink(wav)


def chained(directory, x):
    step = os.path.join(directory, "chain")
    media.ffmpeg("-f", "f32le", "-ar", str(RATE), "-ac", "1", "-i", "-", "-af", "atempo=1.02", "-c:a", "libopus",
                 "-b:a", "12k", step + ".opus", given=x.astype("<f4").tobytes())
    media.ffmpeg("-i", step + ".opus", "-ar", "8000", step + ".wav")
    os.unlink(step + ".opus")
    amr(directory, "chain", step + ".wav")


def write(directory, recording, start, seconds, talkers, music, only=None):
    """Every distortion of one clip, as files of `directory`."""
    os.mkdir(directory)
    x = media.samples(recording)[int(start * RATE):int((start + seconds) * RATE)].astype(np.float64)
    x *= .083 / max(np.sqrt(np.mean(x * x)), 1e-4)  # a level that no step clips by itself
    outputs = []
    for name in only or EVERY:
        ending, step, *arguments = EVERY[name]
        if isinstance(step, list):
            out = file_of(directory, name) + (".wav" if ending == "amr" else "")
            outputs += [*step, out]
            continue
        y = np.clip(step(x, media.generator(name, recording, start, seconds), talkers, music, *arguments), -1, 1)
        if name == "chain":
            chained(directory, y)
        else:
            media.write_wav(file_of(directory, name), y)
    if outputs:
        media.ffmpeg("-f", "f32le", "-ar", str(RATE), "-ac", "1", "-i", "-", *outputs, given=x.astype("<f4").tobytes())
    for name in only or EVERY:
        if EVERY[name] == ALL["amr_5.9k"]:
            amr(directory, name, file_of(directory, name) + ".wav")


def active_share(x):
    """Share of 20 ms frames that are less than 35 dB below the loud ones."""
    n = RATE // 50
    p = (x[:len(x) // n * n].reshape(-1, n).astype(np.float64) ** 2).mean(1)
    return float((p > np.percentile(p, 95) * 10 ** -3.5).mean()) if len(p) else 0.


def cut(recording, seconds, label):
    """The start of a clip that is speech for three fifths and more, at no particular place."""
    x, rng = media.samples(recording), media.generator("cut", seconds, label)
    best = (0, 0)
    for _ in range(20):
        start = float(rng.uniform(0, max(.01, len(x) / RATE - seconds - .01)))
        share = active_share(x[int(start * RATE):int((start + seconds) * RATE)])
        best = max(best, (share, start))
        if share >= .6:
            break
    return best[1]
