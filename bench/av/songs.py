"""Music and singing to register: Debian's music on hold in pieces of 30 s, and festival singing
tunes that walk over a scale."""
import glob
import os

import media
from voices import Recording

TRACKS = "/usr/share/asterisk/moh/*.g722"
PIECE = 30
SCALE = ("G3", "A3", "B3", "C4", "D4", "E4", "F4", "G4")
WORDS = ("window garden river morning silver mountain never water open summer follow over tomorrow "
         "paper letter candle meadow winter shadow harbour").split()


def piece(path, track, start):
    media.ffmpeg("-ss", str(start), "-t", str(PIECE), "-i", track, "-c:a", "pcm_s16le", path)


def sung(path, seed):
    rng, note, notes = media.generator("song", seed), 3, ""
    for _ in range(28):
        note = int(min(len(SCALE) - 1, max(0, note + rng.integers(-2, 3))))
        word = WORDS[int(rng.integers(len(WORDS)))]
        notes += f'<PITCH NOTE="{SCALE[note]}"><DURATION BEATS="{rng.choice([.5, 1, 1, 1.5])}">{word}</DURATION></PITCH>\n'
    with open(path + ".xml", "w") as f:
        f.write('<?xml version="1.0"?>\n<!DOCTYPE SINGING PUBLIC "-//SINGING//DTD SINGING mark up//EN" '
                f'"Singing.v0_1.dtd" []>\n<SINGING BPM="{int(rng.integers(70, 110))}">\n{notes}</SINGING>\n')
    media.run(["text2wave", "-mode", "singing", path + ".xml", "-o", path])
    os.unlink(path + ".xml")


def tracks():
    return tuple(sorted(glob.glob(TRACKS)))


def recordings(cache, n_songs):
    found = []
    for track in tracks():
        name = os.path.splitext(os.path.basename(track))[0]
        for k in range(int(os.path.getsize(track) / 8000 // PIECE))[:n_songs]:
            found.append(Recording(cache.made(piece, "wav", track, k * PIECE), name, "", "music", "music", ""))
    for seed in range(n_songs):
        found.append(Recording(cache.made(sung, "wav", seed), "kal", "", "singing", "singing", ""))
    return found
