// Prints of a video or a recording. mediabunny takes the file apart, piece by piece, so that it is never
// in memory as a whole; the browser's decoders decode; our WebAssembly makes the prints. What they cannot
// do is asked for from the page (fallback.js), which has a video element and a decoder of sound files.
import {
    ADTS, AudioSampleSink, BlobSource, FLAC, Input, MATROSKA, MP3, MP4, MPEG_TS, OGG, QTFF, VideoSampleSink,
    WAVE, WEBM
} from "./mediabunny.min.mjs";
import {lumaOf} from "./pixels.js";

const FORMATS = [MP4, QTFF, MATROSKA, WEBM, MPEG_TS, MP3, OGG, WAVE, FLAC, ADTS];
const PLAIN = ["I420", "I420A", "I422", "I422A", "I444", "I444A", "NV12"]; // begin with a plane of luma
const DEEP = {I420P10: 2, I422P10: 2, I444P10: 2, I420P12: 4, I422P12: 4, I444P12: 4}; // bits too many
const TURNED = {0: [1, 2], 90: [6, 5], 180: [3, 4], 270: [8, 7]}; // clockwise, then mirrored; as in EXIF
const MAX_US = 12 * 3600e6, US = 1e6, BLOCK_MS = 1024;
const REASONS = {1: "still", 4: "big", 11: "big"}; // INVALID, LIMIT, NOMEM
// refused by the browser when it does not have this hash, which is put in when we are built
const wasm = WebAssembly.compileStreaming(
    fetch(new URL("timed.wasm", import.meta.url), {integrity: "sha256-{timed.wasm}"})).catch(() => null);

class Stopped extends Error {}

// One file in the WebAssembly module.
class Prints {
    static async begin() {
        const prints = new Prints(), module = await wasm;
        if (!module) throw new Error("noengine");
        prints.lk = (await WebAssembly.instantiate(module)).exports;
        prints.check(prints.lk.lk_wasm_timed_begin());
        return prints;
    }

    at = 0;
    size = 0;
    rate = 0;
    channels = 0;
    latest = 0; // microseconds

    check(status) {
        if (status) throw new Error(REASONS[status] ?? "broken");
    }

    // Room for n bytes, until the next call.
    room(n) {
        if (n > this.size) {
            this.size = Math.max(n, 2 * this.size);
            this.at = this.lk.lk_wasm_alloc(this.size);
            if (!this.at) throw new Error("big");
        }
        return new Uint8Array(this.lk.memory.buffer, this.at, n);
    }

    wants(time) {
        this.latest = Math.max(this.latest, time);
        if (time > MAX_US) throw new Error("long");
        return this.lk.lk_wasm_frame_wanted(time) !== 0;
    }

    // The luma is in room().
    frame(width, height, stride, offset, orientation, time) {
        this.check(this.lk.lk_wasm_frame(this.at + offset, width, height, stride, orientation, time));
    }

    // n frames of interleaved floats are in room().
    sound(n, rate, channels, time) {
        if (!this.rate) this.check(this.lk.lk_wasm_sound_begin(rate, channels));
        else if (rate !== this.rate || channels !== this.channels) throw new Error("changes");
        Object.assign(this, {rate, channels});
        this.latest = Math.max(this.latest, time + n * US / rate);
        if (this.latest > MAX_US) throw new Error("long");
        this.check(this.lk.lk_wasm_sound(this.at, n, time));
    }

    end() {
        const {lk} = this;
        this.check(lk.lk_wasm_timed_end(Math.round(this.latest / 1000)));
        const [, frames, sounds, from, to] = new Uint32Array(lk.memory.buffer, lk.lk_wasm_timed_report(), 8);
        const at = lk.lk_wasm_timed_result();
        return {frames, sounds, from, to, bytes: lk.memory.buffer.slice(at, at + lk.lk_wasm_timed_result_bytes())};
    }
}

async function putFrame(prints, sample, time) {
    const {width, height} = sample.visibleRect;
    const {format} = sample;
    const isRgb = !PLAIN.includes(format) && !DEEP[format];
    const rgb = {format: "RGBX"};
    const n = sample.allocationSize(isRgb ? rgb : {});
    const bytes = prints.room(n);
    const [{offset, stride}] = await sample.copyTo(bytes, isRgb ? rgb : {});
    const orientation = TURNED[sample.rotation][sample.flip ? 1 : 0];
    if (isRgb) {
        lumaOf(bytes, bytes);
        return prints.frame(width, height, width, 0, orientation, time);
    }
    if (DEEP[format])
        for (let y = 0; y < height; y++)
            for (let x = 0, from = offset + y * stride; x < width; x++)
                bytes[from + x] = (bytes[from + 2 * x] | bytes[from + 2 * x + 1] << 8) >> DEEP[format];
    prints.frame(width, height, stride, offset, orientation, time);
}

async function putSound(prints, sample, time) {
    const as = {planeIndex: 0, format: "f32"};
    sample.copyTo(prints.room(sample.allocationSize(as)), as);
    prints.sound(sample.numberOfFrames, sample.sampleRate, sample.numberOfChannels, time);
}

// All samples of a track; `put` takes those whose time is not before the beginning.
async function all(sink, start, job, put) {
    for await (const sample of sink.samples()) {
        try {
            if (job.stopped) throw new Stopped();
            await put(sample, sample.microsecondTimestamp - start);
        } finally {
            sample.close();
        }
    }
}

const fatal = (error) => error instanceof Stopped || ["big", "long"].includes(error.message);

// What a track gives; true when the browser's decoders did it.
async function track(get, read, notes) {
    let found;
    try {
        found = await get();
        if (!found) return true;
        if (await found.canDecode()) {
            await read(found);
            return true;
        }
    } catch (error) {
        if (fatal(error)) throw error;
        if (error.name === "NotSupportedError") return false;
        notes.add(error.message === "changes" ? "changes" : "damaged");
        return true;
    }
    return false;
}

async function opened(file) {
    if (!globalThis.VideoDecoder && !globalThis.AudioDecoder) return null;
    const input = new Input({source: new BlobSource(file), formats: FORMATS});
    try {
        if (await input.canRead()) return input;
    } catch {} // as if it could not be read
    input.dispose();
    return null;
}

// An animation, through the browser's decoder of pictures; false when it is a single picture.
async function animation(prints, file, job, tell) {
    const decoder = new ImageDecoder({data: file.stream(), type: file.type});
    await decoder.completed;
    const n = decoder.tracks.selectedTrack.frameCount;
    let time = 0;
    for (let i = 0; n > 1 && i < n; i++) {
        if (job.stopped) throw new Stopped();
        const {image} = await decoder.decode({frameIndex: i});
        if (prints.wants(time)) {
            const bytes = prints.room(image.allocationSize({format: "RGBX"}));
            await image.copyTo(bytes, {format: "RGBX"});
            lumaOf(bytes, bytes);
            prints.frame(image.visibleRect.width, image.visibleRect.height, image.visibleRect.width, 0, 1, time);
        }
        time += image.duration ?? 100000;
        image.close();
        tell(i / n);
    }
    prints.latest = time;
    decoder.close();
    return n > 1;
}

// 3:07; 1:02:03
function clock(ms) {
    const s = Math.round(ms / 1000), h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
    const pad = (n) => String(n).padStart(2, "0");
    return h ? `${h}:${pad(m)}:${pad(s % 60)}` : `${m}:${pad(s % 60)}`;
}

// A function that tells how much is done, and once that can be said, how long it will take.
function progress(id) {
    const began = Date.now();
    let told = 0;
    return (part) => {
        const percent = Math.min(99, Math.floor(100 * part));
        if (percent <= told) return;
        told = percent;
        const spent = Date.now() - began, left = spent * (1 - part) / part;
        postMessage({id, percent, left: spent > 1500 && left > 2000 ? clock(left) : ""});
    };
}

function answer(prints, notes) {
    const {bytes, frames, sounds, from, to} = prints.end();
    const end = Math.max(to, Math.min(to + BLOCK_MS, prints.latest / 1000));
    return {bytes, timed: {frames, sounds, from: clock(from), to: clock(end), notes: [...notes]}};
}

// -> what the worker says of it; null when it is a single picture.
export async function fingerprintTimed(id, file, job) {
    const prints = await Prints.begin(), tell = progress(id);
    const notes = new Set(), left = [];
    if (file.type === "image/gif") return await animation(prints, file, job, tell) ? answer(prints, []) : null;
    const input = await opened(file);
    if (!input) {
        left.push("pictures", "sound");
    } else {
        try {
            const first = await input.getFirstTimestamp().catch(() => 0);
            const start = Math.max(0, Math.round(first * US));
            const lasts = (await input.getDurationFromMetadata().catch(() => null) ?? 0) * US - start;
            const share = {of: .9, from: 0};
            const said = (time) => lasts > 0 && tell(share.from + share.of * Math.min(1, time / lasts));
            if (!await track(() => input.getPrimaryVideoTrack(), (found) =>
                all(new VideoSampleSink(found), start, job, async (sample, time) => {
                    if (time >= 0 && prints.wants(time)) await putFrame(prints, sample, time);
                    said(time);
                }), notes)) left.push("pictures");
            Object.assign(share, prints.latest ? {of: .1, from: .9} : {of: 1, from: 0});
            if (!await track(() => input.getPrimaryAudioTrack(), (found) =>
                all(new AudioSampleSink(found), start, job, async (sample, time) => {
                    await putSound(prints, sample, time);
                    said(time);
                }), notes)) left.push("sound");
        } finally {
            input.dispose();
        }
    }
    for (const kind of left.length ? await pageOf(id, job, left, prints, tell) : []) notes.add("no" + kind);
    if (left.length && !prints.latest) throw new Error("undecodable");
    return answer(prints, notes);
}

let hearing; // what the page decodes goes there

// Has the page decode what is left of a file, piece by piece: each is answered with {id, more}. -> the
// kinds that it could not decode
const pageOf = (id, job, kinds, prints, tell) => new Promise((resolve, reject) => {
    job.stop = () => reject(new Stopped()); // the page does not answer for a file that was taken out
    if (job.stopped) return job.stop();
    hearing = ({id: of, frame, sound, failed, part}) => {
        if (of !== id) return; // of a file that was taken out
        try {
            if (job.stopped) throw new Stopped();
            if (frame && prints.wants(frame.time)) {
                prints.room(frame.luma.length).set(frame.luma);
                prints.frame(frame.width, frame.height, frame.width, 0, 1, frame.time);
            }
            if (sound) {
                const {samples, rate, channels, time} = sound;
                prints.room(samples.byteLength).set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
                prints.sound(samples.length / channels, rate, channels, time);
            }
            if (failed) return resolve(failed);
            tell(part);
            postMessage({id, more: true});
        } catch (error) {
            postMessage({id, more: false});
            reject(error);
        }
    };
    postMessage({id, need: kinds});
});

export const hear = (message) => hearing?.(message);
