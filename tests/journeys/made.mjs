// How was this file made: asked on the page, answered on the device. Nothing is sent; prompts stay
// behind a step; the words can be copied, and go into the note only if the person wants it.
// usage: node made.mjs LIKENESS SAMPLES
import {join} from "node:path";
import {faultsOf} from "./looks.mjs";
import {assert, finish, point} from "./tap.mjs";
import {startBrowser, startService, tapWire} from "./world.mjs";

const [binary, samples] = process.argv.slice(2);
const shots = process.env.LIKENESS_SHOTS;
const service = await startService(binary);
const wire = await tapWire(service.port);
const browser = await startBrowser();

async function open(options = {}) {
    const context = await browser.newContext({locale: "en", viewport: {width: 390, height: 844}, ...options});
    const page = await context.newPage();
    await page.goto(wire.origin + "/fingerprint");
    await page.waitForSelector("#app:not([hidden])");
    return page;
}

async function choose(page, ...names) {
    await page.setInputFiles("#files", names.map((name) => join(samples, name)));
    await page.waitForFunction(() => !document.querySelector("#progress").textContent.includes("..."), null, {timeout: 30000});
}

async function look(page, ...names) {
    await choose(page, ...names);
    await page.click("#look");
    await page.waitForSelector("#after:not([hidden])", {timeout: 30000});
    return page.locator("#reports > section").allInnerTexts();
}

await point("the step is offered when a file was chosen, and nothing of it is loaded before it is asked for", async () => {
    wire.forget();
    const page = await open();
    assert.ok(!await page.locator("#how").isVisible());
    await choose(page, "signed.jpg");
    assert.ok(await page.locator("#look").isVisible());
    assert.deepEqual(wire.requests().filter((r) => r.target.includes("inspect")), []);
    await page.context().close();
});

await point("the fixed words are shown: signed, broken, unsigned, not found, cannot tell", async () => {
    const page = await open();
    const said = await look(page, "signed.jpg", "changed.jpg", "web_ui.png", "xmp.mp4", "false_signature.jpg");
    assert.match(said[0], /File 1 signed.jpg\s+Found, signed: a sealed statement[^]*Signature: OK\s+Statements: OK\s+Content: OK/);
    assert.match(said[0], /Signed by: Test signer ES256, Likeness tests. This name is on no list that we check/);
    assert.match(said[0], /trainedAlgorithmicMedia, Dream Painter 3.1. That means: made with AI/);
    assert.match(said[1], /Found, not signed[^]*Its seal is broken[^]*Content: wrong or changed/);
    assert.match(said[2], /Found, not signed[^]*names a program that makes media with AI[^]*Stable Diffusion makes media with AI/);
    assert.match(said[3], /Origin: trainedAlgorithmicMedia \(XMP DigitalSourceType\). That means: made with AI/);
    assert.match(said[4], /Signature: wrong or changed/);
    for (const text of said) assert.doesNotMatch(text, /\d %|\breal\b|\bfake\b|undefined|\{/);
    assert.match(await page.innerText("#after"), /that proves nothing[^]*can be forged[^]*SynthID/);
    await page.context().close();
});

await point("the result is the same as that of the program", async () => {
    const page = await open();
    const said = await look(page, "signed.mp4", "signed.webp", "signed.png", "in_pieces.jpg", "unbound.jpg");
    for (const [i, text] of said.slice(0, 4).entries()) assert.match(text, /Found, signed/, `file ${i + 1}`);
    assert.match(said[4], /Content: not checked \(tied to the file in a way that is not read here\)/);
    await page.context().close();
});

await point("a prompt is hidden until the person opens it, and is markup nowhere", async () => {
    const page = await open();
    await look(page, "web_ui.png");
    assert.match(await page.innerText("#reports"), /What a program was asked for: hidden, 190 characters/);
    assert.doesNotMatch(await page.innerText("#reports"), /lighthouse/);
    await page.click("#reports summary");
    assert.match(await page.innerText("#reports details pre"), /lighthouse, <evil> & "quoted"/);
    assert.equal(await page.locator("#reports evil").count(), 0);
    assert.deepEqual(await faultsOf(page), []);
    await page.context().close();
});

await point("nothing is sent and no other address is asked while files are looked into", async () => {
    const page = await open();
    await choose(page, "web_ui.png", "signed.jpg");
    wire.forget();
    await page.click("#look");
    await page.waitForSelector("#after:not([hidden])");
    const strangers = wire.requests().filter((r) => r.method !== "GET" || !/^\/assets\/[0-9a-f]+\/inspect(_worker)?\.(js|wasm)$/.test(r.target));
    assert.deepEqual(strangers.map((r) => `${r.method} ${r.target}`), []);
    for (const secret of ["lighthouse", "web_ui", "Dream"]) assert.ok(!wire.bytes().includes(secret), secret);
    await page.context().close();
});

await point("the words are copied as text without prompts, and go into the note only when asked to", async () => {
    const page = await open();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"], {origin: wire.origin});
    await look(page, "web_ui.png");
    await page.click("#copymade");
    await page.waitForSelector("#taken:not(:empty)");
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(text, /^How was this file made\?\nFile 1 web_ui.png\nFound, not signed[^]*- What a program was asked for: hidden, 190 characters[^]*- A trace can be forged/);
    assert.doesNotMatch(text, /lighthouse/);
    assert.equal(await page.inputValue("#note"), "");
    await page.click("#addmade");
    assert.equal(await page.inputValue("#note"), text);
    await page.waitForFunction(() => /"note"/.test(document.querySelector("#bytes").textContent));
    await page.context().close();
});

await point("all of it can be reached with the keyboard", async () => {
    const page = await open();
    await choose(page, "web_ui.png");
    const tabTo = async (selector) => {
        for (let i = 0; i < 12; i++) {
            await page.keyboard.press("Tab");
            if (await page.evaluate((s) => document.activeElement.matches(s), selector)) return;
        }
        assert.fail(`the keyboard does not reach ${selector}`);
    };
    await page.focus("#files");
    await tabTo("#look");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#after:not([hidden])");
    await tabTo("#reports summary");
    await page.keyboard.press("Enter");
    assert.ok(await page.locator("#reports details pre").isVisible());
    await tabTo("#copymade");
    await tabTo("#addmade");
    await page.context().close();
});

await point("a changed module is refused, and the page says that it cannot look", async () => {
    const page = await open();
    await page.context().route("**/inspect.wasm", async (route) => {
        const response = await route.fetch();
        await route.fulfill({response, body: Buffer.concat([await response.body(), Buffer.from([0, 2, 1, 0x61])])});
    });
    const [said] = await look(page, "signed.jpg");
    assert.match(said, /This browser cannot look into the file/);
    await page.context().close();
});

for (const [colorScheme, locale, width] of [["light", "en", 320], ["dark", "ar", 320], ["light", "hi", 1280], ["dark", "ko", 390]])
    await point(`the step is accessible and fits: ${colorScheme}, ${locale}, ${width} px`, async () => {
        const page = await open({colorScheme, locale, viewport: {width, height: 800}, reducedMotion: "reduce"});
        await look(page, "signed.jpg", "web_ui.png", "xmp.jpg", "two.jpg");
        assert.deepEqual(await faultsOf(page), []);
        if (shots) await page.screenshot({path: join(shots, `made-${locale}-${width}.png`), fullPage: true});
        await page.context().close();
    });

await browser.close();
wire.close();
await service.stop();
finish();
