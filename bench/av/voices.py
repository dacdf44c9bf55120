"""Recordings of speech to register: prompts of Debian's telephone packages, LibriVox, flite and
espeak-ng reading fortunes.

Recordings are of one speaker, 18 s and more; short prompts are joined with pauses of 0.15-0.5 s.
Pairs of espeak-ng voices read the same texts, so that the same words come from other speakers.
Speakers, not recordings, are dealt to the halves: "fix" thresholds on one, "test" on the other."""
import glob
import os
import re
from collections import namedtuple

import media

Recording = namedtuple("Recording", "path speaker language half kind text")

SOUNDS = "/usr/share/asterisk/sounds"
# speaker, language, half, files; one person has one name in all packages
PROMPTS = [
    ("allison", "en", "fix", f"{SOUNDS}/en_US_f_Allison/**/*.g722"),
    ("allison", "es", "fix", f"{SOUNDS}/es_MX_f_Allison/**/*.g722"),
    ("june", "fr", "test", f"{SOUNDS}/fr_CA_f_June/**/*.g722"),
    ("carlo", "it", "test", f"{SOUNDS}/it_IT_m_Carlo/**/*.g722"),
    ("ivrvoice", "ru", "fix", f"{SOUNDS}/ru_RU_f_IvrvoiceRU/**/*.g722"),
    ("menardi", "it", "test", f"{SOUNDS}/it_IT_f_Menardi/**/*.wav"),
    ("armelle", "fr", "fix", f"{SOUNDS}/fr/**/*.gsm"),
    ("colombia", "es", "test", f"{SOUNDS}/es/**/*.gsm"),
    ("austen", "en", "test", "/usr/share/pocketsphinx/test/data/librivox/*.wav"),
]
FLITE = [("kal16", "fix"), ("awb", "test"), ("rms", "fix"), ("slt", "test")]
FORTUNES = "/usr/share/games/fortunes"
# espeak-ng language: texts, voices in pairs that read the same
ESPEAK = {
    "en": (["literature", "wisdom", "people", "men-women", "science", "computers"], ["m1", "f2", "Andy", "linda"]),
    "de": (["de/*"], ["m3", "f4", "Michael", "anika"]),
    "es": (["es/*"], ["m4", "f1", "Diogo", "Alicia"]),
    "it": (["it/*", "formiche", "italia", "leggi"], ["m7", "f5", "Marco", "steph"]),
    "pl": (["pl/*"], ["m2", "f3", "Denis", "aunty"]),
    "ru": (["ru/*"], ["m8", "Andrea", "boris", "belinda"]),
    "cs": (["cs/*"], ["m5", "Annie", "victor", "steph2"]),
    "pt-br": (["brasil"], ["m6", "grandma", "Henrique", "shelby"]),
}
SECONDS_A_VOICE = {"flite": 720, "espeak": 900}


def texts_of(patterns):
    """Fortunes of one language that read as prose, each once."""
    seen, out = set(), []
    for pattern in patterns:
        for path in sorted(glob.glob(f"{FORTUNES}/{pattern}")):
            if path.endswith((".dat", ".u8")) or not os.path.isfile(path):
                continue
            for text in re.split(r"\n%+.*\n", open(path, encoding="utf-8", errors="replace").read()):
                text = " ".join(re.sub(r"\s--.*", "", text, flags=re.S).split())
                letters = sum(c.isalpha() or c == " " for c in text)
                if 120 <= len(text) <= 600 and letters > .9 * len(text) and text not in seen:
                    seen.add(text)
                    out.append(text)
    return out


def joined(path, files, label):
    rng = media.generator("pauses", label)
    inputs, graph, names = [], "", ""
    for k, f in enumerate(files):
        inputs += ["-i", f]
        graph += f"[{k}:a]aresample={media.RATE},aformat=s16:channel_layouts=mono,apad=pad_dur={rng.uniform(.15, .5):.3f}[a{k}];"
        names += f"[a{k}]"
    media.ffmpeg(*inputs, "-filter_complex", f"{graph}{names}concat=n={len(files)}:v=0:a=1", "-c:a", "pcm_s16le", path)


def spoken(path, program, voice, text):
    if program == "flite":
        media.run(["flite", "-voice", voice, "-t", text, "-o", path])
    else:
        media.run(["espeak-ng", "-v", voice, "-w", path, "--stdin"], given=text.encode())


def seconds_of(f):
    size = os.path.getsize(f)
    return size / (8000 if f.endswith(".g722") else 1650 if f.endswith(".gsm") else
                   32000 if "librivox" in f else 16000)


def prompt_tasks(share):
    for speaker, language, half, pattern in PROMPTS:
        group, length = [], 0
        files = sorted({os.path.realpath(f) for f in glob.glob(pattern, recursive=True)})
        files = [f for f in files if seconds_of(f) > .7 and "silence" not in f and "beep" not in f]
        for f in files[:max(12, int(len(files) * share))]:
            group.append(f)
            length += seconds_of(f) + .3
            if length >= 20:
                yield speaker, language, half, "human", joined, tuple(group), f"{speaker}-{language}-{group[0]}"
                group, length = [], 0


def reading_tasks(share):
    english = texts_of(ESPEAK["en"][0])
    for k, (voice, half) in enumerate(FLITE):
        yield from read(english[k % 2::2], f"flite-{voice}", "en", half, ("flite", voice), share * SECONDS_A_VOICE["flite"])
    n = 0
    for language, (patterns, voices) in ESPEAK.items():
        texts = texts_of(patterns)
        for k, variant in enumerate(voices):
            half = "fix" if n % 2 else "test"
            n += 1 if k % 2 == 0 else 2
            yield from read(texts[k // 2::2], f"espeak-{language}-{variant}", language, half,
                            ("espeak", f"{language}+{variant}"), share * SECONDS_A_VOICE["espeak"])


def read(texts, speaker, language, half, tool, seconds):
    """Recordings of about 30 s: 15 letters are about a second."""
    group, spent = [], 0
    for text in texts:
        group.append(text)
        if sum(map(len, group)) >= 420:
            if not any(c in text for text in group for c in "@<"):  # addresses are the same words again
                yield speaker, language, half, "synthetic", spoken, *tool, " \n".join(group)
            spent += sum(map(len, group)) / 15
            group = []
            if spent >= seconds:
                return


def one(task):
    cache, (speaker, language, half, kind, maker, *arguments) = task
    text = arguments[-1] if maker is spoken else ""
    return Recording(cache.made(maker, "wav", *arguments), speaker, language, half, kind, text)


def recordings(cache, pool, share=1.0):
    """All recordings to register; share: of each speaker's material."""
    tasks = [(cache, t) for t in [*prompt_tasks(share), *reading_tasks(share)]]
    return pool.map(one, tasks, chunksize=4)


def unregistered_talkers(cache):
    """Six voices that nobody registers, for babble."""
    texts = texts_of(ESPEAK["en"][0])
    return [cache.made(spoken, "wav", "espeak", f"en+{v}", " \n".join(texts[-5 * k - 5:-5 * k or None]))
            for k, v in enumerate(["adam", "Jacky", "max", "sandro", "edward", "Mike"])]
