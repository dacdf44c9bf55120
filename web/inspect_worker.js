// Says how a file was made: reads pieces of it, and asks the network for our module, nothing else.
//
// in:  {id, file}
// out: {id, report} (src/inspect/made_json.h), or {id} when it cannot be done here
const BLOCK = 1 << 18; // small reads come from blocks of this size
const CURVES = {"-7": ["P-256", "SHA-256"], "-35": ["P-384", "SHA-384"], "-36": ["P-521", "SHA-512"]};
const HASHES = {"-37": "SHA-256", "-38": "SHA-384", "-39": "SHA-512"};
const HOLDS = 1, FAILS = 0, UNKNOWN = -1, NO_KEY = -2;
const module = WebAssembly.compileStreaming(
    fetch(new URL("inspect.wasm", import.meta.url), {integrity: "sha256-{inspect.wasm}"})).catch(() => null);

// How WebCrypto calls an algorithm of COSE: [of the key, of the check].
function algorithmOf(number) {
    if (CURVES[number]) {
        const [namedCurve, hash] = CURVES[number];
        return [{name: "ECDSA", namedCurve}, {name: "ECDSA", hash}];
    }
    const hash = HASHES[number];
    if (hash) return [{name: "RSA-PSS", hash}, {name: "RSA-PSS", saltLength: Number(hash.slice(4)) / 8}];
    return number === -8 ? [{name: "Ed25519"}, {name: "Ed25519"}] : null;
}

async function check(number, key, message, signature) {
    const algorithm = algorithmOf(number);
    if (!algorithm || !self.crypto?.subtle) return UNKNOWN;
    let imported;
    try {
        imported = await crypto.subtle.importKey("spki", key, algorithm[0], false, ["verify"]);
    } catch (error) {
        return error.name === "NotSupportedError" ? UNKNOWN : NO_KEY;
    }
    return await crypto.subtle.verify(algorithm[1], imported, signature, message) ? HOLDS : FAILS;
}

// Reads pieces of a file at once, as the module asks for them.
function readerOf(file) {
    const slice = (at, n) => new Uint8Array(new FileReaderSync().readAsArrayBuffer(file.slice(at, at + n)));
    let block = new Uint8Array(0), blockAt = 0;
    return (offset, n) => {
        if (n > BLOCK / 4) return slice(offset, n);
        if (offset < blockAt || offset + n > blockAt + block.length) {
            block = slice(offset, BLOCK);
            blockAt = offset;
        }
        return block.subarray(offset - blockAt, offset - blockAt + n);
    };
}

async function inspect(file) {
    const read = readerOf(file);
    let lk; // a fresh instance for every file: its memory goes away with it
    const page = {
        read(offset, p, n) {
            try {
                const bytes = read(offset, n);
                if (bytes.length !== n) return 0;
                new Uint8Array(lk.memory.buffer, p >>> 0, n).set(bytes);
                return 1;
            } catch {
                return 0;
            }
        },
    };
    lk = (await WebAssembly.instantiate(await module, {page})).exports;
    const n = lk.lk_inspect_file(file.size);
    for (let i = 0; i < n; i++) {
        const [number, ...at] = new Int32Array(lk.memory.buffer, lk.lk_inspect_seal(i), 7);
        const parts = [0, 2, 4].map((k) => lk.memory.buffer.slice(at[k] >>> 0, (at[k] >>> 0) + at[k + 1]));
        lk.lk_inspect_checked(i, await check(number, ...parts));
    }
    const text = lk.lk_inspect_report() >>> 0;
    return JSON.parse(new TextDecoder().decode(lk.memory.buffer.slice(text, text + lk.lk_inspect_report_bytes())));
}

let queue = Promise.resolve();

onmessage = ({data: {id, file}}) => {
    queue = queue.then(() => inspect(file)).then((report) => postMessage({id, report}), () => postMessage({id}));
};
