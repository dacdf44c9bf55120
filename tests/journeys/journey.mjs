// One case from end to end: a person registers a photograph, a platform finds a copy and answers,
// the person reads the answer and withdraws. On the way: what leaves the browser, byte for byte.
// usage: node journey.mjs LIKENESS PHOTOS
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {WHOLE, readSequence} from "../golden/sequence.mjs";
import {assert, finish, point} from "./tap.mjs";
import {startBrowser, startElsewhere, startService, tapWire} from "./world.mjs";

const [binary, photos] = process.argv.slice(2);
const shots = process.env.LIKENESS_SHOTS;
const SECRET_NAME = "IMG_2026-11-01 Anna's bedroom.jpg";
const SEEN_AT = "https://example.org/posts/4711?author=someone&x=<b>";
const HEADERS = new Set(["host", "connection", "content-length", "content-type", "accept",
    "accept-encoding", "accept-language", "origin", "user-agent", "pragma", "cache-control",
    "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform", "sec-fetch-dest", "sec-fetch-mode",
    "sec-fetch-site", "sec-fetch-storage-access", "priority", "dnt", "sec-gpc", "idempotency-key"]);

const elsewhere = await startElsewhere();
const service = await startService(binary, "--leave-url", elsewhere.url);
const wire = await tapWire(service.port);
const browser = await startBrowser();
const context = await browser.newContext({viewport: {width: 390, height: 844}, acceptDownloads: true});
await context.grantPermissions(["clipboard-read", "clipboard-write"], {origin: wire.origin});
context.setDefaultTimeout(15000);
const page = await context.newPage();
const asked = [];
const troubles = [];
context.on("request", (request) => asked.push(request.url()));
page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
page.on("pageerror", (error) => troubles.push(String(error)));

async function picture(name, options = {}) {
    if (!shots) return;
    const seen = options.page ?? page;
    await seen.keyboard.press("Control+Home");
    await seen.screenshot({path: join(shots, `${name}.png`), ...options.how});
}

async function api(key, path, body) {
    const response = await fetch(`http://127.0.0.1:${service.port}${path}`, {
        method: body ? "POST" : "GET",
        headers: {Authorization: `Bearer ${key}`, "Content-Type": "application/json"},
        body: body && JSON.stringify(body),
    });
    return {status: response.status, ...await response.json()};
}

// The answer names only the queries that met something.
async function matchesOf(key, print) {
    const answer = await api(key, "/v1/match", {prints: [print]});
    assert.equal(answer.status, 200);
    return answer.results[0]?.matches ?? [];
}

let code;
const key = service.partner("Examplegram");
const otherKey = service.partner("Vidhost");
const thirdKey = service.partner("Chatter");
const [copyPrint, otherPrint] = service.hash([join(photos, "blouse_copy.jpg"), join(photos, "jeans.jpg")]);

// --- under 18

await point("under 18 or unsure, nothing is stored and the hotlines for children are shown", async () => {
    const before = service.storedBytes();
    for (const answer of ["minor", "unsure"]) {
        await page.goto(wire.origin + "/age");
        await page.check(`#${answer}`);
        await page.click("main button");
        await page.waitForURL("**/under-18");
        await page.selectOption("#country", "gb");
        await page.click("main form button");
        const text = await page.innerText("main");
        for (const name of ["Take It Down", "Report Remove", "Internet Watch Foundation", "INHOPE"])
            assert.match(text, new RegExp(name));
        assert.match(text, /We have stored nothing/);
        assert.doesNotMatch(text, /StopNCII/);
    }
    await picture("under18");
    assert.equal(service.storedBytes(), before);
});

// --- fingerprinting

await point("an adult comes from the first page to choosing pictures in two steps", async () => {
    await page.goto(wire.origin + "/");
    await picture("start");
    await page.click("main a[href^='/age']");
    await page.check("#adult");
    await page.click("main button");
    await page.waitForURL("**/fingerprint");
    await page.waitForSelector("#app:not([hidden])");
});

await point("fingerprints are made on the device: nothing is sent while that happens", async () => {
    await page.waitForLoadState("networkidle");
    wire.forget();
    await page.setInputFiles("#files", [
        {name: SECRET_NAME, mimeType: "image/jpeg", buffer: readFileSync(join(photos, "blouse_gps.jpg"))},
        {name: "flat.gif", mimeType: "image/gif", buffer: readFileSync(join(photos, "flat.gif"))},
        {name: "broken.jpg", mimeType: "image/jpeg", buffer: readFileSync(join(photos, "jeans.jpg")).subarray(0, 900)},
    ]);
    await page.waitForSelector("#ready:not([hidden])", {timeout: 30000});
    const rows = await page.locator("#list li").allInnerTexts();
    assert.match(rows[0], /ready/);
    assert.match(rows[1], /cannot be used: There is too little/);
    assert.match(rows[2], /cannot be used: This file is damaged/);
    assert.equal(await page.locator("main img, main canvas, main video").count(), 0);
    const requests = wire.requests();
    assert.deepEqual(requests.filter((r) => !/^\/assets\/.*\.(wasm|m?js)$/.test(r.target)), []);
});

// What the page shows: the first line as it is sent, then each picture's bytes in base64. The whole
// prints in them.
function readShown(text) {
    const [line, ...blocks] = text.split("\n");
    const items = blocks.map((block) => Buffer.from(block, "base64"));
    const prints = items.map((bytes) => {
        const {form, records} = readSequence(bytes);
        assert.ok(form, "not a sequence");
        return records.filter(({kind}) => kind === WHOLE).map(({hex}) => hex);
    });
    return {line: JSON.parse(line), prints, sent: Buffer.concat([Buffer.from(line + "\n"), ...items])};
}

function distance(a, b) {
    const differing = (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2);
    return differing.replaceAll("0", "").length;
}

await point("a format that our decoder does not know goes through the browser", async () => {
    await page.setInputFiles("#files", join(photos, "blouse.webp"));
    await page.waitForFunction(() => document.querySelectorAll("#list li").length === 4 &&
        !document.getElementById("ready").hidden);
    assert.match(await page.locator("#list li").nth(3).innerText(), /ready/);
    const [ours, theirs] = readShown(await page.locator("#bytes").textContent()).prints;
    const nearest = Math.min(...ours.map((print) => distance(print, theirs[0])));
    assert.ok(nearest <= 10, `the two decoders' prints are ${nearest} bits apart`);
    await page.locator("#list li button").nth(3).click();
    await page.locator("#list li button").nth(2).click();
    await page.locator("#list li button").nth(1).click();
});

await point("what leaves is exactly what the page shows, and nothing else", async () => {
    await page.fill("#links", `${SEEN_AT}\n\n`);
    await page.waitForFunction(() => document.getElementById("bytes").textContent.includes("own_key"));
    const shown = await page.locator("#bytes").textContent();
    const {line, prints, sent} = readShown(shown);
    const ticket = await page.innerText("#ticket");
    assert.match(await page.innerText("#count"), new RegExp(`^${sent.length.toLocaleString("en")} bytes`));
    await page.focus("#send");
    await picture("fingerprint", {how: {fullPage: true}});
    wire.forget();
    await page.click("#send");
    await page.waitForSelector("#made:not([hidden])", {timeout: 30000});
    const requests = wire.requests().filter((r) => !/^\/assets\/.*\.js$/.test(r.target));
    assert.deepEqual(requests.map((r) => `${r.method} ${r.target}`), ["POST /v1/cases"]);
    assert.ok(requests[0].body.equals(sent), "other bytes were sent than are shown");
    assert.equal(requests[0].headers["content-type"], "application/vnd.likeness.case");
    for (const name of Object.keys(requests[0].headers))
        assert.ok(HEADERS.has(name), `header ${name} was sent`);
    assert.match(requests[0].headers["idempotency-key"], /^\d{20,40}$/);
    assert.equal(requests[0].headers["idempotency-key"], ticket);
    assert.deepEqual(Object.keys(line), ["age", "texts", "own_key"]);
    assert.equal(line.texts[0].kind, "location");
    for (const box of [line.texts[0].own, line.texts[0].desk])
        assert.equal(Buffer.from(box, "base64url").length, SEEN_AT.length + 48);
    assert.equal(Buffer.from(line.own_key, "base64url").length, 32);
    assert.equal(prints.length, 1);
    assert.ok(sent.length <= 16384, `${sent.length} bytes for one picture`);
});

await point("no file name, size, camera, place or pixel has left in the whole visit", async () => {
    const sent = wire.bytes();
    const file = readFileSync(join(photos, "blouse_gps.jpg"));
    const secrets = ["Anna", "bedroom", "IMG_2026", "SECRETCAM", "03:14:15", "flat.gif", "broken.jpg",
        String(file.length), "example.org", "someone"];
    for (const secret of secrets) assert.ok(!sent.includes(secret), `${secret} was sent`);
    for (let at = 300; at + 24 < file.length; at += 997) {
        const piece = file.subarray(at, at + 24);
        assert.ok(!sent.includes(piece), "a piece of the file was sent");
        assert.ok(!sent.includes(piece.toString("base64").slice(0, 30)), "a piece of the file was sent as text");
    }
});

await point("the browser asked no other address and stored nothing", async () => {
    const strangers = asked.filter((url) => !url.startsWith(wire.origin) && !url.startsWith("blob:"));
    assert.deepEqual(strangers, []);
    assert.deepEqual(await context.cookies(), []);
    assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length]), [0, 0]);
    assert.deepEqual(troubles, []);
});

await point("the code is shown once, can be copied, and saved as a plain file with a bland name", async () => {
    code = (await page.innerText("#code")).replace(/\s+/g, " ").trim();
    assert.match(code, /^(\d{4} ){5}\d{2}$/);
    await page.click("#copy");
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), code);
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save")]);
    assert.equal(download.suggestedFilename(), "notes.txt");
    assert.equal(readFileSync(await download.path(), "utf8"), code + "\n");
    assert.match(await page.innerText("#until"), /20\d\d/);
    await picture("code", {how: {fullPage: true}});
});

// --- the platform

await point("a smaller, recoloured, re-encoded copy matches at once; another picture does not", async () => {
    const [match] = await matchesOf(key, copyPrint);
    assert.ok(match, "the copy was not found");
    assert.match(match.grade, /^(exact|near)$/);
    assert.equal(match.tier, "self");
    assert.deepEqual(await matchesOf(key, otherPrint), []);
});

async function answer(key, reply) {
    const [match] = await matchesOf(key, copyPrint);
    const result = await api(key, `/v1/matches/${match.id}/answer`, reply);
    assert.ok(result.status < 300, JSON.stringify(result));
}

// --- the person, without JavaScript

const bare = await browser.newContext({javaScriptEnabled: false, viewport: {width: 390, height: 844}});
const plain = await bare.newPage();

async function look() {
    await plain.goto(wire.origin + "/case");
    await plain.fill("#code", code.replaceAll(" ", "-"));
    await plain.click("main button");
    await plain.click("main button[value=links]");
    return plain.innerText("main");
}

await point("with the code, and without JavaScript, the person sees that a copy was found", async () => {
    const text = await look();
    assert.match(text, /Found so far: 1/);
    assert.match(text, /File 1, found at Examplegram/);
    assert.match(text, /Found, no answer yet/);
    assert.match(text, /There may be other copies\. We see only what platforms/);
    assert.ok(text.includes(SEEN_AT), text);
    assert.equal(new URL(plain.url()).search, "");
    assert.doesNotMatch(await plain.title(), /case|picture/i);
});

await point("each answer of a platform reaches the person in plain words, with its reason", async () => {
    await answer(key, {outcome: "acknowledged"});
    assert.match(await look(), /Being looked at/);
    await answer(key, {outcome: "removed", note: "Rule 12: <b>intimate</b> pictures"});
    await answer(otherKey, {outcome: "not_actionable", reason: "location_missing"});
    assert.match(await look(), /Vidhost[\s\S]*The platform could not act[\s\S]*where exactly/);
    await answer(thirdKey, {outcome: "disputed", reason: "uploader_says_consent"});
    assert.match(await look(), /Chatter[\s\S]*Someone objected[\s\S]*you agreed/);
    await answer(otherKey, {outcome: "refused", reason: "satire_or_art"});
    const text = await look();
    assert.match(text, /Examplegram[\s\S]*Removed there/);
    assert.ok(text.includes("Rule 12: <b>intimate</b> pictures"));
    assert.match(text, /Vidhost[\s\S]*Not removed[\s\S]*satire or art/);
    assert.doesNotMatch(text, /removed from the internet/i);
    await picture("status", {page: plain, how: {fullPage: true}});
});

await point("looking again needs no code: the page carries a sealed token", async () => {
    await plain.click("main form[action^='/case'] button >> nth=0");
    assert.match(await plain.innerText("main"), /Found so far: 3/);
    assert.ok(!(await plain.content()).includes(code), "the page holds the code");
    assert.ok(!(await plain.content()).includes(code.replaceAll(" ", "")), "the page holds the code");
});

await point("a mistyped code is told apart from an unknown one, and neither shows a case", async () => {
    const type = async (text) => {
        await plain.goto(wire.origin + "/case");
        await plain.fill("#code", text);
        await plain.click("main button");
        return plain.innerText("main");
    };
    assert.match(await type(code.slice(0, -1) + ((Number(code.at(-1)) + 1) % 10)), /digit is missing or mistyped/);
    assert.match(await type("1234"), /digit is missing or mistyped/);
    const unknown = await type("0000 0000 0000 0000 0000 98");
    assert.match(unknown, /We know no case/);
    assert.doesNotMatch(unknown, /Examplegram/);
});

await point("one press withdraws, the page says what is done and what is not known, and the match is gone", async () => {
    await look();
    await plain.click("main form[action^='/case/withdraw'] button");
    const text = await plain.innerText("main");
    assert.match(text, /no longer looked for/);
    assert.match(text, /What we do not know/);
    assert.deepEqual(await matchesOf(key, copyPrint), []);
    assert.deepEqual(await matchesOf(otherKey, copyPrint), []);
    await picture("withdrawn", {page: plain, how: {fullPage: true}});
});

await point("afterwards the code still shows what became of each copy, and nothing that was typed", async () => {
    const text = await look();
    assert.match(text, /This case is closed/);
    assert.match(text, /Examplegram[\s\S]*Removed there/);
    assert.ok(!text.includes("example.org"));
    assert.ok(!text.includes("Rule 12"));
    assert.equal(await plain.locator("form[action^='/case/withdraw']").count(), 0);
});

await point("when the answer is lost on the way, sending again gives the same code, once", async () => {
    const visit = await context.newPage();
    let lost;
    await visit.route("**/v1/cases", async (route) => {
        const answer = await route.fetch();
        lost ??= await answer.json();
        await route.abort();
    }, {times: 1});
    await visit.goto(wire.origin + "/fingerprint");
    await visit.setInputFiles("#files", join(photos, "jeans.jpg"));
    await visit.click("#send");
    await visit.waitForSelector("#failed:not([hidden])");
    assert.match(await visit.innerText("#failed"), /No answer came/);
    assert.equal((await matchesOf(key, otherPrint)).length, 1);
    await visit.click("#send");
    await visit.waitForSelector("#made:not([hidden])");
    assert.equal((await visit.innerText("#code")).replace(/\s+/g, " ").trim(), lost.code);
    assert.equal((await matchesOf(key, otherPrint)).length, 1);
    await visit.close();
});

await point("where the engine cannot load, the page says so and names another way", async () => {
    for (const missing of ["**/*.wasm", "**/worker.js"]) {
        const visit = await browser.newContext();
        await visit.route(missing, (route) => route.abort());
        const lone = await visit.newPage();
        await lone.goto(wire.origin + "/fingerprint", {waitUntil: "networkidle"});
        for (const name of ["jeans.jpg", "blouse_copy.jpg"]) {
            await lone.setInputFiles("#files", join(photos, name));
            await lone.waitForFunction(() => !document.querySelector("#list .state:not(.refused)"),
                null, {timeout: 5000});
        }
        assert.match(await lone.innerText("#list"), /does not let us work out fingerprints[\s\S]*helpline/);
        assert.ok(await lone.isHidden("#ready"));
        await visit.close();
    }
});

await point("what is printed is the code and nothing that explains it", async () => {
    await page.emulateMedia({media: "print"});
    assert.equal((await page.innerText("body")).replace(/\s+/g, " ").trim(), code);
    await page.emulateMedia({media: "screen"});
});

// --- leaving

await point("leaving works as a link and by Shift three times, and the way back shows no case", async () => {
    for (const act of [(p) => p.click("#leave"), async (p) => {
        for (let i = 0; i < 3; i++) await p.keyboard.press("Shift");
    }]) {
        const visit = await context.newPage();
        await visit.goto(wire.origin + "/safety");
        await visit.goto(wire.origin + "/case");
        await visit.fill("#code", code);
        await visit.click("main button");
        await visit.waitForSelector(".copies");
        await Promise.all([visit.waitForURL(elsewhere.url), act(visit)]);
        await visit.goBack();
        assert.doesNotMatch(await visit.content(), /Examplegram/);
        await visit.close();
    }
    const response = await fetch(wire.origin + "/leave", {redirect: "manual"});
    assert.equal(response.status, 303);
    assert.equal(response.headers.get("location"), elsewhere.url);
    assert.match(response.headers.get("clear-site-data"), /storage/);
});

await browser.close();
wire.close();
elsewhere.close();
await point("the service ends cleanly", async () => assert.equal(await service.stop(), 0));
finish();
