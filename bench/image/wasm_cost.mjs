// All the prints of a picture in WebAssembly, beside the same natively: the rows of bench_fingerprint.
// usage: node wasm_cost.mjs MODULE BENCH_FINGERPRINT ROUNDS PPM...
// Milliseconds of CPU, median of the rounds; both begin at pixels in memory and give as many records.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

const [modulePath, native, rounds, ...files] = process.argv.slice(2);
const wasm = new WebAssembly.Instance(new WebAssembly.Module(fs.readFileSync(modulePath)), {}).exports;

function readPpm(file) {
    const bytes = fs.readFileSync(file);
    const [head, w, h] = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.toString("latin1", 0, 40));
    return { width: +w, height: +h, data: bytes.subarray(head.length) };
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

function measure({ width, height, data }, purpose) {
    const p = wasm.lk_wasm_alloc(data.length), times = [];
    new Uint8Array(wasm.memory.buffer, p, data.length).set(data);
    let records = 0;
    for (let i = -2; i < rounds; i++) { // two rounds compile the code and do not count
        const before = process.cpuUsage();
        records = wasm.cost_run(p, width, height, purpose);
        const { user, system } = process.cpuUsage(before);
        if (i >= 0) times.push((user + system) / 1000);
    }
    if (records < 0) throw new Error(`refused with status ${-records}`);
    return { ms: median(times), records };
}

const said = execFileSync(native, [rounds, ...files], { encoding: "utf8" }).trim().split("\n");
const row = /(\d+) x (\d+)\s+[\d.]+\s+[\d.]+\s+([\d.]+)\s+[\d.]+ x\s+([\d.]+)\s+[\d.]+ x\s+(\d+)\s+(\d+)$/;
const rows = said.filter((line) => !/^(picture|mean| )/.test(line)).map((line) => row.exec(line).slice(1).map(Number));
const sums = [0, 0, 0, 0];
const show = (name, size, v, wrong = "") => console.log(name.slice(0, 22).padEnd(22), size.padStart(12),
    ...[v[0], v[1], v[1] / v[0], v[2], v[3], v[3] / v[2]].map((x, i) => (x.toFixed(i % 3 === 2 ? 1 : 2) +
        (i % 3 === 2 ? " x" : "")).padStart(10)), wrong);

console.log(" ".repeat(36) + "query, ms: native, WebAssembly | registration: native, WebAssembly");
files.forEach((file, i) => {
    const picture = readPpm(file), [, , query, registration, ...counts] = rows[i];
    const q = measure(picture, 0), r = measure(picture, 1);
    const v = [query, q.ms, registration, r.ms];
    v.forEach((ms, k) => (sums[k] += ms / files.length));
    const same = q.records === counts[0] && r.records === counts[1];
    show(path.basename(file), `${picture.width} x ${picture.height}`, v, same ? "" : "other records!");
    if (!same) process.exitCode = 1;
});
show("mean", "", sums);
