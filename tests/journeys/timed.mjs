// A person registers videos and recordings: the browser decodes them, prints leave, nothing else; clips
// are found by the platform; what cannot be read here says so. usage: node timed.mjs LIKENESS CLIPS
import {execFileSync} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {faultsOf} from "./looks.mjs";
import {assert, finish, point} from "./tap.mjs";
import {startBrowser, startService, tapWire} from "./world.mjs";

const [binary, clips] = process.argv.slice(2);
const shots = process.env.LIKENESS_SHOTS;
const clip = (name) => join(clips, name);
const scratch = mkdtempSync(join(tmpdir(), "journey-timed-"));
const service = await startService(binary);
const key = service.partner("Examplegram");
const wire = await tapWire(service.port);
const browser = await startBrowser();

async function open(given) {
    const context = given ?? await browser.newContext({locale: "en", viewport: {width: 390, height: 844}});
    const page = await context.newPage();
    page.on("pageerror", (error) => console.log("# " + error.stack));
    await page.goto(wire.origin + "/fingerprint");
    await page.waitForSelector("#app:not([hidden])");
    return page;
}

async function settled(page) {
    await page.waitForFunction(() => document.querySelectorAll("#list li").length > 0 &&
        !document.querySelector("#progress").textContent.includes("..."), null, {timeout: 60000});
    return (await page.locator("#list .state").allInnerTexts()).map((text) => text.trim());
}

// What would be sent, as the file that `likeness match --protocol` reads: not needed natively, the service
// is asked instead.
const sequences = (text) => text.split("\n").slice(1).map((line) => Buffer.from(line, "base64"));
const mediumOf = (bytes) => ["", "image", "video", "audio"][bytes[5]];

// What the service knows of a file, asked as a platform does, with our own program.
async function matchesOf(file) {
    const made = JSON.parse(execFileSync(binary, ["hash", "--query", "--json", file], {encoding: "utf8"}));
    const response = await fetch(`http://127.0.0.1:${service.port}/v1/match`, {
        method: "POST",
        headers: {"Authorization": `Bearer ${key}`, "Content-Type": "application/json"},
        body: JSON.stringify({sequences: [made.sequence]}),
    });
    const answer = await response.json();
    assert.equal(response.status, 200, JSON.stringify(answer));
    return answer.results.flatMap((result) => result.matches);
}

const without = (matches, known) => matches.filter((m) => !known.some((k) => k.id === m.id));

async function send(page) {
    await page.click("#send");
    await page.waitForSelector("#made:not([hidden])", {timeout: 30000});
    return (await page.innerText("#code")).trim();
}

// Every file that this browser can read, and what natively reads the same.
const READ = {
    "h264_aac.mp4": "video", "h264_aac.mkv": "video", "h264_aac.ts": "video", "fast.mov": "video",
    "vp9_opus.webm": "video", "vp8_vorbis.webm": "video", "variable.mp4": "video", "turned.mp4": "video",
    "edit_list.mp4": "video", "animated.gif": "video",
    "sound.mp3": "audio", "sound.ogg": "audio", "sound.flac": "audio", "sound.wav": "audio",
    "sound.aac": "audio", "six.m4a": "audio",
};

for (const [name, medium] of Object.entries(READ))
    await point(`${name}: prints made in the browser are those of the same file made natively`, async () => {
        const page = await open();
        await page.setInputFiles("#files", clip(name));
        const [state] = await settled(page);
        assert.match(state, /^ready: \d+ fingerprints, from 0:00 to 0:0[345]\.$/);
        const [bytes] = sequences(await page.locator("#bytes").textContent());
        assert.equal(mediumOf(bytes), medium);
        const before = await matchesOf(clip(name));
        await send(page);
        const found = without(await matchesOf(clip(name)), before);
        assert.equal(found.length, 1);
        assert.match(found[0].grade, /^(exact|near)$/);
        await page.context().close();
    });

await point("several files at once, one taken out; progress, time range and the word on voices are shown", async () => {
    const page = await open();
    await page.setInputFiles("#files", ["h264_aac.mp4", "sound.ogg", "vp9_opus.webm"].map(clip));
    const states = await settled(page);
    assert.equal(states.length, 3);
    assert.ok(await page.locator("#voice").isVisible());
    assert.match(await page.locator("#voice").innerText(), /does not find the same voice saying something else/);
    await page.getByRole("button", {name: "Take out: File 2"}).click();
    assert.equal(sequences(await page.locator("#bytes").textContent()).length, 2);
    assert.equal(await page.locator("main video, main audio, main canvas, main img").count(), 0);
    assert.deepEqual(await faultsOf(page), []);
    if (shots) await page.screenshot({path: join(shots, "timed.png"), fullPage: true});
    await page.context().close();
});

await point("a file is stopped when it is taken out, and the next goes on", async () => {
    const page = await open();
    await page.setInputFiles("#files", [clip("h264_aac.mp4"), clip("sound.mp3")]);
    await page.getByRole("button", {name: "Take out: File 1"}).click();
    assert.match((await settled(page))[0], /^ready/);
    await page.context().close();
});

await point("only what is shown is sent; a clip and a recording are found, withdrawn they are not", async () => {
    const page = await open();
    const asked = [];
    page.context().on("request", (request) => asked.push(request.url()));
    await page.setInputFiles("#files", clip("h264_aac.mp4"));
    await settled(page);
    const text = await page.locator("#bytes").textContent();
    const body = Buffer.concat([Buffer.from(text.split("\n")[0] + "\n"), ...sequences(text)]);
    wire.forget();
    const code = await send(page);
    assert.ok(wire.requests().some((r) => r.target === "/v1/cases" && r.body.equals(body)));
    const file = readFileSync(clip("h264_aac.mp4"));
    for (let at = 300; at + 24 < file.length; at += 997)
        assert.ok(!wire.bytes().includes(file.subarray(at, at + 24)), "a piece of the file was sent");
    assert.deepEqual(asked.filter((url) => !url.startsWith(wire.origin) && !url.startsWith("blob:")), []);
    const before = await matchesOf(clip("mpeg2_mp2.ts"));
    const own = before.find((m) => m.evidence.time && /^(exact|near|partial)$/.test(m.grade));
    assert.ok(own, "the copy was not found");
    await page.goto(wire.origin + "/case");
    await page.fill("#code", code);
    await page.click("main button");
    await page.click("main form[action^='/case/withdraw'] button");
    await page.waitForSelector("h1:has-text('Withdrawn')");
    const after = await matchesOf(clip("mpeg2_mp2.ts"));
    assert.equal(after.length, before.length - 1);
    await page.context().close();
});

await point("what this browser cannot read is said, with the way out", async () => {
    const page = await open();
    const broken = join(scratch, "broken.mp4");
    writeFileSync(broken, readFileSync(clip("h264_aac.mp4")).subarray(0, 2000));
    await page.setInputFiles("#files", [clip("mpeg4_mp3.avi"), broken, clip("flat.mp4")]);
    const states = await settled(page);
    assert.match(states[0], /^cannot be used: .*A helpline can do it with you/);
    assert.match(states[1], /^cannot be used: /);
    assert.match(states[2], /^cannot be used: There is nothing to recognise it by/);
    await page.context().close();
});

await point("without the browser's decoders the page itself plays the file, and finds the same", async () => {
    const context = await browser.newContext({locale: "en"});
    let cut = 0;
    await context.route("**/worker.js", async (route) => {
        const response = await route.fetch();
        const gone = "delete self.VideoDecoder; delete self.AudioDecoder; delete self.ImageDecoder;\n";
        cut++;
        await route.fulfill({response, body: gone + await response.text()});
    });
    const page = await open(context);
    for (let i = 0; i < 100 && cut === 0; i++) await page.waitForTimeout(100);
    assert.equal(cut, 1);
    await page.setInputFiles("#files", [clip("vp9_opus.webm"), clip("sound.mp3")]);
    const states = await settled(page);
    for (const state of states) assert.match(state, /^ready: \d+ fingerprints/);
    const [video] = sequences(await page.locator("#bytes").textContent());
    assert.equal(mediumOf(video), "video");
    const before = await matchesOf(clip("vp9_opus.webm"));
    await send(page);
    const found = without(await matchesOf(clip("vp9_opus.webm")), before);
    assert.equal(found.length, 2);
    for (const {grade} of found) assert.match(grade, /^(near|partial)$/);
    await context.close();
});

await point("a file taken out before the page could decode it does not hold up the next", async () => {
    const context = await browser.newContext({locale: "en"});
    let release;
    const held = new Promise((resolve) => { release = resolve; });
    await context.route("**/worker.js", async (route) => {
        const response = await route.fetch();
        await route.fulfill({response, body: "delete self.VideoDecoder; delete self.AudioDecoder;\n" + await response.text()});
    });
    await context.route("**/timed.js", (route) => held.then(() => route.continue()));
    const page = await open(context);
    await page.setInputFiles("#files", [clip("vp9_opus.webm"), clip("sound.mp3")]);
    await page.getByRole("button", {name: "Take out: File 1"}).click();
    release();
    assert.match((await settled(page))[0], /^ready/);
    await context.close();
});

await browser.close();
wire.close();
await service.stop();
rmSync(scratch, {recursive: true, force: true});
finish();
