#!/usr/bin/env python3
"""What likeness inspect says of the samples (make_samples.py): what was put into each, and nothing more;
and of the credentials the same as a reader written apart from it (reader.py); and that what the C2PA
project's library signed is in order. Speaks TAP.

usage: check.py LIKENESS SAMPLES
"""
import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from reader import read  # noqa: E402
from tap import finish, point  # noqa: E402

AI = "trainedAlgorithmicMedia"
WEB_UI = ["Stable Diffusion web UI or a relative of it", "v1.9.4", "paintbox_v2"]
# name: (outcome, does it say AI, texts of the traces that are not hidden, how many are hidden)
TRACES = {
    "camera.jpg": ("found_unsigned", False, ["Plain", "Box 1"], 0),
    "xmp.jpg": ("found_unsigned", True, ["Picture & Shop 25", "compositeWithTrainedAlgorithmicMedia", "Dream Painter"], 2),
    "iptc.jpg": ("found_unsigned", True, ["Picture Shop", "Made with Google AI"], 0),
    "web_ui.jpg": ("found_unsigned", True, ["Picture Shop 25", *WEB_UI], 1),
    "web_ui.png": ("found_unsigned", True, WEB_UI, 1),
    "web_ui.webp": ("found_unsigned", True, ["Picture Shop 25", *WEB_UI], 1),
    "comfy.png": ("found_unsigned", True, ["ComfyUI", "paintbox_v2.safetensors"], 1),
    "midjourney.png": ("found_unsigned", True, ["Midjourney or a relative of it"], 1),
    "xmp.webp": ("found_unsigned", True, [AI], 0),
    "xmp.gif": ("found_unsigned", True, [AI], 0),
    "xmp.tif": ("found_unsigned", True, [AI], 0),
    "xmp.mp4": ("found_unsigned", True, ["Lavf59.27.100", AI], 0),
    "tags.mp4": ("found_unsigned", True, ["Lavf59.27.100", "Lavf61.1.100", "ComfyUI", "paintbox_v2.safetensors", "Sora 2"], 1),
    "items.heic": ("found_unsigned", True, ["Plain", "Box 1", AI], 0),
    "tags.wav": ("found_unsigned", True, ["ElevenLabs"], 0),
    "tags.mp3": ("found_unsigned", True, ["Lavf61.1.100", "made with suno"], 0),
}
# name: (outcome, signature, statements, content) of the credential about the file as it is
SEALS = {
    "signed.jpg": ("found_signed", "holds", "holds", "holds"),
    "in_pieces.jpg": ("found_signed", "holds", "holds", "holds"),
    "two.jpg": ("found_signed", "holds", "holds", "holds"),
    "uncovered.jpg": ("found_signed", "holds", "holds", "holds"),
    "signed.png": ("found_signed", "holds", "holds", "holds"),
    "signed.webp": ("found_signed", "holds", "holds", "holds"),
    "signed.mp4": ("found_signed", "holds", "holds", "holds"),
    "signed.wav": ("found_signed", "holds", "holds", "holds"),
    "signed.mp3": ("found_signed", "holds", "holds", "holds"),
    "changed.jpg": ("found_unsigned", "holds", "holds", "fails"),
    "changed.mp4": ("found_unsigned", "holds", "holds", "fails"),
    "false_signature.jpg": ("found_unsigned", "fails", "holds", "holds"),
    "false_claim.jpg": ("found_unsigned", "fails", "holds", "holds"),
    "false_statement.jpg": ("found_unsigned", "holds", "fails", "holds"),
    "unbound.jpg": ("found_unsigned", "holds", "holds", "not_checked"),
}
SECRETS = ["lighthouse", "Some One", "secret-name", "holiday.png"]


def inspect(binary, *arguments, **options):
    done = subprocess.run([binary, "inspect", *map(str, arguments)], stdout=subprocess.PIPE, check=False, timeout=60, **options)
    return done.returncode, done.stdout.decode()


def report_of(binary, *arguments, **options):
    return json.loads(inspect(binary, "--json", *arguments, **options)[1])


def difference(name, want, got):
    return [] if want == got else [f"{name}: {got!r}, not {want!r}"]


def check_traces(binary, samples):
    for name, (outcome, says_ai, texts, n_hidden) in TRACES.items():
        report = report_of(binary, samples / name)
        shown = [trace["text"] for trace in report["traces"] if "text" in trace]
        hidden = [trace for trace in report["traces"] if trace.get("hidden")]
        wrong = difference("outcome", outcome, report["outcome"]) + difference("traces", texts, shown)
        wrong += difference("says AI", says_ai, report["says_ai"]) + difference("hidden", n_hidden, len(hidden))
        point(f"{name} says what was put into it", wrong + difference("notes", [], report["notes"]))


def check_seals(binary, samples):
    for name, want in SEALS.items():
        report = report_of(binary, samples / name)
        last = report["credentials"][-1]
        got = (report["outcome"], *(last[check]["result"] for check in ("signature", "statements", "content")))
        wrong = difference("checks", want, got) + difference("broken", "fails" in want, report["seal_is_broken"])
        point(f"{name}: {', '.join(want)}", wrong + difference("current", True, last["current"]))


def check_readers(binary, samples):
    for name in SEALS:
        want = read((samples / name).read_bytes())
        credentials = report_of(binary, samples / name)["credentials"]
        got = [
            {
                **{key: c[key] for key in ("generator", "n_statements", "n_changed", "n_ingredients")},
                "actions": [action["action"] for action in c["actions"]],
                "content": c["content"]["result"],
            }
            for c in credentials
        ]
        point(f"{name}: a reader written apart says the same", difference("credentials", want, got))


def check_reference(binary, reference):
    """Files that the C2PA project's own library signed (make_reference.mjs)."""
    for path in sorted(reference.iterdir()):
        report = report_of(binary, path)
        last = report["credentials"][-1]
        want = ("found_signed", "Reference 2", "Test signer, Likeness tests", ["c2pa.created"])
        got = (report["outcome"], last["generator"], last["signer"], [a["action"] for a in last["actions"]])
        point(f"{path.name} of the reference library is in order", difference("report", want, got))
    for name in ("signed.jpg", "signed.png", "signed.avif", "signed.heic", "signed.mp4"):
        whole = (reference / name).read_bytes()
        changed = report_of(binary, "-", input=whole[:-1] + bytes([whole[-1] ^ 1]))["credentials"][-1]
        point(f"{name} of the reference library, its last byte changed, is not", difference("content", "fails", changed["content"]["result"]))


def check_every_byte(binary, samples):
    """A seal that holds covers every byte: none can be changed unseen but those that it leaves open."""
    whole = (samples / "signed.wav").read_bytes()
    unseen = []
    for at in range(0, len(whole), 7):
        changed = whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :]
        if report_of(binary, "-", input=changed)["outcome"] == "found_signed":
            unseen.append(at)
    # what stands in the unprotected part of the signature and in ids nobody reads may differ
    start = whole.index(b"C2PA")
    point("no byte of the content can be changed under a seal that holds", [f"byte {at}" for at in unseen if at < start])


def main():
    binary, samples = sys.argv[1], Path(sys.argv[2])
    check_traces(binary, samples)
    check_seals(binary, samples)
    check_readers(binary, samples)
    check_reference(binary, samples.parent / "reference")
    check_every_byte(binary, samples)
    kept = {path.name for path in samples.iterdir()}
    point("every sample is looked at", sorted(kept ^ (TRACES.keys() | SEALS.keys())))
    first = report_of(binary, samples / "two.jpg")["credentials"][0]
    point("an earlier manifest is listed, and its content not compared", difference("first", ("older", False), (first["content"].get("why"), first["current"])))
    bytes_open = report_of(binary, samples / "uncovered.jpg")["credentials"][0]["uncovered_bytes"]
    point("what a seal leaves out of the content is counted", difference("bytes", 20, bytes_open))
    time = report_of(binary, samples / "signed.jpg")["credentials"][0]["signed_at"]
    point("the time of the stamp is read", difference("time", "2026-11-01T10:00:00Z", time))
    all_ = sorted(samples.iterdir())
    for options, name in (([], "words"), (["--json"], "JSON")):
        said = inspect(binary, *options, *all_)[1]
        point(f"no prompt, no name of a person or another file is in the {name}", [s for s in SECRETS if s in said])
    said = inspect(binary, "--show-prompts", *all_)[1]
    point("prompts are shown when asked for, names of other files never", [s for s in SECRETS if (s in said) != (s in SECRETS[:2])])
    words = [word for word in ("%", " real", " fake", "authentic") if word in said.replace("<evil>", "")]
    point("no percentage, and no verdict of real or fake", words)
    finish()


main()
