// A screenshot that holds a photograph: the page proposes the photograph with an outline drawing, and
// the person decides. By keyboard alone, on narrow screens, light and dark.
// usage: node part.mjs LIKENESS VECTORS
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {framed, readPpm, writePng} from "../golden/picture.mjs";
import {readSequence} from "../golden/sequence.mjs";
import {faultsOf} from "./looks.mjs";
import {assert, finish, point} from "./tap.mjs";
import {startBrowser, startService, tapWire} from "./world.mjs";

const [binary, vectors] = process.argv.slice(2);
const shots = process.env.LIKENESS_SHOTS;
const photograph = readPpm(join(vectors, "S_640x480.ppm.gz"));
const png = (picture, name) => ({name, mimeType: "image/png", buffer: writePng(picture, 2, 8)});
const screenshot = png(framed(photograph, 0, 130, 0, 610), "screenshot.png");
const bare = png(photograph, "bare.png");

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

async function ready(page) {
    await page.waitForFunction(() => document.querySelectorAll("#list li").length > 0 &&
        !document.querySelector("#progress").textContent.includes("...") &&
        !document.querySelector("#ready").hidden, null, {timeout: 30000});
    return page.locator("#bytes").textContent();
}

// Waits until what would be sent is another text than before.
async function changed(page, before) {
    await page.waitForFunction((text) => !document.querySelector("#ready").hidden &&
        document.querySelector("#bytes").textContent !== text, before, {timeout: 30000});
    return page.locator("#bytes").textContent();
}

// Of the first picture.
function shownRecords(text) {
    const {form, records} = readSequence(Buffer.from(text.split("\n")[1], "base64"));
    assert.ok(form, "not a sequence");
    return records;
}

await point("a picture that is all photograph is not asked about", async () => {
    const page = await open();
    await page.setInputFiles("#files", bare);
    await ready(page);
    assert.equal(await page.locator("#list fieldset").count(), 0);
    await page.context().close();
});

await point("of a screenshot the photograph is proposed, as an outline and in words, never the picture", async () => {
    const page = await open();
    await page.setInputFiles("#files", screenshot);
    await ready(page);
    const part = page.locator("#list fieldset");
    assert.equal(await part.count(), 1);
    assert.match(await part.innerText(), /more in this file than the photograph/);
    assert.ok(await page.getByRole("radio", {name: "Only the photograph"}).isChecked());
    assert.ok(!await page.getByRole("radio", {name: "Use all of it"}).isChecked());
    assert.equal(await page.locator("main img, main canvas, main video, main image").count(), 0);
    const drawing = page.getByRole("img", {name: /begins 0 % from the left and 11 % from the top. It is 100 % wide and 39 % high/});
    assert.equal(await drawing.count(), 1);
    const [outer, inner] = await part.locator("rect").evaluateAll((rects) => rects.map((r) => {
        const {x, y, width, height} = r.getBoundingClientRect();
        return {x, y, width, height};
    }));
    assert.ok(Math.abs(outer.height / outer.width - 1220 / 640) < 0.05, "not in true proportion");
    assert.ok(Math.abs(inner.height / outer.height - 480 / 1220) < 0.02);
    assert.ok(inner.y > outer.y && inner.y + inner.height < outer.y + outer.height);
    await page.context().close();
});

await point("either choice is registered, a change at once, and only what is shown is sent", async () => {
    const page = await open();
    await page.setInputFiles("#files", [screenshot]);
    const part = await ready(page);
    await page.getByText("Use all of it").click();
    const all = await changed(page, part);
    await page.getByText("Only the photograph").click();
    assert.equal(await changed(page, all), part);
    await page.getByText("Use all of it").click();
    assert.equal(await changed(page, part), all);
    wire.forget();
    await page.click("#send");
    await page.waitForSelector("#made:not([hidden])", {timeout: 30000});
    const {body} = wire.requests().find((r) => r.method === "POST");
    const [line, block] = all.split("\n");
    assert.ok(body.equals(Buffer.concat([Buffer.from(line + "\n"), Buffer.from(block, "base64")])));
    assert.ok(body.length <= 16384, `${body.length} bytes for one picture`);
    await page.context().close();
});

await point("the part of a screenshot has the print of the photograph alone", async () => {
    const page = await open();
    await page.setInputFiles("#files", screenshot);
    const part = shownRecords(await ready(page));
    await page.reload();
    await page.waitForSelector("#app:not([hidden])");
    await page.setInputFiles("#files", bare);
    const [{hex}] = shownRecords(await ready(page));
    assert.ok(part.some((record) => record.hex === hex), "the print of the photograph is missing");
    await page.context().close();
});

await point("the choice can be made with the keyboard alone, and the focus stays on it", async () => {
    const page = await open();
    await page.setInputFiles("#files", screenshot);
    const part = await ready(page);
    await page.focus("#files");
    const names = [];
    for (let i = 0; i < 3; i++) {
        await page.keyboard.press("Tab");
        names.push(await page.evaluate(() => document.activeElement.type ?? document.activeElement.id));
        if (names.at(-1) === "radio") break;
    }
    assert.equal(names.at(-1), "radio", names.join());
    const outlined = await page.evaluate(() => {
        const style = getComputedStyle(document.activeElement);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    });
    assert.ok(outlined, "focus cannot be seen");
    await page.keyboard.press("ArrowDown");
    await changed(page, part);
    assert.equal(await page.evaluate(() => document.activeElement.value), "all");
    await page.keyboard.press("ArrowUp");
    await page.waitForFunction((text) => document.querySelector("#bytes").textContent === text, part);
    await page.context().close();
});

await point("two pictures have two choices, each with a name of its own", async () => {
    const page = await open();
    const other = png(framed(readPpm(join(vectors, "A_1024x768.ppm.gz")), 0, 200, 0, 700), "other.png");
    await page.setInputFiles("#files", [screenshot, other]);
    await page.waitForFunction(() => document.querySelectorAll("#list fieldset").length === 2);
    const names = await page.locator("fieldset").evaluateAll((all) => all.map((g) => g.getAttribute("aria-label")));
    assert.deepEqual(names, ["File 1: part to look for", "File 2: part to look for"]);
    await page.getByText("Use all of it").first().click();
    assert.equal(await page.locator("#list input:checked").count(), 2);
    await page.context().close();
});

for (const [colorScheme, locale, width] of [["light", "en", 320], ["dark", "es", 320], ["dark", "en", 1280], ["light", "es", 1280]])
    await point(`the choice is accessible and fits: ${colorScheme}, ${locale}, ${width} px`, async () => {
        const page = await open({colorScheme, locale, viewport: {width, height: 800}, reducedMotion: "reduce"});
        await page.setInputFiles("#files", [screenshot, bare]);
        await ready(page);
        assert.deepEqual(await faultsOf(page), []);
        const heights = await page.locator("#list fieldset label").evaluateAll((all) =>
            all.map((label) => label.getBoundingClientRect().height));
        assert.ok(heights.length === 2 && heights.every((h) => h >= 44), heights.join());
        if (shots) await page.screenshot({path: join(shots, `part-${colorScheme}-${width}.png`), fullPage: true});
        await page.context().close();
    });

await browser.close();
wire.close();
await service.stop();
finish();
