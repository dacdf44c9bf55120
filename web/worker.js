// Fingerprints one file at a time. Asks the network for the WebAssembly module, nothing else.
//
// in:  {wasm: url}, then {id, file}
// out: {id, item} or {id, reason, detail}; reason is a key of #texts in fingerprint.html
const OK = 0, UNSUPPORTED = 2;
const REASONS = {1: "flat", 4: "big", 11: "big"}; // INVALID, LIMIT, NOMEM
const MAX_BYTES = 100e6, MAX_PIXELS = 50e6;
const KINDS = [, "whole", "anchor", "frame", "sound"];
const FRONT_ENDS = [, "fullres", "ref512", "scaled"];
let module;

class Refusal extends Error {
    constructor(reason, detail) {
        super(detail);
        this.reason = reason;
    }
}

// A fresh instance for every file: its memory goes away with it.
function open(engine) {
    const x = engine.exports;
    const text = () => {
        const bytes = new Uint8Array(x.memory.buffer, x.lk_wasm_error());
        return new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0)));
    };
    const run = (bytes, call) => {
        const at = x.lk_wasm_alloc(bytes.length);
        if (at === 0) throw new Refusal("big");
        new Uint8Array(x.memory.buffer).set(bytes, at);
        const status = call(at);
        x.lk_wasm_free(at);
        return status;
    };
    return {
        text,
        file: (bytes) => run(bytes, (at) => x.lk_wasm_fingerprint(at, bytes.length)),
        rgba: (p) => run(p.data, (at) => x.lk_wasm_fingerprint_rgba(at, p.width, p.height)),
        result: () => x.memory.buffer.slice(x.lk_wasm_result(),
            x.lk_wasm_result() + x.lk_wasm_result_bytes()),
    };
}

// The binary form of docs/formats/print.md as the JSON that is shown and sent.
function itemOf(buffer) {
    const view = new DataView(buffer);
    const n = view.getUint32(8, true);
    const records = [];
    let at = 16 + 36 * view.getUint8(6);
    for (let i = 0; i < n; i++, at += 44) {
        const print = new Uint8Array(buffer, at + 12, 32);
        records.push({
            kind: KINDS[view.getUint8(at)],
            front_end: FRONT_ENDS[view.getUint8(at + 1)],
            quality: view.getUint8(at + 2),
            turn: view.getUint8(at + 11),
            print: Array.from(print, (b) => b.toString(16).padStart(2, "0")).join(""),
        });
    }
    return {medium: "image", records};
}

// Some browsers blur what a canvas gives back, to hinder tracking. A print of that would be wrong.
function canvasIsExact(context) {
    const data = context.createImageData(16, 16);
    for (let i = 0; i < data.data.length; i++) data.data[i] = i % 4 === 3 ? 255 : (i * 37) % 256;
    context.putImageData(data, 0, 0);
    const back = context.getImageData(0, 0, 16, 16).data;
    return data.data.every((value, i) => value === back[i]);
}

// Formats that our own decoder does not know, through the browser's; over white, as ours does.
async function pixelsOf(file) {
    let bitmap;
    try {
        bitmap = await createImageBitmap(file);
    } catch {
        throw new Refusal("decoder");
    }
    const {width, height} = bitmap;
    if (width * height > MAX_PIXELS) throw new Refusal("big");
    const context = new OffscreenCanvas(Math.max(width, 16), Math.max(height, 16))
        .getContext("2d", {willReadFrequently: true});
    if (!context || !canvasIsExact(context)) throw new Refusal("canvas");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0);
    bitmap.close();
    return context.getImageData(0, 0, width, height);
}

async function fingerprint(file) {
    if (file.size > MAX_BYTES) throw new Refusal("big");
    const engine = open(await WebAssembly.instantiate(module));
    let status = engine.file(new Uint8Array(await file.arrayBuffer()));
    if (status === UNSUPPORTED) status = engine.rgba(await pixelsOf(file));
    if (status === OK) return itemOf(engine.result());
    throw new Refusal(REASONS[status] ?? "broken", engine.text());
}

let queue = Promise.resolve();

async function handle({data}) {
    if (data.wasm) {
        module = await WebAssembly.compileStreaming(fetch(data.wasm));
        return;
    }
    try {
        if (!module) throw new Refusal("noengine");
        postMessage({id: data.id, item: await fingerprint(data.file)});
    } catch (error) {
        postMessage({id: data.id, reason: error.reason ?? "broken", detail: error.message});
    }
}

onmessage = (event) => {
    queue = queue.then(() => handle(event)).catch(() => {});
};
