// What is wrong with a page as it stands in the browser: for screen readers, narrow screens, thumbs.
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";

const MIN_TARGET_PX = 44;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// Our links and buttons, smaller than a thumb; links within a sentence are exempt (WCAG 2.5.8).
function smallTargets(min) {
    return [...document.querySelectorAll("button, .button, .leave, select, summary, .choice label, footer a, input:not([type=hidden], [type=radio], [type=checkbox], [type=file])")]
        .filter((node) => node.checkVisibility())
        .map((node) => [node.outerHTML.slice(0, 60), Math.round(node.getBoundingClientRect().height)])
        .filter(([, height]) => height < min)
        .map(([html, height]) => `only ${height} px high: ${html}`);
}

function headingJumps() {
    const levels = [...document.querySelectorAll("h1, h2, h3, h4")] // but a summary of errors stands above all
        .filter((node) => node.checkVisibility() && !node.closest("[role=alert]")).map((node) => Number(node.tagName[1]));
    if (levels[0] !== 1 || levels.filter((l) => l === 1).length !== 1) return ["not one h1 first"];
    return levels.filter((level, i) => i > 0 && level > levels[i - 1] + 1).map((l) => `jumps to h${l}`);
}

// -> a list of texts, empty when all is well
export async function faultsOf(page, minTarget = MIN_TARGET_PX) {
    await page.evaluate(axe);
    const {violations} = await page.evaluate(() => axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }));
    const faults = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 100))}`);
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) faults.push("scrolls sideways");
    return [...faults, ...await page.evaluate(smallTargets, minTarget), ...await page.evaluate(headingJumps)];
}

// The same for a page that stands in a browser without JavaScript, where the checker cannot run: its
// document is shown again, its scripts taken out and what stands in <noscript> put in.
export async function faultsOfBare(page, minTarget = MIN_TARGET_PX) {
    const html = (await page.content()).replace(/<script[^>]*><\/script>/g, "").replace(/<\/?noscript>/g, "");
    const viewport = page.viewportSize();
    const context = await page.context().browser().newContext({viewport, reducedMotion: "reduce"});
    const bare = await context.newPage();
    const url = page.url();
    await bare.route(url, (route) => route.fulfill({contentType: "text/html; charset=utf-8", body: html}));
    await bare.goto(url);
    const faults = await faultsOf(bare, minTarget);
    await context.close();
    return faults;
}
