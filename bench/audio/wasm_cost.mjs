// What prints of sound cost in WebAssembly: milliseconds of CPU time a second of sound.
// usage: node wasm_cost.mjs MODULE WAV
// The samples of the file, over and over for a minute, taken for sound of several rates.
import fs from "node:fs";

const [modulePath, wav] = process.argv.slice(2);
const WAV_HEADER_BYTES = 44, SECONDS = 60, REGISTRATION = 1, QUERY = 2;
const wasm = new WebAssembly.Instance(new WebAssembly.Module(fs.readFileSync(modulePath)), {}).exports;
const file = fs.readFileSync(wav);
const pcm = Array.from({ length: (file.length - WAV_HEADER_BYTES) / 2 }, (_, i) => file.readInt16LE(WAV_HEADER_BYTES + 2 * i));

console.log("    rate purpose          ms a s  x real time");
for (const rate of [16000, 44100, 48000]) {
    const n = rate * SECONDS, p = wasm.lk_wasm_alloc(4 * n);
    const x = new Float32Array(wasm.memory.buffer, p, n);
    for (let i = 0; i < n; i++) x[i] = pcm[Math.floor(i * 16000 / rate) % pcm.length] / 32768;
    for (const [purpose, name] of [[REGISTRATION, "registration"], [QUERY, "query"]]) {
        const times = [];
        for (let i = 0; i < 4; i++) { // the first compiles the code
            const before = process.cpuUsage();
            if (wasm.sound_run(p, n, rate, purpose) <= 0) throw new Error("no prints");
            const { user, system } = process.cpuUsage(before);
            if (i > 0) times.push((user + system) / 1000 / SECONDS);
        }
        const ms = times.sort((a, b) => a - b)[1];
        console.log(`${String(rate).padStart(8)} ${name.padEnd(12)} ${ms.toFixed(3).padStart(10)} ${(1000 / ms).toFixed(0).padStart(12)}`);
    }
}
