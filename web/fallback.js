// What this browser plays but does not hand out piece by piece: a video is sought through on a canvas, and
// the sound of a file decoded as a whole. Slower, and not for the longest files.
import {canvasIsExact, lumaOf} from "./pixels.js";

const STEP_S = .25, MAX_SIDE = 1280, MAX_SOUND_BYTES = 300e6, RATE = 16000, PIECE = 16000 * 10;

const once = (node, good) => new Promise((resolve, reject) => {
    node.addEventListener(good, resolve, {once: true});
    node.addEventListener("error", () => reject(new Error("not played here")), {once: true});
});

async function pictures(file, put) {
    const video = document.createElement("video");
    const url = URL.createObjectURL(file);
    try {
        video.muted = true;
        video.preload = "auto";
        const known = once(video, "loadeddata");
        video.src = url;
        await known;
        const scale = Math.min(1, MAX_SIDE / Math.max(video.videoWidth, video.videoHeight));
        const [width, height] = [video.videoWidth, video.videoHeight].map((side) => Math.max(1, Math.round(side * scale)));
        const context = new OffscreenCanvas(Math.max(16, width), Math.max(16, height)).getContext("2d", {willReadFrequently: true});
        if (!video.videoWidth || !Number.isFinite(video.duration) || !canvasIsExact(context)) throw new Error("no pictures");
        for (let at = 0; at < video.duration; at += STEP_S) {
            const there = once(video, "seeked");
            video.currentTime = at;
            await there;
            context.drawImage(video, 0, 0, width, height);
            const {data} = context.getImageData(0, 0, width, height);
            const luma = new Uint8Array(width * height);
            lumaOf(data, luma);
            await put({frame: {luma, width, height, time: Math.round(at * 1e6)}, part: at / video.duration}, [luma.buffer]);
        }
    } finally {
        video.removeAttribute("src");
        URL.revokeObjectURL(url);
    }
}

async function sound(file, put) {
    if (file.size > MAX_SOUND_BYTES) throw new Error("too large to be decoded as a whole");
    const all = await new OfflineAudioContext(1, RATE, RATE).decodeAudioData(await file.arrayBuffer());
    const channels = all.numberOfChannels;
    const data = Array.from({length: channels}, (_, i) => all.getChannelData(i));
    for (let at = 0; at < all.length; at += PIECE) {
        const n = Math.min(PIECE, all.length - at);
        const samples = new Float32Array(n * channels);
        data.forEach((channel, c) => {
            for (let i = 0; i < n; i++) samples[i * channels + c] = channel[at + i];
        });
        const piece = {samples, rate: all.sampleRate, channels, time: Math.round(at / all.sampleRate * 1e6)};
        await put({sound: piece, part: at / all.length}, [samples.buffer]);
    }
}

async function decodeAll(file, kinds, put) {
    const failed = [];
    for (const kind of kinds) {
        let any = false;
        try {
            await (kind === "sound" ? sound : pictures)(file, async (piece, transfer) => {
                await put(piece, transfer);
                any = true;
            });
        } catch {} // what was had before is used
        if (!any) failed.push(kind);
    }
    return failed;
}

// Decodes these kinds of {id, file} for the worker; go(more) is called when it has taken a piece.
export async function decode(picture, kinds, worker) {
    const {id, file} = picture;
    const failed = await decodeAll(file, kinds, async (piece, transfer) => {
        if (picture.gone) throw new Error("stopped");
        const next = new Promise((resolve) => { picture.go = resolve; });
        worker.postMessage({heard: true, id, ...piece}, transfer);
        if (!await next) throw new Error("stopped");
    });
    worker.postMessage({heard: true, id, failed});
}
