#!/usr/bin/env python3
"""Times the text of `esep sql` in DuckDB, PostgreSQL and PySpark beside esep itself, on the same records in the same run:
`python3 benches/databases.py [--rows N] [--runs N] [--engines NAME,…] [--master MASTER] [--keep DIR]`.

The records of benches/generate.rs become one Parquet file, all columns texts, which all three read. For forms 3-mk and
4-mk the table holds medians of interleaved runs, and ratios to esep on the records themselves: the engine's part (its
start included but PostgreSQL's), what esep then makes of facts and rest, and both. The cells, the sums of the ledger and
the quarantined rows of all roads must be equal, else the run fails. The engines are Python packages: `pip install duckdb pyspark` into the Python that runs this; DuckDB writes the
Parquet file and is needed, PostgreSQL (a server on loopback, filled beforehand) and Spark (with Java) are left out where
they are absent.
"""
import argparse
import collections
import contextlib
import csv
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from compare import ROOT, peer

sys.path.insert(0, str(ROOT / "tests/databases"))
from lake import PSQL, server

FORMS = ["3-mk", "4-mk"]
PACK = """
import duckdb
# without these signs DuckDB's reader drops one row of thirteen of such a file in silence
with open('{file}', encoding='utf-8', errors='replace') as file:
    columns = {{name: 'VARCHAR' for name in file.readline().strip().split(',')}}
duckdb.sql(f'''COPY (SELECT *, row_number() OVER () AS line_no FROM read_csv('{file}', header = true, columns = {{columns}},
    auto_detect = false, delim = ',', quote = '"', escape = '"', strict_mode = false, ignore_errors = true,
    nullstr = '\\x01')) TO '{target}' (FORMAT parquet, COMPRESSION zstd)''')
"""
UNPACK = """
import duckdb
duckdb.sql('''COPY (FROM '{records}') TO '{file}' (HEADER)''')
"""
RUN = """
import duckdb
duckdb.connect().execute(open('run_duckdb.sql', encoding='utf-8').read())
"""


class Road:
    """An engine: what its records are called, and the command that runs the texts."""

    def __init__(self, name, source, command, folder, env=None, beside=None):
        """`beside`: a process that works for the command, with those below it."""
        self.name, self.command, self.folder, self.beside = name, command, folder, beside
        self.env, self.source = {**os.environ, **(env or {})}, source


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--engines", default="DuckDB,PostgreSQL,PySpark", help="those that are timed, where they are there")
    parser.add_argument("--master", default="local[*]", help="of Spark, such as local-cluster[2,1,4096]")
    parser.add_argument("--memory", default="4g", help="of Spark's driver")
    parser.add_argument("--keep", help="a folder for the records and results, which stay")
    arguments = parser.parse_args()
    build = ["cargo", "build", "--release", "--quiet", "--bin", "esep", "--example", "generate"]
    subprocess.run(build, cwd=ROOT, check=True)
    if not peer("duckdb"):
        sys.exit("DuckDB is needed: it writes the Parquet file")
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as scratch, contextlib.ExitStack() as stack:
        has_postgres = "PostgreSQL" in arguments.engines and os.path.isdir("/usr/lib/postgresql") and shutil.which("psql")
        compare(pathlib.Path(arguments.keep or scratch), arguments, stack.enter_context(server()) if has_postgres else None)


def fill(records, place, env):
    """The records as a table of PostgreSQL; the process of its server."""
    subprocess.run([sys.executable, "-c", UNPACK.format(records=records, file=place / "unpacked.csv")], check=True)
    with open(place / "unpacked.csv", encoding="utf-8") as file:
        head = file.readline().strip().split(",")
    columns = ", ".join(f"{name} {'bigint' if name == 'line_no' else 'text'}" for name in head)
    load = [f"CREATE UNLOGGED TABLE services ({columns})"]
    load += [f"\\copy services FROM '{place}/unpacked.csv' WITH (FORMAT csv, HEADER)", "ANALYZE services"]
    subprocess.run([*PSQL, *(part for text in load for part in ("-c", text))], env=env, check=True)
    (place / "unpacked.csv").unlink()
    asked = subprocess.run([*PSQL, "-At", "-c", "SHOW data_directory"], env=env, check=True, capture_output=True, text=True)
    return int((pathlib.Path(asked.stdout.strip()) / "postmaster.pid").read_text().split()[0])


def compare(place, arguments, postgres):
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
    place.mkdir(parents=True, exist_ok=True)
    text, records = place / "services.csv", place / "services.parquet"
    subprocess.run([target / "examples/generate", str(arguments.rows), text], check=True)
    subprocess.run([sys.executable, "-c", PACK.format(file=text, target=records)], check=True)
    head = place / "head/services.csv"
    head.parent.mkdir(exist_ok=True)
    with open(text, encoding="utf-8", errors="replace") as file:
        head.write_text(file.readline(), encoding="utf-8")
    asked = ["--form", ",".join(FORMS), "--period", "2026Q3"]
    generate = [target / "esep", "generate", *asked, "--quiet", "--force", "--without", "pdf,review"]
    generate += ["--organisation", place / "organisation.toml"]
    roads = []
    if "DuckDB" in arguments.engines:
        roads.append(Road("DuckDB", f"read_parquet('{records}')", [sys.executable, "-c", RUN], place / "duckdb"))
    if postgres:
        roads.append(Road("PostgreSQL", "services", [*PSQL, "-f", "run_postgres.sql"], place / "postgres", postgres,
                          fill(records, place, postgres)))
    if "PySpark" in arguments.engines and peer("pyspark"):
        submit = f"--master {arguments.master} --driver-memory {arguments.memory} pyspark-shell"
        roads.append(Road("PySpark", f"parquet.`{records}`", [sys.executable, "run_spark.py"], place / "spark",
                          {"PYSPARK_SUBMIT_ARGS": submit}))
    for road in roads:
        subprocess.run([target / "esep", "sql", head, *asked, "--from", f"services={road.source}", "--order", "line_no",
                        "--out", road.folder, "--force"], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    times = {}
    for _ in range(arguments.runs):
        timed(times, "esep on the records", [*generate, "--out", place / "out", records], place)
        for road in roads:
            engine = timed(times, f"{road.name}, the texts", road.command, road.folder, road.env, road.beside)
            parts = [road.folder / "facts.csv", road.folder / "rest.csv"]
            own = timed(times, f"esep on {road.name}'s parts", [*generate, "--out", road.folder / "out", *parts], place)
            both = [one + other for one, other in zip(engine, own)]
            times.setdefault(f"{road.name}, both", []).append(both)
    for road in roads:
        for form in FORMS:
            one, other = (cells(folder, form) for folder in (place, road.folder))
            if one != other:
                sys.exit(f"{road.name}, {form}: {len(one ^ other)} cells differ, such as {sorted(one ^ other)[:3]}")
        for what, of in (("ledgers", ledger), ("quarantined rows", quarantined)):
            one, other = (of(folder) for folder in (place, road.folder))
            if one != other:
                sys.exit(f"{road.name}: {what} differ: {one - other} and {other - one}")
    show(times, records, roads, arguments)


def timed(times, name, command, folder, env=None, beside=None):
    """Wall seconds, and the processor seconds of all processes that a command starts, sampled: nobody waits for
    Spark's Java."""
    begun, used = time.monotonic(), {}
    before = ticks(beside) if beside else {}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(list(map(str, command)), cwd=folder, env=env, **quiet)
    while process.poll() is None:
        used.update(ticks(process.pid))
        if beside:
            used.update((own, ticks_of - before.get(own, 0)) for own, ticks_of in ticks(beside).items())
        time.sleep(0.05)
    wall, processor = time.monotonic() - begun, sum(used.values()) / os.sysconf("SC_CLK_TCK")
    # findings give 1
    if process.returncode not in (0, 1):
        sys.exit(f"{name}: exit status {process.returncode}: {' '.join(map(str, command))} in {folder}")
    times.setdefault(name, []).append((wall, processor))
    return wall, processor


def ticks(root):
    """Processor ticks of a process and of all below it."""
    parents, used = {}, {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        number = int(stat.parent.name)
        parents[number], used[number] = int(fields[1]), int(fields[11]) + int(fields[12])

    def is_below(number):
        while number not in (root, 0, None):
            number = parents.get(number)
        return number == root

    return {number: used[number] for number in used if is_below(number)}


def cells(folder, form):
    found = list((folder / "out").glob(f"{form}_2026Q3_*/cells.csv"))
    assert len(found) == 1, found
    return set(found[0].read_text(encoding="utf-8").splitlines())


def ledger(folder):
    """What was read, accepted, repeated and quarantined in all parts together."""
    reports = list((folder / "out").glob(f"{FORMS[0]}_2026Q3_*/report.json"))
    sums = collections.Counter()
    for line in json.loads(reports[0].read_text(encoding="utf-8"))["ledger"]:
        sums.update({name: line[name] for name in ("read", "accepted", "duplicates", "quarantined")})
    return sums


def quarantined(folder):
    """The rows of the quarantine, without the number of their line, which a rest has not."""
    rows = collections.Counter()
    for path in (folder / "out").glob(f"{FORMS[0]}_2026Q3_*/quarantine/*.csv"):
        with open(path, encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                rows[tuple(sorted((name, value) for name, value in row.items() if name != "line_no"))] += 1
    return rows


def show(times, records, roads, arguments):
    median = lambda values: statistics.median(values)
    counted = []
    for road in roads:
        reports = list((road.folder / "out").glob("3-mk_2026Q3_*/report.json"))
        ledger = json.loads(reports[0].read_text(encoding="utf-8"))["ledger"]
        parts = {line["table"]: line["read"] for line in ledger}
        counted.append(f"{road.name} counted {parts.get('facts', 0):,} and left {parts.get('services', 0):,}")
    print(f"{arguments.rows:,} rows, {records.stat().st_size / 1e6:.0f} MB of Parquet, {arguments.runs} runs, "
          f"{os.cpu_count()} processors; {'; '.join(counted)}; all cells, ledgers and quarantined rows are equal\n")
    print("| | wall s | CPU s | wall ratio | CPU ratio |\n|---|---:|---:|---:|---:|")
    base = times["esep on the records"]
    for name, runs in times.items():
        wall, processor = (median([run[at] for run in runs]) for at in range(2))
        ratios = [median([run[at] / max(other[at], 1e-9) for run, other in zip(runs, base)]) for at in range(2)]
        print(f"| {name} | {wall:.1f} | {processor:.1f} | {ratios[0]:.2f} | {ratios[1]:.2f} |")


if __name__ == "__main__":
    main()
