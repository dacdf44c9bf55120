#!/usr/bin/python3
"""What making prints of a video costs beside decoding it, and of a recording beside its length.

usage: speed.py LIKENESS PHOTOGRAPHS SCRATCH [FILE...]
Without FILEs, clips are made here of photographs that the camera pans over: 22 s of 480 x 720 and
20 s of 1920 x 1080, H.264, with speech. `decode` is what ffmpeg takes on one thread to decode the
pictures alone. Wall time, the least of five; likeness decodes and prints on one thread."""
import glob
import os
import subprocess
import sys
import time

ROUNDS = 5
SPEECH = "/usr/share/asterisk/sounds/en_US_f_Allison/demo-instruct.g722"


def run(*call):
    subprocess.run(call, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)


def least(*call):
    best = float("inf")
    for _ in range(ROUNDS):
        before = time.monotonic()
        run(*call)
        best = min(best, time.monotonic() - before)
    return best


def clip(photographs, scratch, width, height, seconds):
    path = os.path.join(scratch, f"pan-{width}x{height}.mp4")
    if not os.path.exists(path):
        pictures = sorted(glob.glob(os.path.join(photographs, "*.jpg")))[:4]
        n = seconds * 30 // len(pictures)
        inputs = [x for p in pictures for x in ("-loop", "1", "-t", "1", "-r", "1", "-i", p)]
        graph = "".join(f"[{i}]scale={2 * width}:{2 * height}:force_original_aspect_ratio=increase,"
                        f"zoompan=z=1.3:x='(iw-iw/zoom)*on/{n}':y='(ih-ih/zoom)*on/{n}':d={n}:s={width}x{height}:fps=30,"
                        f"noise=alls=4:allf=t,setsar=1[v{i}];" for i in range(len(pictures)))
        graph += "".join(f"[v{i}]" for i in range(len(pictures))) + f"concat=n={len(pictures)}[v]"
        run("ffmpeg", "-v", "error", "-y", *inputs, "-stream_loop", "-1", "-f", "g722", "-i", SPEECH, "-filter_complex", graph,
            "-map", "[v]", "-map", f"{len(pictures)}:a", "-t", str(seconds), "-c:v", "libx264", "-crf", "23", "-pix_fmt", "yuv420p",
            "-c:a", "aac", path)
    return path


def main():
    likeness, photographs, scratch, *files = sys.argv[1:]
    os.makedirs(scratch, exist_ok=True)
    files = files or [clip(photographs, scratch, 480, 720, 22), clip(photographs, scratch, 1920, 1080, 20)]
    print("| file | decode, s | registration | of decode | query | of decode | query, 1 a second |\n|---|---|---|---|---|---|---|")
    for f in files:
        decode = least("ffmpeg", "-v", "error", "-threads", "1", "-i", f, "-an", "-f", "null", "-")
        register = least(likeness, "hash", "--register", f)
        query = least(likeness, "hash", "--query", f)
        sparse = least(likeness, "hash", "--query", "--every-ms", "1000", f)
        print(f"| {os.path.basename(f)} | {decode:.2f} | {register:.2f} | {register / decode:.2f} | {query:.2f} | {query / decode:.2f} | {sparse:.2f} |",
              flush=True)
    sound = os.path.join(scratch, "speech.wav")
    run("ffmpeg", "-v", "error", "-y", "-stream_loop", "-1", "-f", "g722", "-i", SPEECH, "-t", "600", sound)
    for purpose in ("--register", "--query"):
        took = least(likeness, "hash", purpose, sound)
        print(f"ten minutes of speech, {purpose[2:]}: {took:.2f} s, {600 / took:.0f} times as fast as it plays")


main()
