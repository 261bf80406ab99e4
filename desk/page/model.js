// What the page knows: words, the chosen language, the open quarter, the state as the desk last told it.

const WORDS = JSON.parse(document.getElementById("words").textContent);
const LANGS = ["kk", "ru", "en"];
const LANGUAGE_NAMES = { kk: "Қазақша", ru: "Русский", en: "English" };

const desk = {
  lang: Math.max(0, LANGS.indexOf(localStorage.getItem("esep-lang") ?? firstLanguage())),
  screen: "overview",
  /** Name of the open quarter. */
  quarter: sessionStorage.getItem("esep-quarter") ?? "",
  /** The form that is looked at, where a quarter has several. */
  form: sessionStorage.getItem("esep-form") ?? "",
  state: null,
  survey: null,
  vocabulary: null,
  token: "",
  /** Something is typed and not saved: nothing is drawn anew under her hands. */
  typed: false,
};

function firstLanguage() {
  return navigator.languages.map((lang) => lang.slice(0, 2)).find((lang) => LANGS.includes(lang)) ?? "ru";
}

/** A word of the page; `slots` fill its blanks, `{count?строка|строки|строк}` bends with its number. */
function word(key, slots = {}) {
  const text = WORDS[key]?.[desk.lang] ?? key;
  return text
    .replace(/\{(\w+)\?([^}]*)\}/g, (blank, name, forms) => bent(forms.split("|"), Number(slots[name])))
    .replace(/\{(\w+)\}/g, (blank, name) => (name in slots ? String(slots[name]) : blank));
}

function bent(forms, count) {
  const [tens, ones] = [Math.abs(count) % 100, Math.abs(count) % 10];
  const russian = tens >= 11 && tens <= 14 ? 2 : ones === 1 ? 0 : ones >= 2 && ones <= 4 ? 1 : 2;
  const place = [0, russian, count === 1 ? 0 : 1][desk.lang];
  return forms[Math.min(place, forms.length - 1)];
}

/** A text in three languages, as the desk sends them. */
const say = (text) => (text ? text[LANGS[desk.lang]] || text.ru || text.kk || text.en || "" : "");

/** 1 234 with no-break spaces. */
const grouped = (number) => String(number).replace(/\B(?=(\d{3})+(?!\d))/g, "\u00a0");

/** 2026-10-05 → 05.10.2026, with the time behind it if there is one. */
function day(text) {
  const [date, time] = text.split("T");
  return date.split("-").reverse().join(".") + (time ? ` ${time.slice(0, 5)}` : "");
}

/** What esep says, with its days as people write them; what it quotes and names of files stay as they are. */
const sayOf = (text) => say(text).replace(/«[^»]*»|“[^”]*”|(?<![\w-])\d{4}-\d\d-\d\d(?![\w-]|\.\w)/g, (part) => (/^\d/.test(part) ? day(part) : part));

/** A text in which days and quarters stand as people write them. */
const datedText = (text) => text.replace(/\d{4}-\d\d-\d\d/g, day).replace(/\b\d{4}Q[1-4]\b/g, quarterName);

/** 05.10.2026 → 2026-10-05; nothing for what is no day. */
function dayOf(text) {
  const [, date, month, year] = text.trim().match(/^(\d{1,2})\.(\d{1,2})\.(\d{4})$/) ?? [];
  const made = date && new Date(Date.UTC(year, month - 1, date));
  return made && made.getUTCMonth() === month - 1 && made.getUTCDate() === Number(date) ? made.toISOString().slice(0, 10) : "";
}

/** 2026Q3 → III тоқсан 2026. */
function quarterName(name) {
  const [year, number] = name.split("Q");
  return word("quarter_name", { year, number: ["I", "II", "III", "IV"][number - 1] });
}

/** What the desk refuses, in words. */
class Refused extends Error {
  constructor(key, text) {
    super(key);
    this.key = key;
    this.text = text;
  }
}

/** Asks the desk; `body`: what is sent as JSON, or a file. */
async function ask(method, path, { query = {}, body } = {}) {
  const pairs = Object.entries({ q: desk.quarter, form: desk.form, lang: LANGS[desk.lang], ...query }).filter(([, value]) => value !== "" && value !== undefined && value !== null);
  const tail = pairs.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join("&");
  const headers = { "X-Esep-Token": desk.token };
  const file = body instanceof Blob;
  if (method !== "GET") headers["Content-Type"] = file ? "application/octet-stream" : "application/json";
  let response;
  try {
    const sent = method === "GET" ? undefined : file ? body : JSON.stringify(body ?? {});
    response = await fetch(`/api/${path}${tail ? `?${tail}` : ""}`, { method, headers, body: sent, cache: "no-store" });
  } catch {
    throw new Refused(file ? await whyCut(body) : "gone");
  }
  const told = await response.json().catch(() => ({ error: "refused_fault" }));
  if (!response.ok) throw new Refused(told.error, told.text);
  return told;
}

/** Why a file did not arrive: it is no longer what was chosen, the way was cut, or nobody is there. */
async function whyCut(file) {
  const isThere = await file.slice(0, 1).arrayBuffer().then(() => true, () => false);
  if (!isThere) return "file_changed";
  return ask("GET", "run").then(() => "file_cut", () => "gone");
}

/** Asks anew for the state, and for what stands in the files. */
async function refresh() {
  const state = await ask("GET", "state");
  const [quarter, form] = [state.quarter?.name ?? "", state.quarter?.form ?? ""];
  desk.vocabulary ??= await ask("GET", "vocabulary");
  const survey = quarter ? (await ask("GET", "survey", { query: { q: quarter, form } }).catch((refused) => ({ survey: null, refused }))) : null;
  // together: nothing is drawn of new files with what stood in the old ones
  Object.assign(desk, { state, quarter, form, survey });
  sessionStorage.setItem("esep-quarter", quarter);
  sessionStorage.setItem("esep-form", form);
}

const files = () => desk.state.quarter?.files ?? [];
const settings = () => desk.state.quarter?.settings ?? {};
const isFrozen = () => Boolean(settings().frozen);
const counts = () => desk.state.quarter?.counts ?? { errors: 0, questions: 0, warnings: 0, notices: 0 };
const groups = () => desk.survey?.survey?.groups ?? [];
const unknownValues = () => desk.survey?.survey?.values ?? [];
const isRead = (group) => !group.left_out;
/** Heads that nobody has confirmed and that are not plain. */
const openGroups = () => groups().filter((group) => isRead(group) && !group.recognised && !(group.confirmed && !group.remembered && !group.needed.length));
/** What may be somebody's name is mended in the file, not answered. */
const isOpenValue = (value) => !value.said && !value.hidden;
const openValues = () => unknownValues().filter((list) => list.values.some((value) => !value.hidden) && (!list.confirmed || list.values.some(isOpenValue)));
const openColumns = () => openGroups().length + openValues().length;
const tableOf = (name) => desk.vocabulary.tables.find((table) => table.table === name);
const listOf = (name) => desk.vocabulary.lists.find((list) => list.list === name);
const formOf = (name) => desk.state.forms.find((form) => form.form === name);
