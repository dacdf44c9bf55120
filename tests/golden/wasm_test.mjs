// likeness.wasm, as the page loads it, against the vectors of the reference. Speaks TAP.
// usage: node wasm_test.mjs MODULE VECTOR_DIRECTORY PHOTOGRAPH.jpg
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const [modulePath, vectors, photograph] = process.argv.slice(2);
const OK = 0, INVALID = 1, UNSUPPORTED = 2, CORRUPT = 3, LIMIT = 4;
const RECORD_BYTES = 44, HEADER_BYTES = 16, TURNS = 8;

let points = 0, failed = 0;
function point(ok, name, detail = "") {
    points++;
    if (!ok) failed++;
    console.log(`${ok ? "ok" : "not ok"} ${points} - ${name}`);
    if (!ok) console.log(`# ${detail}`);
}

const module = new WebAssembly.Module(fs.readFileSync(modulePath));
const lk = new WebAssembly.Instance(module, {}).exports;

function withBytes(bytes, call) {
    const p = lk.lk_wasm_alloc(bytes.length || 1);
    new Uint8Array(lk.memory.buffer, p, bytes.length).set(bytes);
    const status = call(p);
    lk.lk_wasm_free(p);
    return status;
}
const fromFile = (bytes) => withBytes(bytes, (p) => lk.lk_wasm_fingerprint(p, bytes.length));
const fromPixels = (rgba, w, h) => withBytes(rgba, (p) => lk.lk_wasm_fingerprint_rgba(p, w, h));

function errorText() {
    const bytes = new Uint8Array(lk.memory.buffer, lk.lk_wasm_error(), 256);
    return Buffer.from(bytes.subarray(0, bytes.indexOf(0))).toString();
}

function result() {
    const bytes = Buffer.from(
        new Uint8Array(lk.memory.buffer, lk.lk_wasm_result(), lk.lk_wasm_result_bytes()));
    const prints = [];
    for (let at = HEADER_BYTES; at < bytes.length; at += RECORD_BYTES)
        prints.push({ quality: bytes[at + 2], turn: bytes[at + 11],
                      hex: bytes.subarray(at + 12, at + RECORD_BYTES).toString("hex") });
    return { magic: bytes.subarray(0, 4).toString(), bytes: bytes.length, prints };
}

function readPpm(file) {
    const bytes = zlib.gunzipSync(fs.readFileSync(file));
    const [head, kind, w, h] = /^(P[56])\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.toString("latin1", 0, 40));
    const channels = kind === "P6" ? 3 : 1;
    return { width: +w, height: +h, channels, data: bytes.subarray(head.length) };
}

function toRgba(picture, alpha = 255) {
    const n = picture.width * picture.height, out = Buffer.alloc(4 * n, alpha);
    for (let i = 0; i < n; i++)
        for (let c = 0; c < 3; c++)
            out[4 * i + c] = picture.data[picture.channels * i + (picture.channels === 3 ? c : 0)];
    return out;
}

function writePng({ width, height, data }, colourType, bits) {
    const chunk = (type, body) => {
        const out = Buffer.alloc(body.length + 12);
        out.writeUInt32BE(body.length, 0);
        out.write(type, 4, "latin1");
        body.copy(out, 8);
        return out; // the check sum stays zero: the decoder in the page does not look at it
    };
    const header = Buffer.alloc(13);
    header.writeUInt32BE(width, 0);
    header.writeUInt32BE(height, 4);
    header[8] = bits;
    header[9] = colourType;
    const stride = data.length / height, rows = [];
    for (let y = 0; y < height; y++) rows.push(Buffer.from([0]), data.subarray(y * stride, (y + 1) * stride));
    return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", header),
                          chunk("IDAT", zlib.deflateSync(Buffer.concat(rows))), chunk("IEND", Buffer.alloc(0))]);
}

function distance(a, b) {
    let x = BigInt("0x" + a) ^ BigInt("0x" + b), n = 0;
    for (; x; x &= x - 1n) n++;
    return n;
}

point(WebAssembly.Module.imports(module).length === 0, "the module imports nothing");
point(fs.statSync(modulePath).size <= 200_000, "the module is at most 200 kB");

// Every colour picture, from pixels and through a PNG file.
const lines = fs.readFileSync(path.join(vectors, "synth.jsonl"), "utf8").trim().split("\n").map(JSON.parse);
let compared = 0, refused = 0;
const wrong = [];
for (const line of lines.filter((l) => l.channels === 3)) {
    const picture = readPpm(path.join(vectors, path.basename(line.file) + ".gz"));
    const ways = {
        pixels: () => fromPixels(toRgba(picture), picture.width, picture.height),
        png: () => fromFile(writePng(picture, 2, 8)),
    };
    for (const [way, call] of Object.entries(ways)) {
        const status = call();
        if (status === INVALID) { // pictures that may not be registered
            refused++;
            if (errorText() === "") wrong.push(`${line.file} refused without a reason`);
            continue;
        }
        if (status !== OK) {
            wrong.push(`${line.file} ${way}: status ${status}, ${errorText()}`);
            continue;
        }
        compared++;
        const { magic, bytes, prints } = result();
        if (magic !== "LKSQ" || bytes !== HEADER_BYTES + TURNS * RECORD_BYTES) wrong.push(`${line.file} form`);
        const want = [line.fullres.hash, ...line.fullres.dihedral.slice(1)];
        prints.forEach(({ hex, quality, turn }, i) => {
            if (hex !== want[i] || quality !== line.fullres.quality || turn !== i)
                wrong.push(`${line.file} ${way} turn ${i}: ${hex} ${quality}`);
        });
    }
}
point(wrong.length === 0, "pixels and PNG files give the reference's prints, bit for bit", wrong.join("; "));
point(compared >= 40 && refused >= 4, "most synthetic pictures are fingerprinted, flat and tiny ones refused",
      `${compared} compared, ${refused} refused`);

// Other kinds of PNG that hold the same pixels.
const small = readPpm(path.join(vectors, "A_200x100.ppm.gz"));
const wanted = lines.find((l) => l.file.endsWith("A_200x100.ppm")).fullres.hash;
const wide = Buffer.alloc(small.data.length * 2);
small.data.forEach((v, i) => wide.writeUInt16BE(v * 257, 2 * i));
point(fromFile(writePng({ ...small, data: wide }, 2, 16)) === OK && result().prints[0].hex === wanted,
      "a PNG of 16 bits gives the print of its upper 8", errorText());
point(fromFile(writePng({ ...small, data: toRgba(small) }, 6, 8)) === OK && result().prints[0].hex === wanted,
      "an opaque alpha channel changes nothing", errorText());
const white = Buffer.from(small.data), clear = toRgba(small);
for (let i = 0; i < small.width * 40; i++) {
    white.fill(255, 3 * i, 3 * i + 3);
    clear[4 * i + 3] = 0;
}
fromFile(writePng({ ...small, data: white }, 2, 8));
const overWhite = result().prints[0].hex;
point(fromFile(writePng({ ...small, data: clear }, 6, 8)) === OK && result().prints[0].hex === overWhite &&
      overWhite !== wanted, "transparent pixels count as white", errorText());

// A photograph, end to end. The decoder of the page rounds a little otherwise than libjpeg.
const jpeg = fs.readFileSync(photograph);
const PHOTOGRAPH = "b5a30cf6c80c31296df3d893b25e16599c9a2dba6535631967c1f0242f411eff";
point(fromFile(jpeg) === OK && distance(result().prints[0].hex, PHOTOGRAPH) <= 4 &&
      result().prints[0].quality >= 50, "a JPEG photograph is within 4 bits of libjpeg's",
      errorText() || result().prints[0].hex);
const exif = Buffer.from("\xff\xe1\x00\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0", "latin1");
const turned = Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]);
const straight = result().prints;
point(fromFile(turned) === OK && distance(result().prints[1].hex, straight[0].hex) <= 20 &&
      distance(result().prints[0].hex, straight[0].hex) > 60,
      "the orientation in EXIF turns the picture", errorText());

// What must not give a print.
const failsWith = (name, bytes, status) => {
    const got = fromFile(bytes);
    point(got === status && errorText().length > 0 && lk.lk_wasm_result_bytes() === 0, name,
          `status ${got}, '${errorText()}'`);
};
failsWith("a JPEG cut short is an error", jpeg.subarray(0, jpeg.length - 1000), CORRUPT);
failsWith("a PNG cut short is an error", writePng(small, 2, 8).subarray(0, 900), CORRUPT);
failsWith("an empty file is not supported", Buffer.alloc(0), UNSUPPORTED);
failsWith("a WebP is not supported: the browser may know it",
          Buffer.from("RIFF\x10\0\0\0WEBPVP8 \0\0\0\0", "latin1"), UNSUPPORTED);
const bomb = writePng({ width: 60000, height: 60000, data: Buffer.alloc(60000) }, 2, 8);
failsWith("a picture of 3,600 megapixels meets a limit", bomb, LIMIT);
const gif = Buffer.from("GIF89a\x02\x00\x02\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\0\0\0\0\x02\0\x02\0\0\x02\x02\x84\x51\0;", "latin1");
failsWith("a GIF of 2 x 2 is refused as too small", gif, INVALID);
failsWith("a GIF cut short is an error", gif.subarray(0, gif.length - 4), CORRUPT);

console.log(`1..${points}`);
process.exit(failed ? 1 : 0);
