// On the page of a case: what is typed is locked on this device, then sent; the page comes back as it is.
import {sealTexts} from "./seal.js";

for (const form of document.querySelectorAll("form[data-own]")) {
    form.addEventListener("submit", async (event) => {
        event.preventDefault();
        const button = form.querySelector("button");
        button.disabled = true;
        const typed = [...form.querySelectorAll("[data-kind]")].flatMap((field) =>
            (field.dataset.kind === "location" ? field.value.split("\n") : [field.value])
                .map((text) => ({kind: field.dataset.kind, text: text.trim()})).filter(({text}) => text));
        let texts;
        try {
            texts = await sealTexts(typed, form.dataset.own, form.dataset.desk);
        } catch {
            return form.submit(); // locked on arrival instead
        }
        for (const field of form.querySelectorAll("[data-kind]")) field.disabled = true;
        const sealed = document.createElement("input");
        sealed.type = "hidden";
        sealed.name = "sealed";
        sealed.value = JSON.stringify(texts);
        form.append(sealed);
        form.submit();
    });
}
