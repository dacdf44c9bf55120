// All pages that an address shows, and the ways to those that only a form does.
export const PAGES = ["/", "/start", "/now", "/age", "/under-18", "/help", "/fingerprint", "/case", "/case/new", "/safety",
    "/privacy", "/about", "/platforms", "/no-such-page"];

// {name: [path, fields]}: each is posted by a form of its own.
const answers = {q: "have", what: "intimate", age: "adult", origin: "made", medium: "picture", stage: "shared", country: "de",
    platform: "facebook", have: "both", safe: "no"};
const at = (q) => ["/start", {...answers, q, go: "stay"}];

export const FORMS = {
    "what happened": at("what"),
    "age": at("age"),
    "age missing": ["/start", {q: "age"}],
    "country": at("country"),
    "platform": at("platform"),
    "not safe": ["/start", {q: "safe", safe: "no"}],
    "what applies": ["/start", answers],
    "what applies, for printing": ["/start", {...answers, print: "yes"}],
    "under 18": ["/start", {...answers, age: "minor"}],
    "choosing files after the questions": ["/fingerprint", answers],
    "a wrong code": ["/case", {code: "1234"}],
    "a new case without its answer": ["/case/new", {links: "https://example.org/a"}],
};

// Shows what a form's post gives, as the browser does. lang: of the page.
export async function post(page, origin, path, fields, lang) {
    await page.goto(`${origin}/safety`);
    const inputs = Object.entries(fields).map(([name, value]) =>
        `<input type="hidden" name="${name}" value="${value.replaceAll('"', "&quot;")}">`);
    const form = `<form method="post" action="${origin}${path}?lang=${lang}">${inputs.join("")}<button>x</button></form>`;
    await page.route(`${origin}/post-it`, (route) => route.fulfill({contentType: "text/html", body: `<!doctype html>${form}`}));
    await page.goto(`${origin}/post-it`);
    await Promise.all([page.waitForEvent("load"), page.click("button")]); // with its style sheet
}

// A case with everything in it: {code, token-less status form}.
export async function openCase(origin, key) {
    const print = "f8f8f0cee0f4a84f06370a2a038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";
    const headers = {"Content-Type": "application/json"};
    const records = [{kind: "whole", front_end: "fullres", quality: 97, turn: 0, print}];
    const texts = ["location", "note", "contact", "situation", "message"].map((kind) => ({kind, text: "https://example.org/a?b=c"}));
    const opened = await fetch(origin + "/v1/cases", {
        method: "POST", headers, body: JSON.stringify({age: "adult", items: [{medium: "image", records}], texts}),
    });
    const {code} = await opened.json();
    const answer = await fetch(origin + "/v1/match", {
        method: "POST",
        headers: {...headers, Authorization: `Bearer ${key}`},
        body: JSON.stringify({prints: [print.replace("f8f8", "f8f1")]}),
    });
    return {code, view: (await answer.json()).results[0].matches[0].view};
}
