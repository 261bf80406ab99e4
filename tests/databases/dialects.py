"""Reads the texts of `esep sql` as the dialects of many engines, and writes them in others.

dialects.py TEXT...: fails where one is not understood, calls a function that is not known, or has a construct that a
dialect does not have.
"""
import sys

import sqlglot
from sqlglot import ErrorLevel, exp

READ = ["duckdb", "postgres", "spark", "hive", "clickhouse", "oracle", "tsql", "trino"]
WRITTEN = ["oracle", "trino", "tsql", "hive", "clickhouse"]

faults = []
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for dialect in READ:
        try:
            trees = sqlglot.parse(text, read=dialect, error_level=ErrorLevel.RAISE)
        except sqlglot.errors.SqlglotError as fault:
            faults.append(f"{path}: {dialect}: {fault}")
            continue
        strange = [node.sql() for tree in trees for node in tree.walk() if isinstance(node, (exp.Command, exp.Anonymous))]
        if len(trees) != 1 or strange or not trees[0].find(exp.Select):
            faults.append(f"{path}: {dialect}: {len(trees)} statements, {strange[:3]}")
    for read in ["duckdb", "postgres", "spark"]:
        for dialect in WRITTEN:
            try:
                sqlglot.transpile(text, read=read, write=dialect, unsupported_level=ErrorLevel.RAISE)
            except sqlglot.errors.SqlglotError as fault:
                faults.append(f"{path}: {read} to {dialect}: {fault}")
sys.exit("\n".join(faults) or None)
