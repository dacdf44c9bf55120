// likeness.wasm, as the page loads it, against the vectors of the reference and against the same code
// natively. Speaks TAP.
// usage: node wasm_test.mjs MODULE VECTOR_DIRECTORY PHOTOGRAPH.jpg REGISTER
import {execFileSync} from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { framed, readPpm, toRgba, writePng } from "./picture.mjs";
import { WHOLE, readSequence } from "./sequence.mjs";

const [modulePath, vectors, photograph, register] = process.argv.slice(2);
const OK = 0, INVALID = 1, UNSUPPORTED = 2, CORRUPT = 3, LIMIT = 4;
const TURNS = 8;

let points = 0, failed = 0;
function point(ok, name, detail = "") {
    points++;
    if (!ok) failed++;
    console.log(`${ok ? "ok" : "not ok"} ${points} - ${name}`);
    if (!ok) console.log(`# ${detail}`);
}

const module = new WebAssembly.Module(fs.readFileSync(modulePath));
const lk = new WebAssembly.Instance(module, {}).exports;

function put(bytes) {
    const p = lk.lk_wasm_alloc(bytes.length || 1);
    new Uint8Array(lk.memory.buffer, p, bytes.length).set(bytes);
    return p;
}
const shape = () => [...new Uint32Array(lk.memory.buffer, lk.lk_wasm_shape(), 6)];

// Registers what was opened, step by step; `seen` receives what the page would show.
function go(status, part = [0, 0, 0, 0], seen = []) {
    status ||= lk.lk_wasm_begin(...part);
    while (status === OK && (seen.at(-1) ?? 0) < 100) {
        seen.push(lk.lk_wasm_step());
        if (seen.at(-1) < 0) status = -seen.at(-1);
    }
    return status;
}
const openFile = (bytes) => lk.lk_wasm_file(put(bytes), bytes.length);
const openPixels = (rgba, w, h) => lk.lk_wasm_rgba(put(rgba), w, h);
const fromFile = (bytes) => go(openFile(bytes));
const fromPixels = (rgba, w, h) => go(openPixels(rgba, w, h));

function errorText() {
    const bytes = new Uint8Array(lk.memory.buffer, lk.lk_wasm_error(), 256);
    return Buffer.from(bytes.subarray(0, bytes.indexOf(0))).toString();
}

const resultBytes = () => Buffer.from(
    new Uint8Array(lk.memory.buffer, lk.lk_wasm_result(), lk.lk_wasm_result_bytes()));

// The whole prints of the result; `form` is false unless it is a sequence from end to end.
function result() {
    const { form, records } = readSequence(resultBytes());
    return { form, prints: records.filter(({ kind }) => kind === WHOLE) };
}

function distance(a, b) {
    let x = BigInt("0x" + a) ^ BigInt("0x" + b), n = 0;
    for (; x; x &= x - 1n) n++;
    return n;
}

point(WebAssembly.Module.imports(module).length === 0, "the module imports nothing");
point(fs.statSync(modulePath).size <= 240_000, "the module is at most 240 kB");

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
        const { form, prints } = result();
        if (!form || prints.length < TURNS) wrong.push(`${line.file} form`);
        const want = [line.fullres.hash, ...line.fullres.dihedral.slice(1)];
        prints.slice(0, TURNS).forEach(({ hex, quality, turn }, i) => {
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

// All that is registered, whole prints and anchors, of pictures and of a part: the same bytes as
// natively. A frame of one grey around a picture is what an app leaves around a photograph.
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "wasm-"));
const names = ["A_1024x768", "A_333x257", "S_1280x720", "S_640x480", "N_300x200", "A_100x37"];
const pictures = names.map((name) => readPpm(path.join(vectors, name + ".ppm.gz")));
pictures.push(framed(pictures[3], 0, 130, 0, 210), framed(pictures[1], 40, 40, 40, 40));
const files = pictures.map(({ width, height, data }, i) => {
    const file = path.join(folder, `${i}.ppm`);
    fs.writeFileSync(file, Buffer.concat([Buffer.from(`P6 ${width} ${height} 255\n`), data]));
    return file;
});
const native = execFileSync(register, files, { encoding: "utf8", maxBuffer: 1 << 26 }).trim().split("\n");
const differing = [], slow = [], jumps = [];
let cut = 0;
pictures.forEach((picture, i) => {
    const [part, ofPart, ofAll, ms] = native[i].split(" ");
    for (const [what, wanted] of [["part", ofPart], ["all", ofAll]]) {
        const opened = openPixels(toRgba(picture), picture.width, picture.height);
        const [, , ...proposed] = shape();
        if (proposed.join() !== part) differing.push(`${i}: proposed ${proposed}, natively ${part}`);
        const before = performance.now(), seen = [];
        const status = go(opened, what === "part" ? proposed : undefined, seen);
        const took = performance.now() - before;
        const got = status === OK ? resultBytes().toString("hex") : "refused";
        if (got !== wanted) differing.push(`${i}: ${what}`);
        if (seen.some((percent, k) => percent < (seen[k - 1] ?? 0) || percent > 100)) jumps.push(`${i}: ${seen}`);
        if (what === "all") slow.push(`${picture.width} x ${picture.height}: ${took.toFixed(0)} ms, ` +
            `natively ${ms}; ${got.length / 2} bytes in ${seen.length} steps`);
    }
    cut += part !== "0,0,0,0";
});
fs.rmSync(folder, { recursive: true });
point(differing.length === 0, "what is registered is the same as natively, bit for bit", differing.join("; "));
point(jumps.length === 0, "progress only rises, and ends at 100", jumps.join("; "));
point(cut === 2, "of a picture in a flat frame the picture is proposed, of others all",
      native.map((line) => line.split(" ")[0]).join(" "));
console.log(slow.map((text) => `# ${text}`).join("\n"));
point(go(OK) === INVALID && errorText() !== "", "a picture is registered once: it is gone afterwards", errorText());
point(go(openPixels(toRgba(small), small.width, small.height), [1, 0, small.width, 1]) === INVALID,
      "a part that is not inside is refused", errorText());

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
