"""Loads tables of records into an engine and runs the texts that `esep sql` wrote.

lake.py duckdb|postgres|spark [LAKE TEXTS]...

LAKE holds services.csv, refusals.csv; a column line_no is added, which says the order of the records.
"""
import csv
import glob
import json
import os
import runpy
import shutil
import socket
import subprocess
import sys
import tempfile

csv.field_size_limit(1 << 30)


def tables(lake):
    for name in ("services", "refusals"):
        path = os.path.join(lake, name + ".csv")
        if os.path.exists(path):
            with open(path, encoding="utf-8", newline="") as file:
                head, *rows = list(csv.reader(file))
            yield name, head, rows


def duckdb(cases):
    import duckdb

    for lake, texts in cases:
        base = duckdb.connect()
        for name, head, rows in tables(lake):
            with tempfile.TemporaryDirectory() as place:
                path = numbered(place, head, rows)
                base.execute(
                    f"CREATE TABLE {name} AS SELECT * REPLACE (CAST(line_no AS INTEGER) AS line_no)"
                    f" FROM read_csv('{path}', header = true, all_varchar = true, nullstr = '\x01')"
                )
        os.chdir(texts)
        with open("run_duckdb.sql", encoding="utf-8") as file:
            base.execute(file.read())
        # queries of `explain --sql`, run in the session of the runner
        queries = sorted(glob.glob("cell_*.sql"))
        sums = {}
        for query in queries:
            with open(query, encoding="utf-8") as file:
                rows = base.execute(file.read())
                place = [column[0] for column in rows.description].index("quantity_amount")
                sums[query] = sum(row[place] for row in rows.fetchall())
        if queries:
            with open("cells.json", "w", encoding="utf-8") as file:
                json.dump(sums, file)


def numbered(place, head, rows):
    path = os.path.join(place, "rows.csv")
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head + ["line_no"])
        writer.writerows(row + [number] for number, row in enumerate(rows, 1))
    return path


def programs():
    """Where the programs of the server are."""
    roots = "/usr/lib/postgresql"
    found = [os.path.join(roots, version, "bin") for version in sorted(os.listdir(roots))] if os.path.isdir(roots) else []
    if found:
        return found[-1]
    return os.path.dirname(shutil.which("initdb") or sys.exit("no PostgreSQL server"))


def postgres(cases):
    place = tempfile.mkdtemp(prefix="esep-postgres-")
    # the server refuses to run as root
    user = []
    if os.getuid() == 0:
        shutil.chown(place, "postgres")
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = os.path.join(place, "data")
    control = user + [os.path.join(programs(), "pg_ctl"), "-D", data]
    quiet = {"stdout": subprocess.DEVNULL, "check": True, "cwd": "/"}
    subprocess.run(user + [os.path.join(programs(), "initdb"), "-D", data, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"], **quiet)
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {place} -c fsync=off"
    subprocess.run(control + ["-o", options, "-l", os.path.join(place, "log"), "-w", "start"], **quiet)
    try:
        user = "postgres" if os.getuid() == 0 else os.environ.get("USER", "postgres")
        env = dict(os.environ, PGHOST="127.0.0.1", PGPORT=str(port), PGUSER=user, PGDATABASE="postgres")
        psql = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"]
        for lake, texts in cases:
            with tempfile.TemporaryDirectory() as rows_of:
                for name, head, rows in tables(lake):
                    path = numbered(rows_of, head, rows)
                    columns = ", ".join(f'"{column}" text' for column in head)
                    load = [f"DROP TABLE IF EXISTS {name} CASCADE", f"CREATE TABLE {name} ({columns}, line_no integer)"]
                    load.append(f"\\copy {name} FROM '{path}' WITH (FORMAT csv, HEADER)")
                    subprocess.run(psql + [part for text in load for part in ("-c", text)], env=env, check=True)
            subprocess.run(psql + ["-f", "run_postgres.sql"], env=env, cwd=texts, check=True)
    finally:
        subprocess.run(control + ["-m", "immediate", "stop"], stdout=subprocess.DEVNULL, cwd="/")
        shutil.rmtree(place, ignore_errors=True)


def spark(cases):
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(os.environ.get("ESEP_SPARK_MASTER", "local[2]"))
    for key, value in {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.constraintPropagation.enabled": "false",
    }.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    for lake, texts in cases:
        for name, head, rows in tables(lake):
            schema = ", ".join(f"`{column}` STRING" for column in head) + ", line_no INT"
            typed = [row + [number] for number, row in enumerate(rows, 1)]
            session.createDataFrame(typed, schema).createOrReplaceTempView(name)
        runpy.run_path(os.path.join(texts, "run_spark.py"), run_name="__main__")
    session.stop()


if __name__ == "__main__":
    paths = [os.path.abspath(path) for path in sys.argv[2:]]
    {"duckdb": duckdb, "postgres": postgres, "spark": spark}[sys.argv[1]](list(zip(paths[::2], paths[1::2])))
