// Pages in headless Chromium, opened from disk; what they say on the console is a fault.

import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const PAGES = ["units", "central", "corporation", "portal", "long", "hostile"];
export const DESK = { width: 1366, height: 768 };
export const PHONE = { width: 390, height: 844 };

let browser;

export async function start() {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
}

export const stop = () => browser.close();

/** Opens a page and hands it to `act`; no error and no request but for the page itself may happen. */
export async function open(name, act, { viewport = DESK, colorScheme = "light" } = {}) {
  const path = process.env[`PAGE_${name.toUpperCase()}`];
  assert.ok(path, `PAGE_${name.toUpperCase()} is not set`);
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  const faults = [];
  const asked = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && faults.push(message.text()));
  page.on("pageerror", (fault) => faults.push(String(fault.stack)));
  page.on("request", (request) => asked.push(request.url()));
  const address = pathToFileURL(path).href;
  await page.goto(address);
  try {
    await act(page);
    assert.deepEqual(faults, []);
    assert.deepEqual(asked.filter((url) => url.split("#")[0] !== address && !url.startsWith("file:")), []);
  } finally {
    await context.close();
  }
}

/** The data inside the page. */
export const dataOf = (page) => page.evaluate(() => JSON.parse(document.getElementById("data").textContent));

/** Line and column of the cell that has the focus. */
export const focused = (page) => page.evaluate(() => {
  const { line, column } = document.activeElement.dataset;
  return line === undefined ? null : [Number(line), Number(column)];
});
