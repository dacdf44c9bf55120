// A case from the person's side: with links alone and without JavaScript, with files and with it;
// messages to and from the helpline, taking out, downloading, withdrawing. What is typed is in no
// byte on the wire where the browser locks it, and in no byte of a stolen database.
// usage: node case.mjs LIKENESS PHOTOS
import {join} from "node:path";
import {readFileSync} from "node:fs";
import {faultsOf, faultsOfBare} from "./looks.mjs";
import {assert, finish, point} from "./tap.mjs";
import {startBrowser, startElsewhere, startMailServer, startService, tapWire} from "./world.mjs";

const [binary, photos] = process.argv.slice(2);
const shots = process.env.LIKENESS_SHOTS;
const elsewhere = await startElsewhere();
const post = await startMailServer();
const service = await startService(binary, "--leave-url", elsewhere.url, "--operator-name", "Example Helpline",
    "--operator-contact", "mailto:help@example.org", "--site-name", "Notes", "--mail-url", post.url,
    "--mail-from", "notes@example.org", "--mail-every-seconds", "1");
const wire = await tapWire(service.port);
const browser = await startBrowser();
const platform = service.partner("Examplegram");

const LINK = "https://example.net/gallery/SECRETLINK?id=7";
const NOTE = "SECRETNOTE: it began in spring.";
const CONTACT = "SECRETCONTACT at example dot org";
const MESSAGE = "SECRETMESSAGE: is there news?";
const ANSWER = "SECRETANSWER: we sent a notice today.";
const TYPED = [LINK, NOTE, CONTACT, MESSAGE, ANSWER, "SECRETACCOUNT", "SECRETLATER", "SECRETPLATFORM"];

async function newPage(options = {}) {
    const context = await browser.newContext({viewport: {width: 390, height: 844}, locale: "en", acceptDownloads: true, reducedMotion: "reduce", ...options});
    context.setDefaultTimeout(15000);
    return context.newPage();
}

async function picture(name, page) {
    if (shots) await page.screenshot({path: join(shots, `case-${name}.png`), fullPage: true});
}

async function logIn(page, code, detail = "links") {
    await page.goto(wire.origin + "/case");
    await page.fill("#code", code);
    await page.click("main form button");
    await page.click(`main button[value=${detail}]`);
}

const text = (page) => page.innerText("main");
const deskCase = () => service.run(["desk", "list"]).trim().split("\n")[0];

// --- without JavaScript, with links alone

const plain = await newPage({javaScriptEnabled: false});
let code;

await point("without JavaScript and without a file a case is opened; what is typed stays when an answer is missing", async () => {
    await plain.goto(wire.origin + "/case/new");
    await plain.fill("#links", `${LINK}\n@SECRETACCOUNT\n`);
    await plain.fill("#note", NOTE);
    await plain.click("main form button");
    assert.match(await plain.innerText("[role=alert]"), /18 or older/);
    assert.match(await plain.inputValue("#links"), /SECRETLINK/);
    assert.equal(await plain.inputValue("#note"), NOTE);
    assert.deepEqual(await faultsOfBare(plain), []);
    await picture("new-error", plain);
    await plain.check("#adult");
    await plain.click("main form button");
    code = (await plain.innerText(".code")).trim();
    assert.match(code, /^(\d{4} ){5}\d{2}$/);
    await picture("code", plain);
});

await point("the case shows the addresses and the note, and who has them", async () => {
    await logIn(plain, code);
    assert.ok((await text(plain)).includes(LINK));
    assert.match(await text(plain), /@SECRETACCOUNT[\s\S]*With the helpline since/);
    assert.ok((await text(plain)).includes(NOTE));
    assert.deepEqual(await faultsOfBare(plain), []);
    await picture("links", plain);
});

await point("a message reaches the desk, and the desk's answer reaches the person", async () => {
    await plain.fill("#message", MESSAGE);
    await plain.click("main form[action^='/case/add'] button");
    assert.match(await text(plain), /We have it/);
    const line = deskCase();
    assert.match(line, /waits for an answer/);
    const id = line.split(" ")[0];
    const read = service.run(["desk", "show", id]);
    for (const words of [LINK, NOTE, MESSAGE]) assert.ok(read.includes(words), words);
    service.run(["desk", "answer", id], ANSWER + "\n");
    await plain.click("main button[value=links]");
    assert.match(await text(plain), /The helpline wrote[\s\S]*SECRETANSWER/);
    assert.doesNotMatch(deskCase(), /waits/);
});

await point("of an address the person sees each step, whose clock runs, and who must act", async () => {
    const id = deskCase().split(" ")[0];
    const steps = [
        [["sent", id, "1", "--to", "SECRETPLATFORM", "--regime", "us-tida"], /Notice sent[\s\S]*told SECRETPLATFORM on[\s\S]*An answer is due by[\s\S]*limit is the law's/],
        [["mark", id, "1", "in_review"], /Being looked at[\s\S]*SECRETPLATFORM says that it is looking/],
        [["mark", id, "1", "removed"], /Removed there[\s\S]*SECRETPLATFORM says that it is removed/],
        [["mark", id, "1", "back"], /It is back[\s\S]*The time limit began anew[\s\S]*An answer is due by/],
        [["mark", id, "1", "refused"], /Not removed[\s\S]*decided to leave it/],
        [["mark", id, "1", "escalated"], /Taken further[\s\S]*before an authority or a court/],
        [["mark", id, "1", "not_actionable"], /could not act[\s\S]*needs something more/],
    ];
    for (const [words, wanted] of steps) {
        service.run(["desk", ...words]);
        await plain.click("main button[value=links]");
        assert.match(await text(plain), wanted);
    }
    assert.deepEqual(await faultsOfBare(plain), []);
    await picture("notice", plain);
});

await point("one thing is taken out with one press, the rest stays", async () => {
    await plain.click(`main button[aria-label="Take out: ${LINK}"]`);
    assert.match(await text(plain), /Taken out/);
    assert.ok(!(await text(plain)).includes(LINK));
    assert.ok((await text(plain)).includes("@SECRETACCOUNT"));
});

await point("nothing to send is said at the top, and a summary shows only numbers", async () => {
    await plain.click("main form[action^='/case/add'] button");
    assert.match(await plain.innerText("[role=alert]"), /nothing to send/);
    await plain.click("main button[value=summary]");
    assert.doesNotMatch(await text(plain), /SECRET/);
});

await point("no address of all these visits carried anything, and no page set a cookie", async () => {
    const targets = wire.requests().map((r) => r.target);
    for (const target of targets) assert.match(target, /^\/(case|case\/(new|add|part|mail)|assets\/.*|start|now)?(\?lang=..)?$/);
    assert.deepEqual(await plain.context().cookies(), []);
});

// --- the neutral mail

const until = async (what) => {
    for (let i = 0; i < 100 && !what(); i++) await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(what(), "it did not happen within ten seconds");
};

await point("no mail goes to anyone who did not ask for it; the page states the risk", async () => {
    assert.deepEqual(post.mails, []);
    await plain.click("main button[value=links]");
    assert.match(await text(plain), /News by mail[\s\S]*The risk: whoever can read your mail/);
    await plain.fill("#mail", "no address, <b>");
    await plain.click("main form[action^='/case/mail'] button");
    assert.match(await plain.innerText("[role=alert]"), /not a mail address/);
    assert.equal(await plain.inputValue("#mail"), "no address, <b>");
    assert.deepEqual(await faultsOfBare(plain), []);
    await plain.fill("#mail", "secretmail@example.net");
    await plain.click("main form[action^='/case/mail'] button");
    assert.match(await text(plain), /We will write when there is news[\s\S]*secretmail@example\.net/);
});

await point("when the helpline answers, one mail says that there is news, and nothing else; not two on a day", async () => {
    const id = deskCase().split(" ")[0];
    service.run(["desk", "answer", id], ANSWER + "\n");
    await until(() => post.mails.length === 1);
    const [mail] = post.mails;
    assert.equal(mail.to, "secretmail@example.net");
    assert.match(mail.text, /^From: <notes@example\.org>$/m);
    assert.match(mail.text, /\n\nThere is news where you left your code\.\n?$/);
    assert.doesNotMatch(mail.text, /http|SECRET|case|picture/);
    service.run(["desk", "answer", id], ANSWER + "\n");
    await new Promise((resolve) => setTimeout(resolve, 2500));
    assert.equal(post.mails.length, 1);
    assert.ok(!service.stolen().includes("secretmail"), "the address is in the database");
});

await point("one press stops the mails", async () => {
    await plain.click("main form[action^='/case/mail'] button");
    assert.match(await text(plain), /We will not write to you/);
    assert.ok(!(await text(plain)).includes("secretmail"));
});

// --- with JavaScript and a file

const page = await newPage();
let second;

await point("from the questions to a case: answers, link, note and contact are locked on the device", async () => {
    await page.goto(wire.origin + "/start");
    await page.click("main button[value=skip]");
    await page.check("input[value=intimate]");
    await page.click("main form.question button:not([name])");
    await page.check("input[value=adult]");
    await page.click("main form.question button:not([name])");
    for (let i = 0; i < 6 && await page.locator("button[value=skip]").count() > 0; i++) await page.click("main button[value=skip]");
    await page.click("#here ~ form button");
    await page.waitForSelector("#app:not([hidden])");
    wire.forget();
    await page.fill("#links", LINK);
    await page.click("#app summary");
    await page.fill("#note", NOTE);
    await page.fill("#contact", CONTACT);
    await page.check("#recovery");
    await page.setInputFiles("#files", join(photos, "blouse_gps.jpg"));
    await page.waitForFunction(() => (document.getElementById("bytes").textContent.match(/"kind"/g) ?? []).length === 4 &&
        !document.getElementById("ready").hidden);
    assert.deepEqual(await faultsOf(page), []);
    await picture("fingerprint", page);
    const shown = await page.locator("#bytes").textContent();
    for (const words of TYPED) assert.ok(!shown.includes(words), words);
    await page.click("#send");
    await page.waitForSelector("#made:not([hidden])");
    second = (await page.innerText("#code")).replace(/\s+/g, " ").trim();
    const {body} = wire.requests().find((r) => r.method === "POST");
    assert.ok(body.toString("latin1").startsWith(shown.split("\n")[0]), "other bytes were sent than are shown");
    for (const words of TYPED) assert.ok(!wire.bytes().includes(words), `${words} was sent`);
    assert.ok(!wire.bytes().includes("what=intimate"), "the answers were sent in plain");
});

await point("the code opens all of it again, and the desk reads what was meant for it", async () => {
    await logIn(page, second);
    for (const words of [LINK, NOTE, CONTACT, "what=intimate"]) assert.ok((await text(page)).includes(words), words);
    const read = service.run(["desk", "show", deskCase().split(" ")[0]]);
    for (const words of [LINK, NOTE, CONTACT, "what=intimate"]) assert.ok(read.includes(words), words);
    assert.match(await text(page), /the helpline can open this case for you/);
});

await point("what is added later is locked on the device too", async () => {
    wire.forget();
    await page.fill("#links", "https://example.net/SECRETLATER");
    await page.fill("#message", MESSAGE);
    await page.click("main form[action^='/case/add'] button");
    await page.waitForSelector("p[role=status]");
    assert.ok((await text(page)).includes("https://example.net/SECRETLATER"));
    assert.ok((await text(page)).includes(MESSAGE));
    for (const words of ["SECRETLATER", "SECRETMESSAGE"]) assert.ok(!wire.bytes().includes(words), `${words} was sent`);
});

await point("files are added to the same case", async () => {
    await page.click("main form[action^='/fingerprint'] button");
    await page.waitForSelector("#app:not([hidden])");
    await page.setInputFiles("#files", join(photos, "jeans.jpg"));
    await page.waitForSelector("#ready:not([hidden])");
    await page.click("#send");
    await page.waitForSelector("main form.tabs");
    assert.match(await text(page), /File 2[\s\S]*Platforms that check with it: 0 of 1/);
});

async function ask(prints) {
    const answer = await fetch(`http://127.0.0.1:${service.port}/v1/match`, {
        method: "POST",
        headers: {Authorization: `Bearer ${platform}`, "Content-Type": "application/json"},
        body: JSON.stringify({prints}),
    });
    return (await answer.json()).results.map((r) => r.matches[0]);
}
const [copy, jeans] = service.hash([join(photos, "blouse_copy.jpg"), join(photos, "jeans.jpg")]);

await point("a platform's query is its receipt; a removed copy that comes back restarts its clock", async () => {
    const [match] = await ask([copy]);
    await page.click("main button[value=list]");
    assert.match(await text(page), /Platforms that check with it: 1 of 1/);
    assert.match(await text(page), /Next: the platform has to answer. We ask for it by/);
    await fetch(`http://127.0.0.1:${service.port}/v1/matches/${match.id}/answer`, {
        method: "POST",
        headers: {Authorization: `Bearer ${platform}`, "Content-Type": "application/json"},
        body: JSON.stringify({outcome: "removed"}),
    });
    const again = (await (await fetch(`http://127.0.0.1:${service.port}/v1/match`, {
        method: "POST",
        headers: {Authorization: `Bearer ${platform}`, "Content-Type": "application/json"},
        body: JSON.stringify({prints: [copy], refs: ["posted-again"]}),
    })).json()).results[0];
    assert.ok(again);
    await page.click("main button[value=list]");
    assert.match(await text(page), /It is back: an earlier copy was removed there[\s\S]*Next: the platform/);
    assert.deepEqual(await faultsOf(page), []);
    await picture("status", page);
});

await point("one file is withdrawn alone, and everything can be taken away", async () => {
    await page.click("main button[aria-label='Take out file 2']");
    assert.deepEqual(await ask([jeans]), []);
    assert.equal((await ask([copy])).length, 1);
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("main form[action^='/case/notes.json'] button")]);
    assert.equal(download.suggestedFilename(), "notes.json");
    const all = JSON.parse(readFileSync(await download.path(), "utf8"));
    assert.equal(all.prints.length, 1);
    assert.ok(all.prints[0].sequence.records.length > 20);
    assert.ok(all.texts.some(({text}) => text === NOTE) && all.copies.length === 2);
});

await point("a stolen database tells nothing that was typed, neither code", () => {
    const stolen = service.stolen();
    assert.ok(stolen.length > 50_000);
    for (const words of TYPED) assert.ok(!stolen.includes(words), `${words} is in the database`);
    for (const secret of [code, second]) {
        assert.ok(!stolen.includes(secret));
        assert.ok(!stolen.includes(secret.replaceAll(" ", "")));
    }
});

await point("a lost code is replaced by the helpline, since that was chosen; the old one opens nothing", async () => {
    const renewed = service.run(["desk", "recover", service.run(["desk", "list"]).trim().split("\n")
        .find((line) => service.run(["desk", "show", line.split(" ")[0]]).includes(CONTACT)).split(" ")[0]]).trim();
    await page.goto(wire.origin + "/case");
    await page.fill("#code", second);
    await page.click("main form button");
    assert.match(await text(page), /We know no case with this code/);
    second = renewed;
    await logIn(page, second);
    assert.ok((await text(page)).includes(NOTE));
});

await point("withdrawing everything is one press, and the receipts of it are counted", async () => {
    await page.click("main form[action^='/case/withdraw'] button");
    assert.match(await text(page), /no longer looked for/);
    assert.deepEqual(await ask([copy]), []);
    await page.click("main form[action^='/case'] button >> nth=0");
    assert.match(await text(page), /This case is closed[\s\S]*Platforms that no longer check with it: \d of 1/);
    assert.ok(!(await text(page)).includes("SECRET"));
});

await point("a case opened for someone else is empty until its code is used", async () => {
    const [handed] = service.run(["desk", "open", "--count", "2"]).trim().split("\n");
    await logIn(plain, handed);
    assert.match(await text(plain), /No copy has been found so far/);
    await plain.fill("#links", LINK);
    await plain.click("main form[action^='/case/add'] button");
    assert.ok((await text(plain)).includes(LINK));
});

// --- the way out

await point("pressing the exit blanks the page in the same moment, before anything is loaded", async () => {
    const visit = await newPage();
    await logIn(visit, code);
    const state = await visit.evaluate(() => {
        const before = performance.now();
        addEventListener("click", (event) => event.preventDefault(), {once: true});
        document.getElementById("leave").click();
        const shown = [...document.body.children].filter((node) => getComputedStyle(node).visibility === "visible").length;
        return {shown, title: document.title, took: performance.now() - before};
    });
    console.log(`# blank after ${state.took.toFixed(1)} ms`);
    assert.equal(state.shown, 0);
    assert.equal(state.title, "");
    await visit.waitForURL(elsewhere.url);
    await visit.goBack().catch(() => {}); // the browser kept nothing to go back to
    await visit.waitForLoadState().catch(() => {});
    assert.doesNotMatch(await visit.evaluate(() => document.body.innerText).catch(() => ""), /SECRET/);
    await visit.context().close();
});

await point("the operator's name, contact and neutral title stand on the page", async () => {
    await plain.goto(wire.origin + "/");
    assert.match(await plain.title(), /- Notes$/);
    assert.match(await plain.innerText("footer"), /Run by Example Helpline/);
    assert.equal(await plain.getAttribute("footer a[href^=mailto]", "href"), "mailto:help@example.org");
});

await browser.close();
wire.close();
elsewhere.close();
post.close();
await point("the service ends in good order", async () => assert.equal(await service.stop(), 0));
finish();
