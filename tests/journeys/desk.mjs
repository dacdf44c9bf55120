// A day at the desk: signing in with two factors, a case with five links at three platforms under
// two laws, letters made and sent together, one answered, one overdue and taken to the regulator,
// one back again; by keyboard too. What the desk does not need to know stays shut.
// usage: node desk.mjs LIKENESS
import {execFileSync} from "node:child_process";
import {createHmac} from "node:crypto";
import {rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {faultsOf, faultsOfBare} from "./looks.mjs";
import {assert, finish, point} from "./tap.mjs";
import {startBrowser, startService, tapWire} from "./world.mjs";

const [binary] = process.argv.slice(2);
const shots = process.env.LIKENESS_SHOTS;
const service = await startService(binary, "--site-name", "Notes", "--letters-organisation", "Example Helpline",
    "--letters-signer", "Sam Signer", "--letters-email", "notices@helpline.example", "--mail-every-seconds", "1", "--escalate", "search");
const wire = await tapWire(service.port);
const browser = await startBrowser();
service.partner("Reddit");

// RFC 6238, by itself.
function digits(secret, step) {
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const bits = [...secret].map((c) => letters.indexOf(c).toString(2).padStart(5, "0")).join("");
    const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const hash = createHmac("sha1", key).update(counter).digest();
    const at = hash[19] & 15;
    return String((hash.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, "0");
}
// Each set of digits works once: signing in again takes the next.
let step = Math.floor(Date.now() / 30000) - 1;
const nextDigits = (secret) => digits(secret, step++);

const welcome = service.run(["admin", "staff", "add", "sam", "--role", "admin"]);
const first = /password +(\S+)/.exec(welcome)[1], secret = /secret +(\S+)/.exec(welcome)[1];
const MIN_TARGET_PX = 24; // a tool for a mouse and a keyboard (WCAG 2.5.8)
const PASSWORD = "correct horse battery";

const context = await browser.newContext({viewport: {width: 1280, height: 900}, locale: "en", reducedMotion: "reduce"});
context.setDefaultTimeout(15000);
const page = await context.newPage();
const text = () => page.innerText("main");
async function picture(name, on = page) {
    if (shots) await on.screenshot({path: join(shots, `desk-${name}.png`), fullPage: true});
}
async function looksWell(on = page) {
    const faults = await faultsOf(on, MIN_TARGET_PX);
    assert.deepEqual(faults, []);
}

/** A member of staff in a browser of their own, signed in for the first time. */
async function newMember(name, role, landing) {
    const welcome = service.run(["admin", "staff", "add", name, "--role", role]);
    const password = /password +(\S+)/.exec(welcome)[1], totp = /secret +(\S+)/.exec(welcome)[1];
    const other = await browser.newContext({locale: "en"});
    const theirs = await other.newPage();
    await theirs.goto(wire.origin + "/desk/sign-in");
    await theirs.fill("#name", name);
    await theirs.fill("#password", password);
    await theirs.fill("#digits", digits(totp, Math.floor(Date.now() / 30000)));
    await theirs.keyboard.press("Enter");
    await theirs.waitForURL(/password$/);
    await theirs.fill("#present", password);
    await theirs.fill("#chosen", PASSWORD);
    await theirs.fill("#again", PASSWORD);
    await theirs.click("main form button");
    await theirs.waitForURL(landing);
    return {other, theirs};
}

const LINKS = ["https://www.facebook.com/p/SECRETONE", "https://m.facebook.com/p/SECRETTWO", "https://www.reddit.com/r/SECRETTHREE",
    "https://pics.example.net/SECRETFOUR", "https://pics.example.net/SECRETFIVE"];

async function openCase(situation, links) {
    const texts = [...links.map((link) => ({kind: "location", text: link})), {kind: "situation", text: situation},
        {kind: "note", text: "SECRETNOTE: please be quick"}];
    const answer = await fetch(wire.origin + "/v1/cases", {
        method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({age: "adult", texts}),
    });
    assert.equal(answer.status, 201);
    return (await answer.json()).code;
}

await point("nobody gets past the sign-in: pages lead there, and a form from elsewhere is refused", async () => {
    await page.goto(wire.origin + "/desk");
    assert.match(page.url(), /\/desk\/sign-in$/);
    await looksWell();
    await picture("sign-in");
    const answer = await fetch(wire.origin + "/desk/filters", {
        method: "POST", redirect: "manual", headers: {"Content-Type": "application/x-www-form-urlencoded"}, body: "name=x&query=sort=due"});
    assert.equal(answer.status, 303);
});

await point("wrong digits and a wrong password get the same words", async () => {
    const said = [];
    for (const [name, password, code] of [["sam", first, "000000"], ["sam", "wrong", nextDigits(secret)], ["eve", first, "123456"]]) {
        await page.fill("#name", name);
        await page.fill("#password", password);
        await page.fill("#digits", code);
        await page.click("main form button");
        said.push(await page.innerText("[role=alert]"));
    }
    assert.equal(new Set(said).size, 1);
    await looksWell();
});

async function signIn(password) {
    await page.goto(wire.origin + "/desk/sign-in");
    await page.fill("#name", "sam");
    await page.fill("#password", password);
    await page.fill("#digits", nextDigits(secret));
    await page.keyboard.press("Enter");
}

await point("the first password works once: before anything else another is chosen", async () => {
    await signIn(first);
    await page.waitForURL(/\/desk\/password$/);
    await page.goto(wire.origin + "/desk/staff");
    assert.match(page.url(), /\/desk\/password$/);
    await page.fill("#present", first);
    await page.fill("#chosen", "short");
    await page.fill("#again", "short");
    await page.click("main form button");
    assert.match(await page.innerText("[role=alert]"), /12/);
    await looksWell();
    await page.fill("#present", first);
    await page.fill("#chosen", PASSWORD);
    await page.fill("#again", PASSWORD);
    await page.click("main form button");
    await page.waitForURL(/\/desk$/);
});

await point("the session is in a cookie that scripts and other sites do not get", async () => {
    const [cookie] = await context.cookies();
    assert.equal(cookie.name, "desk");
    assert.ok(cookie.httpOnly);
    assert.equal(cookie.sameSite, "Strict");
    assert.equal(cookie.path, "/desk");
    assert.equal(cookie.expires, -1);
});

const code = await openCase("what=intimate\norigin=made\nmedium=picture\nstage=shared\nage=adult\ncountry=ie", LINKS);

await point("a new case stands in the queue, without a word of what is in it", async () => {
    await page.goto(wire.origin + "/desk");
    assert.match(await text(), /not looked at yet/);
    assert.doesNotMatch(await text(), /SECRET/);
    await looksWell();
    await picture("queue");
});

await point("by keyboard alone the case is opened", async () => {
    await page.keyboard.press("j");
    await page.keyboard.press("o");
    await page.waitForURL(/\/desk\/case\/[0-9a-f]{32}$/);
    assert.match(await text(), /SECRETONE/);
    assert.match(await text(), /SECRETNOTE/);
    assert.equal(await page.locator('main a[href*="facebook"]').count(), 0); // no address is a link
});
const caseUrl = page.url();

await point("letters that lack what a law asks for are not sent, and say what is missing", async () => {
    await page.keyboard.press("l");
    await page.waitForURL(/\/letters$/);
    assert.match(await text(), /the law asks for more/);
    assert.match(await text(), /Statement made in good faith/);
    await page.click("button[value=send]");
    assert.match(await text(), /the letter lacks/);
    await looksWell();
    await picture("letters-missing");
});

const started = Date.now();
await point("the facts are asked once, and fill the letters to three platforms", async () => {
    await page.goto(caseUrl);
    await page.selectOption("select[name=harm]", "3");
    await page.fill("input[name=language]", "en");
    await page.fill("input[name=authority]", "in writing, 2026-11-20");
    await page.fill("textarea[name=facts]", "The person never agreed, and said so to the poster.");
    for (const box of ["no_consent", "good_faith", "accurate"]) await page.check(`input[name=${box}]`);
    await page.click("button[name=then]");
    await page.waitForURL(/\/letters$/);
    const body = await text();
    assert.equal(await page.locator("section.letter").count(), 3);
    assert.doesNotMatch(body, /the law asks for more/);
    assert.match(body, /The law gives 48 hours/);
    const laws = await page.locator("select[name^=regime]").evaluateAll((all) => all.map((one) => one.value));
    assert.deepEqual(laws, ["us-tida", "us-tida", "eu-dsa16"]);
    await picture("letters");
    await looksWell();
});

await point("beside a letter under a law's clock stands what goes by itself if nobody answers", async () => {
    assert.match(await text(), /prepared letters to search engines go by themselves/);
    assert.equal(await page.locator("section.letter").nth(2).locator("fieldset").count(), 0); // no law's clock
    const search = page.locator("section.letter").first().locator("fieldset .row").first();
    await search.locator("input[type=checkbox]").check();
    await search.locator("input[name^=later_address]").fill("removals@search.example");
    await picture("letters-later");
});

await point("all go out together: one into the inbox, one for their form, one by mail", async () => {
    await page.fill("input[name=address2]", "abuse@pics.example.net");
    await page.click("button[value=send]");
    await page.waitForURL(caseUrl);
    const body = await text();
    assert.equal((body.match(/delivered/g) ?? []).length, 1);
    assert.equal((body.match(/ready, not out yet/g) ?? []).length, 4);
    await looksWell();
    await picture("case-sent");
});
const handMs = Date.now() - started;

await point("what waits for a clock is seen at its address, and a person stops it", async () => {
    for (let left = 2; left > 0; left--) {
        assert.equal((await text()).match(/Goes by itself/g).length, left);
        await page.click("button[name=go][value=no]");
        await page.waitForURL(/\/wait$/);
        assert.match(await text(), /The letter does not go/);
        await looksWell();
        await page.goto(caseUrl);
    }
    assert.doesNotMatch(await text(), /Goes by itself/);
});

await point("the letter for a form is copied there, and then its clock starts", async () => {
    await page.goto(wire.origin + "/desk/post");
    assert.match(await text(), /facebook/);
    await looksWell();
    await page.click("main a");
    assert.match(await page.inputValue("#body"), /TAKE IT DOWN Act/);
    assert.match(await page.inputValue("#body"), /SECRETTWO/);
    assert.doesNotMatch(await page.inputValue("#body"), /SECRETTHREE/);
    await looksWell();
    await picture("letter");
    await page.click("button[value=yes]");
    await page.waitForURL(caseUrl);
    assert.equal((await text()).match(/the law's clock for the platform/g).length, 3);
});

async function mark(number, state, reason = "", remark = "") {
    const link = page.locator("ol.links > li").nth(number - 1);
    await link.locator("summary").first().click();
    await link.locator("select[name=state]").first().selectOption(state);
    if (reason) await link.locator("select[name=reason]").first().selectOption(reason);
    if (remark) await link.locator("input[name=remark]").first().fill(remark);
    await link.locator("form.row button").first().click();
    await page.waitForURL(/\/notice$|\/case\//);
}

await point("an answer, a refusal with its reason, and what is back again are written down as steps", async () => {
    await mark(1, "removed");
    await mark(1, "back");
    assert.match(await page.locator("ol.links > li").nth(0).innerText(), /back again/);
    await page.goto(caseUrl);
    await mark(2, "removed");
    await page.goto(caseUrl);
    await mark(3, "refused", "satire_or_art", "They call it a joke.");
    const third = await page.locator("ol.links > li").nth(2).innerText();
    assert.match(third, /refused/);
    assert.match(third, /satire or art/);
    assert.match(third, /What could be done next/);
    await looksWell();
    await picture("case-answered");
});

await point("a clock that runs out is seen in the queue and at the address, without anybody's doing", async () => {
    // two days pass: the store's times are set back, nothing else is touched
    execFileSync("sqlite3", [join(service.data, "likeness.db"), ".timeout 5000",
        "UPDATE notice SET sent_ms = sent_ms - 173000000, due_ms = due_ms - 173000000 WHERE due_ms > 0 AND text_number = 1"]);
    await page.waitForTimeout(2500);
    await page.goto(wire.origin + "/desk?sort=due&late=1");
    assert.match(await page.innerText("tbody"), /1 overdue/);
    await page.goto(caseUrl);
    const one = page.locator("ol.links > li").nth(0);
    assert.match(await one.innerText(), /overdue/);
    await one.locator("summary").first().click();
    assert.match(await one.locator(".steps").first().innerText(), /overdue · the clock/);
    await looksWell();
    await picture("case-overdue");
});

await point("what was refused goes to the regulator, with what was sent as an annex", async () => {
    const third = page.locator("ol.links > li").nth(2);
    await third.getByRole("link", {name: /Federal Trade Commission/}).first().click();
    await page.waitForURL(/target=regulator/);
    await page.click("section.letter summary");
    const body = await page.innerText("pre.text");
    assert.match(body, /Federal Trade Commission/);
    assert.match(body, /What was sent and what came of it/);
    assert.match(body, /SECRETTHREE: notice of \d{4}-\d\d-\d\d to Reddit/);
    await looksWell();
    await picture("regulator");
    await page.click("button[value=send]");
    await page.waitForURL(caseUrl);
    await mark(3, "escalated");
});

await point("the person sees every address with what became of it and why", async () => {
    const person = await browser.newContext({locale: "en", viewport: {width: 390, height: 844}});
    const own = await person.newPage();
    await own.goto(wire.origin + "/case");
    await own.fill("#code", code);
    await own.click("main form button");
    await own.click("main button[value=links]");
    const seen = await own.innerText("main");
    assert.match(seen, /It is back/);
    assert.match(seen, /Removed there/);
    assert.match(seen, /This time limit is the law's/);
    await picture("person", own);
    await person.close();
});

await point("opening an address is a step of its own, counted and written down", async () => {
    await page.goto(caseUrl);
    await page.locator("ol.links > li").nth(3).getByRole("button", {name: /Open/}).click();
    assert.match(await text(), /number 1 for you today/);
    assert.equal(await page.locator("a[rel~=noreferrer]").getAttribute("href"), LINKS[3]);
    await looksWell();
    await page.goto(wire.origin + "/desk/me");
    assert.match(await text(), /Links opened in the last 28 days: 1/);
    await looksWell();
    await page.goto(wire.origin + "/desk/audit");
    assert.match(await text(), /opened a link/);
    assert.doesNotMatch(await text(), /SECRET/);
    await looksWell();
});

await point("a case of somebody who may be under 18 has one way only, to the child hotline", async () => {
    await openCase("what=intimate\nage=minor\ncountry=gb", ["https://www.reddit.com/r/SECRETCHILD"]);
    await page.goto(wire.origin + "/desk?new=1&sort=change");
    await page.click("tbody a");
    assert.match(await text(), /goes to the child hotline/);
    await page.keyboard.press("l");
    await page.waitForURL(/\/letters$/);
    assert.equal(await page.locator("section.letter").count(), 1);
    assert.match(await page.innerText("section.letter summary"), /child hotline/);
    assert.doesNotMatch(await text(), /Reddit/);
    await looksWell();
});

await point("messages, notes and a kept view", async () => {
    await page.goto(caseUrl);
    await page.fill("#message", "SECRETANSWER: three are gone.");
    await page.click("#message ~ button");
    assert.match(await text(), /The person finds it in the case/);
    await page.fill("#note", "SECRETHANDOVER: call the host on Monday.");
    await page.click("#note ~ button");
    assert.match(await text(), /SECRETHANDOVER/);
    await page.goto(wire.origin + "/desk?sort=harm&harm=2");
    await page.fill("input[name=name]", "grave ones");
    await page.click("form[action='/desk/filters'].row button");
    await page.goto(wire.origin + "/desk");
    await page.click("text=grave ones");
    assert.match(page.url(), /harm=2/);
    await picture("queue-filtered");
    await looksWell();
});

await point("an auditor sees the queue and the trail and opens nothing", async () => {
    await page.goto(wire.origin + "/desk/staff");
    await page.fill("input[name=name]", "aud");
    await page.selectOption("select[name=role]", "auditor");
    await page.click("text=Add >> nth=-1");
    const given = await page.innerText("section.note");
    assert.equal(await page.locator("section.note svg path").count(), 1);
    await looksWell();
    const other = await browser.newContext({locale: "en"});
    const theirs = await other.newPage();
    const password = /[a-z0-9+]{4}(-[a-z0-9+]{4}){3}/.exec(given)[0], totp = /[A-Z2-7]{32}/.exec(given)[0];
    await theirs.goto(wire.origin + "/desk");
    await theirs.fill("#name", "aud");
    await theirs.fill("#password", password);
    await theirs.fill("#digits", digits(totp, Math.floor(Date.now() / 30000)));
    await theirs.keyboard.press("Enter");
    await theirs.waitForURL(/password$/);
    await theirs.fill("#present", password);
    await theirs.fill("#chosen", PASSWORD);
    await theirs.fill("#again", PASSWORD);
    await theirs.click("main form button");
    await theirs.waitForURL(/\/desk$/);
    assert.equal(await theirs.locator("tbody a").count(), 0);
    const answer = await theirs.goto(caseUrl);
    assert.equal(answer.status(), 403);
    assert.equal((await theirs.goto(wire.origin + "/desk/audit")).status(), 200);
    assert.equal((await theirs.goto(wire.origin + "/desk/staff")).status(), 403);
    await other.close();
});

await point("a helpline's list of addresses becomes proposals, which a person takes or declines", async () => {
    const id = new URL(caseUrl).pathname.split("/").pop();
    const list = join(service.data, "list.csv");
    writeFileSync(list, `url,case,note\nhttps://forum.example/SECRETLIST?utm_source=x,${id},seen by a volunteer\nhttps://forum.example/SECRETOTHER,${id},\n`);
    service.run(["desk", "import", list, "--apply"]);
    rmSync(list);
    await page.goto(caseUrl);
    assert.match(await text(), /Proposed by a list or a search: 2/);
    await looksWell();
    await page.click("button[name=take] >> nth=0");
    assert.match(await text(), /Proposed by a list or a search: 1/);
    await page.click("button[name=decline]");
    assert.doesNotMatch(await text(), /Proposed by a list/);
    assert.equal(await page.locator("section[aria-labelledby=addresses] ol.links > li").count(), 6);
});

await point("a page is watched for every case until it is no more", async () => {
    await page.goto(wire.origin + "/desk/watches");
    await page.fill("input[name=url]", "https://site.example/SECRETPAGE");
    await page.click("text=Watch it");
    assert.match(await text(), /SECRETPAGE/);
    assert.equal(await page.locator("main a[href*=SECRETPAGE]").count(), 0); // no address is a link
    await looksWell();
    await page.click("button[name=end]");
    assert.doesNotMatch(await text(), /SECRETPAGE/);
    await looksWell();
});

await point("letters of many cases go out when a second person allows it", async () => {
    const us = "what=intimate\norigin=real\nmedium=picture\nstage=shared\nage=adult\ncountry=us";
    await openCase(us, ["https://www.reddit.com/r/SECRETBULK", "https://small.example/SECRETBULK"]);
    await page.goto(wire.origin + "/desk?new=1&sort=change");
    await page.click("tbody tr:last-child a");
    await page.fill("input[name=authority]", "by phone");
    await page.fill("textarea[name=facts]", "Never agreed.");
    for (const box of ["no_consent", "good_faith", "accurate"]) await page.check(`input[name=${box}]`);
    await page.selectOption("select[name=harm]", "1");
    await page.click("text=Keep the facts");
    const bulk = new URL(page.url()).pathname.split("/")[3];
    await page.goto(wire.origin + "/desk?sort=change");
    await page.check(`input[value="${bulk}"]`);
    await page.click("text=Letters of the chosen cases");
    assert.match(await text(), /Reddit/);
    await looksWell();
    await page.click("text=Ask a colleague");
    await page.waitForURL(/requests$/);
    assert.equal(await page.locator("button[name=allow]").count(), 0); // not by who asked
    await looksWell();
    const {other, theirs} = await newMember("two", "caseworker", /\/desk$/);
    await theirs.goto(wire.origin + "/desk/requests");
    await theirs.click("button[name=allow]");
    assert.match(await theirs.innerText("main"), /Letters on their way: 1/);
    assert.match(await theirs.innerText("main"), /Left to do by hand/);
    assert.match(await theirs.innerText("main"), new RegExp(`${bulk.slice(0, 8)}.*guess: 1\\.`, "s"));
    await theirs.goto(`${wire.origin}/desk/case/${bulk}`);
    assert.match(await theirs.innerText("main"), /delivered/);
    await theirs.goto(wire.origin + new URL(caseUrl).pathname); // and an evidence pack, asked for with the keyboard
    await theirs.getByLabel(/Key of the recipient/).fill("age1" + "q".repeat(57) + "!");
    await theirs.getByRole("button", {name: "Ask for it"}).press("Enter");
    assert.equal(new URL(theirs.url()).pathname, new URL(caseUrl).pathname, "what is no key is not sent");
    await theirs.getByLabel(/Key of the recipient/).fill("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p");
    await theirs.getByRole("button", {name: "Ask for it"}).press("Enter");
    await theirs.waitForURL(/requests$/);
    await page.goto(wire.origin + "/desk/requests");
    assert.match(await text(), /Evidence pack: [0-9a-f]{8} for the police/);
    await picture("pack-asked");
    await looksWell();
    await page.getByRole("button", {name: "Allow, and make it"}).press("Enter");
    assert.match(await text(), /The pack is made/);
    await theirs.goto(wire.origin + "/desk/requests");
    await picture("pack-made", theirs);
    await looksWell(theirs);
    const [taken] = await Promise.all([theirs.waitForEvent("download"), theirs.getByText(/^Take pack/).press("Enter")]);
    assert.match(taken.suggestedFilename(), /^pack-\d+\.tar\.age$/);
    await other.close();
});

await point("a member of the police sees the packs addressed to them, and nothing else", async () => {
    const {other, theirs} = await newMember("officer", "police", /packs$/);
    assert.deepEqual(await theirs.locator("nav[aria-label=Desk] a").allInnerTexts(), ["Evidence packs", "officer (police liaison)"]);
    await picture("police", theirs);
    await looksWell(theirs);
    await page.goto(caseUrl);
    assert.deepEqual(await page.locator("select[name=liaison] option").allInnerTexts(), ["whoever asks", "officer"]);
    await looksWell();
    await page.locator("#pack").scrollIntoViewIfNeeded();
    await picture("case-pack");
    await other.close();
});

await point("without scripts, at 320 px and at 200 %, the desk holds", async () => {
    const small = await browser.newContext({javaScriptEnabled: false, viewport: {width: 320, height: 700}, locale: "en",
        storageState: await context.storageState()});
    const bare = await small.newPage();
    for (const path of ["/desk", new URL(caseUrl).pathname, new URL(caseUrl).pathname + "/letters", "/desk/post", "/desk/requests", "/desk/watches", "/desk/me",
        "/desk/audit", "/desk/staff"]) {
        await bare.goto(wire.origin + path);
        assert.deepEqual(await faultsOfBare(bare, MIN_TARGET_PX), [], path);
    }
    await small.close();
});

await point("from right to left, in Arabic, the desk holds too", async () => {
    const arabic = await browser.newContext({viewport: {width: 1280, height: 900}, locale: "ar", storageState: await context.storageState()});
    const there = await arabic.newPage();
    for (const path of ["/desk", new URL(caseUrl).pathname, new URL(caseUrl).pathname + "/letters", "/desk/post", "/desk/staff"]) {
        await there.goto(wire.origin + path);
        assert.equal(await there.getAttribute("html", "dir"), "rtl");
        await looksWell(there);
    }
    await there.goto(caseUrl);
    await picture("case-arabic", there);
    await arabic.close();
});

await point("signing out ends it, also for who kept the cookie", async () => {
    const kept = await context.storageState();
    await page.goto(wire.origin + "/desk");
    await page.click("header form button");
    assert.match(page.url(), /sign-in$/);
    const thief = await browser.newContext({storageState: kept});
    const theirs = await thief.newPage();
    await theirs.goto(wire.origin + "/desk");
    assert.match(theirs.url(), /sign-in$/);
    await thief.close();
});

await point("a stolen database holds no word of it", async () => {
    const stolen = service.stolen().toString("latin1");
    assert.doesNotMatch(stolen, /SECRET|facebook\.com|pics\.example|correct horse/);
});

console.log(`# from the case to all letters sent, by a script: ${handMs} ms`);
await browser.close();
wire.close();
await service.stop();
finish();
