"""Loads tables of records into an engine and runs the texts that `esep sql` wrote.

lake.py duckdb|postgres|spark [LAKE TEXTS]...
lake.py page ENGINE LAKE FOLDER

LAKE holds services.csv, refusals.csv; a column line_no is added, which says the order of the records.
"""
import contextlib
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


@contextlib.contextmanager
def server():
    """A server on loopback, by the variables with which its clients find it."""
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
        yield dict(os.environ, PGHOST="127.0.0.1", PGPORT=str(port), PGUSER=user, PGDATABASE="postgres")
    finally:
        subprocess.run(control + ["-m", "immediate", "stop"], stdout=subprocess.DEVNULL, cwd="/")
        shutil.rmtree(place, ignore_errors=True)


PSQL = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"]


def fill(lake, env, schema=""):
    with tempfile.TemporaryDirectory() as rows_of:
        for name, head, rows in tables(lake):
            path, name = numbered(rows_of, head, rows), schema + name
            columns = ", ".join(f'"{column}" text' for column in head)
            load = [f"DROP TABLE IF EXISTS {name} CASCADE", f"CREATE TABLE {name} ({columns}, line_no integer)"]
            load.append(f"\\copy {name} FROM '{path}' WITH (FORMAT csv, HEADER)")
            subprocess.run(PSQL + [part for text in load for part in ("-c", text)], env=env, check=True)


def postgres(cases):
    with server() as env:
        for lake, texts in cases:
            fill(lake, env)
            subprocess.run(PSQL + ["-f", "run_postgres.sql"], env=env, cwd=texts, check=True)


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


def page(engine, lake, folder):
    """Runs commands.sh in FOLDER where an engine has the records as lake.services, and its programs are at hand."""
    programs_of = os.path.join(os.path.dirname(sys.executable))
    here = {**os.environ, "PATH": os.pathsep.join([os.path.join(folder, "bin"), programs_of, os.environ["PATH"]])}
    commands = ["bash", "-e", "commands.sh"]
    if engine == "postgres":
        with server() as env:
            subprocess.run(PSQL + ["-c", "CREATE SCHEMA lake"], env=env, check=True)
            fill(lake, env, "lake.")
            subprocess.run(commands, cwd=folder, env={**env, "PATH": here["PATH"]}, check=True)
    elif engine == "duckdb":
        load = f"CREATE TABLE services AS SELECT * FROM read_csv('{lake}/services.csv', all_varchar = true)"
        subprocess.run(["duckdb", "-bail", "lake.db", load], cwd=folder, env=here, check=True)
        subprocess.run(commands, cwd=folder, env=here, check=True)
    else:
        # the settings of a cluster of two workers, whose Hive keeps its tables here
        settings = {
            "spark.master": "local-cluster[2,1,1024]",
            "spark.ui.enabled": "false",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.sql.shuffle.partitions": "4",
            "spark.sql.warehouse.dir": os.path.join(folder, "warehouse"),
            "spark.hadoop.javax.jdo.option.ConnectionURL": f"jdbc:derby:;databaseName={folder}/metastore;create=true",
        }
        os.makedirs(os.path.join(folder, "conf"))
        with open(os.path.join(folder, "conf", "spark-defaults.conf"), "w", encoding="utf-8") as file:
            file.writelines(f"{key} {value}\n" for key, value in settings.items())
        here["SPARK_CONF_DIR"] = os.path.join(folder, "conf")
        here["PYSPARK_PYTHON"] = sys.executable
        with open(os.path.join(folder, "fill.py"), "w", encoding="utf-8") as file:
            file.write(FILL.format(lake=lake))
        subprocess.run(["spark-submit", "--conf", HIVE, "fill.py"], cwd=folder, env=here, check=True)
        subprocess.run(commands, cwd=folder, env=here, check=True)


HIVE = "spark.sql.catalogImplementation=hive"
FILL = """
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.sql("CREATE DATABASE lake")
rows = spark.read.csv("{lake}/services.csv", header=True, multiLine=True, quote='"', escape='"')
rows.write.format("hive").saveAsTable("lake.services")
"""


if __name__ == "__main__":
    if sys.argv[1] == "page":
        sys.exit(page(*sys.argv[2:]))
    paths = [os.path.abspath(path) for path in sys.argv[2:]]
    {"duckdb": duckdb, "postgres": postgres, "spark": spark}[sys.argv[1]](list(zip(paths[::2], paths[1::2])))
