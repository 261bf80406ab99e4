#!/usr/bin/env python3
"""Do two programs write the same bytes?

    python3 tests/same_bytes.py BINARY_A BINARY_B [--only NAME] [--keep DIR] [--words-moved]
    python3 tests/same_bytes.py BINARY --selftest

Runs every command of esep with both binaries over the samples, the folders of `tests/findings`, `tests/golden` and
`tests/parquet`, and over files made here, and compares exit statuses, both outputs and every file that is there in the
end. Both work in the same folder one after the other, so that paths in the outputs cannot differ. Whoever rebuilds the
inside of the program proves with it that nothing is to be seen outside. Exit status: 0 all the same, 1 something
differs, 2 wrong usage.

--only NAME     only the cases whose name contains NAME
--keep DIR      leaves what the cases that differ wrote, in DIR/a and DIR/b
--words-moved   the definitions were edited or moved: their digest, which stands in report.json, report.xlsx and
                review.html, is set aside; so are digests and lengths of files that hold it, where they are told as
                inputs, and the packing of workbooks and documents (their parts are compared instead). All else counts
--selftest      proves that a changed byte in each kind of output is noticed, and where

Needs nothing but the standard library (Python 3.11 or newer).
"""

import argparse
import concurrent.futures
import csv
import functools
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "sample-data"
FINDINGS = ROOT / "tests" / "findings"

LANGS = ["kk", "ru", "en"]
FORMS = ["1-mk", "2-mk", "3-mk", "4-mk"]
PERIOD = "2026Q3"
BIN = "160440007161"
BODY = f'name_ru = "Тестовый орган"\nbin = "{BIN}"\nlanguages = ["ru"]\n'

# A run that takes longer than this has hung.
PATIENCE = 300
# Runs of the program at the same time.
PROCESSES = 2
# Files that are told of a case that differs.
TOLD = 6


@dataclass
class Case:
    """Files to lay into a fresh folder, and what is run there.

    A step is a list of arguments, or a function of the folder that may change files and returns more steps.
    """

    name: str
    steps: list
    # Place in the folder → where it is copied from, or the bytes themselves.
    files: dict = field(default_factory=dict)


# ---------------------------------------------------------------------------------------------------------------------
# Running


def lay(case, folder):
    """Writes the files of the case into a new folder."""
    folder.mkdir(parents=True)
    for place, source in case.files.items():
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(source, bytes):
            target.write_bytes(source)
        elif source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copyfile(source, target)


def surroundings(folder):
    """The least environment, the same for every run."""
    return {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "TMPDIR": str(folder.parent), "LC_ALL": "C", "TZ": "UTC"}


def run(binary, arguments, folder):
    """Exit status, standard output and standard error of one run."""
    try:
        done = subprocess.run(
            [binary, *arguments],
            cwd=folder,
            env=surroundings(folder),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return b"does not end", b"", b""
    return str(done.returncode).encode(), done.stdout, done.stderr


def perform(binary, steps, folder, told):
    """Runs the steps and adds what each says to `told`; the names keep the order of the runs."""
    for step in steps:
        if callable(step):
            perform(binary, step(folder), folder, told)
            continue
        name = f"run {len(told) // 3 + 1:03} «{' '.join(step)}»"
        for stream, content in zip(["exit status", "standard output", "standard error"], run(binary, step, folder)):
            told[f"{name} {stream}"] = content


def tree(folder):
    """Every file below a folder by its relative path; empty folders, too, since they are seen."""
    found = {}
    for place, _, names in os.walk(folder):
        below = Path(place).relative_to(folder)
        if not os.listdir(place):
            found[f"{below}/"] = b""
        for name in names:
            found[str(below / name)] = (Path(place) / name).read_bytes()
    return found


def outcome(binary, case, folder):
    """All that a binary says and leaves in the case, and the number of runs. The folder is gone afterwards."""
    told = {}
    lay(case, folder)
    try:
        perform(binary, case.steps, folder, told)
        runs = len(told) // 3
        return {**told, **tree(folder)}, runs
    finally:
        shutil.rmtree(folder)


def keep(seen, folder):
    """Writes an outcome down for people to look at."""
    for number, (name, content) in enumerate(seen.items()):
        is_told = name.startswith("run ")
        place = folder / (f"told/{number // 3 + 1:03} {name.rsplit('» ')[-1]}" if is_told else f"files/{name}")
        if name.endswith("/"):
            place.mkdir(parents=True, exist_ok=True)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


# ---------------------------------------------------------------------------------------------------------------------
# Comparing


class Masks:
    """What is set aside before two outcomes are compared: the digest of the definitions, and what follows from it."""

    def __init__(self, digests):
        self.digests = digests

    @property
    def are_on(self):
        return self.digests is not None

    def pair(self, a, b):
        """Words to replace on each side: the digest, and the digest of every file that differs by it."""
        sides = []
        for seen, other, digest in [(a, b, self.digests[0]), (b, a, self.digests[1])]:
            words = {digest: b"<definitions>"}
            for name, content in seen.items():
                if name in other and other[name] != content:
                    words[hashlib.sha256(content).hexdigest().encode()] = f"<digest of {name}>".encode()
            sides.append(words)
        return sides


DIGEST = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
# The length of an input stands before its digest; a packed file with another digest inside may be a byte longer.
LENGTH = re.compile(rb'("bytes":\s*)\d+(,\s*"sha256":\s*")([0-9a-f]{64})(?=")')


def masked(content, words):
    """The bytes with digests replaced by what they are digests of, and lengths of these files."""
    content = LENGTH.sub(lambda found: found[1] + b"<length>" + found[2] + words[found[3]] if found[3] in words else found[0], content)
    return DIGEST.sub(lambda found: words.get(found[0], found[0]), content)


def parts(content):
    """Parts of a ZIP archive in their order, or nothing when it is none."""
    if content[:4] != b"PK\x03\x04":
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {entry.filename: archive.read(entry) for entry in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
        return None


def is_same(a, b, words):
    """Whether two contents are the same, digests set aside when there are words for that."""
    if a == b:
        return True
    if words is None:
        return False
    one, two = parts(a), parts(b)
    if one is None or two is None:
        return masked(a, words[0]) == masked(b, words[1])
    if list(one) != list(two):
        return False
    return all(masked(one[name], words[0]) == masked(two[name], words[1]) for name in one)


def first_difference(a, b):
    """Position of the first byte that differs."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[:middle] == b[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def around(content, position, before=40, after=60):
    """A piece of text around a position, on one line."""
    piece = content[max(0, position - before) : position + after]
    return repr(piece.decode("utf-8", "replace").strip("\ufffd"))


def say_text(a, b):
    """The first line that differs, and how it does."""
    at = first_difference(a, b)
    line = a.count(b"\n", 0, at) + 1
    return f"line {line}: A {around(a, at)}, B {around(b, at)}"


def json_path(a, b, path="$"):
    """Path and values of the first difference of two JSON values; nothing when they are equal."""
    if type(a) is type(b) is dict:
        if list(a) != list(b):
            return path, f"keys {list(a)}", f"keys {list(b)}"
        found = (json_path(a[key], b[key], f"{path}.{key}") for key in a)
        return next(filter(None, found), None)
    if type(a) is type(b) is list:
        found = (json_path(one, two, f"{path}[{at}]") for at, (one, two) in enumerate(zip(a, b)))
        length = (path, f"{len(a)} elements", f"{len(b)} elements") if len(a) != len(b) else None
        return next(filter(None, found), length)
    return None if type(a) is type(b) and a == b else (path, repr(a)[:120], repr(b)[:120])


def say_json(a, b):
    """The path of the first difference; layout alone is told as text."""
    try:
        found = json_path(json.loads(a), json.loads(b))
    except ValueError:
        found = None
    if found is None:
        return say_text(a, b)
    path, one, two = found
    return f"{path}: A {one}, B {two}"


def say_zip(a, b, words):
    """The parts that differ, and the XML around the first difference."""
    one, two = parts(a), parts(b)
    if list(one) != list(two):
        only = [f"only A has {name}" for name in one if name not in two] + [f"only B has {name}" for name in two if name not in one]
        return ", ".join(only) or f"the order of parts: A {list(one)}, B {list(two)}"
    differ = [name for name in one if not is_same(one[name], two[name], words)]
    if not differ:
        return "all parts are the same, the archive around them is not (packing, dates or order)"
    more = f" (and {len(differ) - 1} more parts)" if len(differ) > 1 else ""
    one, two = one[differ[0]], two[differ[0]]
    if words is not None:
        one, two = masked(one, words[0]), masked(two, words[1])
    at = first_difference(one, two)
    return f"part {differ[0]}: A {around(one, at)}, B {around(two, at)}{more}"


STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def unpacked(pdf):
    """A PDF with its packed streams unpacked, as far as zlib can."""

    def open_one(found):
        try:
            return b"stream\n" + zlib.decompress(found[1]) + b"\nendstream"
        except zlib.error:
            return found[0]

    return STREAM.sub(open_one, pdf)


def say_pdf(a, b):
    """The first difference of the unpacked PDFs."""
    one, two = unpacked(a), unpacked(b)
    if one == two:
        return "the unpacked streams are the same, their packing is not"
    at = first_difference(one, two)
    objects = re.findall(rb"(\d+) 0 obj", one[:at])
    name = f"object {int(objects[-1])}" if objects else "the head"
    return f"{name}: A {around(one, at)}, B {around(two, at)}"


def say(name, a, b, words):
    """How two contents of one name differ."""
    if parts(a) is not None and parts(b) is not None:
        return say_zip(a, b, words)
    if words is not None:
        a, b = masked(a, words[0]), masked(b, words[1])
    if a[:5] == b[:5] == b"%PDF-":
        return say_pdf(a, b)
    if name.endswith(".json") or a[:1] in (b"{", b"["):
        return say_json(a, b)
    return say_text(a, b)


def differences(a, b, masks):
    """Names that differ between two outcomes, each with how."""
    words = masks.pair(a, b) if masks.are_on else None
    found = [(name, "only A has it") for name in a if name not in b]
    found += [(name, "only B has it") for name in b if name not in a]
    for name in a:
        if name in b and not is_same(a[name], b[name], words):
            found.append((name, say(name, a[name], b[name], words)))
    return found


# ---------------------------------------------------------------------------------------------------------------------
# Files that are made here


def packed(members):
    """A ZIP archive that is the same whenever it is made."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


@dataclass
class Formula:
    """A formula of a cell, with its stored result; `None`: never counted."""

    text: str
    result: object = None


def letters(column):
    """The name of a column from 0."""
    return (letters(column // 26 - 1) if column > 25 else "") + chr(65 + column % 26)


def cell_xml(row, column, value):
    """A cell as it stands in the XML of a sheet."""
    place = f'r="{letters(column)}{row}"'
    if isinstance(value, Formula):
        formula, result = f"<f>{escape(value.text)}</f>", value.result
        if result is None:
            return f"<c {place}>{formula}</c>"
        kind = ' t="e"' if str(result).startswith("#") else "" if is_number(result) else ' t="str"'
        return f"<c {place}{kind}>{formula}<v>{escape(str(result))}</v></c>"
    if isinstance(value, (int, float)):
        return f"<c {place}><v>{value}</v></c>"
    return f'<c {place} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def is_number(text):
    """Whether a program would read the text as a number."""
    return re.fullmatch(r"-?\d+(\.\d+)?", str(text)) is not None


def sheet_xml(rows):
    """The XML of a sheet; a row is a dictionary of columns from 0."""
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(cell_xml(number, column, value) for column, value in sorted(row.items()))
        lines.append(f'<row r="{number}">{cells}</row>')
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def workbook(sheets, hidden=()):
    """An XLSX of sheets: name → rows."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    numbers = range(1, len(sheets) + 1)
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{at}"{" state=" + chr(34) + "hidden" + chr(34) if name in hidden else ""} r:id="r{at}"/>'
        for at, name in zip(numbers, sheets)
    )
    relations = "".join(f'<Relationship Id="r{at}" Type="{office}/worksheet" Target="worksheets/sheet{at}.xml"/>' for at in numbers)
    types = "".join(f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{main}.worksheet+xml"/>' for at in numbers)
    members = [
        (
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{main}.sheet.main+xml"/>{types}</Types>',
        ),
        ("_rels/.rels", f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>'),
        (
            "xl/workbook.xml",
            f'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>',
        ),
        ("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>'),
    ]
    members += [(f"xl/worksheets/sheet{at}.xml", sheet_xml(rows)) for at, rows in zip(numbers, sheets.values())]
    return packed(members)


def table(rows):
    """Rows of lists as rows of a sheet."""
    return [dict(enumerate(row)) for row in rows]


@functools.cache
def recipes():
    """The folder with what the recipes of `tests/it/fixtures.rs` make: they are written once, by the test that knows them."""
    folder = tempfile.TemporaryDirectory()
    told = {**os.environ, "ESEP_FIXTURES": folder.name}
    subprocess.run(["cargo", "test", "--release", "--quiet", "--test", "it", "fixtures::"], cwd=ROOT, env=told, check=True, stdout=subprocess.DEVNULL)
    return folder


def made(recipe):
    return (Path(recipes().name) / recipe).read_bytes()



def typed_cell(text):
    """`12` a number, `'12` a text, `=formula|result` a formula."""
    if text.startswith("="):
        formula, _, result = text[1:].partition("|")
        return Formula(formula, result or None)
    if text.startswith("'"):
        return text[1:]
    return float(text) if "." in text and is_number(text) else int(text) if is_number(text) else text


def typed(text):
    """A sheet typed as text, cells between semicolons."""
    return [{column: typed_cell(cell) for column, cell in enumerate(line.split(";")) if cell} for line in text.splitlines()]


def filed_workbook(text, is_hidden):
    """The workbook of a `form.csv`: a sheet for each part between `---`."""
    sheets = {f"Лист{number}": typed(part) for number, part in enumerate(text.split("---\n"), 1)}
    return workbook({**sheets, "Sheet2": []}, ["Лист1"]) if is_hidden else workbook(sheets)


def journal():
    """A body's own book of services with headers of its own, a sheet a month."""
    head = ["№ п/п", "ФИО", "ИИН", "Кто обратился", "Вид услуги", "Куда обратился", "Дата подачи", "Исполнить до", "Дата исполнения", "Статус", "Прим."]
    sheets = {}
    for name, month in [("Июль", 7), ("Август", 8), ("Сентябрь", 9)]:
        rows = [["Журнал учета государственных услуг"], [f"{name} 2026 года"], [], head]
        for row in range(4, 16):
            days = [f"{day:02}.{month:02}.2026" for day in (row, row + 10, 28 if row == 15 else row + 5)]
            person = [["Ахметов Серик Болатович", "Қасым Айгүл Нұрланқызы", "Петрова А.С."][row % 3], ["870715300123", "910203400456"][row % 2]]
            asked = [["физ. лицо", "гражданин", "компания"][row % 3], ["Выдача справки", "Назначение пособия"][row % 2]]
            where = ["через сайт egov", "нарочно (канцелярия)"][row % 2]
            rows.append([row - 3, *person, *asked, where, *days, "Отказано в услуге" if row == 13 else "Исполнено"])
        sheets[name] = table([*rows, ["Итого", "", "", "12"]])
    return workbook({**sheets, "Телефоны": table([["отделы"]])})


# ---------------------------------------------------------------------------------------------------------------------
# Arguments and steps that several cases need


def generate(paths, form, *more, period=PERIOD, organisation="organisation.toml", out="out"):
    """Arguments of `generate`."""
    paths = [paths] if isinstance(paths, str) else paths
    return ["generate", *paths, "--form", form, "--period", period, "--organisation", organisation, "--out", out, *more]


def results(folder, out="out"):
    """Folders of results below `out`, relative to the folder of the case."""
    place = folder / out
    return sorted(str(path.relative_to(folder)) for path in place.iterdir() if path.is_dir()) if place.is_dir() else []


def checks(out="out", langs=("ru",)):
    """Checks of what stands below `out`: on the terminal, as JSON, and with files."""

    def steps(folder):
        made = []
        for at, report in enumerate(results(folder, out)):
            for lang in langs:
                book, data = f"{report}/report.xlsx", f"{report}/report.json"
                made.append(["check", book, "--lang", lang, "--out", f"checked-{out}-{at}-{lang}"])
                made.append(["check", data, "--lang", lang, "--json"])
        return [step for step in made if (folder / step[1]).exists()]

    return steps


def spread(values, number):
    """At most so many of the values, from first to last."""
    step = max(1, len(values) // number)
    return values[::step][:number]


def counted(report, number):
    """Some cells of a report that count something, as words of `explain`."""
    cells = []
    for line in report.get("lines", []):
        name = line.get("information_system") or line.get("service_code") or line.get("service_name") or line.get("provider_name")
        for column, value in line["values"].items():
            if isinstance(value, int) and value > 0:
                cells.append([report["head"]["form"], line["row"], column, *([name] if name else [])])
    return spread(cells, number)


def explanations(number, *more, out="out", langs=LANGS):
    """Explains so many cells of each report, the first whole and as JSON, too."""

    def steps(folder):
        made = []
        for report in results(folder, out):
            path = folder / report / "report.json"
            cells = counted(json.loads(path.read_bytes()), number) if path.exists() else []
            for at, cell in enumerate(cells):
                asked = ["explain", report, *cell, *more]
                made.append([*asked, "--lang", langs[at % len(langs)]])
                made += [[*asked, "--all", "--lang", lang] for lang in langs if at == 0]
                made += [[*asked, "--json"]] if at == 0 else []
        return made

    return steps


def ids(folder, number):
    """Numbers of some records of the CSV files of a folder."""
    found = []
    for path in sorted(folder.glob("*.csv")):
        try:
            rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";" if b";" in path.read_bytes().split(b"\n")[0] else ","))
        except (UnicodeDecodeError, csv.Error):
            continue
        found += spread([row[0] for row in rows[1:] if row and row[0].strip()], number)
    return found


def records_explained(records, number, *more, out="out", langs=LANGS):
    """Explains some records, those of each file."""

    def steps(folder):
        made = []
        for report in results(folder, out)[:1]:
            for at, name in enumerate([*ids(folder / records, number), "no such record"]):
                lang = langs[at % len(langs)]
                made.append(["explain", report, "--record", name, *more, "--lang", lang, *(["--json"] if at % 4 == 3 else [])])
        return made

    return steps


def edit(place, change):
    """A step that edits a text file and runs nothing."""

    def steps(folder):
        path = folder / place
        if path.exists():
            path.write_text(change(path.read_text("utf-8")), "utf-8")
        return []

    return steps


def confirmed(text):
    """A mapping in which everything is confirmed."""
    return text.replace("confirmed = false", "confirmed = true")


def named(text):
    """A proposed organisation file with the name and the BIN that people are asked for."""
    return re.sub(r'^bin = ""', f'bin = "{BIN}"', re.sub(r'^name_ru = ""', 'name_ru = "Тестовый орган"', text, flags=re.M), flags=re.M)


# ---------------------------------------------------------------------------------------------------------------------
# Cases: samples


CONFIRMATIONS = """
[[confirmation]]
code = "F-115"
source = "services-2026-07.csv"
line = 726
values = { value = "600440000218" }
reason = "The number stands so in the register of legal entities"
person = "head of the department"
date = 2026-10-05

[[confirmation]]
code = "F-126"
source = "control_events.csv"
line = 14
values = { days = "2" }
reason = "The notice was given by telephone before"
person = "head of the department"
date = 2026-10-05
"""


@dataclass
class Sample:
    """A sample of records: its name, where the records lie, their forms, and what only it has."""

    name: str
    records: str
    forms: str
    organisation: str
    more: dict = field(default_factory=dict)

    @property
    def files(self):
        """What is laid into the folder of a case."""
        whole = {place: SAMPLES / place for place in [self.records, *self.more.values()] if not place.startswith(self.records + "/")}
        place = f"{self.organisation}/organisation.toml"
        return {**whole, "organisation.toml": SAMPLES / place, "confirm.toml": CONFIRMATIONS.encode()}

    def generate(self, *more, **other):
        """Arguments that fill the sample's forms."""
        return generate(self.records, self.forms, *more, **other)


AKIMAT = {"--narrative": "akimat-2026Q3/narrative.toml", "--attachments": "attachments"}
SAMPLE_LIST = [
    Sample("akimat", "akimat-2026Q3", "2-mk", "akimat-2026Q3", {**AKIMAT, "--previous": "previous"}),
    Sample("workbook", "akimat-2026Q3.xlsx", "2-mk", "akimat-2026Q3", {**AKIMAT, "--previous": "previous"}),
    Sample("central", "central-body-2026Q3", "1-mk", "central-body-2026Q3"),
    Sample("national", "national-2026Q3", "3-mk,4-mk", "national-2026Q3"),
]


def earlier():
    """The earlier reports of the sample, as arguments."""
    return ["--previous", *[f"previous/{path.name}" for path in sorted((SAMPLES / "previous").iterdir())]]


def variants(sample):
    """Options of `generate` that the sample can have, by name, and the languages they are tried in."""
    told = [word for pair in sample.more.items() if pair[0] != "--previous" for word in pair]
    found = {
        "by-unit": (["--by-unit"], LANGS),
        "paranoid": (["--paranoid"], LANGS),
        "both": (["--by-unit", "--paranoid"], ["kk,ru"]),
        "confirm": (["--confirm", "confirm.toml", "--deny", "warnings"], LANGS),
        "without": (["--without", "pdf,review", "--quiet"], ["ru"]),
        "as-of": (["--as-of", "2026-10-20"], ["en,kk"]),
    }
    if told:
        found["told"] = (told, LANGS)
    if "--previous" in sample.more:
        found["previous"] = (earlier(), LANGS)
        found["everything"] = ([*told, *earlier(), "--by-unit", "--confirm", "confirm.toml"], ["kk,ru,en"])
    return found


def sample_cases(sample):
    """The sample in every language and with every option; what was made is checked and explained."""
    cases = []
    for lang in ["", *LANGS]:
        tongue = ["--lang", lang] if lang else []
        after = [checks(langs=[lang] if lang else [])]
        if lang:
            after += [explanations(4, "--sources", sample.records, langs=[lang])]
            after += [records_explained(sample.records, 2, "--sources", sample.records, langs=[lang])]
        else:
            after += [sample.generate(), sample.generate("--force", "--quiet"), explanations(1, langs=["ru"])]
        cases.append(Case(f"samples/{sample.name}/plain-{lang or 'own'}", [sample.generate(*tongue), *after], sample.files))
    for name, (options, langs) in variants(sample).items():
        for lang in langs:
            steps = [sample.generate(*options, "--lang", lang)]
            if name in ("both", "everything"):
                steps.append(explanations(1, "--sources", sample.records))
            cases.append(Case(f"samples/{sample.name}/{name}-{lang}", steps, sample.files))
    return cases + [sample_init(sample)]


def sample_init(sample):
    """`init` looks at the sample; what it proposes is confirmed and used."""
    steps = [["init", sample.records, "--lang", lang, "--out", f"init-{lang}"] for lang in LANGS]
    steps += [["init", sample.records, "--out", "init-ru"], ["init", sample.records, "--out", "init-ru", "--force"]]
    steps += [edit("init-ru/mapping.toml", confirmed), edit("init-ru/organisation.toml", named), sample.generate("--mapping", "init-ru/mapping.toml", "--paranoid")]
    steps += [sample.generate("--mapping", "init-ru/mapping.toml", organisation="init-ru/organisation.toml", out="own")]
    return Case(f"samples/{sample.name}/init", steps, sample.files)


def other_samples():
    """Reports of districts become one; a submitted report is corrected."""
    districts = [f"districts-2026Q3/{name}" for name in ["akzhalyn.xlsx", "tasbulak.json", "kokarnaly.xlsx", "uzynbel.json"]]
    base = ["consolidate", *districts, "--organisation", "districts-2026Q3/organisation.toml"]
    received = ["--received", "districts-2026Q3/received.csv"]
    files = {name: SAMPLES / name for name in ["districts-2026Q3", "previous", "attachments"]}
    files["narrative.toml"] = SAMPLES / "akimat-2026Q3" / "narrative.toml"
    cases = [Case("samples/districts/refused", [[*base, *received, "--lang", lang, "--out", "out"] for lang in LANGS], files)]
    for lang in LANGS:
        steps = [[*base, *received, "--provisional", "--lang", lang, "--out", "out"], checks(langs=[lang]), explanations(6, langs=[lang])]
        cases.append(Case(f"samples/districts/provisional-{lang}", steps, files))
    told = ["--narrative", "narrative.toml", "--attachments", "attachments", *earlier(), "--as-of", "2026-10-20", "--deny", "warnings"]
    steps = [[*base, *received, "--provisional", "--lang", "kk,ru", *told, "--out", "out"], [*base, "--provisional", "--out", "bare", "--quiet"]]
    steps += [[*base, "--provisional", *more, "--out", "other"] for more in (["--form", "1-mk"], ["--period", "2026Q2"], ["--received", "no.csv"])]
    cases.append(Case("samples/districts/told", steps, files))
    steps = [["check", *districts, "--lang", lang, "--out", f"out-{lang}"] for lang in LANGS]
    steps += [["check", *districts, "--json"], ["check", *districts, "--quiet", "--deny", "warnings", *earlier()]]
    cases.append(Case("samples/districts/check", steps, files))
    return cases + [adjusted(lang) for lang in ["", *LANGS]]


MORE_CHANGES = """asked_for = true
person = "Исполнитель"
date = 2027-01-25
[[change]]
row = "21"
column = "m3"
old = 4
new = 6
reason = "Ещё двое прошли обучение"
document = "akt-sverki.txt"
"""


def adjusted(lang):
    """The submitted report corrected; the workbook is corrected once more, and a revision is checked."""
    report, changes = "adjustments/report.json", "adjustments/changes.toml"
    tongue = ["--lang", lang] if lang else []
    more = "adjustments/more.toml"
    again = lambda folder: [
        ["adjust", f"{place}/{name}", "--changes", more, "--out", f"again-{name}", *tongue] for place in results(folder) for name in ("report.json", "report.xlsx")
    ]
    steps = [["adjust", report, "--changes", changes, "--out", "out", *tongue], checks(langs=[lang or "ru"]), again, checks("again-report.xlsx")]
    steps += [["adjust", report, "--changes", changes, "--out", "signed", "--organisation", "organisation.toml", "--deny", "warnings", *tongue]]
    steps += [edit(changes, lambda text: text.replace("old = 2", "old = 3")), ["adjust", report, "--changes", changes, "--out", "wrong", *tongue]]
    steps += [["check", report, *tongue], explanations(2, langs=[lang or "ru"])]
    files = {"adjustments": SAMPLES / "adjustments", more: MORE_CHANGES.encode()}
    files["organisation.toml"] = SAMPLES / "akimat-2026Q3" / "organisation.toml"
    return Case(f"samples/adjustments/{lang or 'own'}", steps, files)


# ---------------------------------------------------------------------------------------------------------------------
# Cases: folders of findings


def finding_cases(skeletons):
    """A case for each folder of `tests/findings`, by its kind."""
    cases = []
    for path in sorted(FINDINGS.iterdir()):
        if not (path / "case.toml").exists():
            continue
        told = tomllib.loads((path / "case.toml").read_text("utf-8"))
        if "report" in told:
            cases.append(made_case(path, told, skeletons))
        elif told.get("filed"):
            cases.append(filed_case(path, told))
        else:
            cases.append(records_case(path, told))
    return cases


def words_of(path):
    """Explanations of the folder's own code."""
    return [["explain", path.name[:5], "--lang", lang] for lang in LANGS]


def records_case(path, told):
    """Records that provoke a finding, in each language and counted in every way, then checked and explained.

    The smaller bounds of a folder cannot be set from the command line; its files are run under the usual ones.
    """
    files = {"records": path, "organisation.toml": (BODY + told.get("organisation", "")).encode()}
    files |= {f"records/{name}": made(recipe) for name, recipe in told.get("made", {}).items()}
    options = [word for name in ["encoding", "separator"] if name in told for word in (f"--{name}", told[name])]
    options += [word for name in ["previous", "confirm", "mapping"] if name in told for word in (f"--{name}", f"records/{told[name]}")]
    if "narrative" in told:
        files["narrative.toml"] = told["narrative"].encode()
        options += ["--narrative", "narrative.toml"]
    run = lambda *more, out: generate("records", told["form"], *options, *more, period=told["period"], out=out)
    steps = [run("--lang", lang, out=f"out-{lang}") for lang in LANGS]
    steps += [run("--lang", "ru", "--by-unit", "--paranoid", "--without", "pdf", out="out")]
    steps += [["init", "records", "--lang", lang, "--out", f"init-{lang}"] for lang in LANGS]
    steps += [edit("init-kk/mapping.toml", confirmed), generate("records", told["form"], "--mapping", "init-kk/mapping.toml", "--without", "pdf", period=told["period"], out="mapped")]
    sources = ["--sources", "records"]
    steps += [checks(), explanations(2, *sources), records_explained("records", 3, *sources), *words_of(path)]
    return Case(f"findings/{path.name}", steps, files)


def filed_case(path, told):
    """A form of somebody else that provokes a finding, checked in every way."""
    name = "report.json"
    if (path / name).exists():
        content = path / name
    else:
        name = told.get("name", "form.xlsx")
        content = filed_workbook((path / "form.csv").read_text("utf-8"), told.get("hidden", False))
    steps = [["check", name, "--lang", lang, "--out", f"out-{lang}"] for lang in LANGS]
    steps += [["check", name, "--json"], ["check", name, "--quiet", "--deny", "warnings"], *words_of(path)]
    return Case(f"findings/{path.name}", steps, {name: content})


def filled(skeleton, report, form, period):
    """A report of zeros with some cells set and lines added, as `tests/it/made.rs` makes it."""
    figure = lambda number: "-" if number < 0 else number
    lines = []
    for row in skeleton[form]["lines"]:
        values = dict.fromkeys(row["values"], 0)
        values |= {column: figure(number) for id, column, number in report.get("cells", []) if id == row["row_id"]}
        head = {"section": row["section"], "row": row["row"], "row_id": row["row_id"]}
        lines.append({**head, "values": values})
        for line in report.get("lines", []):
            if line["row"] == row["row_id"]:
                lines.append({**head, **line_key(line), "values": dict(zip(values, map(figure, line["values"])))})
    body = {"bin": report.get("bin", BIN), "name": {"kk": "Орган", "ru": "Орган", "en": "Body"}}
    head = {"form": form, "edition": skeleton[form]["head"]["edition"], "period": period, "as_of": "2027-01-01", "organisation": body}
    head["languages"] = [report.get("lang", "ru")]
    if "unit" in report:
        head["unit"] = {"code": report["unit"], "name": f"Район {report['unit']}"}
    made = {"version": 1, "head": head, "lines": lines}
    if within := report.get("within"):
        units = [{"code": code, "name": code, "counted": True, "sources": []} for code in within]
        made["consolidation"] = {"expected": len(units), "counted": len(units), "provisional": False, "units": units}
    return json.dumps(made, ensure_ascii=False).encode()


def line_key(line):
    """What tells a line of a made report."""
    key = {}
    if "provider" in line:
        key |= {"provider_bin": "", "provider_name": line["provider"]}
    if "code" in line or "name" in line:
        key |= {"service_code": line.get("code", ""), "service_name": line.get("name", "")}
    return key


CHANGES = """asked_for = true
person = "Исполнитель"
date = 2027-01-20
[[change]]
row = "training"
column = "m1"
old = 0
new = 2
reason = "Пропуск"
document = "act.txt"
"""


def made_case(path, told, skeletons):
    """Reports of units that are consolidated, or one that is adjusted, tampered with and checked."""
    files = {}
    for report in told["report"]:
        form, period = report.get("form", told["form"]), report.get("period", told["period"])
        files[report["file"]] = filled(skeletons, report, form, period)
    reports = sorted(files)
    if "tamper" in told:
        return tampered_case(path, told["tamper"], files)
    if told.get("year"):
        steps = [["year", *reports, "--lang", lang, "--out", f"out-{lang}"] for lang in LANGS]
        return Case(f"findings/{path.name}", [*steps, *words_of(path)], files)
    units = "".join(f'\n[[unit]]\nkato = "{unit}"\nname_ru = "Район {unit}"\n' for unit in told.get("units", []))
    organisation = BODY.replace("Тестовый орган", "Область") + units + told.get("organisation", "")
    base = ["consolidate", *reports, "--organisation", "organisation.toml"]
    if "received" in told:
        files["received.csv"] = told["received"].encode()
        base += ["--received", "received.csv"]
    files["organisation.toml"] = organisation.encode()
    steps = [[*base, "--out", "strict"]]
    steps += [[*base, "--provisional", "--lang", lang, "--out", f"out-{lang}"] for lang in LANGS]
    steps += [checks("out-ru"), explanations(2, out="out-ru"), *words_of(path)]
    return Case(f"findings/{path.name}", steps, files)


def tampered_case(path, tamper, files):
    """A report that is adjusted, changed by hand, and checked before and after."""
    files |= {"changes.toml": CHANGES.encode(), "act.txt": "акт".encode()}
    tampering = lambda folder: [step for place in results(folder) for step in tampered(folder / place, tamper)]
    steps = [["adjust", "report.json", "--changes", "changes.toml", "--out", "out"], checks(), tampering]
    after = lambda folder: [
        ["check", f"{place}/report.json", "--lang", lang, "--out", f"after-{lang}"] for place in results(folder) for lang in LANGS
    ]
    return Case(f"findings/{path.name}", [*steps, after, *words_of(path)], files)


def tampered(folder, tamper):
    """Changes a file of a result by hand; runs nothing."""
    file = folder / tamper["file"]
    if tamper.get("remove"):
        file.unlink()
    if "replace" in tamper:
        old, new = tamper["replace"]
        file.write_text(file.read_text("utf-8").replace(old, new) if old else new, "utf-8")
    if "cells" in tamper:
        report = json.loads(file.read_bytes())
        for row, column, number in tamper["cells"]:
            next(line for line in report["lines"] if line["row_id"] == row)["values"][column] = number
        file.write_text(json.dumps(report, ensure_ascii=False, indent=2), "utf-8")
    return []


# ---------------------------------------------------------------------------------------------------------------------
# Cases: everything else


def golden_cases():
    """The folders of golden figures, and Parquet files of other programs."""
    cases = []
    for path in sorted((ROOT / "tests" / "golden").iterdir()):
        told = tomllib.loads((path / "case.toml").read_text("utf-8"))
        files = {f"records/{one.name}": one for one in path.iterdir() if one.name not in ("case.toml", "expected.csv")}
        files["organisation.toml"] = BODY.encode()
        steps = [generate("records", told["form"], "--paranoid", period=told["period"]), checks(), explanations(12, "--sources", "records")]
        cases.append(Case(f"golden/{path.name}", [*steps, records_explained("records", 9, "--sources", "records")], files))
    for path in sorted((ROOT / "tests" / "parquet").glob("*.parquet")):
        files = {path.name: path, "organisation.toml": BODY.encode()}
        steps = [generate(path.name, "3-mk,4-mk"), ["init", path.name, "--out", "init"], explanations(2, "--sources", path.name)]
        cases.append(Case(f"parquet/{path.name}", steps, files))
    return cases


def own_files():
    """A body's own spreadsheets: looked at, refused before they are confirmed, used and explained afterwards."""
    files = {"own/Журнал услуг.xlsx": journal(), "organisation.toml": BODY.encode()}
    files["own/обучение.csv"] = "record_id;completed_on;Курс\n1;03.07.2026;Этика\n2;05.08.2026;Этика\n".encode()
    cases = []
    for lang in LANGS:
        use = ["--mapping", "init/mapping.toml", "--lang", lang]
        steps = [["init", "own", "--lang", lang, "--out", "init"], generate("own", "2-mk", *use, out="before"), edit("init/mapping.toml", confirmed)]
        steps += [generate("own", "2-mk", *use, "--paranoid"), checks(langs=[lang]), explanations(6, "--sources", "own", langs=[lang])]
        steps += [["explain", "out", "--record", "Журнал услуг.xlsx [Июль]:14", "--sources", "own", "--lang", lang]]
        cases.append(Case(f"init/own-{lang}", steps, files))
    return cases


def blank_cases():
    """Empty forms of every kind and language, checked as they are, and the workbook for records."""
    cases = []
    organisation = {"organisation.toml": SAMPLES / "akimat-2026Q3" / "organisation.toml"}
    every = lambda folder: [["check", f"{place.parent.name}/{place.name}", "--json"] for place in sorted(folder.glob("*/*.xlsx"))]
    for form in FORMS:
        for lang in [*LANGS, "kk,ru"]:
            base = ["blank", "--form", form, "--lang", lang]
            steps = [[*base, "--out", "open"], [*base, "--period", PERIOD, "--organisation", "organisation.toml", "--lines", "3", "--out", "of"], every]
            read = lambda folder: [["check", f"of/{place.name}", "--out", "checked"] for place in sorted(folder.glob("of/*.xlsx"))]
            cases.append(Case(f"blank/{form}-{lang}", [*steps, read, [*base, "--out", "open"]], organisation))
    for lang in LANGS:
        steps = [["blank", "--records", "--lang", lang, "--out", "out"], ["blank", "--form", ",".join(FORMS), "--records", "--lang", lang, "--out", "all"]]
        steps += [["init", "out", "--lang", lang, "--out", "init"], generate("out", "2-mk", "--lang", lang, out="filled")]
        cases.append(Case(f"blank/records-{lang}", steps, organisation))
    return cases


def said_cases():
    """What is only said: definitions in force, help, the handbook, refusals."""
    commands = ["generate", "demo", "init", "check", "blank", "consolidate", "adjust", "deadlines", "explain", "forms", "rules", "schema", "calendar"]
    tables = sorted(path.stem for path in (ROOT / "schemas" / "records").iterdir())
    rules = sorted(set(re.findall(r'^id = "([1-4]-mk[.\w-]+)"', "".join(path.read_text("utf-8") for path in sorted((ROOT / "templates" / "forms").glob("*.toml"))), re.M)))
    codes = sorted(path.name[:5] for path in FINDINGS.iterdir()) + ["F-135", "F-999"]
    cases = []
    for lang in LANGS:
        say = lambda *words: [*words, "--lang", lang]
        steps = [say("forms"), say("rules"), say("rules", "--coverage"), say("schema"), say("schema", "no-such-table")]
        steps += [say("schema", table) for table in tables] + [say("calendar", str(year)) for year in range(2015, 2029)]
        cases.append(Case(f"said/definitions-{lang}", steps))
        cases.append(Case(f"said/help-{lang}", [say("--help"), say("-h"), ["--lang", lang, "help"], [], say("--version"), *[say(name, "--help") for name in commands], *[["--lang", lang, "help", name] for name in commands]]))
        cases.append(Case(f"said/codes-{lang}", [say("explain", code) for code in codes]))
        cases.append(Case(f"said/rules-{lang}", [say("explain", rule) for rule in spread(rules, 60)]))
        cases.append(refusals(lang, commands))
    return cases


def refusals(lang, commands):
    """Wrong usage, wrong configuration and files that cannot be read."""
    files = {"records/training.csv": b"record_id,completed_on\n1,2026-07-03\n", "organisation.toml": BODY.encode()}
    files |= {"wrong.toml": b'name_ru = "x"\nbin = "160440007161"\nadress = "y"\n', "broken.toml": b"name_ru = \n", "noise.xlsx": b"PK\x03\x04 noise"}
    files |= {"mapping.toml": b"[[head]]\nsources = ['training.csv']\nconfirmed = true\ntable = 'trainings'\n", "noise.json": b'{"version":'}
    files["definitions/templates/deadlines.toml"] = b"[[deadline]]\n"
    one = lambda *more, **other: generate(other.pop("paths", "records"), other.pop("form", "2-mk"), *more, "--lang", lang, **other)
    steps = [one(form="5-mk"), one(period="2021Q2"), one(period="2031Q1"), one(period="Q3"), one(paths="absent"), one(paths="noise.xlsx")]
    steps += [one(organisation="wrong.toml"), one(organisation="broken.toml"), one(organisation="absent.toml")]
    steps += [one(option, "absent") for option in ["--narrative", "--attachments", "--mapping", "--confirm", "--previous", "--encoding", "--without", "--deny", "--as-of", "--nonsense"]]
    steps += [one("--mapping", "mapping.toml"), one("--separator", "ab"), one("--as-of", "2026-07-01"), one("--definitions", "absent"), one("--definitions", "definitions")]
    steps += [[name, "--lang", lang] for name in commands if name not in ("deadlines", "forms", "rules", "schema")]
    steps += [["check", name, "--lang", lang] for name in ["absent.xlsx", "noise.xlsx", "noise.json", "organisation.toml"]]
    steps += [["explain", *words, "--lang", lang] for words in (["absent", "2-mk", "1", "q"], ["noise.json", "2-mk", "1", "q"], ["nonsense"])]
    steps += [["adjust", "noise.json", "--changes", "wrong.toml", "--out", "adjusted", "--lang", lang], ["schemas", "--lang", lang], ["calendar", "year", "--lang", lang]]
    steps += [["blank", "--form", "5-mk", "--out", "b", "--lang", lang], ["deadlines", "--period", "Q", "--lang", lang], ["deadlines", "--role", "nobody", "--as-of", "2026-10-01", "--lang", lang], ["forms", "--lang", "de"]]
    return Case(f"said/refusals-{lang}", steps, files)


def deadline_cases():
    """Days of sending, by role and period, as text, JSON and calendar. The day is always given: today moves on."""
    cases = []
    for lang in LANGS:
        base = ["deadlines", "--lang", lang, "--as-of"]
        steps = [[*base, "2026-10-01"], [*base, "2026-12-31", "--json"], [*base, "2026-10-05", "--ics", "all.ics"], [*base, "2026-10-05", "--ics", "all.ics"]]
        for role in ["district", "region", "body", "territorial", "informatization"]:
            for period in ["2026Q1", "2026Q2", PERIOD, "2026Q4"]:
                steps.append([*base, "2026-10-01", "--period", period, "--role", role, "--ics", f"{role}-{period}.ics", *(["--json"] if role == "body" else [])])
        cases.append(Case(f"deadlines/{lang}", steps))
    return cases


def demo_case(lang):
    """The demonstration, and its own script followed."""

    def script(folder):
        lines = (folder / "demo" / "README.txt").read_text("utf-8").splitlines() if (folder / "demo").exists() else []
        found = dict.fromkeys(line.strip() for line in lines if line.strip().startswith("esep "))
        below = {"records": "demo/records", "organisation.toml": "demo/organisation.toml", "results": "demo/results"}
        return [[below.get(word, word) for word in line.split()[1:]] for line in found]

    return Case(f"demo/{lang}", [["demo", "demo", "--lang", lang], ["demo", "demo", "--lang", lang], script])


def spoken_case():
    """The language where no option names one: that of the organisation file, else the least one of the system."""
    files = {"records/training.csv": b"record_id,completed_on\n1,2026-07-03\n"}
    steps = []
    for lang in LANGS:
        files[f"{lang}.toml"] = BODY.replace('["ru"]', f'["{lang}"]').encode()
        steps.append(generate("records", "1-mk,2-mk", organisation=f"{lang}.toml", out=f"out-{lang}"))
    return Case("spoken", [*steps, ["forms"], ["explain", "F-001"]], files)


def skeletons_by(binary, place):
    """Reports of each form that were made of next to nothing: their rows and columns are what made reports have."""
    files = {"records/training.csv": b"record_id,completed_on\n1,2026-07-03\n", "organisation.toml": BODY.encode()}
    files["records/services.csv"] = b"record_id,service_code,channel,applicant,received_at,due_at,completed_at\na,1,office_paper,individual,2026-07-01,2026-07-10,2026-07-03\n"
    seen, _ = outcome(binary, Case("skeletons", [generate("records", ",".join(FORMS), "--without", "pdf,review")], files), place / "skeletons")
    reports = [json.loads(content) for name, content in seen.items() if name.endswith("/report.json")]
    if len(reports) != len(FORMS):
        raise SystemExit(f"{binary} does not fill the forms: {[content for name, content in seen.items() if name.endswith('error')]}")
    bare_lines = lambda report: [line for line in report["lines"] if not {"provider_name", "service_code", "service_name", "information_system"} & set(line)]
    return {report["head"]["form"]: {**report, "lines": bare_lines(report)} for report in reports}


def every_case(skeletons):
    """All cases, always in the same order."""
    cases = [case for sample in SAMPLE_LIST for case in sample_cases(sample)]
    cases += [*other_samples(), *finding_cases(skeletons), *golden_cases(), *own_files(), *blank_cases(), *said_cases(), *deadline_cases()]
    return [*cases, *map(demo_case, LANGS), spoken_case()]


# ---------------------------------------------------------------------------------------------------------------------
# The comparison, and the proof that it sees


def compare(binaries, case, place, masks, kept):
    """Runs a case with both binaries; what differs, and how many runs there were."""
    folder = place / case.name
    (one, runs), (two, more) = (outcome(binary, case, folder) for binary in binaries)
    found = differences(one, two, masks)
    if found and kept:
        keep(one, kept / "a" / case.name)
        keep(two, kept / "b" / case.name)
    return found, runs + more


def report_on(case, found):
    """Tells how a case differs."""
    name, how = found[0]
    print(f"{case.name}: {name}: {how}")
    for name, how in found[1:TOLD]:
        print(f"    {name}: {how}")
    if len(found) > TOLD:
        print(f"    and {len(found) - TOLD} more")
    sys.stdout.flush()


def compare_all(binaries, only, kept, is_moved):
    """Runs all cases by two at a time, tells what differs in their order; the exit status."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="same-bytes-") as scratch:
        place = Path(scratch).resolve()
        skeletons = [skeletons_by(binary, place) for binary in binaries]
        digests = [reports["2-mk"]["provenance"]["definitions"].encode() for reports in skeletons]
        cases = [case for case in every_case(skeletons[0]) if only in case.name]
        runs, differ = 0, 0
        with concurrent.futures.ThreadPoolExecutor(PROCESSES) as pool:
            done = pool.map(lambda case: compare(binaries, case, place, Masks(digests if is_moved else None), kept), cases)
            for case, (found, number) in zip(cases, done):
                runs += number
                if found:
                    differ += 1
                    report_on(case, found)
    print(f"{runs} runs in {time.monotonic() - begun:.0f} s")
    print(f"{len(cases)} cases, {differ} differ")
    return 1 if differ or not cases else 0


def bent(content, at):
    """The bytes with one of them changed."""
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def repacked(content, change, method=zipfile.ZIP_DEFLATED):
    """An archive whose parts went through a change of name and content."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, part in parts(content).items():
            archive.writestr(zipfile.ZipInfo(name), change(name, part), method)
    return target.getvalue()


def mutations(name, content):
    """Ways to spoil one output: what was done, and the spoilt bytes."""
    yield "a byte in the middle", bent(content, len(content) // 2)
    yield "the last byte", bent(content, len(content) - 1)
    yield "a byte more", content + b"\n"
    yield "a byte less", content[:-1]
    if parts(content) is not None:
        last = list(parts(content))[-1]
        yield "a byte of the last part", repacked(content, lambda part, inner: bent(inner, len(inner) // 2) if part == last else inner)


def kinds(seen):
    """One output of each kind that is not empty: by the ending of its name, or by its stream."""
    found = {}
    for name, content in seen.items():
        kind = name.rsplit("» ")[-1] if name.startswith("run ") else Path(name).suffix or name
        if content and not name.endswith("/"):
            found.setdefault(kind, name)
    return found


def expect(is_so, said):
    """Ends the self-test with what went wrong."""
    if not is_so:
        raise SystemExit(f"the self-test fails: {said}")


def prove_bytes_count(seen):
    """A changed byte of every kind of output is noticed, and named; so is a file that comes or goes."""
    proven = 0
    digest = b"0" * 64
    for kind, name in kinds(seen).items():
        for what, spoilt in mutations(name, seen[name]):
            for masks in [Masks(None), Masks([digest, digest])]:
                packing = masks.are_on and parts(seen[name]) is not None and parts(spoilt) == parts(seen[name])
                found = differences(seen, {**seen, name: spoilt}, masks)
                expect(packing or [one for one, _ in found] == [name], f"{what} of {kind}, masks {masks.are_on}: {found}")
                proven += 1
    name = next(iter(seen))
    rest = {one: content for one, content in seen.items() if one != name}
    expect(differences(seen, rest, Masks(None)) == [(name, "only A has it")], "a file that is gone")
    expect(differences(rest, seen, Masks(None)) == [(name, "only B has it")], "a file that came")
    expect(not differences(seen, dict(seen), Masks(None)), "an outcome and its copy")
    return proven + 3


def prove_places(seen):
    """Where something differs is said: part and XML, path, line, object."""
    by_kind = kinds(seen)
    spoil = lambda name, content: dict(differences(seen, {**seen, name: content}, Masks(None)))[name]
    book = by_kind[".xlsx"]
    change = lambda part, inner: inner.replace(b"<row ", b"<raw ", 1) if part == "xl/worksheets/sheet1.xml" else inner
    expect("part xl/worksheets/sheet1.xml" in spoil(book, repacked(seen[book], change)), "the part of a workbook")
    loose = repacked(seen[book], lambda part, inner: inner, zipfile.ZIP_STORED)
    expect("all parts are the same" in spoil(book, loose), "the packing of a workbook")
    report = next(name for name in seen if name.endswith("/report.json"))
    data = json.loads(seen[report])
    data["lines"][3]["values"]["q"] = 987
    expect(spoil(report, json.dumps(data).encode()).startswith("$.lines[3].values.q: "), "the path of a cell")
    lines = next(name for name in seen if name.endswith("/cells.csv"))
    expect(spoil(lines, seen[lines].replace(b"\n", b"\nx", 1)).startswith("line 2: "), "the line of a text")
    page = by_kind[".pdf"]
    streams = [found for found in STREAM.finditer(seen[page]) if unpacked(found[0]) != found[0]]
    inner = zlib.decompress(streams[0][1])
    fresh = seen[page].replace(streams[0][1], zlib.compress(bent(inner, len(inner) // 2)))
    expect(spoil(page, fresh).startswith("object "), "the object of a PDF")
    return 5


def prove_masks(seen, digest):
    """The digest of the definitions, and digests of files that hold it, are set aside only when asked; nothing else is."""
    other = hashlib.sha256(digest).hexdigest().encode()

    def moved(content):
        if parts(content) is None:
            return content.replace(digest, other)
        is_held = any(digest in part for part in parts(content).values())
        return repacked(content, lambda _, part: part.replace(digest, other)) if is_held else content

    after = {name: moved(content) for name, content in seen.items()}
    held = [name for name in seen if after[name] != seen[name]]
    expect({Path(name).suffix for name in held} == {".json", ".xlsx", ".html"}, f"what holds the digest: {held}")
    expect(sorted(name for name, _ in differences(seen, after, Masks(None))) == sorted(held), "the digest counts when nothing is said")
    masks = Masks([digest, other])
    book = next(name for name in held if name.endswith("/report.xlsx"))
    after[book] = repacked(after[book], lambda _, part: part, zipfile.ZIP_STORED)
    told = lambda content: f'{{"bytes": {len(content)}, "sha256": "{hashlib.sha256(content).hexdigest()}"}}'.encode()
    named = lambda whole: {**whole, "of": told(whole[book])}
    expect(not differences(named(seen), named(after), masks), "the digest and what follows from it are set aside")
    wrong = {**named(after), "of": told(b"another")}
    expect([name for name, _ in differences(named(seen), wrong, masks)] == ["of"], "another digest is not")
    for name in held:
        content = after[name]
        spoilt = repacked(content, lambda part, inner: inner + b" " if part == "xl/workbook.xml" else inner) if parts(content) else content + b" "
        found = differences(seen, {**after, name: spoilt}, masks)
        expect([one for one, _ in found] == [name], f"a byte beside the digest of {name}: {found}")
    return 4 + len(held)


def selftest(binary):
    """Makes one tree with every kind of output and proves that changes to it are seen."""
    akimat = SAMPLE_LIST[0]
    steps = [akimat.generate(), ["init", akimat.records, "--out", "init"], ["forms", "--lang", "en"]]
    steps += [["deadlines", "--as-of", "2026-10-01", "--ics", "days.ics"], ["demo", "demo"], ["blank", "--form", "3-mk", "--out", "blank"]]
    with tempfile.TemporaryDirectory(prefix="same-bytes-") as scratch:
        seen, _ = outcome(binary, Case("selftest", steps, akimat.files), Path(scratch).resolve() / "selftest")
    needed = {".xlsx", ".docx", ".pdf", ".json", ".csv", ".html", ".ics", ".toml", ".txt", "exit status", "standard output", "standard error"}
    expect(needed <= set(kinds(seen)), f"kinds of output: {sorted(kinds(seen))}")
    report = next(content for name, content in seen.items() if name.endswith("/report.json"))
    digest = json.loads(report)["provenance"]["definitions"].encode()
    proven = prove_bytes_count(seen) + prove_places(seen) + prove_masks(seen, digest)
    print(f"self-test: {proven} changes to {len(kinds(seen))} kinds of output, each noticed")
    return 0


def main():
    """Reads the command line."""
    reader = argparse.ArgumentParser(description="Compares all bytes that two binaries write, over every command.")
    reader.add_argument("binaries", nargs="+", metavar="BINARY", type=Path)
    reader.add_argument("--only", default="", metavar="NAME")
    reader.add_argument("--keep", metavar="DIR", type=Path)
    reader.add_argument("--words-moved", action="store_true")
    reader.add_argument("--selftest", action="store_true")
    given = reader.parse_args()
    binaries = [binary.resolve() for binary in given.binaries]
    missing = [str(binary) for binary in binaries if not os.access(binary, os.X_OK)]
    if missing or len(binaries) != (1 if given.selftest else 2):
        reader.error(f"no such program: {', '.join(missing)}" if missing else "two binaries, or one with --selftest")
    if given.selftest:
        return selftest(binaries[0])
    return compare_all(binaries, given.only, given.keep, given.words_moved)


if __name__ == "__main__":
    sys.exit(main())
