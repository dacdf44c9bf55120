// The first page on a slow line and a slow phone: when its first words show and when it is whole.
// Profiles: "slow 3G" of WebPageTest (400 kbit/s, 400 ms a round trip) and of Chromium's tools (400 kbit/s,
// 2000 ms), each with a processor six times slower. The floor is one empty page over the same line.
// usage: node slow.mjs LIKENESS
import {startBrowser, startElsewhere, startService} from "../../tests/journeys/world.mjs";

const [binary] = process.argv.slice(2);
const RUNS = 5;
const PROFILES = {"WebPageTest slow 3G": 400, "Chromium slow 3G": 2000};
const service = await startService(binary);
const floor = await startElsewhere();
const browser = await startBrowser();

async function visit(url, latency) {
    const context = await browser.newContext({viewport: {width: 360, height: 640}, locale: "en"});
    const page = await context.newPage();
    const tools = await context.newCDPSession(page);
    await tools.send("Network.enable");
    await tools.send("Network.emulateNetworkConditions", {
        offline: false, latency, downloadThroughput: 50_000, uploadThroughput: 50_000,
    });
    await tools.send("Emulation.setCPUThrottlingRate", {rate: 6});
    const began = Date.now();
    await page.goto(url, {waitUntil: "load"});
    const whole = Date.now() - began;
    const first = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0);
    await context.close();
    return {first, whole};
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
for (const [name, latency] of Object.entries(PROFILES)) {
    for (const [what, url] of [["an empty page", floor.url], ["the first page", `http://127.0.0.1:${service.port}/`],
        ["a question", `http://127.0.0.1:${service.port}/start`]]) {
        const runs = [];
        for (let i = 0; i < RUNS; i++) runs.push(await visit(url, latency));
        console.log(`${name}: ${what}: first words ${Math.round(median(runs.map((r) => r.first)))} ms, ` +
            `whole ${median(runs.map((r) => r.whole))} ms (median of ${RUNS})`);
    }
}
await browser.close();
floor.close();
await service.stop();
