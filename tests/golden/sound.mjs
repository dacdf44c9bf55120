// Prints of sound in WebAssembly against those that are kept, bit for bit. Speaks TAP.
// usage: node sound.mjs MODULE DIRECTORY
import fs from "node:fs";
import path from "node:path";

const [modulePath, directory] = process.argv.slice(2);
const WAV_HEADER_BYTES = 44, CAP = 1 << 20;
const module = new WebAssembly.Module(fs.readFileSync(modulePath));
const wasm = new WebAssembly.Instance(module, {}).exports;
const names = fs.readdirSync(directory).filter((name) => name.endsWith(".wav")).map((name) => name.slice(0, -4));
let failed = 0;

console.log(`1..${names.length}`);
names.forEach((name, i) => {
    const pcm = fs.readFileSync(path.join(directory, name + ".wav")).subarray(WAV_HEADER_BYTES);
    const kept = fs.readFileSync(path.join(directory, name + ".lines"), "utf8").split("\n");
    const p = wasm.lk_wasm_alloc(pcm.length), out = wasm.lk_wasm_alloc(CAP);
    new Uint8Array(wasm.memory.buffer, p, pcm.length).set(pcm);
    const n = wasm.sound_text(p, pcm.length / 2, out, CAP);
    const got = Buffer.from(new Uint8Array(wasm.memory.buffer, out, n)).toString().split("\n");
    const wrong = kept.findIndex((line, k) => got[k] !== line);
    const ok = n > 0 && got.length === kept.length && wrong < 0;
    failed += !ok;
    console.log(`${ok ? "ok" : "not ok"} ${i + 1} - ${name} has the same prints in WebAssembly, at every rate`);
    if (!ok) console.log(`# ${n} bytes; line ${wrong + 1}: ${got[wrong]}`);
});
process.exit(failed ? 1 : 0);
