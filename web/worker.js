// Fingerprints one file at a time. Asks the network for our modules, nothing else.
//
// in:  {wasm: url}, then {id, file, all}; all: not only the photograph within the picture
//      {stop: id}: nobody waits for it any more
//      {heard, ...}: pieces that the page has decoded (fallback.js)
// out: {id, percent, left}, then {id, bytes, shape}: the prints (docs/formats/print.md), the picture's
//      width and height, and x, y, width, height of a photograph within it, 0 where it is all
//      or {id, bytes, timed: {frames, sounds, from, to, notes}} of a video or a recording: prints of
//      either kind, the first and the last time (ms), what was not read
//      or {id, reason}, a key of #texts in fingerprint.html
//      {id, need}, {id, more}: the page is to decode, and to go on (timed.js)
const UNSUPPORTED = 2;
const REASONS = {1: "flat", 4: "big", 11: "big"}; // INVALID, LIMIT, NOMEM
const MAX_BYTES = 100e6, MAX_PIXELS = 50e6;
const TIMED = /\.(mp4|m4v|m4a|mov|3gp|mkv|webm|avi|ts|mts|m2ts|mp3|aac|ogg|oga|opus|flac|wav|amr)$/i;
const jobs = new Map(); // by id
let module, timed;

function check(status) {
    if (status) throw new Error(REASONS[status] ?? "broken");
}

// Formats that our own decoder does not know, through the browser's; over white, as ours does.
async function pixelsOf(file) {
    let bitmap;
    try {
        bitmap = await createImageBitmap(file);
    } catch {
        throw new Error("decoder");
    }
    const {width, height} = bitmap;
    if (width * height > MAX_PIXELS) throw new Error("big");
    const context = new OffscreenCanvas(Math.max(width, 16), Math.max(height, 16))
        .getContext("2d", {willReadFrequently: true});
    const {canvasIsExact} = await import("./pixels.js");
    if (!context || !canvasIsExact(context)) throw new Error("canvas");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0);
    bitmap.close();
    return context.getImageData(0, 0, width, height);
}

// Names tell, too: to some systems a .ts is a text.
const isTimed = ({type, name = ""}) => type.startsWith("image/") ? type === "image/gif" && "ImageDecoder" in self
    : /^(video|audio)\//.test(type) || TIMED.test(name);

// False for an animation that is a single picture.
async function fingerprintTimed(id, file, job) {
    timed ??= await import("./timed.js");
    const made = await timed.fingerprintTimed(id, file, job);
    if (made) postMessage({id, ...made});
    return Boolean(made);
}

async function fingerprint({id, file, all}) {
    const job = jobs.get(id);
    if (job.stopped || (isTimed(file) && await fingerprintTimed(id, file, job))) return;
    if (file.size > MAX_BYTES) throw new Error("big");
    // A fresh instance for every file: its memory goes away with it.
    const lk = (await WebAssembly.instantiate(module)).exports;
    const put = (bytes) => {
        const at = lk.lk_wasm_alloc(bytes.length);
        if (!at) throw new Error("big");
        new Uint8Array(lk.memory.buffer).set(bytes, at);
        return at;
    };
    const bytes = new Uint8Array(await file.arrayBuffer());
    let status = lk.lk_wasm_file(put(bytes), bytes.length);
    if (status === UNSUPPORTED) {
        const {data, width, height} = await pixelsOf(file);
        status = lk.lk_wasm_rgba(put(data), width, height);
    }
    check(status);
    const shape = [...new Uint32Array(lk.memory.buffer, lk.lk_wasm_shape(), 6)];
    check(lk.lk_wasm_begin(...(all ? [0, 0, 0, 0] : shape.slice(2))));
    for (let percent = 0; percent < 100; postMessage({id, percent})) {
        percent = lk.lk_wasm_step();
        if (percent < 0) check(-percent);
    }
    const at = lk.lk_wasm_result();
    postMessage({id, shape, bytes: lk.memory.buffer.slice(at, at + lk.lk_wasm_result_bytes())});
}

let queue = Promise.resolve();

async function handle({data}) {
    if (data.wasm) {
        // refused by the browser when it does not have this hash, which is put in when we are built
        module = await WebAssembly.compileStreaming(fetch(data.wasm, {integrity: "sha256-{likeness.wasm}"}));
        return;
    }
    try {
        if (!module) throw new Error("noengine");
        await fingerprint(data);
    } catch (error) {
        postMessage({id: data.id, reason: error.message});
    }
    jobs.delete(data.id);
}

onmessage = (event) => {
    const {id, stop, heard} = event.data;
    if (heard) return timed.hear(event.data);
    if (jobs.has(stop)) {
        jobs.get(stop).stopped = true;
        jobs.get(stop).stop?.();
    }
    if (stop !== undefined) return;
    jobs.set(id, {});
    queue = queue.then(() => handle(event)).catch(() => {});
};
