// Her own four books to a frozen PDF, by mouse alone and by keyboard alone; the next quarter's need no columns.
// BOOKS: folders `third` and `fourth`; PRIVATE: what must never be shown.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { BODY, SCREENS, atDesk, closeBrowser, openBrowser, quiet, told } from "./atdesk.js";

const skip = process.env.DESK && process.env.BOOKS ? false : "DESK and BOOKS are not set";
before(() => (skip ? undefined : openBrowser()));
after(closeBrowser);

/** The months' sheets, the journal with sections, complaints, training: 545 rows. */
const four = (folder) => readdirSync(join(process.env.BOOKS, folder)).filter((name) => /^(Қызметтер|Журнал|жалобы|обучение) .*xlsx$/.test(name)).map((name) => join(process.env.BOOKS, folder, name));

/** Somebody with a mouse: clicks are counted, what is typed, and every line of the page that she sees before she acts. */
function mouse(page) {
  const done = { clicks: 0, typed: 0, letters: 0, lines: new Set() };
  const look = async () => (await page.locator("body").innerText()).split("\n").forEach((line) => done.lines.add(line.trim()));
  return {
    done,
    press: async (what) => { await look(); done.clicks++; await what.click(); },
    choose: async (what, value) => { await look(); done.clicks += 2; await what.selectOption(value); },
    type: async (what, text) => { await look(); done.clicks++; done.typed++; done.letters += text.length; await what.fill(text); },
    files: async (label, input, paths) => {
      await look();
      done.clicks += 2 + paths.length; // the window of files, each file in it, and its button
      const [chooser] = await Promise.all([page.waitForEvent("filechooser"), label.click()]);
      await chooser.setFiles(paths);
    },
  };
}

/** Words on the lines that she saw. */
const words = (done) => [...done.lines].flatMap((line) => line.match(/\p{L}+/gu) ?? []).length;

/**
 * Minutes of a person as the keystroke-level model reckons them (Card, Moran, Newell 1980): 1.35 s to decide, 1.1 s to
 * point and 0.2 s to click, 0.28 s a letter, 0.4 s from mouse to keys and back; every line read once, 150 words a minute.
 */
const minutes = (done) => (done.clicks * 2.65 + done.letters * 0.28 + done.typed * 0.8) / 60 + words(done) / 150;

const reckoned = (done) => `${words(done)} words to read, ${done.letters} letters typed: about ${minutes(done).toFixed(1)} minutes`;

/** Somebody with a keyboard alone: everything is reached by Tab, opened by Enter, chosen by arrows. */
function keyboard(page) {
  const done = { clicks: 0, typed: 0 };
  const key = async (name) => { done.clicks++; await page.keyboard.press(name); };
  const reach = async (what) => {
    await what.waitFor();
    const is = () => what.evaluate((element) => element === document.activeElement);
    for (let step = 0; !(await is()); step++) {
      assert.ok(step < 400, `not reached by Tab: ${await what.evaluate((element) => element.outerHTML.slice(0, 200))}`);
      await key("Tab");
    }
  };
  return {
    done,
    press: async (what) => { await reach(what); await key("Enter"); },
    choose: async (what, value) => {
      await reach(what);
      const [at, wanted] = await what.evaluate((select, code) => [select.selectedIndex, [...select.options].findIndex((option) => option.value === code)], value);
      assert.ok(wanted >= 0, value);
      for (let step = at; step !== wanted; step += Math.sign(wanted - at)) await key(wanted > at ? "ArrowDown" : "ArrowUp");
    },
    type: async (what, text) => { await reach(what); done.typed++; await page.keyboard.press("Control+A"); await page.keyboard.type(text); },
    files: async (label, input, paths) => {
      await reach(input);
      const [chooser] = await Promise.all([page.waitForEvent("filechooser"), key("Space")]);
      await chooser.setFiles(paths);
    },
  };
}

const go = async (page, person, name) => {
  await person.press(page.locator("#side li button").nth(SCREENS.indexOf(name)));
  await page.locator(`#screen.${name}`).waitFor();
  // the page then puts whoever has no mouse at its title: a key pressed before would go there
  await page.waitForFunction(() => document.activeElement?.id === "title");
};

const still = async (page) => { await page.waitForTimeout(50); await quiet(page); };

/** Sheets are said to be what is likeliest, values what is offered; where nothing is offered, what she means. */
async function columns(page, person) {
  const open = page.locator("#screen > .group");
  for (let left = await open.count(); left; left = await open.count()) {
    const group = open.first();
    const text = await group.innerText();
    for (const hidden of process.env.PRIVATE.split("|")) assert.ok(!text.includes(hidden), hidden);
    // nothing can be confirmed before she has said what it is
    assert.equal(await group.locator("button.primary").count(), 0);
    await person.press(group.locator("fieldset button").first());
    await group.locator("table").first().waitFor();
    await still(page);
    await person.press(group.locator("button.primary"));
    await told(page);
    await page.waitForFunction((count) => document.querySelectorAll("#screen > .group").length < count, left);
  }
  // lists that are settled are shut
  const values = page.locator("#screen > section.card:not(.group):has(td select)");
  for (let left = await values.count(); left; left = await values.count()) {
    const open = values.first();
    for (const select of await open.locator("select").all()) {
      if ((await select.inputValue()) !== "") continue;
      await person.choose(select, await select.locator("option").nth(1).getAttribute("value"));
    }
    await person.press(open.locator("button.primary"));
    await told(page);
    await page.waitForFunction((count) => document.querySelectorAll("#screen > section.card:not(.group) button.primary").length < count, left);
  }
}

async function quarter(page, person, folder) {
  await go(page, person, "files");
  await person.files(page.locator("label[for=picked]"), page.locator("#picked"), four(folder));
  await told(page);
  await page.locator("#screen.files table").first().waitFor();
}

async function count(page, person) {
  await person.press(page.locator(".run button"));
  await told(page);
}

for (const [name, make] of [["mouse", mouse], ["keyboard", keyboard]]) {
  for (const lang of ["kk", "ru"]) {
    test(`her four books to a frozen PDF by ${name}, ${lang}`, { skip, timeout: 600000 }, (context) =>
      atDesk(async ({ page, home }) => {
        const person = make(page);
        const begun = Date.now();
        await person.choose(page.locator("form.card select").nth(0), "2026Q3");
        await person.choose(page.locator("form.card select").nth(1), "2-mk");
        await person.press(page.locator("form.card button"));
        await page.locator("#who").waitFor();
        for (const [field, value] of Object.entries(BODY)) await person.type(page.locator(`#who [name=${field}]`), value);
        await person.press(page.locator("#who button"));
        await told(page);
        await quarter(page, person, "third");
        await go(page, person, "columns");
        await columns(page, person);
        await count(page, person);
        // the day that the book slips on
        await go(page, person, "errors");
        const slip = page.locator("#screen details.cause", { hasText: "31.06" }).first();
        if (await slip.count()) {
          await person.press(slip.locator("summary").first());
          await slip.locator(".mend input").first().waitFor();
          await person.type(slip.locator(".mend input").first(), "30.07.2026");
          await person.press(slip.locator(".mend button.primary").first());
          await told(page);
          await count(page, person);
        }
        await go(page, person, "print");
        await person.press(page.locator("#screen .card button.primary").last());
        await told(page);
        const seconds = Math.round((Date.now() - begun) / 1000);
        const [folder] = readdirSync(join(home, "2026Q3/sent"));
        const pdf = readFileSync(join(home, "2026Q3/sent", folder, "results/report.pdf"));
        assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
        const report = JSON.parse(readFileSync(join(home, "2026Q3/sent", folder, "results/report.json"), "utf8"));
        const sum = (key) => report.ledger.reduce((all, line) => all + line[key], 0);
        const unread = report.ledger.map((line) => `${line.source} ${line.sheet ?? ""}: ${line.table}, ${line.read} read, ${line.accepted} accepted`);
        assert.equal(sum("read"), 545, unread.join("\n"));
        assert.deepEqual([...new Set(report.ledger.map((line) => line.table))].sort(), ["complaints", "services", "training"]);
        assert.ok(sum("accepted") > 0);
        const said = `${name}, ${lang}: ${person.done.clicks} ${name === "mouse" ? "clicks" : "keys"}, ${person.done.typed} fields typed, ${seconds} s; ${sum("accepted")} of ${sum("read")} rows accepted`;
        context.diagnostic(said);
        console.log(said);
        if (name !== "mouse") return;
        console.log(`${lang}: ${reckoned(person.done)}`);
        assert.ok(minutes(person.done) <= 30, "the first quarter in half an hour");
        if (lang !== "ru") return;
        // next quarter's books have other names, sheets and months, and need nothing but to be dropped
        Object.assign(person.done, { clicks: 0, typed: 0, letters: 0, lines: new Set() });
        await go(page, person, "overview");
        await person.press(page.locator("details.card", { has: page.locator("form.grid") }).last().locator("summary"));
        await person.choose(page.locator("details.card form.grid").last().locator("select").nth(0), "2026Q4");
        await person.press(page.locator("details.card form.grid").last().locator("button"));
        await still(page);
        await quarter(page, person, "fourth");
        await go(page, person, "columns");
        assert.equal(await page.locator("#screen > .group").count(), 0);
        await count(page, person);
        const next = JSON.parse(readFileSync(join(home, "2026Q4/results", readdirSync(join(home, "2026Q4/results")).find((one) => one.startsWith("2-mk")), "report.json"), "utf8"));
        assert.equal(next.ledger.reduce((all, line) => all + line.read, 0), 545);
        console.log(`the next quarter: ${person.done.clicks} clicks, ${reckoned(person.done)}`);
        assert.ok(minutes(person.done) <= 5, "the next quarter in five minutes");
      }, { lang }));
  }
}
