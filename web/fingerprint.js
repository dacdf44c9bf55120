// Choose files, show what would be sent, send it, show the code. worker.js does the work.
const $ = (id) => document.getElementById(id);
const texts = $("texts").dataset;
const app = $("app");
const pictures = []; // {number, file, row, state, part, all, id, go, gone, waiting, timed, text, bytes}
let next = 0, count = 0;
let body, shown; // what would be sent, and how it is shown
let round = 0; // of updates: only the last one counts
let pair; // the key of a case that is being opened, drawn once
let ticket = ""; // sent along, so that sending twice registers once

export function say(text, values) {
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export function element(tag, className, text = "") {
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
    const remove = element("button", "plain", texts.remove);
    remove.type = "button";
    remove.setAttribute("aria-label", `${texts.remove}: ${title.textContent}`);
    remove.addEventListener("click", () => {
        pictures.splice(pictures.indexOf(picture), 1);
        worker.postMessage({stop: picture.id});
        picture.gone = true;
        picture.go?.(false);
        row.remove();
        update();
        $("files").focus();
    });
    title.append(name);
    picture.row = row;
    picture.state = element("span", "state");
    row.append(title, picture.state, remove);
    $("list").append(row);
}

// A new id each time: answers to what was asked before are not heard.
function start(picture) {
    picture.id = next++;
    picture.text = "";
    picture.waiting = true;
    picture.state.textContent = say(texts.busy, {n: 0});
    worker.postMessage({id: picture.id, file: picture.file, all: picture.all});
    update();
}

function choose(files) {
    for (const file of files) {
        const picture = {number: ++count, file};
        pictures.push(picture);
        addRow(picture);
        start(picture);
    }
}

// The outline of the picture and of the photograph in it, never the picture; and the choice.
function offer(picture, [width, height, ...part]) {
    const node = $("part").content.cloneNode(true).firstElementChild;
    const svg = node.querySelector("svg");
    const at = {};
    ["x", "y", "width", "height"].forEach((key, i) => {
        at[key[0]] = Math.round(100 * part[i] / (i % 2 ? height : width));
        svg.lastElementChild.setAttribute(key, at[key[0]] + "%");
    });
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("aria-label", say(texts.outline, at));
    node.setAttribute("aria-label", say(texts.number, {n: picture.number}));
    for (const input of node.querySelectorAll("input")) input.name = "part" + picture.number;
    node.addEventListener("change", (event) => {
        picture.all = event.target.value;
        start(picture);
    });
    picture.row.append(node);
    picture.part = node;
}

function refuse(picture, reason) {
    picture.state.textContent = `${texts.refused}: ${reason}`;
    picture.state.classList.add("refused");
}

function base64(bytes) {
    let text = "";
    for (let at = 0; at < bytes.length; at += 30000) text += String.fromCharCode(...bytes.subarray(at, at + 30000));
    return btoa(text);
}

function describe({frames, sounds, from, to, notes}) {
    return [say(texts.timed, {n: frames + sounds, from, to}), ...notes.map((note) => texts[note])].join(" ");
}

function finished({data: {id, percent, left, shape, timed, need, more, bytes, reason}}) {
    const picture = pictures.find((p) => p.id === id);
    if (!picture) return;
    if (percent) picture.state.textContent = say(left ? texts.left : texts.busy, {n: percent, left});
    if (more !== undefined) picture.go(more);
    if (need)
        import("./fallback.js").then(({decode}) => decode(picture, need, worker))
            .catch(() => worker.postMessage({heard: true, id, failed: need}));
    if (!bytes && !reason) return;
    picture.waiting = false;
    const text = bytes && base64(new Uint8Array(bytes));
    if (!bytes) {
        refuse(picture, texts[reason] ?? texts.broken);
    } else if (pictures.some((p) => p.text === text)) {
        refuse(picture, texts.twice);
    } else {
        Object.assign(picture, {text, bytes, timed});
        picture.state.textContent = timed ? describe(timed) : texts.ready;
        if (shape?.[4] && !picture.part) offer(picture, shape);
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

// Where it is, what the person adds, and the answers that came with the page.
function typed() {
    return [...document.querySelectorAll("[data-kind]")].flatMap((field) =>
        field.value.split(field.id === "links" ? "\n" : "\0")
            .map((text) => ({kind: field.dataset.kind, text: text.trim()})).filter(({text}) => text));
}

// Locked here; where that does not work, on arrival.
async function lock(list) {
    if (!list.length) return {texts: list};
    try {
        const {drawKey, sealTexts} = await import("./seal.js");
        if (!app.dataset.own) pair ??= drawKey();
        const {own = app.dataset.own, secret} = await pair ?? {};
        return {texts: await sealTexts(list, own, app.dataset.desk), own_key: secret};
    } catch {
        return {texts: list};
    }
}

async function update() {
    const mine = ++round;
    const ready = pictures.filter((p) => p.text);
    const waiting = pictures.filter((p) => p.waiting).length;
    $("progress").textContent = waiting
        ? say(texts.working, {n: pictures.length - waiting + 1, total: pictures.length})
        : pictures.length ? say(texts.done, {n: ready.length}) : "";
    if (waiting) $("ready").hidden = true;
    $("voice").hidden = !ready.some((p) => p.timed?.sounds);
    const list = typed();
    const all = await lock(list);
    if (mine !== round) return;
    const first = app.dataset.token ? {token: app.dataset.token, ...all} : {age: app.dataset.age, ...all};
    if ($("recovery")?.checked) first.recovery = true;
    delete first[app.dataset.token && "own_key"];
    const head = JSON.stringify(first) + "\n";
    body = new Blob([head, ...ready.map((p) => p.bytes)]);
    const text = head + ready.map((p) => p.text).join("\n");
    if (text !== shown) ticket = crypto.getRandomValues(new BigUint64Array(2)).join("");
    shown = text;
    $("ticket").textContent = ticket;
    $("bytes").textContent = text;
    $("count").textContent = say(texts.bytes, {n: body.size.toLocaleString(document.documentElement.lang)});
    $("ready").hidden = waiting > 0 || !(ready.length || list.some(({kind}) => kind !== "situation"));
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
        response = await fetch(app.dataset.token ? "/v1/cases/add" : "/v1/cases", {
            method: "POST",
            headers: {"Content-Type": "application/vnd.likeness.case", "Idempotency-Key": ticket},
            body,
            credentials: "omit",
        });
        answer = await response.json();
    } catch {
        return fail(texts.offline);
    }
    if (response.ok && app.dataset.token) return $("back").submit();
    if (response.ok) return (await import("./code.js")).showCode(answer, texts);
    if (response.status === 429 || response.status === 503) return fail(texts.later);
    fail(say(texts.wrong, {reason: answer.detail ?? answer.title}));
}

const worker = new Worker(app.dataset.worker, {type: "module"});
worker.addEventListener("message", finished);
worker.addEventListener("error", engineFailed);
worker.postMessage({wasm: app.dataset.wasm});
$("files").addEventListener("change", (event) => {
    choose(event.target.files);
    event.target.value = "";
});
for (const field of document.querySelectorAll("[data-kind], #recovery")) field.addEventListener("change", update);
$("links").addEventListener("input", update);
app.addEventListener("submit", send);
$("look").addEventListener("click", () => import("./inspect.js").then(({look}) => look(pictures, texts.picture))
    .catch(() => { $("looked").textContent = $("how").dataset.nolook; }));
const drop = $("drop");
for (const [type, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    drop.addEventListener(type, (event) => {
        event.preventDefault();
        drop.classList.toggle("over", over);
        if (type === "drop") choose(event.dataTransfer.files);
    });
}
app.hidden = false;
