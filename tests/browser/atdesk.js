// A desk of its own for a test, a page on it, and what a person does there.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { DESK as WIDE } from "./open.js";

export const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
export const SAMPLE = fileURLToPath(new URL("../../sample-data/akimat-2026Q3/", import.meta.url));
export const BODY = { name_kk: "Сарыжайлау ауданының әкімдігі (мысал)", name_ru: "Акимат Сарыжайлауского района (пример)", bin: "600440000267", head: "Б. Б. Басшы", performer: "А. А. Орындаушы" };
export const SCREENS = ["overview", "files", "columns", "errors", "form", "questions", "warnings", "print", "region"];

let browser;
export const openBrowser = async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
};
export const closeBrowser = () => browser?.close();

/** A desk of its own, and a page on it; nothing may be said on the console, nothing asked for elsewhere. */
export async function atDesk(act, { lang = "ru", viewport = WIDE, colorScheme = "light", foreign = "none" } = {}) {
  const home = mkdtempSync(join(tmpdir(), "esep-desk-"));
  let child;
  const start = () => {
    child = spawn(process.env.DESK, ["--no-browser", join(home, "esep")], { env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, LOCALAPPDATA: home }, stdio: ["ignore", "pipe", "inherit"] });
    return new Promise((done) => child.stdout.once("data", (data) => done(String(data).trim())));
  };
  /** Ends the program as a power failure would, and starts it again: its new address. */
  const again = async (meanwhile = () => {}) => {
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGKILL");
    await ended;
    await meanwhile();
    const fresh = await start();
    origins.push(new URL(fresh).origin);
    return fresh;
  };
  const address = await start();
  const origins = [new URL(address).origin];
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce", acceptDownloads: true, locale: `${lang}-KZ` });
  const faults = [];
  const asked = [];
  const expected = [];
  const watch = (page) => {
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && faults.push(message.text()));
    page.on("pageerror", (fault) => faults.push(String(fault.stack)));
    page.on("request", (request) => asked.push(request.url()));
  };
  context.setDefaultTimeout(300000);
  context.on("page", watch);
  try {
    const page = await context.newPage();
    await page.goto(address);
    await page.locator("#title").waitFor();
    await act({ page, context, address, again, home: join(home, "esep"), expected });
    assert.deepEqual(faults.filter((fault) => !expected.some((known) => fault.includes(known))), []);
    assert.deepEqual(asked.filter((url) => !origins.some((own) => url.startsWith(`${own}/`)) && !url.startsWith(foreign) && !url.startsWith("data:") && url !== "about:blank"), []);
  } finally {
    await context.close();
    child.kill();
    rmSync(home, { recursive: true, force: true });
  }
}

export const quiet = (page) => page.waitForFunction(() => !document.body.hasAttribute("aria-busy"), null, { timeout: 300000 });
export const go = async (page, name) => {
  await page.locator("#side li button").nth(SCREENS.indexOf(name)).click();
  await page.locator(`#screen.${name}`).waitFor();
};
export const told = async (page) => {
  await page.locator("#told p").waitFor({ timeout: 300000 });
  await quiet(page);
  assert.equal(await page.locator("#told .refused").count(), 0, await page.locator("#told").innerText());
};

export async function begin(page, body = BODY) {
  await page.locator("form.card select").nth(0).selectOption("2026Q3");
  await page.locator("form.card select").nth(1).selectOption("2-mk");
  await page.locator("form.card button").click();
  await page.locator("#who").waitFor();
  for (const [name, value] of Object.entries(body)) await page.fill(`#who [name=${name}]`, value);
  await page.locator("#who button").click();
  await told(page);
}

export async function dropFiles(page, files) {
  await go(page, "files");
  await page.locator("#picked").setInputFiles(files);
  await told(page);
  await page.locator("#screen.files table").waitFor();
}

export const sample = () => readdirSync(SAMPLE).filter((name) => name.endsWith(".csv")).map((name) => join(SAMPLE, name));

export async function count(page) {
  await page.locator(".run button").click();
  await page.locator(".run .turning").waitFor().catch(() => {});
  await told(page);
}

/** What axe says of the page that is at least moderate; the frame's own page has its own test. */
export async function faultsOf(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(async (tags) => (await window.axe.run({ exclude: [["iframe"]] }, { runOnly: tags, iframes: false })).violations, TAGS);
  const heavy = found.filter((fault) => ["serious", "critical", "moderate"].includes(fault.impact));
  return heavy.map((fault) => `${fault.id}: ${fault.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
}
