#!/usr/bin/env python3
"""Makes the files in samples/: our own test pictures and sounds, with what generators, cameras and
signers write into files. The results are committed, because each run draws new keys; made by us, under
the licence of the project. Needs the program openssl.

usage: make_samples.py
"""
import hashlib
import struct
import subprocess
import tempfile
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
MEDIA = HERE.parent / "media"
OUT = HERE / "samples"
IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"


# --- CBOR and JUMBF


def head(major, n):
    for size, info in ((1, 24), (2, 25), (4, 26), (8, 27)):
        if n < 24:
            return bytes([major << 5 | n])
        if n < 1 << (8 * size):
            return bytes([major << 5 | info]) + n.to_bytes(size, "big")
    raise ValueError(n)


class Tag:
    def __init__(self, number, value):
        self.number, self.value = number, value


def cbor(value):
    if value is None:
        return b"\xf6"
    if value is True or value is False:
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    if isinstance(value, dict):
        return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())
    if isinstance(value, Tag):
        return head(6, value.number) + cbor(value.value)
    raise TypeError(value)


def box(kind, body):
    return struct.pack(">I4s", 8 + len(body), kind) + body


def superbox(kind, label, *content):
    uuid = kind + bytes.fromhex("00110010800000AA00389B71")
    return box(b"jumb", box(b"jumd", uuid + b"\x03" + label.encode() + b"\0") + b"".join(content))


def assertion(label, value):
    return label, superbox(b"cbor", label, box(b"cbor", cbor(value)))


def sha256(data):
    return hashlib.sha256(data).digest()


# --- signers: a key of our own, a certificate that it signs itself


class Signer:
    ALGORITHMS = {
        "ES256": (-7, "ec", "ec_paramgen_curve:P-256", "sha256", 32),
        "ES384": (-35, "ec", "ec_paramgen_curve:P-384", "sha384", 48),
        "ES512": (-36, "ec", "ec_paramgen_curve:P-521", "sha512", 66),
        "PS256": (-37, "rsa", "rsa_keygen_bits:2048", "sha256", 0),
        "EdDSA": (-8, "ed25519", None, None, 0),
    }

    def __init__(self, name, directory):
        self.name, self.directory = name, Path(directory)
        self.number, kind, option, self.digest, self.n_half = self.ALGORITHMS[name]
        self.key = self.directory / f"{name}.pem"
        algorithm = {"ec": "EC", "rsa": "RSA", "ed25519": "ED25519"}[kind]
        options = ["-pkeyopt", option] if option else []
        self.openssl("genpkey", "-algorithm", algorithm, *options, "-out", self.key)
        subject = f"/CN=Test signer {name}/O=Likeness tests"
        self.certificate = self.openssl(
            "req", "-x509", "-new", "-key", self.key, "-subj", subject, "-days", "3650", "-outform", "DER"
        )

    def openssl(self, *arguments):
        return subprocess.run(["openssl", *map(str, arguments)], check=True, stdout=subprocess.PIPE).stdout

    def sign(self, message):
        path = self.directory / "message"
        path.write_bytes(message)
        if self.name == "EdDSA":
            return self.openssl("pkeyutl", "-sign", "-rawin", "-inkey", self.key, "-in", path)
        pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:-1"]
        made = self.openssl(
            "dgst", f"-{self.digest}", *(pss if self.name.startswith("PS") else []), "-sign", self.key, path
        )
        return self.side_by_side(made) if self.n_half else made

    def side_by_side(self, der):
        """r and s of SEQUENCE { INTEGER r, INTEGER s }, each as long as the curve."""
        at, halves = 3 if der[1] & 0x80 else 2, b""
        for _ in range(2):
            n = der[at + 1]
            halves += int.from_bytes(der[at + 2 : at + 2 + n], "big").to_bytes(self.n_half, "big")
            at += 2 + n
        return halves

    def cose(self, claim, time=None, old=False):
        headers = {1: self.number} if old else {1: self.number, 33: self.certificate}
        protected = cbor(headers)
        unprotected = {"pad": b"\0" * 8}
        if old:
            unprotected["x5chain"] = [self.certificate]
        if time:
            unprotected["sigTst"] = {"tstTokens": [{"val": stamp(time)}]}
        message = cbor(["Signature1", protected, b"", claim])
        return cbor(Tag(18, [protected, unprotected, None, self.sign(message)]))


def der(tag, *content):
    body = b"".join(content)
    n = len(body)
    return bytes([tag]) + (bytes([n]) if n < 128 else b"\x82" + struct.pack(">H", n)) + body


def stamp(time):
    """The part of a time stamp token that holds the time; the rest of it is not looked at."""
    number, oid = der(2, b"\1"), der(6, bytes.fromhex("2a0304"))
    info = der(0x30, number, oid, der(0x30, der(0x30, oid), der(4, bytes(32))), number, der(0x18, time.encode()))
    content = der(0x30, der(6, bytes.fromhex("2a864886f70d0109100104")), der(0xA0, der(4, info)))
    return der(0x30, der(6, bytes.fromhex("2a864886f70d010702")), der(0xA0, der(0x30, number, der(0x31), content)))


# --- manifests

AI_ACTIONS = {
    "actions": [
        {
            "action": "c2pa.created",
            "digitalSourceType": IPTC + "trainedAlgorithmicMedia",
            "softwareAgent": {"name": "Dream Painter", "version": "3.1"},
        },
        {"action": "c2pa.color_adjustments", "softwareAgent": "Retoucher 9"},
    ]
}
CAMERA_ACTIONS = {"actions": [{"action": "c2pa.created", "digitalSourceType": IPTC + "digitalCapture"}]}
INGREDIENT = {"dc:title": "secret-name.jpg", "dc:format": "image/jpeg", "relationship": "componentOf"}


def manifest(signer, label, assertions, old=False, time=None, spoil=None):
    """spoil: "signature", "claim" or "assertion": changed after signing."""
    boxes = [made for _, made in assertions]
    references = [
        {"url": f"self#jumbf=c2pa.assertions/{name}", "hash": sha256(made[8:])} for name, made in assertions
    ]
    claim = {"instanceID": "xmp:iid:0", "signature": f"self#jumbf=/c2pa/{label}/c2pa.signature", "alg": "sha256"}
    if old:
        titles = {"dc:title": "holiday.png", "dc:format": "image/png"}
        claim.update(claim_generator="Old_Tool/1.0", assertions=references, **titles)
    else:
        info = {"name": "Dream Painter", "version": "3.1"}
        claim.update(claim_generator_info=info, created_assertions=references)
    claim_bytes = cbor(claim)
    cose = signer.cose(claim_bytes, time, old)
    if spoil == "claim":
        claim_bytes = claim_bytes.replace(b"Dream Painter", b"Steady Camera")
    if spoil == "signature":
        cose = cose[:-1] + bytes([cose[-1] ^ 1])
    if spoil == "assertion":
        boxes[0] = boxes[0].replace(b"trainedAlgorithmicMedia", b"wronglyAlgorithmicMedia")
    return superbox(
        b"c2ma",
        label,
        superbox(b"c2as", "c2pa.assertions", *boxes),
        superbox(b"c2cl", "c2pa.claim" if old else "c2pa.claim.v2", box(b"cbor", claim_bytes)),
        superbox(b"c2cs", "c2pa.signature", box(b"cbor", cose)),
    )


def store(*manifests):
    return superbox(b"c2pa", "c2pa", *manifests)


def hash_data(exclusions, digest):
    ranges = [{"start": start, "length": length} for start, length in exclusions]
    return assertion(
        "c2pa.hash.data", {"exclusions": ranges, "name": "jumbf manifest", "alg": "sha256", "hash": digest, "pad": b""}
    )


def hash_bmff(digest):
    c2pa = {"xpath": "/uuid", "length": None, "data": [{"offset": 8, "value": C2PA_UUID}], "subset": None, "version": None, "flags": None, "exact": None}
    exclusions = [c2pa] + [{"xpath": path} for path in ("/ftyp", "/mfra", "/free", "/skip")]
    return assertion("c2pa.hash.bmff.v3", {"exclusions": exclusions, "alg": "sha256", "hash": digest, "name": "jumbf manifest"})


def sealed(put, make, extra=0):
    """Puts a store into a file whose hash the store holds: once with a place for it, then again. put(store)
    gives the file and the range of the store in it; extra: bytes left out besides."""
    file, start, length = put(make([(start_of(put, make), 0)], bytes(32)))
    for _ in range(4):
        exclusions = [(start, length + extra)]
        digest = sha256(file[:start] + file[start + length + extra :])
        again, start_2, length_2 = put(make(exclusions, digest))
        if (start, length) == (start_2, length_2) and again[:start] == file[:start]:
            return again
        file, start, length = again, start_2, length_2
    raise RuntimeError("the length does not settle")


def start_of(put, make):
    return put(make([(0, 0)], bytes(32)))[1]


# --- containers


def segment(marker, body):
    return b"\xff" + bytes([marker]) + struct.pack(">H", 2 + len(body)) + body


def with_segments(jpeg, *segments):
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def jumbf_segments(data, piece=60000):
    out = b""
    for i, at in enumerate(range(8, len(data), piece)):
        out += segment(0xEB, b"JP" + struct.pack(">HI", 1, i + 1) + data[:8] + data[at : at + piece])
    return out


def put_jpeg(jpeg, piece=60000):
    def put(data):
        segments = jumbf_segments(data, piece)
        return with_segments(jpeg, segments), 2, len(segments)

    return put


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_chunks(png, *chunks):
    return png[:33] + b"".join(chunks) + png[33:]  # behind IHDR


def put_png(png):
    def put(data):
        made = chunk(b"caBX", data)
        return with_chunks(png, made), 33, len(made)

    return put


def riff_chunk(kind, body):
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def with_riff_chunks(file, *chunks):
    all_ = file + b"".join(chunks)
    return all_[:4] + struct.pack("<I", len(all_) - 8) + all_[8:]


def put_riff(file):
    def put(data):
        made = riff_chunk(b"C2PA", data)
        return with_riff_chunks(file, made), len(file), len(made)

    return put


def tiff(entries, exif=(), order="<"):
    """A TIFF block of (tag, type, bytes); those of the Exif directory apart."""

    def directory(items, at, more=()):
        items = sorted([*items, *more])
        body, data = struct.pack(order + "H", len(items)), b""
        data_at = at + 2 + 12 * len(items) + 4
        for tag, kind, value in items:
            n = len(value) // {3: 2, 4: 4}.get(kind, 1)
            body += struct.pack(order + "HHI", tag, kind, n)
            if len(value) <= 4:
                body += value.ljust(4, b"\0")
            else:
                body += struct.pack(order + "I", data_at + len(data))
                data += value + b"\0" * (len(value) % 2)
        return body + b"\0\0\0\0" + data

    mark = b"II*\0" if order == "<" else b"MM\0*"
    first = directory(entries, 8, [(0x8769, 4, bytes(4))] if exif else [])
    if exif:
        first = directory(entries, 8, [(0x8769, 4, struct.pack(order + "I", 8 + len(first)))])
        first += directory(exif, 8 + len(first))
    return mark + struct.pack(order + "I", 8) + first


def xmp(*, attributes="", elements=""):
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'{attributes}>{elements}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


def boxes_of(file):
    at = 0
    while at < len(file):
        (size,) = struct.unpack(">I", file[at : at + 4])
        yield at, file[at + 4 : at + 8], file[at : at + size]
        at += size


def put_bmff(file):
    """Behind ftyp. Offsets to samples are not mended: these files are not played."""
    first = len(next(boxes_of(file))[2])

    def put(data):
        made = box(b"uuid", C2PA_UUID + bytes(4) + b"manifest\0" + bytes(8) + data)
        return file[:first] + made + file[first:]

    return put


def bmff_digest(file):
    out = hashlib.sha256()
    for at, kind, data in boxes_of(file):
        if kind not in (b"ftyp", b"free", b"skip", b"mfra") and data[8:24] != C2PA_UUID:
            out.update(struct.pack(">Q", at) + data)
    return out.digest()


def atom(name, text):
    return box(name, box(b"data", struct.pack(">II", 1, 0) + text.encode()))


def meta(*tags):
    handler = box(b"hdlr", bytes(8) + b"mdirappl" + bytes(9))
    return box(b"meta", bytes(4) + handler + box(b"ilst", b"".join(tags)))


def user_data(mp4, *content):
    """A movie with udta at the end of moov."""
    out = b""
    for _, kind, data in boxes_of(mp4):
        out += box(kind, data[8:] + box(b"udta", b"".join(content))) if kind == b"moov" else data
    return out


def heif(exif, packet):
    """A picture without a picture: two items."""
    items = [struct.pack(">HH", 1, 0) + b"Exif\0", struct.pack(">HH", 2, 0) + b"mime\0application/rdf+xml\0"]
    infe = b"".join(box(b"infe", b"\2\0\0\0" + item) for item in items)
    iinf = box(b"iinf", bytes(4) + struct.pack(">H", 2) + infe)
    ftyp = box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")
    data = [struct.pack(">I", 6) + b"Exif\0\0" + exif, packet]

    def whole(at):
        places = b"".join(
            struct.pack(">HHHII", i + 1, 0, 1, at + sum(map(len, data[:i])), len(data[i])) for i in range(2)
        )
        iloc = box(b"iloc", bytes(4) + struct.pack(">HH", 0x4400, 2) + places)
        handler = box(b"hdlr", bytes(8) + b"pict" + bytes(13))
        return ftyp + box(b"meta", bytes(4) + handler + iinf + iloc) + box(b"mdat", b"".join(data))

    return whole(len(whole(0)) - sum(map(len, data)))


def frame(name, body):
    n = len(body)
    return name + bytes([n >> 21 & 127, n >> 14 & 127, n >> 7 & 127, n & 127]) + b"\0\0" + body


def with_id3(sound, *frames):
    body = b"".join(frames)
    n = len(body)
    return b"ID3\4\0\0" + bytes([n >> 21 & 127, n >> 14 & 127, n >> 7 & 127, n & 127]) + body + sound


def put_mp3(sound):
    def put(data):
        made = frame(b"GEOB", b"\0application/x-c2pa-manifest-store\0c2pa\0c2pa manifest store\0" + data)
        return with_id3(sound, made), 10, len(made)

    return put


# --- the samples

WEB_UI = (
    "a drawing of a lighthouse, <evil> & \"quoted\"\nNegative prompt: fog\nSteps: 20, Sampler: Euler a, "
    "CFG scale: 7, Seed: 1, Size: 64x64, Model hash: 0123456789, Model: paintbox_v2, Version: v1.9.4"
)
COMFY = (
    '{"3": {"class_type": "CLIPTextEncode", "inputs": {"text": "a drawing of a lighthouse"}}, '
    '"4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "paintbox_v2.safetensors"}}}'
)


def traces(jpeg, png, webp, mp4, wav, gif, mp3):
    comment = b"UNICODE\0" + WEB_UI.encode("utf-16-be")
    web_ui_exif = tiff([(0x0131, 2, b"Picture Shop 25\0")], [(0x9286, 7, comment)], ">")
    camera = tiff([(0x010F, 2, b"Plain\0"), (0x0110, 2, b"Box 1\0"), (0x010E, 2, b"my cat\0")])
    iptc = b"".join(
        b"\x1c\2" + bytes([n]) + struct.pack(">H", len(t)) + t for n, t in ((65, b"Picture Shop"), (110, b"Made with Google AI"))
    )
    packet = xmp(
        attributes='xmp:CreatorTool="Picture &amp; Shop &#x32;5"',
        elements=f"<Iptc4xmpExt:DigitalSourceType>{IPTC}compositeWithTrainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType>"
        "<Iptc4xmpExt:AISystemUsed>Dream Painter</Iptc4xmpExt:AISystemUsed>"
        "<Iptc4xmpExt:AIPromptInformation>a lighthouse</Iptc4xmpExt:AIPromptInformation>"
        "<Iptc4xmpExt:AIPromptWriterName>Some One</Iptc4xmpExt:AIPromptWriterName>",
    )
    plain_packet = xmp(attributes=f'Iptc4xmpExt:DigitalSourceType="{IPTC}trainedAlgorithmicMedia"')
    itxt = b"prompt\0\1\0\0\0" + zlib.compress(COMFY.encode())
    return {
        "camera.jpg": with_segments(jpeg, segment(0xE1, b"Exif\0\0" + camera)),
        "xmp.jpg": with_segments(jpeg, segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet)),
        "iptc.jpg": with_segments(
            jpeg, segment(0xED, b"Photoshop 3.0\x008BIM\4\4\0\0" + struct.pack(">I", len(iptc)) + iptc)
        ),
        "web_ui.jpg": with_segments(jpeg, segment(0xE1, b"Exif\0\0" + web_ui_exif)),
        "web_ui.png": with_chunks(png, chunk(b"tEXt", b"parameters\0" + WEB_UI.encode("latin-1"))),
        "comfy.png": with_chunks(png, chunk(b"iTXt", itxt)),
        "midjourney.png": with_chunks(
            png, chunk(b"zTXt", b"Description\0\0" + zlib.compress(b"a lighthouse --v 6.1 Job ID: 0000")), chunk(b"tEXt", b"Author\0someone")
        ),
        "web_ui.webp": with_riff_chunks(webp, riff_chunk(b"EXIF", web_ui_exif)),
        "xmp.webp": with_riff_chunks(webp, riff_chunk(b"XMP ", plain_packet)),
        "xmp.gif": gif[:-1] + b"\x21\xff\x0bXMP DataXMP" + plain_packet + b"\1" + bytes(range(255, -1, -1)) + b"\0;",
        "tags.mp4": user_data(
            mp4, meta(atom(b"\xa9too", "Lavf61.1.100"), atom(b"\xa9cmt", COMFY)), box(b"\xa9swr", struct.pack(">HH", 6, 0) + b"Sora 2")
        ),
        "xmp.mp4": mp4 + box(b"uuid", XMP_UUID + plain_packet),
        "items.heic": heif(camera, plain_packet),
        "tags.wav": with_riff_chunks(wav, riff_chunk(b"LIST", b"INFO" + riff_chunk(b"ISFT", b"ElevenLabs\0"))),
        "tags.mp3": with_id3(mp3, frame(b"TSSE", b"\3Lavf61.1.100\0"), frame(b"COMM", b"\1eng\xff\xfe\0\0" + "\ufeffmade with suno".encode("utf-16-le"))),
        "xmp.tif": tiff([(256, 3, b"\1\0"), (257, 3, b"\1\0"), (700, 1, plain_packet)]),
    }


def credentials(jpeg, png, webp, mp4, wav, gif, mp3, signers):
    def made(signer, statements=AI_ACTIONS, **options):
        def make(exclusions, digest):
            parts = [assertion("c2pa.actions.v2", statements), assertion("c2pa.ingredient.v3", INGREDIENT)]
            return store(manifest(signers[signer], "urn:c2pa:1", [*parts, hash_data(exclusions, digest)], **options))

        return make

    def second(exclusions, digest):
        first = manifest(signers["ES256"], "urn:c2pa:1", [assertion("c2pa.actions", CAMERA_ACTIONS)], old=True)
        parts = [assertion("c2pa.actions.v2", AI_ACTIONS), hash_data(exclusions, digest)]
        return store(first, manifest(signers["ES256"], "urn:c2pa:2", parts))

    def bare(exclusions, digest):
        return store(manifest(signers["ES256"], "urn:c2pa:1", [assertion("c2pa.actions.v2", AI_ACTIONS)]))

    def video(digest):
        parts = [assertion("c2pa.actions.v2", AI_ACTIONS), hash_bmff(digest)]
        return store(manifest(signers["ES384"], "urn:c2pa:1", parts))

    signed = sealed(put_jpeg(jpeg), made("ES256", time="20261101100000Z"))
    put = put_bmff(mp4)
    mp4_file = put(video(bmff_digest(put(video(bytes(32))))))
    return {
        "signed.jpg": signed,
        "changed.jpg": signed[:-9] + bytes([signed[-9] ^ 1]) + signed[-8:],
        "false_signature.jpg": sealed(put_jpeg(jpeg), made("ES256", spoil="signature")),
        "false_claim.jpg": sealed(put_jpeg(jpeg), made("ES256", spoil="claim")),
        "false_statement.jpg": sealed(put_jpeg(jpeg), made("ES256", spoil="assertion")),
        "uncovered.jpg": sealed(put_jpeg(jpeg), made("ES256"), extra=20),
        "in_pieces.jpg": sealed(put_jpeg(jpeg, 700), made("ES512")),
        "two.jpg": sealed(put_jpeg(jpeg), second),
        "unbound.jpg": put_jpeg(jpeg)(bare([], b""))[0],
        "signed.png": sealed(put_png(png), made("PS256", CAMERA_ACTIONS, old=True)),
        "signed.webp": sealed(put_riff(webp), made("EdDSA")),
        "signed.mp4": mp4_file,
        "changed.mp4": mp4_file[:-1] + bytes([mp4_file[-1] ^ 1]),
        "signed.wav": sealed(put_riff(wav), made("ES256")),
        "signed.mp3": sealed(put_mp3(mp3), made("ES256")),
    }


def main():
    jpeg, png = (MEDIA / "plain.jpg").read_bytes(), (MEDIA / "two_tones.png").read_bytes()
    webp, mp4 = (MEDIA / "lossy.webp").read_bytes(), (MEDIA / "timed/flat.mp4").read_bytes()
    wav = b"RIFF" + struct.pack("<I", 36 + 64) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    wav += b"data" + struct.pack("<I", 64) + bytes(range(96, 160))
    gif = b"GIF89a\1\0\1\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
    mp3 = b"\xff\xfb\x90\0" + bytes(413)
    with tempfile.TemporaryDirectory() as directory:
        signers = {name: Signer(name, directory) for name in Signer.ALGORITHMS}
        files = traces(jpeg, png, webp, mp4, wav, gif, mp3)
        files.update(credentials(jpeg, png, webp, mp4, wav, gif, mp3, signers))
    OUT.mkdir(exist_ok=True)
    for name, data in files.items():
        (OUT / name).write_bytes(data)


main()
