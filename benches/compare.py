#!/usr/bin/env python3
"""Times esep and its peers on the same file in the same run: `python3 benches/compare.py [--rows N] [--runs N]
[--parquet]`.

esep reads, types, checks and counts every record and writes forms 3-mk and 4-mk: every file, and without those that
have thousands of pages of so many records. DuckDB and polars do the bare
typed GROUP BY (month, applicant, channel, outcome, service, late) with no validation; `cat` and `wc -l` are the floor.
With `--parquet` DuckDB first writes the rows that it can type to a Parquet file, which esep and DuckDB then read.
Runs are interleaved; the table holds medians. The peers are Python packages: `pip install duckdb polars xlsxwriter` into the
Python that runs this. A peer that is not there is said to be absent, and skipped.
"""
import argparse
import importlib.util
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent

GROUP = """
import duckdb
print(len(duckdb.sql('''
    SELECT date_trunc('month', completed_at), applicant, channel, outcome, service_code,
           completed_at::DATE > due_at AS late, count(*)
    FROM {source}
    GROUP BY ALL''').fetchall()))
"""
CONVERT = """
import duckdb
duckdb.sql('''COPY (FROM {source}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)''')
"""
# Without the quote character, and strict, DuckDB's reader drops three rows of four of such a file without a word: an open
# quote in one row takes in those that follow.
CSV = """read_csv('{file}', auto_detect = false, delim = ',', quote = '"', escape = '"', header = true,
    strict_mode = false, ignore_errors = true, columns = {{
        'record_id': 'VARCHAR', 'provider_bin': 'VARCHAR', 'provider_name': 'VARCHAR', 'service_code': 'VARCHAR',
        'service_name': 'VARCHAR', 'channel': 'VARCHAR', 'form': 'VARCHAR', 'information_system': 'VARCHAR',
        'applicant': 'VARCHAR', 'received_at': 'TIMESTAMP', 'due_at': 'DATE', 'term_value': 'BIGINT',
        'term_unit': 'VARCHAR', 'completed_at': 'TIMESTAMP', 'outcome': 'VARCHAR', 'refusal_reason': 'VARCHAR',
        'delay_cause': 'VARCHAR', 'delay_act': 'VARCHAR'}})"""
POLARS = """
import polars as pl
text = pl.String
schema = dict.fromkeys(['record_id', 'provider_bin', 'provider_name', 'service_code', 'service_name', 'channel', 'form',
    'information_system', 'applicant', 'received_at', 'due_at', 'term_value', 'term_unit', 'completed_at', 'outcome',
    'refusal_reason', 'delay_cause', 'delay_act'], text)
frame = pl.scan_csv('{file}', schema=schema, ignore_errors=True, truncate_ragged_lines=True, encoding='utf8-lossy')
completed = pl.col('completed_at').str.to_datetime('%Y-%m-%d %H:%M', strict=False)
due = pl.col('due_at').str.to_date('%Y-%m-%d', strict=False)
keys = [completed.dt.truncate('1mo').alias('month'), 'applicant', 'channel', 'outcome', 'service_code',
    (completed.dt.date() > due).alias('late')]
print(frame.group_by(keys).len().collect(engine='streaming').height)
"""


def measure(command):
    """Wall and processor seconds, and the peak of anonymous memory in MB, sampled."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun, peak = time.monotonic(), 0
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        try:
            for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
                if line.startswith("RssAnon"):
                    peak = max(peak, int(line.split()[1]))
        except OSError:
            pass
        time.sleep(0.01)
    wall = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, processor, peak / 1024, process.returncode


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--file", help="a file that benches/generate.rs wrote before")
    parser.add_argument("--parquet", action="store_true", help="the same records from a Parquet file, too")
    arguments = parser.parse_args()
    build = ["cargo", "build", "--release", "--quiet", "--bin", "esep", "--example", "generate"]
    subprocess.run(build, cwd=ROOT, check=True)
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as scratch:
        file = pathlib.Path(arguments.file or f"{scratch}/services.csv")
        if not arguments.file:
            subprocess.run([target / "examples/generate", str(arguments.rows), file], check=True)
        esep = [target / "esep", "generate", "--form", "3-mk,4-mk", "--period", "2026Q3", "--quiet", "--force"]
        esep += ["--organisation", file.with_name("organisation.toml"), "--out", f"{scratch}/out"]
        commands = {"cat": ["cat", file], "wc -l": ["wc", "-l", file], "esep, every file": [*esep, file]}
        commands["esep, no PDF, no page"] = [*esep, file, "--without", "pdf,review"]
        csv, parquet = CSV.format(file=file), pathlib.Path(scratch) / "services.parquet"
        if peer("duckdb"):
            commands["duckdb, GROUP BY"] = [sys.executable, "-c", GROUP.format(source=csv)]
        same = [sys.executable, ROOT / "benches/same_work.py"]
        if peer("duckdb") and peer("xlsxwriter"):
            commands["duckdb and XlsxWriter, the same work"] = [*same, file, f"{scratch}/same"]
        if peer("polars"):
            commands["polars, GROUP BY"] = [sys.executable, "-c", POLARS.format(file=file)]
        if arguments.parquet and peer("duckdb"):
            convert = CONVERT.format(source=csv, target=parquet)
            subprocess.run([sys.executable, "-c", convert], check=True)
            stored = f"read_parquet('{parquet}')"
            commands["esep from Parquet, every file"] = [*esep, parquet]
            commands["esep from Parquet, no PDF, no page"] = [*esep, parquet, "--without", "pdf,review"]
            commands["duckdb from Parquet, GROUP BY"] = [sys.executable, "-c", GROUP.format(source=stored)]
        results = {name: [] for name in commands}
        for _ in range(arguments.runs):
            for name, command in commands.items():
                results[name].append(measure(list(map(str, command))))
        table(results, file.stat().st_size, arguments)
        shutil.rmtree(f"{scratch}/out", ignore_errors=True)


def peer(name):
    found = importlib.util.find_spec(name) is not None
    if not found:
        print(f"ABSENT: {name} is not installed here; it is left out of the table", file=sys.stderr)
    return found


def table(results, size, arguments):
    median = lambda runs, place: statistics.median(run[place] for run in runs)
    print(f"{size / 1e9:.2f} GB of CSV, {arguments.runs} runs, {os.cpu_count()} processors; ratios to DuckDB's GROUP BY\n")
    print("| | wall s | CPU s | anonymous MB | wall ratio | CPU ratio |\n|---|---:|---:|---:|---:|---:|")
    for name, runs in results.items():
        wall, processor, memory = (median(runs, place) for place in range(3))
        kind = "duckdb from Parquet, GROUP BY" if "Parquet" in name else "duckdb, GROUP BY"
        base = results.get(kind, results["esep, every file"])
        ratios = [median([(run[place] / max(other[place], 1e-9),) for run, other in zip(runs, base)], 0)
                  for place in range(2)]
        failed = "" if all(run[3] in (0, 1) for run in runs) else " FAILED"
        print(f"| {name}{failed} | {wall:.1f} | {processor:.1f} | {memory:.0f} | {ratios[0]:.2f} | {ratios[1]:.2f} |")


if __name__ == "__main__":
    main()
