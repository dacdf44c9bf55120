// What a journey needs around it: the built service in a directory of its own, a tap on the wire
// between browser and service, and the browser.
import {execFileSync, spawn} from "node:child_process";
import {createHash} from "node:crypto";
import {mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import http from "node:http";
import net from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

// Starts `likeness serve` on a free port, in a fresh directory.
export async function startService(binary, ...options) {
    const data = mkdtempSync(join(tmpdir(), "journey-"));
    const child = spawn(binary, ["serve", "--listen", "127.0.0.1:0", "--data", data, ...options],
        {stdio: ["ignore", "pipe", "pipe"]});
    let text = "";
    const port = await new Promise((resolve, reject) => {
        const read = (chunk) => {
            text += chunk;
            const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(text);
            if (found) resolve(Number(found[1]));
        };
        child.stdout.on("data", read);
        child.stderr.on("data", read);
        child.on("exit", (code) => reject(new Error(`the service ended (${code}): ${text}`)));
        setTimeout(() => reject(new Error(`the service did not start: ${text}`)), 20000).unref();
    });
    return {
        port,
        data,
        partner(name) {
            const said = execFileSync(binary, ["partner", "add", name, "--data", data],
                {encoding: "utf8", stdio: ["ignore", "pipe", "ignore"]});
            return /lk_[A-Za-z0-9_-]{43}/.exec(said)[0];
        },
        // Our own program beside the service, as its operator and the helpline use it.
        run(args, input = "") {
            return execFileSync(binary, [...args, "--data", data], {encoding: "utf8", input, stdio: ["pipe", "pipe", "ignore"]});
        },
        // What a thief of the database has: every file but the master key, which is kept elsewhere.
        stolen() {
            return Buffer.concat(readdirSync(data, {recursive: true, withFileTypes: true})
                .filter((entry) => entry.isFile() && entry.name !== "master.key")
                .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name))));
        },
        // The prints that a platform computes from its own copies, with our own program.
        hash(files) {
            return execFileSync(binary, ["hash", "--lines", ...files], {encoding: "utf8"})
                .trim().split("\n").map((line) => line.split(" ")[0]);
        },
        // A fingerprint of every byte the service has stored.
        storedBytes() {
            const hash = createHash("sha256");
            for (const name of readdirSync(data, {recursive: true}).sort()) {
                if (name.endsWith("-shm")) continue; // SQLite's locks, not data
                try {
                    hash.update(name).update(readFileSync(join(data, name)));
                } catch (error) {
                    if (error.code !== "EISDIR") throw error;
                }
            }
            return hash.digest("hex");
        },
        async stop() {
            child.removeAllListeners("exit");
            const ended = new Promise((resolve) => child.on("exit", resolve));
            child.kill("SIGTERM");
            const code = await ended;
            rmSync(data, {recursive: true, force: true});
            return code;
        },
    };
}

// A wire with an ear: forwards a port of its own to the service and keeps all that clients send.
export async function tapWire(toPort) {
    const sent = []; // a list of bytes for every connection
    const server = net.createServer((client) => {
        const service = net.connect(toPort, "127.0.0.1");
        const said = [];
        sent.push(said);
        client.on("data", (bytes) => said.push(bytes));
        client.pipe(service).pipe(client);
        client.on("error", () => service.destroy());
        service.on("error", () => client.destroy());
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
        origin: `http://127.0.0.1:${server.address().port}`,
        forget: () => sent.forEach((said) => said.splice(0)),
        bytes: () => Buffer.concat(sent.flat()),
        requests: () => sent.flatMap((said) => parseRequests(Buffer.concat(said))),
        close: () => server.close(),
    };
}

// Where the exit leads: some ordinary website, on this machine.
export async function startElsewhere() {
    const server = http.createServer((_, response) => response.end("an ordinary website"));
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close()};
}

// A mail server that keeps what it is given: {url, mails: [{to, text}]}.
export async function startMailServer() {
    const mails = [];
    const server = net.createServer((client) => {
        let to, data = null, rest = "";
        client.write("220 here\r\n");
        client.on("error", () => {});
        client.on("data", (bytes) => {
            rest += bytes.toString("utf8");
            for (let end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
                const line = rest.slice(0, end);
                rest = rest.slice(end + 2);
                if (data !== null && line !== ".") {
                    data.push(line);
                } else if (data !== null) {
                    mails.push({to, text: data.join("\n")});
                    data = null;
                    client.write("250 kept\r\n");
                } else if (/^DATA/i.test(line)) {
                    data = [];
                    client.write("354 go on\r\n");
                } else if (/^QUIT/i.test(line)) {
                    client.end("221 bye\r\n");
                } else {
                    to = /^RCPT TO:<(.*)>/i.exec(line)?.[1] ?? to;
                    client.write("250 yes\r\n");
                }
            }
        });
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {url: `smtp://127.0.0.1:${server.address().port}`, mails, close: () => server.close()};
}

// No name but this machine's resolves: whatever tried to go elsewhere fails.
export async function startBrowser() {
    const {chromium} = await import("playwright-core");
    return chromium.launch({
        executablePath: CHROMIUM,
        args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
    });
}

// The requests in what was heard: {method, target, headers, body}.
function parseRequests(bytes) {
    const requests = [];
    let at = 0;
    while (at < bytes.length) {
        const end = bytes.indexOf("\r\n\r\n", at);
        if (end < 0) break;
        const [first, ...lines] = bytes.toString("latin1", at, end).split("\r\n");
        const headers = Object.fromEntries(lines.map((line) => {
            const colon = line.indexOf(":");
            return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
        }));
        const length = Number(headers["content-length"] ?? 0);
        const [method, target] = first.split(" ");
        requests.push({method, target, headers, body: bytes.subarray(end + 4, end + 4 + length)});
        at = end + 4 + length;
    }
    return requests;
}
