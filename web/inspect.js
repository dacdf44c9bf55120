// Shows what files say of how they were made, in fixed words. Loaded when the person asks for it;
// inspect_worker.js looks into the files. Nothing is sent; prompts stay behind a step.
import {element, say} from "./fingerprint.js";

const $ = (id) => document.getElementById(id);
const texts = $("how").dataset;
const TRACE = "{text} ({where}).";
const MAX_NOTE = 4000; // characters, as the field says
const waiting = new Map(); // id -> called with the report
let next = 0, round = 0;

const worker = new Worker(new URL("inspect_worker.js", import.meta.url), {type: "module"});
worker.addEventListener("message", ({data: {id, report}}) => waiting.get(id)?.(report));
worker.addEventListener("error", () => {
    for (const answer of waiting.values()) answer();
});

function ask(file) {
    const id = next++;
    return new Promise((resolve) => {
        waiting.set(id, resolve);
        worker.postMessage({id, file});
    }).finally(() => waiting.delete(id));
}

// A text with {places}; what is put there is nobody's translation, so it stands for itself.
function filled(node, text, values) {
    text.split(/\{(\w+)\}/).forEach((part, i) => node.append(i % 2 ? element("bdi", "", values[part]) : part));
    return node;
}

const word = (prefix, name) => texts[prefix + name.replaceAll("_", "")] ?? "";
const named = (ai) => ai ? [texts.names, {ai}] : null;

// One line of a list: parts are texts, or [text, values]; those that are missing are left out.
function line(list, ...parts) {
    const item = element("li", "");
    for (const part of parts.filter(Boolean)) {
        if (item.childNodes.length) item.append(" ");
        filled(item, ...[part, {}].flat().slice(0, 2));
    }
    list.append(item);
    return item;
}

function checked(list, label, {result, why}) {
    line(list, `${label}: ${word("check", result)}`, why && `(${word("why", why)})`);
}

function showCredential(box, c) {
    const list = element("ul", "tight");
    box.append(element("p", "label", c.current ? texts.seal : texts.earlier), list);
    if (c.generator) line(list, [texts.madeby, {tool: c.generator}], named(c.ai));
    if (c.signer) line(list, [texts.signedby, {signer: c.signer}]);
    if (c.signed_at) line(list, [texts.signedat, {time: c.signed_at}]);
    checked(list, texts.signature, c.signature);
    checked(list, texts.statements, c.statements);
    checked(list, texts.content, c.content);
    if (c.uncovered_bytes) line(list, say(texts.uncovered, {n: c.uncovered_bytes}));
    for (const a of c.actions)
        line(list, [texts.step, {name: [a.action, a.source_type, a.tool].filter(Boolean).join(", ")}],
            a.source && word("source", a.source), named(a.ai));
    if (c.n_ingredients) line(list, say(texts.others, {n: c.n_ingredients}));
}

// What somebody asked a generator for: said to be there, shown by a step of its own.
function showDelicate(list, trace) {
    const item = line(list, [TRACE, {text: say(texts.characters, {n: [...trace.text].length}), where: trace.where}]);
    item.prepend(word("kind", trace.kind) + ": ");
    const details = element("details", "");
    const shown = element("pre", "", trace.text);
    shown.tabIndex = 0;
    shown.dir = "auto";
    shown.setAttribute("aria-label", word("kind", trace.kind));
    details.append(element("summary", "", texts.show), shown);
    item.append(details);
}

function showTraces(box, traces) {
    const list = element("ul", "tight");
    if (traces.length) box.append(element("p", "label", texts.traces), list);
    for (const trace of traces) {
        if (["prompt", "person"].includes(trace.kind)) {
            showDelicate(list, trace);
            continue;
        }
        const item = line(list, [TRACE, trace], trace.source && word("source", trace.source), named(trace.ai));
        item.prepend(word("kind", trace.kind) + ": ");
    }
}

function show(picture, report) {
    const box = element("section", "copy");
    const title = element("h3", "", say(picture.title, {n: picture.number}) + " ");
    title.append(element("bdi", "", picture.file.name));
    box.append(title);
    const add = (text, how = "") => text && box.append(element("p", how, text));
    if (report) {
        add(word("outcome", report.outcome), "label");
        if (report.seal_is_broken) add(texts.broken);
        if (report.says_ai) add(texts.ai);
        for (const credential of report.credentials) showCredential(box, credential);
        showTraces(box, report.traces);
        for (const note of report.notes) add(word("note", note));
    } else {
        add(texts.nolook);
    }
    $("reports").append(box);
}

// The reports as text, without what stands behind a step.
function asText() {
    const lines = [...$("reports").querySelectorAll("h3, p, li"), ...$("after").querySelectorAll("li")].map((node) => {
        const copy = node.cloneNode(true);
        copy.querySelector("details")?.remove();
        return (node.tagName === "LI" ? "- " : "") + copy.textContent.trim();
    });
    return [texts.title, ...lines].join("\n") + "\n";
}

$("copymade").addEventListener("click", async () => {
    try {
        await navigator.clipboard.writeText(asText());
        $("taken").textContent = texts.copied;
    } catch {
        $("taken").textContent = texts.nocopy;
    }
});

$("addmade").addEventListener("click", () => {
    const note = $("note"), text = (note.value ? note.value + "\n" : "") + asText();
    $("taken").textContent = text.length > MAX_NOTE ? texts.full : texts.added;
    if (text.length > MAX_NOTE) return;
    note.value = text;
    note.closest("details").open = true;
    note.dispatchEvent(new Event("change"));
});

// pictures: {number, file} each; title: how a file is called. Shows all of them anew.
export async function look(pictures, title) {
    const mine = ++round, all = [...pictures];
    $("reports").replaceChildren();
    $("after").hidden = true;
    $("taken").textContent = "";
    for (const [i, picture] of all.entries()) {
        $("looked").textContent = say(texts.looking, {n: i + 1, total: all.length});
        const report = await ask(picture.file);
        if (mine !== round) return;
        show({...picture, title}, report);
    }
    $("looked").textContent = say(texts.done, {n: all.length});
    $("after").hidden = !all.length;
}
