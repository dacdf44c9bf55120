// Keys for the desk: rows with j and k, a row's link with o, its box with x; what has data-key by
// that key. Nothing happens while something is typed. All of it is reachable without this script.
const rows = [...document.querySelectorAll("[data-row]")];
let at = -1;

function go(step) {
    if (rows.length === 0) return;
    rows[at]?.classList.remove("here");
    at = Math.min(Math.max(at + step, 0), rows.length - 1);
    rows[at].classList.add("here");
    rows[at].scrollIntoView({ block: "nearest" });
    rows[at].querySelector("a, input, button")?.focus({ preventScroll: true });
}

const acts = {
    j: () => go(1),
    k: () => go(-1),
    o: () => rows[at]?.querySelector("a")?.click(),
    x: () => rows[at]?.querySelector("input[type=checkbox]")?.click(),
};

addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    const act = acts[event.key] ?? (target && (() => target.click()));
    if (!act) return;
    event.preventDefault();
    act();
});

// A text to copy is chosen whole when it is entered.
for (const field of document.querySelectorAll("[data-copy]"))
    field.addEventListener("focus", () => field.select());

document.querySelector(".alert[tabindex]")?.focus();
