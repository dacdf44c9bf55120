// TAP points on standard output.
import assert from "node:assert/strict";

let points = 0;
let failures = 0;

// Runs one point; the name is a sentence. Returns whether it passed.
export async function point(name, body) {
    points++;
    try {
        await body();
        console.log(`ok ${points} - ${name}`);
        return true;
    } catch (error) {
        failures++;
        console.log(`not ok ${points} - ${name}`);
        console.log(String(error.stack ?? error).replace(/^/gm, "# "));
        return false;
    }
}

export function finish() {
    console.log(`1..${points}`);
    process.exitCode = failures === 0 ? 0 : 1;
}

export {assert};
