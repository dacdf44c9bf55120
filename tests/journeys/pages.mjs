// Every page: accessible (axe), narrow screens, keyboard alone, light as a feather, in several
// languages, light and dark, without JavaScript.
// usage: node pages.mjs LIKENESS
import {join} from "node:path";
import {faultsOf, faultsOfBare} from "./looks.mjs";
import {FORMS, PAGES as ADDRESSES, openCase, post} from "./paths.mjs";
import {assert, finish, point} from "./tap.mjs";
import {startBrowser, startService} from "./world.mjs";

const [binary] = process.argv.slice(2);
const shots = process.env.LIKENESS_SHOTS;
const MAX_PAGE_BYTES = 60_000, MAX_SCRIPT_BYTES = 12_000;

const service = await startService(binary);
const origin = `http://127.0.0.1:${service.port}`;
const browser = await startBrowser();

// A match, so that the page which shows one is among the pages.
const {code, view} = await openCase(origin, service.partner("Examplegram"));
const PAGES = [view, ...ADDRESSES];

// From left to right: in both sizes without scripts too. (Right to left: pseudo.mjs)
for (const [size, options] of [["320 px", {viewport: {width: 320, height: 700}}], ["200 %", {viewport: {width: 640, height: 450}, deviceScaleFactor: 2}]]) {
    for (const javaScriptEnabled of [true, false]) {
        const context = await browser.newContext({...options, javaScriptEnabled, locale: "en", reducedMotion: "reduce"});
        const page = await context.newPage();
        const faults = () => javaScriptEnabled ? faultsOf(page) : faultsOfBare(page);
        for (const [name, [path, fields]] of [...Object.entries(FORMS), ["a case", ["/case", {code}]]]) {
            await point(`${name} is accessible and fits: ${size}, ${javaScriptEnabled ? "with" : "without"} scripts`, async () => {
                await post(page, origin, path, fields, "en");
                if (name === "a case") await page.click("main button[value=links]");
                assert.deepEqual(await faults(), []);
            });
        }
        if (!javaScriptEnabled) {
            for (const path of PAGES) {
                await point(`${path} is accessible and fits: ${size}, without scripts`, async () => {
                    await page.goto(origin + path);
                    assert.deepEqual(await faults(), []);
                });
            }
        }
        await context.close();
    }
}
for (const [colorScheme, lang, width] of [["light", "en", 320], ["dark", "ar", 320], ["light", "es", 1280], ["dark", "ko", 1280]]) {
    const context = await browser.newContext({
        colorScheme, locale: lang, viewport: {width, height: 700}, reducedMotion: "reduce",
    });
    const page = await context.newPage();
    for (const path of PAGES) {
        await point(`${path} is accessible and fits: ${colorScheme}, ${lang}, ${width} px`, async () => {
            await page.goto(origin + path);
            assert.equal(await page.getAttribute("html", "lang"), lang);
            assert.deepEqual(await faultsOf(page), []);
            const name = path.startsWith("/m/") ? "match" : path.slice(1) || "start";
            if (shots)
                await page.screenshot({path: join(shots, `page-${colorScheme}-${width}-${name}.png`), fullPage: true});
        });
    }
    await context.close();
}

await point("every page weighs less than 60 kB and its scripts less than 12 kB", async () => {
    for (const path of PAGES) {
        const context = await browser.newContext();
        const page = await context.newPage();
        const weights = {all: 0, script: 0};
        const bodies = [];
        context.on("response", (response) => bodies.push(response));
        await page.goto(origin + path, {waitUntil: "networkidle"});
        for (const response of bodies) {
            if (response.url().endsWith(".wasm")) continue; // has a budget of its own
            const n = (await response.body()).length;
            weights.all += n;
            if (response.url().endsWith(".js")) weights.script += n;
        }
        assert.ok(weights.all <= MAX_PAGE_BYTES, `${path}: ${weights.all} bytes`);
        assert.ok(weights.script <= MAX_SCRIPT_BYTES, `${path}: ${weights.script} bytes of scripts`);
        if (path === "/fingerprint") console.log(`# ${path}: ${weights.all} bytes, scripts ${weights.script}`);
        await context.close();
    }
});

await point("the way out is the first thing the keyboard reaches on every page", async () => {
    const page = await browser.newPage();
    for (const path of PAGES) {
        await page.goto(origin + path);
        const reached = [];
        for (let i = 0; i < 2; i++) {
            await page.keyboard.press("Tab");
            reached.push(await page.evaluate(() => document.activeElement.className));
        }
        assert.deepEqual(reached, ["leave", "skip"], path);
    }
    await page.close();
});

await point("the whole way to choosing pictures can be gone with the keyboard, focus always visible", async () => {
    const page = await browser.newPage({viewport: {width: 390, height: 844}});
    // Tab until the element is reached; every stop on the way must show where it is.
    const tabTo = async (selector) => {
        for (let i = 0; i < 30; i++) {
            await page.keyboard.press("Tab");
            const [hit, visible, free] = await page.evaluate((wanted) => {
                const node = document.activeElement;
                const shown = [node, node.nextElementSibling].filter(Boolean);
                const outlined = shown.some((n) => {
                    const style = getComputedStyle(n);
                    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
                });
                const box = node.getBoundingClientRect();
                const bar = document.querySelector(".bar").getBoundingClientRect();
                const inBar = node.closest(".bar, .skip") !== null;
                return [node.matches(wanted), outlined, inBar || box.height <= 1 || box.bottom > bar.bottom];
            }, selector);
            assert.ok(visible, `focus cannot be seen before ${selector}`);
            assert.ok(free, `the bar covers the focus before ${selector}`);
            if (hit) return;
        }
        assert.fail(`the keyboard does not reach ${selector}`);
    };
    await page.goto(origin + "/");
    await tabTo("main a[href^='/age']");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/age");
    await tabTo("#adult");
    await page.keyboard.press("Space");
    assert.ok(await page.isChecked("#adult"));
    await tabTo("main button");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/fingerprint");
    await page.waitForSelector("#app:not([hidden])");
    await tabTo("#files");
    await page.close();
});

await point("a question left open says so, and puts the cursor there", async () => {
    const page = await browser.newPage();
    await page.goto(origin + "/age");
    await page.click("main button");
    assert.match(await page.innerText("[role=alert]"), /Please choose an answer/);
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("role")), "alert");
    assert.deepEqual(await faultsOf(page), []);
    await page.close();
});

await point("a chosen language stays through links and forms", async () => {
    const page = await browser.newPage({locale: "en"});
    await page.goto(origin + "/");
    await page.click("footer a[lang=es]");
    assert.equal(await page.getAttribute("html", "lang"), "es");
    await page.click("main a[href^='/age']");
    await page.check("#unsure");
    await page.click("main button");
    assert.match(page.url(), /\/under-18\?lang=es$/);
    await page.selectOption("#country", "mx");
    await page.click("main form button");
    assert.equal(await page.getAttribute("html", "lang"), "es");
    assert.match(await page.innerText("h1"), /ayuda/);
    await page.click("footer a[lang=en]");
    assert.equal(await page.getAttribute("html", "lang"), "en");
    await page.close();
});

await point("without JavaScript all pages but one work, and that one says where to turn", async () => {
    const context = await browser.newContext({javaScriptEnabled: false});
    const page = await context.newPage();
    for (const path of PAGES.slice(0, -1)) {
        const response = await page.goto(origin + path);
        assert.equal(response.status(), 200, path);
        assert.ok(await page.locator("h1:visible").count() === 1, path);
    }
    await page.goto(origin + "/fingerprint");
    assert.match(await page.innerText("main"), /needs JavaScript[\s\S]*helpline/);
    await context.close();
});

await point("forced colours and 200 % zoom keep every control in place", async () => {
    const context = await browser.newContext({forcedColors: "active", viewport: {width: 640, height: 450}, deviceScaleFactor: 2});
    const page = await context.newPage();
    for (const path of PAGES) {
        await page.goto(origin + path);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), path);
        assert.ok(await page.locator("#leave").isVisible(), path);
    }
    await context.close();
});

await point("no page sets a cookie, and each forbids what it does not need", async () => {
    for (const path of PAGES) {
        const {headers} = await fetch(origin + path, {headers: {Accept: "text/html"}});
        assert.equal(headers.get("set-cookie"), null);
        assert.equal(headers.get("cache-control"), "no-store", path);
        assert.match(headers.get("content-security-policy"), /default-src 'none'/);
        assert.doesNotMatch(headers.get("content-security-policy"), /unsafe-inline|'unsafe-eval'|https?:/);
        assert.equal(headers.get("referrer-policy"), "no-referrer");
    }
});

await browser.close();
await service.stop();
finish();
