// What the page is told by the worker: progress, the result, and why the engine refuses a picture. The
// worker runs here with an engine that answers as it is told; the real one is tested in
// golden/wasm_test.mjs. Speaks TAP.
// usage: node worker.mjs WORKER.js STATUS.h
import assert from "node:assert";
import {readFileSync} from "node:fs";
import {pathToFileURL} from "node:url";

const [workerPath, headerPath] = process.argv.slice(2);
const names = [...readFileSync(headerPath, "utf8").matchAll(/^ {4}LK_([A-Z_]+)[, ]/gm)].map((m) => m[1]);
const memory = new WebAssembly.Memory({initial: 1});
new Uint32Array(memory.buffer, 64, 6).set([100, 200, 10, 20, 80, 120]);
let engine, begun;
const exports = {
    memory,
    lk_wasm_alloc: () => 8,
    lk_wasm_file: () => engine.file ?? 0,
    lk_wasm_shape: () => 64,
    lk_wasm_begin: (...part) => {
        begun = part;
        return engine.begin ?? 0;
    },
    lk_wasm_step: () => engine.steps.shift(),
    lk_wasm_result: () => 4,
    lk_wasm_result_bytes: () => 3,
};
WebAssembly.compileStreaming = async (response) => {
    await response;
    return {};
};
WebAssembly.instantiate = async () => ({exports});
const fetched = [];
globalThis.fetch = async (...asked) => {
    fetched.push(asked);
};
globalThis.onmessage = null;
let told;
globalThis.postMessage = (answer) => told(answer);
await import(pathToFileURL(workerPath));
globalThis.onmessage({data: {wasm: "likeness.wasm"}});

// Everything that the worker says of one picture.
async function ask(answers, more = {}) {
    engine = answers;
    const heard = [];
    await new Promise((resolve) => {
        told = (answer) => {
            heard.push(answer);
            if (answer.reason || answer.bytes) resolve();
        };
        globalThis.onmessage({data: {id: 1, file: new Blob(["x"]), ...more}});
    });
    return heard;
}

const code = (name) => {
    assert.ok(names.includes(name), name);
    return names.indexOf(name);
};
const points = {
    async "progress is told, then the prints and the shape of the picture"() {
        const heard = await ask({steps: [10, 55, 100]});
        assert.deepEqual(heard.map((h) => h.percent), [10, 55, 100, undefined]);
        assert.equal(heard[3].bytes.byteLength, 3);
        assert.deepEqual(heard[3].shape, [100, 200, 10, 20, 80, 120]);
    },
    async "the photograph is registered unless all is asked for"() {
        await ask({steps: [100]});
        assert.deepEqual(begun, [10, 20, 80, 120]);
        await ask({steps: [100]}, {all: "all"});
        assert.deepEqual(begun, [0, 0, 0, 0]);
    },
};
points["the engine is asked for by the hash of its file, once"] = async () => {
    assert.deepEqual(fetched, [["likeness.wasm", {integrity: "sha256-{likeness.wasm}"}]]);
};
const reasons = {INVALID: "flat", CORRUPT: "broken", LIMIT: "big", NOMEM: "big", INTERNAL: "broken"};
for (const [name, wanted] of Object.entries(reasons))
    points[`${name} is told as ${wanted}, wherever it comes from`] = async () => {
        for (const answers of [{file: code(name)}, {begin: code(name)}, {steps: [5, -code(name)]}])
            assert.equal((await ask(answers)).at(-1).reason, wanted);
    };

// Another worker, whose browser refuses the file: the last point, because it takes the place of the first.
points["an engine that the browser refuses is told as noengine, and no prints are made"] = async () => {
    globalThis.fetch = () => Promise.reject(new TypeError("Failed to fetch"));
    await import(pathToFileURL(workerPath) + "?refused");
    globalThis.onmessage({data: {wasm: "likeness.wasm"}});
    assert.deepEqual(await ask({steps: [100]}), [{id: 1, reason: "noengine"}]);
};

console.log(`1..${Object.keys(points).length}`);
for (const [i, [name, run]] of Object.entries(points).entries()) {
    try {
        await run();
        console.log(`ok ${i + 1} - ${name}`);
    } catch (error) {
        process.exitCode = 1;
        console.log(`not ok ${i + 1} - ${name}\n# ${String(error).replaceAll("\n", "\n# ")}`);
    }
}
