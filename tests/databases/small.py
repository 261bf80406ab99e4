"""Compares the small tables of `esep sql` as CSV and as Parquet: small.py FOLDER."""
import glob
import os
import sys

import duckdb

base = duckdb.connect()
names = sorted(glob.glob(os.path.join(sys.argv[1], "*.parquet")))
assert len(names) == 5, names
for packed in names:
    kinds = base.execute(f"DESCRIBE SELECT * FROM read_parquet('{packed}')").fetchall()
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind, *_ in kinds)
    text = f"read_csv('{packed[:-8]}.csv', header = true, nullstr = '\x01', columns = {{{columns}}})"
    if any(kind == "INTEGER" for _, kind, *_ in kinds):
        text = text.replace("nullstr = '\x01', ", "")
    rows = [base.execute(f"SELECT * FROM {table}").fetchall() for table in (f"read_parquet('{packed}')", text)]
    same = [[["" if value is None else value for value in row] for row in table] for table in rows]
    assert same[0] == same[1], packed
    print(packed, len(rows[0]))
