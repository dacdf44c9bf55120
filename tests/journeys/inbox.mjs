// A site run by one person: signs in with its key, sees what waits and by when, answers in two presses,
// by keyboard, without scripts, in a narrow window, in a language that runs from right to left.
// usage: node inbox.mjs LIKENESS
import {join} from "node:path";
import {faultsOfBare} from "./looks.mjs";
import {assert, finish, point} from "./tap.mjs";
import {startBrowser, startService} from "./world.mjs";

const [binary] = process.argv.slice(2);
const shots = process.env.LIKENESS_SHOTS;
const MIN_TARGET_PX = 24; // WCAG 2.5.8
const service = await startService(binary, "--site-name", "Notes", "--trusted-proxy", "--staff-header", "X-Staff",
    "--letters-organisation", "Example Helpline", "--letters-signer", "Sam Signer", "--letters-email", "notices@helpline.example");
const origin = `http://127.0.0.1:${service.port}`;
const key = service.partner("Reddit");
service.run(["admin", "staff", "add", "sam", "--role", "lead", "--proxy"]);
const print = "f8f8f0cee0f4a84f06370a2a038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";

// The desk's part: a case with two addresses, and the letter about them.
const desk = async (path, fields) => (await fetch(origin + path, {
    method: fields ? "POST" : "GET", body: fields && new URLSearchParams(fields), headers: {"X-Staff": "sam", "Accept-Language": "en"},
})).text();
async function prepare() {
    const texts = [...["https://www.reddit.com/r/one", "https://www.reddit.com/r/two"].map((text) => ({kind: "location", text})),
        {kind: "situation", text: "what=intimate\norigin=made\nmedium=picture\nage=adult\ncountry=us"}];
    const items = [{medium: "image", records: [{kind: "whole", front_end: "fullres", quality: 97, turn: 0, print}]}];
    await fetch(origin + "/v1/cases", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({age: "adult", texts, items})});
    const path = /\/desk\/case\/[0-9a-f]{32}/.exec(await desk("/desk"))[0];
    const form = /name="form" value="([0-9a-f]+)"/.exec(await desk(path))[1];
    await desk(path + "/facts", {form, authority: "in writing", facts: "She never agreed.", no_consent: "on", good_faith: "on", accurate: "on"});
    const browser = await startBrowser();
    const staff = await (await browser.newContext({extraHTTPHeaders: {"X-Staff": "sam"}, locale: "en"})).newPage();
    await staff.goto(`${origin}${path}/letters`);
    await Promise.all([staff.waitForEvent("load"), staff.click("button[value=send]")]);
    await fetch(origin + "/v1/match", {
        method: "POST", headers: {"Content-Type": "application/json", Authorization: `Bearer ${key}`}, body: JSON.stringify({prints: [print]}),
    });
    return browser;
}
const browser = await prepare();
const context = await browser.newContext({viewport: {width: 1280, height: 900}, locale: "en", javaScriptEnabled: false});
context.setDefaultTimeout(15000);
const page = await context.newPage();
const text = () => page.innerText("main");
async function looksWell(name) {
    assert.deepEqual(await faultsOfBare(page, MIN_TARGET_PX), []);
    if (shots) await page.screenshot({path: join(shots, `inbox-${name}.png`), fullPage: true});
}
const press = async (...keys) => { for (const one of keys) await page.keyboard.press(one); };

await point("it signs in by keyboard alone, and a wrong key is told so", async () => {
    await page.goto(origin + "/inbox");
    assert.match(page.url(), /\/inbox\/sign-in$/);
    await looksWell("sign-in");
    await page.focus("#key");
    await page.keyboard.type("lk_nothing");
    await press("Enter");
    await page.waitForSelector("[role=alert]");
    assert.match(await text(), /begins with lk_/);
    await looksWell("wrong-key");
    await page.focus("#key");
    await page.keyboard.type(key);
    await press("Enter");
    await page.waitForURL(/\/inbox$/);
});

await point("what waits stands there with its clock, and one press says that it is removed", async () => {
    assert.match(await text(), /reddit\.com\/r\/one[\s\S]*answer by[\s\S]*by law[\s\S]*reddit\.com\/r\/two/);
    await looksWell("list");
    await page.focus("button[value=removed] >> nth=0");
    await press("Enter");
    await page.waitForURL(/done/);
    assert.match(await page.innerText("[role=status]"), /Your answer is recorded/);
});

await point("the other takes two presses more: a reason is chosen, and the law's words stand beside it", async () => {
    const address = page.locator("li", {hasText: "/r/two"});
    await address.getByRole("link", {name: /Read, or answer otherwise/}).click();
    assert.match(await text(), /What the law expects[\s\S]*48 hours[\s\S]*not legal advice/);
    await looksWell("notice");
    await page.getByLabel(/satire or art/).check();
    await page.click("main form button");
    await page.waitForURL(/done/);
    await page.goto(origin + "/inbox?all=1");
    assert.match(await text(), /removed, you said[\s\S]*it stays, you said/);
    await looksWell("all");
});

await point("what the matcher found is there, leads to its evidence, and is answered", async () => {
    await page.click("nav >> text=Matches");
    await looksWell("matches");
    await page.getByRole("link", {name: /Other answer/}).click();
    await looksWell("match");
    await page.getByLabel("It is removed").check();
    await page.click("main form button");
    await page.waitForURL(/matches\?done/);
    assert.match(await text(), /None\./);
});

await point("narrow, dark and from right to left, nothing is lost", async () => {
    const other = await browser.newContext({viewport: {width: 320, height: 700}, locale: "ar", colorScheme: "dark", javaScriptEnabled: false});
    await other.addCookies(await context.cookies(origin + "/inbox"));
    const narrow = await other.newPage();
    for (const path of ["/inbox?all=1", "/inbox/matches?state=removed"]) {
        await narrow.goto(origin + path);
        assert.equal(await narrow.getAttribute("html", "dir"), "rtl");
        assert.deepEqual(await faultsOfBare(narrow, MIN_TARGET_PX), []);
        if (shots) await narrow.screenshot({path: join(shots, `inbox-ar-${path.length}.png`), fullPage: true});
    }
    await other.close();
});

await point("who signs out is out", async () => {
    await page.goto(origin + "/inbox");
    await page.getByRole("button", {name: "Sign out"}).click();
    await page.waitForURL(/sign-in/);
    await page.goto(origin + "/inbox");
    assert.match(page.url(), /sign-in/);
});

await browser.close();
await service.stop();
finish();
