#!/usr/bin/env python3
"""The work that esep does for forms 3-mk and 4-mk, as an engineer would script it: `same_work.py FILE OUT`.

DuckDB reads every field as text and types it by TRY_CAST; rows that cannot be typed, lack what they need, or repeat an
id go to a file of rejected rows with a reason; deadlines are the record's own or its term in working or calendar days;
the cells of both forms are counted by provider and service, with their sums, and written as XLSX by XlsxWriter and as
JSON with the SHA-256 of the input. The reader is given its quote character and told not to be strict: its own guess
drops most rows of such a file without a word; what it drops still (lines with an open quote, bytes that are no UTF-8)
is counted nowhere, which esep does.

Left out, and done by esep: places of faults in the file, three languages, findings, rules between cells, identities of
providers by name, ids that look the same, PDF, page, a second look at every number.
"""
import datetime
import hashlib
import json
import pathlib
import sys
import tomllib

import duckdb
import xlsxwriter

ROOT = pathlib.Path(__file__).resolve().parent.parent
FIELDS = """record_id provider_bin provider_name service_code service_name channel form information_system applicant
    received_at due_at term_value term_unit completed_at outcome refusal_reason delay_cause delay_act""".split()
LISTS = {"channel": "channel", "form": "form", "applicant": "applicant", "term_unit": "term_unit", "outcome": "outcome",
         "refusal_reason": "refusal_reason", "delay_cause": "delay_cause"}
FIRST, LAST = datetime.date(2026, 7, 1), datetime.date(2026, 9, 30)
EGOV, LICENSE = "channel = 'egov_portal'", "channel = 'elicense'"
LATE = "late AND delay_cause IN"
REFUSED = "outcome = 'refused'"
FORMS = {
    "3-mk": ({"paper": "channel = 'state_corporation' AND form = 'paper'",
              "electronic": "channel = 'state_corporation' AND form = 'electronic'"},
             ["true", "late", f"{LATE} ('corporation_employee')", f"{LATE} ('provider')", f"{LATE} ('power_outage')",
              f"{LATE} ('network_failure')", f"{LATE} ('is_failure', 'other_technical')", f"{LATE} ('mail_delivery')",
              REFUSED, f"{REFUSED} AND refusal_reason = 'corporation_incomplete_package'",
              f"{REFUSED} AND refusal_reason = 'provider_unjustified'", f"{REFUSED} AND refusal_reason = 'encumbrance'",
              f"{REFUSED} AND refusal_reason = 'other_justified'"]),
    "4-mk": ({"electronic": f"({EGOV} OR {LICENSE})"},
             ["true", EGOV, LICENSE, REFUSED, f"{REFUSED} AND {EGOV}", f"{REFUSED} AND {LICENSE}", "late",
              f"{LATE} ('power_outage', 'network_failure', 'is_failure', 'other_technical')", f"{LATE} ('provider')"]),
}


def days_off():
    """Weekends and the days that the calendar moves."""
    moved = {}
    for path in sorted((ROOT / "schemas/calendar").glob("*.toml")):
        for day in tomllib.loads(path.read_text(encoding="utf-8")).get("day", []):
            moved[day["date"]] = day["kind"] == "off"
    day, off = datetime.date(2025, 1, 1), []
    while day.year < 2028:
        if moved.get(day, day.weekday() > 4):
            off.append(day)
        day += datetime.timedelta(days=1)
    return off


def prepare(sql, source):
    """Typed rows, the calendar, rejected rows, records."""
    day, off, numbers, number = datetime.date(2025, 1, 1), set(days_off()), [], 0
    while day.year < 2028:
        number += day not in off
        numbers.append((day, number, day in off))
        day += datetime.timedelta(days=1)
    sql.execute("CREATE TABLE calendar (day DATE, number INTEGER, off BOOLEAN)")
    sql.executemany("INSERT INTO calendar VALUES (?, ?, ?)", numbers)
    sql.execute("CREATE TABLE working AS SELECT number, min(day) AS day FROM calendar WHERE NOT off GROUP BY ALL")
    sql.execute("CREATE TABLE next AS SELECT a.day, min(b.day) AS day_on FROM calendar a JOIN working b ON b.day >= a.day GROUP BY ALL")
    known = []
    for field, name in LISTS.items():
        codes = [code["code"] for code in tomllib.loads((ROOT / f"schemas/codelists/{name}.toml").read_text(encoding="utf-8"))["code"]]
        listed = ", ".join(f"'{code}'" for code in codes)
        known.append(f"WHEN coalesce({field} NOT IN ({listed}), false) THEN '{field}: no such code'")
    moments = "".join(
        f", coalesce(try_strptime({name}, ['%Y-%m-%d %H:%M', '%Y-%m-%d', '%d.%m.%Y %H:%M', '%d.%m.%Y'])) AS {name}_at"
        for name in ["received", "due", "completed"])
    raw = ", ".join(f"nullif(trim({name}), '') AS {name}" for name in FIELDS)
    renamed = raw.replace(" AS received_at", " AS received").replace(" AS due_at", " AS due").replace(" AS completed_at", " AS completed")
    columns = "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in FIELDS) + "}"
    sql.execute(f"""CREATE TABLE typed AS
        WITH raw AS (SELECT {renamed} FROM {source.format(columns=columns)}),
        cast_ AS (SELECT *, TRY_CAST(term_value AS BIGINT) AS term {moments} FROM raw)
        SELECT *, CASE
            WHEN record_id IS NULL THEN 'record_id: missing'
            WHEN provider_name IS NULL THEN 'provider_name: missing'
            WHEN service_code IS NULL AND service_name IS NULL THEN 'service_code: missing'
            WHEN channel IS NULL THEN 'channel: missing'
            {" ".join(known)}
            WHEN received_at IS NULL THEN 'received_at: missing or no date'
            WHEN due IS NOT NULL AND due_at IS NULL THEN 'due_at: no date'
            WHEN completed IS NOT NULL AND completed_at IS NULL THEN 'completed_at: no date'
            WHEN term_value IS NOT NULL AND coalesce(term < 1, true) THEN 'term_value: no number'
            WHEN (term_value IS NULL) <> (term_unit IS NULL) THEN 'term_value and term_unit go together'
            WHEN channel = 'state_corporation' AND form IS NULL THEN 'form: missing'
            WHEN outcome <> 'in_progress' AND completed IS NULL THEN 'completed_at: missing'
            WHEN row_number() OVER (PARTITION BY record_id) > 1 THEN 'record_id: repeated'
        END AS fault FROM cast_""")
    sql.execute(f"""CREATE TABLE records AS
        SELECT typed.*, month(completed_at) - 6 AS month,
            CASE WHEN due_at IS NOT NULL THEN completed_at::DATE > due_at::DATE
                 WHEN term_unit = 'working_days' THEN completed_at::DATE > working.day
                 WHEN term_unit = 'calendar_days' THEN completed_at::DATE > next.day_on
                 ELSE false END AS late
        FROM typed
        LEFT JOIN calendar ON calendar.day = received_at::DATE
        LEFT JOIN working ON working.number = calendar.number + term
        LEFT JOIN next ON next.day = received_at::DATE + term::INTEGER
        WHERE fault IS NULL AND outcome <> 'in_progress' AND completed_at::DATE BETWEEN DATE '{FIRST}' AND DATE '{LAST}'""")


def write(sql, form, out):
    """A form as XLSX and JSON: rows, providers, services."""
    rows, filters = FORMS[form]
    counts = ", ".join(f"count(*) FILTER ({one})" for one in filters)
    lines = []
    for row, which in rows.items():
        lines += [(row, *line) for line in sql.execute(f"""
            SELECT provider_bin, any_value(provider_name), service_code, any_value(service_name), {counts}
            FROM records WHERE {which} GROUP BY GROUPING SETS ((), (provider_bin), (provider_bin, service_code))
            ORDER BY provider_bin NULLS FIRST, service_code NULLS FIRST""").fetchall()]
    book = xlsxwriter.Workbook(out / f"{form}.xlsx", {"constant_memory": True})
    sheet, look = book.add_worksheet(form), book.add_format({"border": 1, "text_wrap": True, "font_name": "Times New Roman"})
    heads = ["row", "provider", "name", "service", "name", *map(str, range(1, len(filters) + 1))]
    for number, line in enumerate([heads, *lines]):
        for column, value in enumerate(line):
            sheet.write(number, column, value, look)
    book.close()
    (out / f"{form}.json").write_text(json.dumps(lines, ensure_ascii=False), encoding="utf-8")
    return len(lines)


def main():
    file, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    sql = duckdb.connect()
    if file.suffix == ".parquet":
        source = f"(SELECT COLUMNS(*)::VARCHAR FROM read_parquet('{file}'))"
    else:
        source = (f"read_csv('{file}', auto_detect = false, delim = ',', quote = '\"', escape = '\"', header = true, "
                  "strict_mode = false, ignore_errors = true, columns = {columns})")
    prepare(sql, source)
    sql.execute(f"COPY (SELECT * FROM typed WHERE fault IS NOT NULL) TO '{out}/rejected.csv' (HEADER)")
    with open(file, "rb") as read:
        digest = hashlib.file_digest(read, "sha256").hexdigest()
    books = sql.execute("SELECT count(*), count(fault) FROM typed").fetchone()
    found = {form: write(sql, form, out) for form in FORMS}
    told = {"file": file.name, "sha256": digest, "read": books[0], "rejected": books[1], "lines": found}
    (out / "provenance.json").write_text(json.dumps(told), encoding="utf-8")
    print(told)


if __name__ == "__main__":
    main()
