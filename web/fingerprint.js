// Choose pictures, show what would be sent, send it, show the code. worker.js does the work.
const $ = (id) => document.getElementById(id);
const texts = $("texts").dataset;
const app = $("app");
const pictures = []; // {id, file, row, item or null, waiting, number}
let next = 0;
let body = "";
let ticket = ""; // sent along, so that sending twice registers once

function say(text, values) {
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

function element(tag, className, text = "") {
    const node = document.createElement(tag);
    node.className = className;
    node.textContent = text;
    return node;
}

// --- the pictures

function addRow(picture) {
    const row = element("li", "");
    const title = element("span", "", say(texts.picture, {n: picture.number}) + " ");
    const name = element("bdi", "name", picture.file.name);
    const state = element("span", "state", texts.busy);
    const remove = element("button", "plain", texts.remove);
    remove.type = "button";
    remove.setAttribute("aria-label", `${texts.remove}: ${title.textContent}`);
    remove.addEventListener("click", () => {
        pictures.splice(pictures.indexOf(picture), 1);
        row.remove();
        update();
        $("files").focus();
    });
    title.append(name);
    row.append(title, state, remove);
    $("list").append(row);
    picture.state = state;
}

function choose(files) {
    for (const file of files) {
        const picture = {id: next++, number: next, file, waiting: true};
        pictures.push(picture);
        addRow(picture);
        worker.postMessage({id: picture.id, file});
    }
    update();
}

function refuse(picture, reason) {
    picture.state.textContent = `${texts.refused}: ${reason}`;
    picture.state.classList.add("refused");
}

function finished({data}) {
    const picture = pictures.find((p) => p.id === data.id);
    if (!picture) return;
    picture.waiting = false;
    if (data.item) {
        const print = data.item.records[0].print;
        if (pictures.some((p) => p.item?.records[0].print === print)) {
            refuse(picture, texts.twice);
        } else {
            picture.item = data.item;
            picture.state.textContent = texts.ready;
        }
    } else {
        refuse(picture, texts[data.reason] ?? texts.broken);
    }
    update();
}

function engineFailed() {
    worker.postMessage = engineFailed; // nobody is there to answer
    for (const picture of pictures.filter((p) => p.waiting)) {
        picture.waiting = false;
        refuse(picture, texts.noengine);
    }
    update();
}

// --- what would be sent

function update() {
    const items = pictures.filter((p) => p.item).map((p) => p.item);
    const waiting = pictures.filter((p) => p.waiting).length;
    const done = pictures.length - waiting;
    $("progress").textContent = waiting
        ? say(texts.working, {n: done + 1, total: pictures.length})
        : pictures.length ? say(texts.done, {n: items.length}) : "";
    $("ready").hidden = items.length === 0 || waiting > 0;
    const locations = $("links").value.split("\n").map((line) => line.trim()).filter(Boolean);
    const message = {age: "adult", items};
    if (locations.length) message.locations = locations;
    const text = JSON.stringify(message, null, 1);
    if (text !== body) ticket = crypto.getRandomValues(new BigUint64Array(2)).join("");
    body = text;
    $("ticket").textContent = ticket;
    const n = new TextEncoder().encode(body).length;
    $("bytes").textContent = body;
    $("count").textContent = say(texts.bytes, {n: n.toLocaleString(document.documentElement.lang)});
}

// --- sending

function fail(text) {
    $("failed").textContent = text;
    $("failed").hidden = false;
    $("send").disabled = false;
    $("send").textContent = $("send").dataset.label;
}

async function send(event) {
    event.preventDefault();
    const button = $("send");
    $("failed").hidden = true;
    button.dataset.label ??= button.textContent;
    button.disabled = true;
    button.textContent = texts.sending;
    let response, answer;
    try {
        response = await fetch("/v1/cases", {
            method: "POST",
            headers: {"Content-Type": "application/json", "Idempotency-Key": ticket},
            body,
            credentials: "omit",
        });
        answer = await response.json();
    } catch {
        return fail(texts.offline);
    }
    if (response.status === 201) return show(answer);
    if (response.status === 429 || response.status === 503) return fail(texts.later);
    fail(say(texts.wrong, {reason: answer.detail ?? answer.title}));
}

// --- the code

function show({code, items, expires}) {
    $("making").remove();
    pictures.length = 0;
    $("code").replaceChildren(...code.split(" ").flatMap((group) => [element("span", "", group), " "]));
    $("items").textContent = items;
    const lang = document.documentElement.lang.replace(/^en$/, "en-GB");
    $("until").textContent = new Date(expires).toLocaleDateString(lang, {dateStyle: "long", timeZone: "UTC"});
    $("made").hidden = false;
    $("madehead").focus();
    scrollTo(0, 0);
    $("copy").addEventListener("click", async () => {
        try {
            await navigator.clipboard.writeText(code);
            $("kept").textContent = texts.copied;
        } catch {
            $("kept").textContent = texts.nocopy;
        }
    });
    $("print").addEventListener("click", () => print());
    $("save").addEventListener("click", () => {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(new Blob([code + "\n"], {type: "text/plain"}));
        link.download = "notes.txt";
        link.click();
        URL.revokeObjectURL(link.href);
        $("kept").textContent = texts.saved;
    });
}

const worker = new Worker(app.dataset.worker, {type: "module"});
worker.addEventListener("message", finished);
worker.addEventListener("error", engineFailed);
worker.postMessage({wasm: app.dataset.wasm});
$("files").addEventListener("change", (event) => {
    choose(event.target.files);
    event.target.value = "";
});
$("links").addEventListener("input", update);
app.addEventListener("submit", send);
const drop = $("drop");
for (const [type, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    drop.addEventListener(type, (event) => {
        event.preventDefault();
        drop.classList.toggle("over", over);
        if (type === "drop") choose(event.dataTransfer.files);
    });
}
app.hidden = false;
