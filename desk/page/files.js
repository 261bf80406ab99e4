// Files: dropped copies of records, and what each sheet seems to be.

function drawFiles(main) {
  headed(main, word("screen_files"), word("files_about"),
    !isFrozen() && dropZone({ id: "picked", text: word("drop_here"), about: word("drop_about"), folder: true }),
    files().length ? fileTable() : el("p", { class: "empty" }, word("no_files")),
    surveyFaults(),
    files().length ? withoutFile() : null,
    files().length && openColumns() ? firstThere(word("next_columns", { count: openColumns() }), "columns") : null);
}

/** Where files are dropped or chosen; `into`: a folder of the quarter other than the records. */
function dropZone({ id, into = "", text, about, folder = false, done }) {
  const add = async (files) => { if (await addFiles(files, into)) done?.(files); };
  const picked = el("input", { type: "file", multiple: true, id, class: "heard", onchange: () => add([...picked.files].map(wayOf)) });
  const whole = el("input", { type: "file", webkitdirectory: true, id: `${id}-folder`, class: "heard", onchange: () => add([...whole.files].map(wayOf)) });
  const zone = el("div", { class: "drop", ondragover: (event) => { event.preventDefault(); zone.classList.add("over"); }, ondragleave: () => zone.classList.remove("over"),
    ondrop: async (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      add(await dropped(event.dataTransfer));
    } },
    el("p", {}, text),
    row(el("label", { class: "press primary", for: id }, word("choose_files")), picked, folder && [el("label", { class: "press", for: `${id}-folder` }, word("choose_folder")), whole]),
    about && el("p", { class: "soft" }, about));
  return zone;
}

/** Files of a drop, those of folders too, each with its way in the folder. */
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const found = [];
  const walk = async (entry) => {
    if (entry.isFile) return found.push({ file: await new Promise((done, fail) => entry.file(done, fail)), way: entry.fullPath });
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((done, fail) => reader.readEntries(done, fail));
      if (!some.length) return undefined;
      for (const one of some) await walk(one);
    }
  };
  for (const entry of entries) await walk(entry);
  return entries.length ? found : [...transfer.files].map(wayOf);
}

const wayOf = (file) => ({ file, way: file.webkitRelativePath || file.name });

/** The names under which files are kept: those of several folders that are called alike carry their folder's name. */
function named(chosen) {
  const wanted = chosen.filter(({ file }) => !file.name.startsWith(".") && !file.name.startsWith("~$"));
  const alike = (name) => wanted.filter(({ file }) => file.name.toLowerCase() === name.toLowerCase()).length > 1;
  return wanted.map(({ file, way }) => ({ file, name: alike(file.name) ? way.split("/").filter(Boolean).slice(-2).join(" – ") : file.name }));
}

/** `book.xlsx` → `book (2).xlsx`, if that is free. */
function beside(name, taken) {
  const [, stem, end] = name.match(/^(.*?)((?:\.[^.]+)?)$/s);
  for (let nth = 2; ; nth++) {
    const other = `${stem} (${nth})${end}`;
    if (!taken.some((one) => one.toLowerCase() === other.toLowerCase())) return other;
  }
}

/** Copies files into the quarter; what is there under the same name is replaced only when she says so. */
async function addFiles(chosen, into = "") {
  const wanted = named(chosen);
  if (!wanted.length) return false;
  const [left, answers] = [[], []];
  let isDone = false;
  await act(async () => {
    for (const { file, name } of wanted) {
      tell(word("copying", { name }));
      try {
        const told = await addFile(file, name, into);
        if (!told) left.push(word("not_added", { name }));
        else if (told.answers) answers.push(told.answers);
      } catch (refused) {
        if (!(refused instanceof Refused) || ["gone", "refused_token"].includes(refused.key)) throw refused;
        left.push(`${name}: ${saidOf(refused)}`);
      }
    }
    isDone = true;
  });
  if (!isDone) return false;
  const added = wanted.length - left.length - answers.length;
  const said = [...left, answers.length && word("answers_taken", { count: answers.reduce((sum, one) => sum + one) }), added && word(left.length ? "others_added" : "files_added", { count: added })];
  tell(said.filter(Boolean).join(" "), left.length > 0);
  return !left.length;
}

/** One file; nothing: she leaves it. */
async function addFile(file, name, into, query = {}) {
  if (file.size > 2 ** 31) throw new Refused("refused_large");
  const put = (called, more) => ask("PUT", `files/${encodeURIComponent(called)}`, { query: { in: into, ...more }, body: file });
  try {
    return await put(name, query);
  } catch (refused) {
    if (refused.key !== "refused_stale") throw refused;
  }
  const taken = into === "received" ? desk.state.quarter.received : files();
  const other = beside(name, taken.map((one) => one.name));
  const said = await askAbout(word("same_name", { name }), [["beside", word("keep_both", { name: other })], ["replace", word("replace")], ["", word("leave_it")]]);
  if (said === "beside") return addFile(file, other, into);
  return said === "replace" ? put(name, { replace: "yes" }) : null;
}

/** A `questions.xlsx` with answers that was found in the folder. */
function answersFound() {
  if (isFrozen()) return null;
  return (desk.survey?.answers ?? []).map(({ file, answers, fault }) => fault
    ? el("p", { class: "limit" }, `${file}: `, say(fault))
    : el("div", { class: "limit row" }, el("span", {}, word("answers_found", { file, count: answers })), primary(word("take_answers"), () => act(() => ask("PUT", "answers", { body: { file } }), "columns_confirmed"))));
}

/** Where a `questions.xlsx` with answers is handed in. */
function answersCard() {
  if (isFrozen()) return null;
  const picked = el("input", { type: "file", id: "answers", accept: ".xlsx", class: "heard", onchange: () => addFiles([...picked.files].map(wayOf), "answers") });
  return el("details", { class: "card" }, el("summary", {}, word("answers")), el("p", { class: "soft" }, word("answers_about")), row(el("label", { class: "press", for: "answers" }, word("choose_answers")), picked));
}

/** Every file with its sheets: rows, and what they seem to be. */
function fileTable() {
  const sheets = (name) => groups().flatMap((group) => group.sources.filter(({ source }) => source === name).map((source) => ({ ...source, group })));
  const headless = (name) => (desk.survey.survey?.headless ?? []).filter(({ source }) => source === name);
  const rows = files().map((file) => {
    const own = sheets(file.name);
    const list = el("ul", { class: "plain" },
      own.map(({ sheet, group }) => el("li", {}, sheet && el("b", {}, `${sheet}: `), groupSays(group))),
      headless(file.name).map(({ sheet }) => el("li", { class: "soft" }, sheet && `${sheet}: `, word("no_head"))),
      !own.length && !headless(file.name).length && el("li", {}, sign("open"), " ", word("not_records")));
    const away = button(word("take_away"), () => act(() => ask("DELETE", `files/${encodeURIComponent(file.name)}`), "file_taken_away"), { kind: "small", "aria-label": `${word("take_away")}: ${file.name}`, disabled: isFrozen() });
    return [file.name, size(file.bytes), list, away];
  });
  return table(word("files_of_quarter"), [word("file"), word("size"), word("seems_to_be"), heard(word("take_away"))], rows, { hidden: true });
}

/** What a head is, in a few words. */
function groupSays(group) {
  const name = group.table && say(tableOf(group.table)?.name);
  if (!isRead(group)) return el("span", { class: "soft" }, word("left_unread"));
  if (group.recognised) return [sign("done"), " ", name];
  if (group.confirmed) return [sign(group.remembered ? "open" : "done"), " ", name, group.remembered ? ` · ${word("remembered")}` : ""];
  return [sign("open"), " ", name ? word("perhaps", { table: name }) : word("unknown_table"), " ", button(word("say_what"), () => go("columns"), { kind: "small" })];
}

/** What is wrong with files as a whole. */
function surveyFaults() {
  if (desk.survey?.refused) return el("p", { class: "limit" }, desk.survey.refused.text ? say(desk.survey.refused.text) : word(desk.survey.refused.key));
  const found = (desk.survey?.survey?.findings ?? []).filter((finding) => finding.severity !== "notice");
  if (!found.length) return null;
  return card(word("about_files"), found.slice(0, 50).map((finding) => el("div", { class: `finding ${finding.severity}` },
    el("p", {}, mark(finding.severity), " ", finding.source && el("b", {}, `${sourceName(finding)}: `), sayOf(finding.message)), el("p", { class: "soft" }, sayOf(finding.hint)))));
}

/** Tables that the form counts from and that have no file: no cases, or no information, which is not the same. */
function withoutFile() {
  const there = new Set(groups().filter(isRead).map((group) => group.table));
  const absent = desk.state.quarter.needs.filter((name) => !there.has(name));
  if (!absent.length) return null;
  const said = desk.state.quarter.empty;
  const choose = (name) => (value) => act(() => ask("PUT", "empty", { body: { known: desk.state.quarter.empty_known, tables: { ...said, [name]: value } } }), "saved");
  return card(word("without_file"), el("p", { class: "soft" }, word("without_file_about")), el("div", { class: "grid" }, absent.map((name) =>
    field(say(tableOf(name).name), select([["-", word("no_information")], ["0", word("no_cases")]], said[name] ?? "-", choose(name), { disabled: isFrozen() })))));
}
