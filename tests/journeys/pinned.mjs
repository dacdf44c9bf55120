// The modules that make prints are pinned: the browser refuses one that was changed on its way, and the
// page says that it cannot work. usage: node pinned.mjs LIKENESS PHOTO SOUND
import {assert, finish, point} from "./tap.mjs";
import {startBrowser, startService} from "./world.mjs";

const [binary, photo, sound] = process.argv.slice(2);
const service = await startService(binary);
const browser = await startBrowser();
const SECTION = Buffer.from([0, 2, 1, 0x61]); // an empty custom section: still a good module, another file
const NOENGINE = /^cannot be used: This browser does not let us work out fingerprints/;

// The page with a changed module, and a script changed as is said; what it says of a file.
async function chosen(file, module, script, change) {
    const context = await browser.newContext({locale: "en"});
    const changed = [];
    await context.route("**/" + module, async (route) => {
        const response = await route.fetch();
        changed.push(module);
        await route.fulfill({response, body: Buffer.concat([await response.body(), SECTION])});
    });
    await context.route("**/" + script, async (route) => {
        const response = await route.fetch();
        const before = await response.text(), after = change(before);
        if (after !== before) changed.push(script);
        await route.fulfill({response, body: after});
    });
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${service.port}/fingerprint`);
    await page.waitForSelector("#app:not([hidden])");
    await page.setInputFiles("#files", file);
    await page.waitForFunction(() => document.querySelectorAll("#list li").length > 0 &&
        !document.querySelector("#progress").textContent.includes("..."), null, {timeout: 30000});
    const said = (await page.locator("#list .state").innerText()).trim();
    const canSend = await page.locator("#ready").isVisible();
    await context.close();
    return {said, canSend, changed};
}

for (const [module, script, file] of [["likeness.wasm", "worker.js", photo], ["timed.wasm", "timed.js", sound]]) {
    await point(`a changed ${module} is refused: no print is made`, async () => {
        const {said, canSend, changed} = await chosen(file, module, script, (text) => text);
        assert.deepEqual(changed, [module]);
        assert.match(said, NOENGINE);
        assert.ok(!canSend);
    });
    await point(`a wrong hash in ${script} refuses the module as well`, async () => {
        const wrong = `sha256-${"A".repeat(43)}=`;
        const {said, canSend} = await chosen(file, module, script, (text) => text.replace(/sha256-[^"]+/, wrong));
        assert.match(said, NOENGINE);
        assert.ok(!canSend);
    });
    await point(`it is the hash in ${script} that refuses: without it the same module works`, async () => {
        const {said, canSend, changed} = await chosen(file, module, script,
            (text) => text.replace(/, \{integrity: "sha256-[^"]+"\}/, ""));
        assert.deepEqual(changed.sort(), [script, module].sort());
        assert.match(said, /^ready/);
        assert.ok(canSend);
    });
}

await browser.close();
await service.stop();
finish();
