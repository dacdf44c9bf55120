// The code of a new case: shown once, to be copied, printed or saved. Loaded when it is there.
const $ = (id) => document.getElementById(id);

export function showCode({code, items, expires}, texts) {
    $("making").remove();
    $("code").replaceChildren(...code.split(" ").flatMap((group) => {
        const node = document.createElement("span");
        node.textContent = group;
        return [node, " "];
    }));
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
