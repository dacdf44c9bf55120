// Locks what a person types before it leaves: once for the person, whose key the code opens, and once
// for the helpline. Loaded only when something is typed.
let sodium, loading;
const locked = new Map(); // kind and text -> sealed, so that a text is locked once

async function load() {
    loading ??= import("./sodium.min.mjs").then(async (module) => {
        await module.default.ready;
        sodium = module.default;
    });
    await loading;
    return sodium;
}

// A new pair {own, secret} for a case that is being opened; secret in base64url.
export async function drawKey() {
    const {publicKey, privateKey} = (await load()).crypto_box_keypair();
    return {own: publicKey, secret: sodium.to_base64(privateKey)};
}

// own: bytes, or hexadecimal digits like desk. -> {kind, own, desk} for each {kind, text}
export async function sealTexts(texts, own, desk) {
    await load();
    const bytes = (key) => typeof key === "string" ? sodium.from_hex(key) : key;
    const box = (text, key) => sodium.to_base64(sodium.crypto_box_seal(text, bytes(key)));
    return texts.map(({kind, text}) => {
        const name = kind + "\n" + text;
        if (!locked.has(name)) locked.set(name, {kind, own: box(text, own), desk: box(text, desk)});
        return locked.get(name);
    });
}
