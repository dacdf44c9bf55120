// What the page is told when the engine refuses a picture. The worker runs here with an engine that
// answers as it is told; the real one is tested in golden/wasm_test.mjs. Speaks TAP.
// usage: node worker.mjs WORKER.js STATUS.h
import {readFileSync} from "node:fs";
import {pathToFileURL} from "node:url";

const [workerPath, headerPath] = process.argv.slice(2);
const names = [...readFileSync(headerPath, "utf8").matchAll(/^ {4}LK_([A-Z_]+)[, ]/gm)].map((m) => m[1]);
const memory = new WebAssembly.Memory({initial: 1});
let status = 0;
const exports = {
    memory,
    lk_wasm_alloc: () => 8,
    lk_wasm_free: () => {},
    lk_wasm_error: () => 0,
    lk_wasm_fingerprint: () => status,
};
WebAssembly.compileStreaming = async () => ({});
WebAssembly.instantiate = async () => ({exports});
globalThis.fetch = () => {};
globalThis.onmessage = null;
let told;
globalThis.postMessage = (answer) => told(answer);
await import(pathToFileURL(workerPath));
globalThis.onmessage({data: {wasm: "likeness.wasm"}});

const cases = {INVALID: "flat", CORRUPT: "broken", LIMIT: "big", NOMEM: "big", INTERNAL: "broken"};
console.log(`1..${Object.keys(cases).length}`);
for (const [i, [name, wanted]] of Object.entries(cases).entries()) {
    status = names.indexOf(name);
    const {reason} = await new Promise((resolve) => {
        told = resolve;
        globalThis.onmessage({data: {id: 1, file: new Blob(["x"])}});
    });
    const good = status > 0 && reason === wanted;
    if (!good) process.exitCode = 1;
    console.log(`${good ? "ok" : "not ok"} ${i + 1} - ${name} is told as ${wanted}`);
    if (!good) console.log(`# status ${status} gave ${reason}`);
}
