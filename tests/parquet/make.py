#!/usr/bin/env python3
"""Writes the fixtures of this folder anew: services.csv as Parquet files of other programs.

pip install duckdb polars pyarrow
"""
import pathlib
import duckdb
import polars
import pyarrow
import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet

HERE = pathlib.Path(__file__).resolve().parent
NAMES = (HERE / "services.csv").read_text(encoding="utf-8").split("\n", 1)[0].split(",")
options = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(NAMES, pyarrow.string()), strings_can_be_null=True)
table = pyarrow.csv.read_csv(HERE / "services.csv", convert_options=options)
moments = {name: pyarrow.compute.strptime(table[name], "%Y-%m-%d %H:%M", "us") for name in ["received_at", "completed_at"]}
days = {"due_at": pyarrow.compute.strptime(table["due_at"], "%Y-%m-%d", "s").cast(pyarrow.date32())}
numbers = {"term_value": table["term_value"].cast(pyarrow.int16())}
typed = table
for name, column in {**moments, **days, **numbers}.items():
    typed = typed.set_column(typed.schema.get_field_index(name), name, column)


def arrow(name, written, **settings):
    pyarrow.parquet.write_table(written, HERE / name, row_group_size=130, **settings)


arrow("snappy.parquet", table, compression="snappy")
arrow("gzip-v2.parquet", typed, compression="gzip", data_page_version="2.0", use_dictionary=False)
arrow("lz4.parquet", typed, compression="lz4", coerce_timestamps="ms")
arrow("zstd-delta.parquet", typed, compression="zstd", use_dictionary=False, column_encoding={
    "record_id": "DELTA_BYTE_ARRAY", "service_name": "DELTA_LENGTH_BYTE_ARRAY", "completed_at": "DELTA_BINARY_PACKED"})
arrow("int96.parquet", typed.set_column(typed.schema.get_field_index("received_at"), "received_at", pyarrow.compute.assume_timezone(
    moments["received_at"], "Asia/Almaty")), use_deprecated_int96_timestamps=True, compression="none")
polars.from_arrow(typed).write_parquet(HERE / "polars.parquet", compression="zstd")
duckdb.sql(f"COPY (SELECT * FROM read_parquet('{HERE / 'zstd-delta.parquet'}')) TO '{HERE / 'duckdb.parquet'}' (FORMAT parquet)")
