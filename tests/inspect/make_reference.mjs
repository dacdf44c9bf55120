// Makes the files in reference/: our own test pictures and sounds, signed by the C2PA project's library
// (npm: @contentauth/c2pa-wasm 0.13, MIT or Apache-2.0, of which nothing is kept here) with keys drawn by
// openssl and thrown away. The results are committed; likeness inspect must find each of them in order.
// usage: npm install --prefix DIR @contentauth/c2pa-wasm; node make_reference.mjs DIR
import {execFileSync} from "node:child_process";
import {createPrivateKey, sign} from "node:crypto";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join, resolve} from "node:path";
import {fileURLToPath} from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url)), MEDIA = join(HERE, "../media");
const FILES = {
    jpg: ["image/jpeg", join(MEDIA, "plain.jpg")],
    png: ["image/png", join(MEDIA, "two_tones.png")],
    webp: ["image/webp", join(MEDIA, "lossy.webp")],
    gif: ["image/gif", join(HERE, "samples/xmp.gif")],
    tif: ["image/tiff", join(HERE, "samples/xmp.tif")],
    avif: ["image/avif", join(MEDIA, "plain.avif")],
    heic: ["image/heic", join(MEDIA, "turned.heic")],
    mp4: ["video/mp4", join(MEDIA, "timed/flat.mp4")],
    wav: ["audio/wav", join(HERE, "samples/tags.wav")],
    mp3: ["audio/mpeg", join(HERE, "samples/tags.mp3")],
};
const DEFINITION = {
    claim_generator_info: [{name: "Reference", version: "2"}],
    assertions: [{
        label: "c2pa.actions.v2",
        data: {actions: [{
            action: "c2pa.created",
            digitalSourceType: "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
        }]},
    }],
};
const COSE_BYTES = 2000;

// The library reads files at once, in a browser's worker; here they lie in memory.
class MemoryBlob extends Blob {
    constructor([bytes]) {
        super([]);
        this.bytes = bytes;
    }
    get size() {
        return this.bytes.length;
    }
    slice(from, to) {
        return new MemoryBlob([this.bytes.subarray(from, to)]);
    }
}
globalThis.Blob = MemoryBlob;
globalThis.FileReaderSync = class {
    readAsArrayBuffer({bytes}) {
        return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    }
};

function drawKeys(directory) {
    const openssl = (...args) => execFileSync("openssl", args, {cwd: directory, stdio: "ignore"});
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    writeFileSync(join(directory, "leaf.cnf"), "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n" +
        "extendedKeyUsage=emailProtection\nauthorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n");
    openssl("req", "-x509", ...key, "-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=Test root/O=Likeness tests", "-days", "3650");
    openssl("req", ...key, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=Test signer/O=Likeness tests");
    openssl("x509", "-req", "-in", "leaf.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "3650", "-extfile", "leaf.cnf", "-out", "leaf.pem");
    const der = (name) => execFileSync("openssl", ["x509", "-in", name, "-outform", "DER"], {cwd: directory});
    return {key: createPrivateKey(readFileSync(join(directory, "leaf.key"))), chain: [der("leaf.pem"), der("root.pem")]};
}

const head = (major, n) => n < 24 ? Buffer.from([major << 5 | n]) : n < 256 ? Buffer.from([major << 5 | 24, n]) : Buffer.from([major << 5 | 25, n >> 8, n & 255]);
const bytesOf = (b) => Buffer.concat([head(2, b.length), b]), textOf = (t) => Buffer.concat([head(3, t.length), Buffer.from(t)]);

// COSE_Sign1 over a claim, filled up to COSE_BYTES.
function coseOf(claim, {key, chain}) {
    const headers = Buffer.concat([head(5, 2), head(0, 1), head(1, 6), head(0, 33), head(4, chain.length), ...chain.map(bytesOf)]);
    const message = Buffer.concat([head(4, 4), textOf("Signature1"), bytesOf(headers), bytesOf(Buffer.alloc(0)), bytesOf(Buffer.from(claim))]);
    const signature = sign("sha256", message, {key, dsaEncoding: "ieee-p1363"});
    const filled = (n) => Buffer.concat([head(6, 18), head(4, 4), bytesOf(headers), head(5, 1), textOf("pad"), bytesOf(Buffer.alloc(n)), Buffer.from([0xf6]), bytesOf(signature)]);
    return new Uint8Array(filled(256 + COSE_BYTES - filled(256).length));
}

const pkg = resolve(process.argv[2], "node_modules/@contentauth/c2pa-wasm/pkg");
const {initSync, WasmBuilder} = await import(join(pkg, "c2pa.js"));
initSync({module: readFileSync(join(pkg, "c2pa_bg.wasm"))});
const directory = mkdtempSync(join(tmpdir(), "keys-"));
const keys = drawKeys(directory);
for (const [ending, [type, path]] of Object.entries(FILES)) {
    const signer = {alg: "es256", reserveSize: COSE_BYTES, sign: async (claim) => coseOf(claim, keys)};
    const file = new MemoryBlob([new Uint8Array(readFileSync(path))]);
    const signed = await WasmBuilder.fromJson(JSON.stringify(DEFINITION)).sign(signer, [], type, file);
    writeFileSync(join(HERE, "reference", `signed.${ending}`), signed);
}
rmSync(directory, {recursive: true});
