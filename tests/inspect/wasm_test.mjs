// inspect.wasm, driven by the page's own worker script, says of every sample what the program says.
// Speaks TAP. usage: node wasm_test.mjs WORKER.js MODULE.wasm LIKENESS SAMPLES
import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {readFileSync, readdirSync} from "node:fs";
import {join} from "node:path";
import {pathToFileURL} from "node:url";

const [workerPath, modulePath, binary, samples] = process.argv.slice(2);
const module = new WebAssembly.Module(readFileSync(modulePath));
const fetched = [];
WebAssembly.compileStreaming = async () => module;
globalThis.fetch = async (url, options) => fetched.push([String(url).split("/").at(-1), options]);
globalThis.self = globalThis;
globalThis.FileReaderSync = class {
    readAsArrayBuffer({bytes}) {
        return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    }
};
globalThis.onmessage = null;
let told;
globalThis.postMessage = (answer) => told(answer);
await import(pathToFileURL(workerPath));

// A file as the worker sees it; reads are counted.
function fileOf(bytes, size = bytes.length) {
    return {size, reads: 0, slice(from, to) {
        this.reads++;
        return {bytes: bytes.subarray(from, Math.min(to, bytes.length))};
    }};
}

const ask = (file) => new Promise((resolve) => {
    told = resolve;
    globalThis.onmessage({data: {id: 7, file}});
});

let points = 0;
async function point(name, run) {
    points++;
    try {
        await run();
        console.log(`ok ${points} - ${name}`);
    } catch (error) {
        process.exitCode = 1;
        console.log(`not ok ${points} - ${name}\n# ${String(error).replaceAll("\n", "\n# ")}`);
    }
}

await point("the module is asked for by the hash of its file, and imports one function alone", () => {
    assert.deepEqual(fetched, [["inspect.wasm", {integrity: "sha256-{inspect.wasm}"}]]);
    assert.deepEqual(WebAssembly.Module.imports(module), [{module: "page", name: "read", kind: "function"}]);
});
for (const name of readdirSync(samples).sort()) {
    await point(`${name}: the same report as natively`, async () => {
        const path = join(samples, name);
        const {path: _, ...want} = JSON.parse(execFileSync(binary, ["inspect", "--json", "--show-prompts", path]));
        const {id, report} = await ask(fileOf(readFileSync(path)));
        assert.equal(id, 7);
        assert.deepEqual(report, want);
    });
}
await point("of a large file few pieces are read", async () => {
    const head = Buffer.from("0000000c6674797069736f6d000000016d6461740000000200000000", "hex");
    const file = fileOf(head, 12 + 2 ** 33);
    const {report} = await ask(file);
    assert.equal(report.outcome, "not_found");
    assert.ok(file.reads < 5, `${file.reads} reads`);
});
await point("a file that cannot be read is told as such, and the next one is read", async () => {
    const {report} = await ask({size: 100, slice() { throw new Error("gone"); }});
    assert.deepEqual([report.outcome, report.notes], ["cannot_tell", ["unreadable"]]);
    assert.equal((await ask(fileOf(readFileSync(join(samples, "xmp.jpg"))))).report.says_ai, true);
});
await point("a browser that knows no signatures says that they were not checked", async () => {
    Object.defineProperty(globalThis, "crypto", {value: {}, configurable: true});
    const {report} = await ask(fileOf(readFileSync(join(samples, "signed.jpg"))));
    assert.deepEqual(report.credentials[0].signature, {result: "not_checked", why: "algorithm"});
    assert.equal(report.outcome, "found_unsigned");
});
console.log(`1..${points}`);
