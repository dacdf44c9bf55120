// In a language that nobody speaks, from right to left: what stands outside its brackets did not come
// from a catalogue. And every page is accessible from right to left, with scripts and without, narrow
// and enlarged. usage: node pseudo.mjs LIKENESS_PSEUDO
import {join} from "node:path";
import {faultsOf, faultsOfBare} from "./looks.mjs";
import {FORMS, PAGES, openCase, post} from "./paths.mjs";
import {assert, finish, point} from "./tap.mjs";
import {startBrowser, startService} from "./world.mjs";

const [binary] = process.argv.slice(2);
const shots = process.env.LIKENESS_SHOTS;
const service = await startService(binary, "--operator-name", "Op", "--operator-contact", "mailto:a@example.org");
const origin = `http://127.0.0.1:${service.port}`;
const browser = await startBrowser();
const {code, view} = await openCase(origin, service.partner("Examplegram"));
const LANG = "he";

// Text and labels with letters in them that are in no brackets. Left out: what is said to be in another
// language or isolated (names, addresses, codes), bytes, and names of platforms in a list.
function strangers() {
    const left = "bdi, pre, svg, [lang]:not(html), select[name=platform], .code, .codefield, script, style, noscript, textarea, #texts";
    const found = [];
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
        if (element.closest(left) || element.closest("head")) continue;
        const texts = node.nodeType === Node.TEXT_NODE ? [node.data]
            : ["aria-label", "title", "alt", "placeholder"].map((name) => node.getAttribute(name) ?? "");
        for (const text of texts)
            if (/\p{L}/u.test(text.replace(/⟦[^⟧]*⟧|https:\S+/gu, ""))) found.push(text.trim().slice(0, 80));
    }
    for (const holder of document.querySelectorAll("#texts, #how"))
        for (const value of Object.values(holder.dataset))
            if (!value.startsWith("⟦")) found.push(value);
    return found;
}

const WAYS = [["320 px", {viewport: {width: 320, height: 700}}], ["200 %", {viewport: {width: 640, height: 450}, deviceScaleFactor: 2}]];

async function look(page, name, withScripts) {
    assert.equal(await page.getAttribute("html", "dir"), "rtl", name);
    assert.deepEqual(await page.evaluate(strangers), [], name);
    assert.deepEqual(await (withScripts ? faultsOf(page) : faultsOfBare(page)), [], name);
}

for (const withScripts of [true, false]) {
    for (const [size, options] of WAYS) {
        const context = await browser.newContext({...options, javaScriptEnabled: withScripts, reducedMotion: "reduce"});
        const page = await context.newPage();
        const how = `${withScripts ? "with" : "without"} scripts, ${size}`;
        for (const path of [...PAGES, view]) {
            await point(`${path === view ? "a match" : path} from right to left, ${how}`, async () => {
                await page.goto(`${origin}${path}?lang=${LANG}`);
                await look(page, path, withScripts);
                if (shots && withScripts) await page.screenshot({path: join(shots, `pseudo-${options.viewport.width}${path.replaceAll("/", "-").slice(0, 20)}.png`), fullPage: true});
            });
        }
        for (const [name, [path, fields]] of [...Object.entries(FORMS), ["a case", ["/case", {code}]]]) {
            await point(`${name} from right to left, ${how}`, async () => {
                await post(page, origin, path, fields, LANG);
                if (name === "a case") await page.click("main button[value=links]");
                await look(page, name, withScripts);
                if (shots && withScripts) await page.screenshot({path: join(shots, `pseudo-${options.viewport.width}-${name.replaceAll(" ", "-")}.png`), fullPage: true});
            });
        }
        await context.close();
    }
}

await browser.close();
await point("the service ends in good order", async () => assert.equal(await service.stop(), 0));
finish();
