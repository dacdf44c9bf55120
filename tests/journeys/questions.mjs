// The questions: for every kind of situation a person is led to what applies, who helps and what
// can be done, and nothing of the answers is stored or stays in an address.
// usage: node questions.mjs LIKENESS
import {join} from "node:path";
import {assert, finish, point} from "./tap.mjs";
import {startBrowser, startService, tapWire} from "./world.mjs";
import {faultsOf} from "./looks.mjs";

const [binary] = process.argv.slice(2);
const shots = process.env.LIKENESS_SHOTS;
const MAX_PAGE_BYTES = 60_000;
const service = await startService(binary);
const wire = await tapWire(service.port);
const browser = await startBrowser();
const context = await browser.newContext({viewport: {width: 390, height: 844}, locale: "en"});
const page = await context.newPage();

// Answers one question after the other; a question that is not in the list is skipped.
async function walk(answers, seen = page) {
    await seen.goto(wire.origin + "/");
    await seen.click("main a.button:not(.plain)");
    for (let i = 0; i < 12; i++) {
        const fields = seen.locator("main form.question input[name=q]");
        if (await fields.count() === 0) {
            const on = seen.locator("main button[value=on]");
            if (await on.count() === 0) return;
            await on.click();
            continue;
        }
        const field = await fields.first().inputValue();
        const answer = answers[field];
        if (answer === undefined) {
            await seen.click("main button[value=skip]");
        } else {
            if (["country", "platform"].includes(field)) await seen.selectOption("#a1", answer);
            else await seen.check(`input[name=${field}][value=${answer}]`);
            await seen.click("main form.question button:not([name])");
        }
        assert.equal(new URL(seen.url()).pathname, "/start");
        assert.equal(new URL(seen.url()).search, "");
    }
}

async function picture(name, seen = page) {
    if (shots) await seen.screenshot({path: join(shots, `questions-${name}.png`), fullPage: true});
}

const before = service.storedBytes();

const KINDS = {
    "intimate shared": [{what: "intimate", age: "adult", origin: "real", medium: "picture", stage: "shared", country: "us", platform: "facebook", have: "both"},
        ["TAKE IT DOWN Act notice-and-removal process", "48 hours", "the person shown", "Where the content is", "StopNCII", "Report intimate images shared without consent", "Open a case"]],
    "intimate threatened": [{what: "intimate", age: "adult", stage: "threat", country: "gb"},
        ["Revenge Porn Helpline", "Rules that do not reach this", "not checked", "Open a case"]],
    "intimate made": [{what: "intimate", age: "adult", origin: "made", stage: "made", country: "gb"},
        ["Offence of making or supplying nudification tools", "Fakes: yes, the law says so", "Possessing or viewing an adult intimate image"]],
    "blackmail": [{what: "extortion", age: "adult", country: "de"},
        ["Do not pay", "Notice and action", "Germany"]],
    "voice used to cheat": [{what: "deception", age: "adult", medium: "voice", country: "in"},
        ["call your bank now", "Many laws leave out satire"]],
    "false message": [{what: "false", age: "adult", country: "gb"},
        ["Tell people who matter to you that it is false", "Many laws leave out satire"]],
    "hatred": [{what: "hate", age: "adult", country: "fr"}, ["Do not pass it on", "Notice and action"]],
    "terror": [{what: "terror", age: "adult", country: "nl"}, ["Terrorist content: removal order", "Tell the police"]],
    "harassment": [{what: "harass", age: "adult", country: "au"}, ["Keep a list", "What may be a crime"]],
    "fake account": [{what: "fake-account", age: "adult", country: "kr", platform: "instagram"}, ["pretends to be you", "Instagram"]],
    "tool": [{what: "tool", age: "adult", country: "gb"}, ["Do not try it out", "Offence of making or supplying nudification tools"]],
};
for (const [name, [answers, wanted]] of Object.entries(KINDS)) {
    await point(`${name}: what applies, who helps and what can be done`, async () => {
        await walk({safe: "yes", ...answers});
        await picture(name.replaceAll(" ", "-"));
        const text = await page.locator("main").textContent();
        for (const words of wanted) assert.ok(text.replace(/\s+/g, " ").includes(words), `${words} is missing`);
        assert.ok(text.includes("You do not need a police report"));
        assert.equal(await page.locator("main input[type=hidden][value=" + answers.what + "]").count() > 0, true);
        assert.deepEqual(await faultsOf(page), []);
    });
}

await point("every statement of the law names its source or says that nobody checked it", async () => {
    await walk({safe: "yes", what: "intimate", age: "adult", country: "gb"});
    const bare = await page.evaluate(() => [...document.querySelectorAll("article, .offences > li")]
        .filter((node) => !node.querySelector(".ref, .mark")).map((node) => node.textContent.slice(0, 60)));
    assert.deepEqual(bare, []);
    const dangling = await page.evaluate(() => [...document.querySelectorAll("a.ref")]
        .filter((node) => !document.querySelector(node.getAttribute("href"))).length);
    assert.equal(dangling, 0);
    assert.match(await page.locator("#sources").textContent(), /\(read 2026-/);
});

await point("every question but the one about age can be skipped, and that one says why", async () => {
    await walk({age: "adult"});
    assert.match(await page.innerText("h1"), /What you can do/);
    await page.goto(wire.origin + "/start");
    await page.click("main button[value=skip]");
    await page.click("main button[value=skip]");
    assert.match(await page.innerText("h1"), /Was anyone in it under 18/);
    assert.equal(await page.locator("button[value=skip]").count(), 0);
    await page.click("main form.question button:not([name])");
    assert.match(await page.innerText(".alert"), /Where someone was under 18, other helpers/);
    assert.ok(await page.evaluate(() => document.activeElement.classList.contains("alert")));
});

await point("under 18 or unsure: child hotlines first, the rule about addresses only, and no case", async () => {
    for (const age of ["minor", "unsure"]) {
        await walk({safe: "yes", what: "intimate", age, country: "gb"});
        const text = await page.innerText("main");
        for (const name of ["Take It Down", "Report Remove", "Internet Watch Foundation"])
            assert.ok(text.includes(name), `${name} is missing`);
        assert.match(text, /Write down only the web address/);
        assert.match(text, /We have stored nothing/);
        assert.doesNotMatch(text, /StopNCII|Open a case/);
        await picture(`under18-${age}`);
    }
});

await point("who is not safe is first shown whom to call, and can go on", async () => {
    await page.goto(wire.origin + "/start");
    await page.check("input[value=no]");
    await page.click("main form.question button:not([name])");
    assert.match(await page.innerText("h1"), /are you safe/);
    assert.match(await page.innerText(".numbers"), /United Kingdom\s+999/);
    await picture("danger");
    await page.click("main button[value=on]");
    assert.match(await page.innerText("h1"), /What happened/);
    await picture("what");
});

await point("of those who help, the ones who speak the page's language come first", async () => {
    const names = async (lang) => {
        await page.goto(`${wire.origin}/help?lang=${lang}`);
        await page.selectOption("#country", "de");
        await page.click("main form button");
        return page.locator(".helpers li").evaluateAll((all) => all.map((li) => li.querySelector(".small bdi").textContent));
    };
    for (const [lang, name] of [["es", "español"], ["ar", "العربية"]]) {
        const spoken = (await names(lang)).map((languages) => languages.includes(name));
        assert.ok(spoken.includes(true) && spoken.includes(false));
        const changes = spoken.filter((s, i) => i > 0 && s && !spoken[i - 1]).length;
        assert.ok(changes <= 2, spoken.join()); // national, regional, worldwide
    }
});

await point("going back and changing the language keep the answers", async () => {
    await page.goto(wire.origin + "/start");
    await page.click("main button[value=skip]");
    await page.check("input[value=extortion]");
    await page.click("main form.question button:not([name])");
    await page.click("footer button[lang=es]");
    assert.equal(await page.getAttribute("html", "lang"), "es");
    await page.click("main button[value=back]");
    assert.ok(await page.isChecked("input[value=extortion]"));
});

await point("the questions can be gone with the keyboard alone", async () => {
    const press = async (selector, key) => {
        for (let i = 0; i < 40 && !await page.evaluate((s) => document.activeElement.matches(s), selector); i++)
            await page.keyboard.press("Tab");
        assert.ok(await page.evaluate((s) => document.activeElement.matches(s), selector), `${selector} is not reached`);
        await page.keyboard.press(key);
    };
    await page.goto(wire.origin + "/");
    await press("main a.button", "Enter");
    await page.waitForURL("**/start");
    for (const field of ["safe", "what", "age"]) {
        await page.waitForSelector(`input[name=q][value=${field}]`, {state: "attached"});
        await press(`input[name=${field}]`, "Space");
        assert.ok(await page.evaluate(() => document.activeElement.checked));
        await press("main form.question button:not([name])", "Enter");
    }
    for (const field of ["origin", "medium", "stage", "country", "platform", "have"]) {
        await page.waitForSelector(`input[name=q][value=${field}]`, {state: "attached"});
        await press("button[value=skip]", "Enter");
    }
    await page.waitForSelector("#here");
    await press("#here ~ form button", "Enter");
    await page.waitForURL("**/fingerprint");
});

await point("the page for printing shows everything, and the address to pass on carries no answer", async () => {
    await walk({safe: "yes", what: "intimate", age: "adult", country: "gb"});
    assert.ok(await page.locator("main details:not([open])").count() > 0);
    await page.click("main form:has(input[name=print]) button");
    assert.equal(await page.locator("main details:not([open])").count(), 0);
    assert.equal(await page.getAttribute("main > p.small:last-of-type a", "href"), "/start");
    if (shots) await page.pdf({path: join(shots, "questions-print.pdf")});
});

await point("without JavaScript the questions work the same", async () => {
    const plain = await browser.newContext({javaScriptEnabled: false, locale: "en"});
    const seen = await plain.newPage();
    await walk({safe: "no", what: "intimate", age: "adult", origin: "made", medium: "video", stage: "shared", country: "kr", platform: "telegram", have: "link"}, seen);
    assert.match(await seen.innerText("h1"), /What you can do/);
    assert.match(await seen.innerText("main"), /In danger right now/);
    await plain.close();
});

await point("no answer for any country and kind weighs more than a page may", async () => {
    const countries = await page.evaluate(async () => {
        const text = await (await fetch("/help")).text();
        return [...text.matchAll(/<option value="([a-z]{2})"/g)].map((m) => m[1]);
    });
    assert.ok(countries.length >= 30);
    const heavy = [];
    let most = 0;
    for (const country of countries) {
        for (const what of ["", "intimate", "extortion", "deception", "false", "hate", "terror", "harass", "fake-account", "tool"]) {
            const body = new URLSearchParams({q: "have", what, age: "adult", country, platform: "facebook", have: "both"});
            const answer = await fetch(`${wire.origin}/start`, {method: "POST", body});
            const n = (await answer.text()).length;
            assert.equal(answer.status, 200, `${country} ${what}`);
            most = Math.max(most, n);
            if (n > MAX_PAGE_BYTES) heavy.push(`${country} ${what}: ${n}`);
        }
    }
    console.log(`# at most ${most} bytes`);
    assert.deepEqual(heavy, []);
});

await point("nothing of all these answers was stored", () => assert.equal(service.storedBytes(), before));

await point("nothing that was answered stood in any address", () => {
    const targets = new Set(wire.requests().map((r) => r.target.replace(/^\/assets\/.*/, "")));
    for (const target of targets) assert.doesNotMatch(target, /intimate|minor|adult|gb\b|facebook/);
});

await browser.close();
wire.close();
await point("the service ends in good order", async () => assert.equal(await service.stop(), 0));
finish();
