// Columns: what each head is, what its columns hold, how the first rows will be understood.

/** What she is saying about heads and values, until it is saved: by key. */
const drafts = new Map();

function drawColumns(main) {
  if (!files().length) return headed(main, word("screen_columns"), word("columns_about"), firstThere(word("next_files"), "files"));
  const open = openGroups();
  const rest = groups().filter((group) => !open.includes(group));
  headed(main, word("screen_columns"), word("columns_about"),
    surveyFaults(),
    answersFound(),
    open.map((group) => groupCard(group)),
    unknownValues().map(valuesCard),
    rest.length ? card(word("columns_known"), rest.map(knownGroup)) : null,
    !open.length && !openValues().length && el("div", { class: "complete" }, el("p", {}, word("columns_done"))),
    answersCard());
}

/** A head that is settled: shut, and to be opened again. */
function knownGroup(group) {
  const shut = el("details", {}, el("summary", {}, group.sources.map(sourceName).join(", "), " · ", groupSays(group)));
  shut.addEventListener("toggle", () => { if (shut.open && shut.childElementCount === 1) shut.append(groupCard(group, true)); });
  return shut;
}

function groupCard(group, known = false) {
  const place = el("section", { class: "card group", "aria-label": group.sources.map(sourceName).join(", ") });
  // what nobody has said is not taken for said: the table is chosen first
  if (!drafts.has(group.key)) drafts.set(group.key, isRead(group) && (group.confirmed || group.recognised) ? draftOf(group) : null);
  drawGroup(place, group, known);
  return place;
}

function draftOf(group, table = group.table) {
  const own = table === group.table;
  const proposal = group.others.find((other) => other.table === table);
  const fieldOf = ({ header, field }) => (own && (group.confirmed || group.recognised) ? field : proposal?.columns[header]) ?? "";
  return {
    table,
    numbered: own && group.confirmed ? group.numbered : proposal?.numbered ?? true,
    columns: Object.fromEntries(group.columns.map((column) => [column.header, fieldOf(column)])),
    short_days: own && group.confirmed ? group.short_days : group.short > 0,
    local_moments: own && group.confirmed && group.local_moments === true,
    fixed: own && group.fixed ? { ...group.fixed } : {},
    ...supplyOf(own && (group.confirmed || group.recognised) ? group.supply : proposal?.supply),
    understood: own && (group.confirmed || group.recognised) ? group.understood : null,
    missing: (own && group.confirmed ? group.missing : proposal?.missing) ?? [],
    needed: (own && group.confirmed ? group.needed : proposal?.needed) ?? [],
  };
}

/** What no column holds: a value for all rows, a line above them, the sheet's name, words of the title. */
function supplyOf(supply) {
  return { fixed: { ...supply?.fixed }, section: supply?.section ?? "", sheet_name: supply?.sheet_name ?? "", titled: { ...supply?.titled } };
}

function drawGroup(place, group, known) {
  const draft = drafts.get(group.key);
  refill(place,
    !known && el("h3", {}, group.sources.map(sourceName).join(", ")),
    el("p", { class: "soft" }, word("rows_of_group", { count: group.rows, shown: grouped(group.rows) }), group.remembered ? ` · ${word("remembered_about")}` : ""),
    whatIsThis(place, group, draft, known),
    draft && [columnTable(place, group, draft, known), lacking(place, group, draft, known), understood(draft), confirmRow(group, draft)]);
}

/** Which table it is: the likeliest are offered as buttons, all stand in the list. */
function whatIsThis(place, group, draft, known) {
  const choose = (table) => {
    if (table === "") return;
    drafts.set(group.key, draftOf(group, table));
    drawGroup(place, group, known);
    look(place, group, known);
  };
  const likely = group.others.slice(0, 3).map((other) => button(say(tableOf(other.table).name), () => choose(other.table), { "aria-pressed": String(draft?.table === other.table) }));
  const all = select([["", word("another_table")], ...desk.vocabulary.tables.map((table) => [table.table, say(table.name)])], draft?.table ?? "", choose, { "aria-label": word("what_is_this") });
  // said of the head, so that the run passes over it, too
  const leave = (confirmed) => act(() => ask("PUT", "mapping", { body: { known: desk.survey.known, head: { headers: group.headers, table: "", confirmed, columns: {} } } }).finally(() => drafts.delete(group.key)), "saved");
  const unread = isRead(group) ? button(word("do_not_read"), () => leave(true)) : button(word("read_again"), () => leave(false));
  return el("fieldset", { class: "row", disabled: isFrozen() }, el("legend", {}, word("what_is_this")), likely, all, !group.recognised && unread);
}

/** Her headers, samples, and the field of each. */
function columnTable(place, group, draft, known) {
  const fields = tableOf(draft.table).fields;
  const taken = new Set(Object.values(draft.columns).filter(Boolean));
  const rows = group.columns.map((column) => {
    const own = draft.columns[column.header] ?? "";
    const options = [["", word("not_read")], ...fields.filter(({ field }) => field === own || !taken.has(field)).map((field) => [field.field, say(field.name) + (field.required ? " *" : "")])];
    const chosen = select(options, own, (value) => {
      draft.columns[column.header] = value;
      look(place, group, known);
    }, { "aria-label": `${word("field")}: ${column.header}`, disabled: isFrozen() });
    const samples = column.personal ? el("span", { class: "soft" }, word("personal_hidden")) : (column.samples ?? []).map((sample) => el("span", { class: "sample" }, cut(sample, 40)));
    const help = own && fields.find(({ field }) => field === own)?.help;
    return [column.header, el("div", { class: "samples" }, samples), el("div", {}, chosen, help && el("small", {}, say(help)))];
  });
  return table(word("columns_of", { name: say(tableOf(draft.table).name) }), [word("her_header"), word("samples"), word("field")], rows, { hidden: true });
}

/** Needed fields without a column: one value for all rows may do. */
function lacking(place, group, draft, known) {
  const { fields } = tableOf(draft.table);
  const names = [...new Set([...draft.missing, ...Object.keys(draft.fixed)])].filter((name) => !Object.values(draft.columns).includes(name));
  const asked = names.map((name) => {
    const own = fields.find(({ field }) => field === name);
    if (!own) return null;
    const list = own.list && listOf(own.list);
    const set = (value) => {
      if (value) draft.fixed[name] = value;
      else delete draft.fixed[name];
    };
    const made = list
      ? select([["", word("unknown_for_all")], ...list.codes.map(({ code, name: label }) => [code, say(label)])], draft.fixed[name] ?? "", (value) => { set(value); look(place, group, known); }, { disabled: isFrozen() })
      : input(draft.fixed[name], { onchange: () => { set(made.value.trim()); look(place, group, known); }, disabled: isFrozen() });
    return field(say(own.name), made, say(own.help));
  });
  const numbered = el("label", { class: "tick" }, el("input", { type: "checkbox", checked: draft.numbered, disabled: isFrozen(), onchange: (event) => { draft.numbered = event.target.checked; } }), word("numbered"));
  const keyed = fields.some(({ field: name }) => name === "record_id") && !Object.values(draft.columns).includes("record_id");
  const left = asked.filter(Boolean);
  const short = group.short > 0 && el("label", { class: "tick" }, el("input", { type: "checkbox", checked: draft.short_days, disabled: isFrozen(), onchange: (event) => { draft.short_days = event.target.checked; look(place, group, known); } }), word("short_days"));
  const local = group.old_moments && el("label", { class: "tick" }, el("input", { type: "checkbox", checked: draft.local_moments, disabled: isFrozen(), onchange: (event) => { draft.local_moments = event.target.checked; } }), word("local_moments"));
  return el("div", { class: "lacking" }, keyed && numbered, short, local, suppliedRow(place, group, draft, known), left.length ? [el("p", {}, word("lacks")), el("div", { class: "grid" }, left)] : null);
}

/** What stands above the rows, in the sheet's name and in the title, and which field it fills. */
function suppliedRow(place, group, draft, known) {
  const { fields } = tableOf(draft.table);
  const asked = (label, value, set) => {
    const taken = new Set(Object.values(draft.columns).filter((name) => name && name !== value));
    const options = [["", word("not_read")], ...fields.filter(({ field }) => !taken.has(field)).map((one) => [one.field, say(one.name)])];
    return field(label, select(options, value, (name) => { set(name); look(place, group, known); }, { disabled: isFrozen() }));
  };
  const said = [];
  if (group.sections.length || draft.section) said.push(asked(word("line_above", { samples: group.sections.map((text) => `«${cut(text, 40)}»`).join(", ") }), draft.section, (name) => { draft.section = name; }));
  const sheets = [...new Set(group.sources.map(({ sheet }) => sheet).filter(Boolean))];
  if (draft.sheet_name || group.others.some((other) => other.table === draft.table && other.supply.sheet_name)) said.push(asked(word("sheet_says", { samples: sheets.slice(0, 3).map((name) => `«${name}»`).join(", ") }), draft.sheet_name, (name) => { draft.sheet_name = name; }));
  const words = new Set([...Object.keys(draft.titled), ...group.others.filter((other) => other.table === draft.table).flatMap((other) => Object.keys(other.supply.titled))]);
  for (const title of words) said.push(asked(word("title_says", { title }), draft.titled[title] ?? "", (name) => { draft.titled[title] = name; }));
  return said.length ? el("div", { class: "grid" }, said) : null;
}

/** The first rows as the program will understand them. */
function understood(draft) {
  if (!draft.understood?.rows?.length || !draft.understood.fields.length) return null;
  const { fields } = tableOf(draft.table);
  const heads = draft.understood.fields.map((name) => say(fields.find(({ field }) => field === name)?.name));
  const cell = (value) => {
    const text = value.name ? say(value.name) : value.flag === undefined ? value.text : word(value.flag ? "yes" : "no");
    return value.fault ? el("span", { class: "fault" }, text || word("blank"), heard(word("not_understood"))) : text;
  };
  return el("details", { open: true }, el("summary", {}, word("first_rows")),
    table(word("first_rows"), [word("line"), ...heads], draft.understood.rows.map((line) => [String(line.line), ...line.cells.map(cell)]), { hidden: true }));
}

const headOf = (group, draft) => ({
  headers: group.headers, table: draft.table, confirmed: true, short_days: draft.short_days, numbered: draft.numbered && !Object.values(draft.columns).includes("record_id"),
  columns: draft.columns, fixed: draft.fixed, section: draft.section || null, sheet_name: draft.sheet_name || null,
  titled: Object.fromEntries(Object.entries(draft.titled).filter(([, name]) => name)),
  ...(group.old_moments && { local_moments: draft.local_moments }),
});

/** Asks how the rows would be understood, and draws the head anew. */
async function look(place, group, known) {
  const draft = drafts.get(group.key);
  try {
    const told = await ask("POST", "preview", { body: { key: group.key, head: headOf(group, draft) } });
    Object.assign(draft, { understood: told?.understood ?? null, missing: told?.missing ?? [], needed: told?.needed ?? [] });
  } catch (refused) {
    tellRefused(refused);
  }
  const focused = document.activeElement?.getAttribute("aria-label");
  drawGroup(place, group, known);
  [...place.querySelectorAll("select, button")].find((one) => one.getAttribute("aria-label") === focused && focused)?.focus();
}

function confirmRow(group, draft) {
  if (isFrozen()) return null;
  const { fields } = tableOf(draft.table);
  const names = draft.needed.map((name) => `«${say(fields.find(({ field }) => field === name)?.name)}»`);
  if (names.length) return el("p", { class: "limit" }, word("needed", { fields: names.join(", ") }));
  return row(primary(word("confirm_columns"), () => act(async () => {
    await ask("PUT", "mapping", { body: { known: desk.survey.known, head: headOf(group, draft) } });
    drafts.delete(group.key);
  }, "columns_confirmed")));
}

/** Values that a code list does not know. */
function valuesCard(unknown) {
  const list = listOf(unknown.list);
  const said = Object.fromEntries(unknown.values.map(({ value, code, said: own }) => [value, unknown.confirmed && own ? code : code ?? ""]));
  const open = !unknown.confirmed || unknown.values.some(isOpenValue);
  const rows = unknown.values.map(({ value, times, hidden }) => {
    if (hidden) return [value, grouped(times), el("span", { class: "soft" }, word("value_hidden"))];
    const chosen = select([["", word("choose_meaning")], ...list.codes.map(({ code, name }) => [code, say(name)])], said[value], (code) => { said[value] = code; }, { "aria-label": `${word("meaning")}: ${value}`, disabled: isFrozen() });
    return [value, grouped(times), chosen];
  });
  const confirmIt = primary(word("confirm_values"), () => act(() => {
    const codes = Object.fromEntries(Object.entries(said).filter(([, code]) => code));
    return ask("PUT", "values", { body: { known: desk.survey.known, values: { list: unknown.list, confirmed: true, codes } } });
  }, "values_confirmed"), { disabled: isFrozen() });
  const body = [el("p", { class: "soft" }, word("values_about")), table(word("values_of", { name: say(list.name) }), [word("her_value"), word("times"), word("meaning")], rows, { numbers: [1], hidden: true }), row(confirmIt)];
  return open ? card(word("values_of", { name: say(list.name) }), body) : el("details", { class: "card" }, el("summary", {}, sign("done"), ` ${word("values_of", { name: say(list.name) })}`), body);
}
