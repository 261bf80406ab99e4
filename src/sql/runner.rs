//! Runners: the only texts that speak an engine's dialect. They load the small tables, give the tables of the database
//! the names of the contract, and write what the two texts answer.

use crate::sql::plan::{LakeTable, Plan};
use crate::sql::small::SmallTable;
use std::fmt::Write;

impl Plan<'_> {
    /// The texts of the rest, with the names of their files and of what they are written to.
    pub fn rests(&self) -> Vec<(String, String, String)> {
        let name = |lake: &LakeTable| {
            let table = &self.table(lake).table;
            if table == "services" { "rest".to_owned() } else { format!("rest_{table}") }
        };
        self.tables
            .iter()
            .map(|lake| (format!("{}.sql", name(lake)), format!("{}.csv", name(lake)), self.rest(lake)))
            .collect()
    }

    /// What the rows of a table are ordered by; `otherwise`: what the engine has of its own.
    fn order(lake: &LakeTable, quote: char, otherwise: &str) -> String {
        lake.order.as_ref().map_or_else(|| otherwise.to_owned(), |column| quoted(column, quote))
    }

    fn view(&self, lake: &LakeTable, quote: char, kind: &str) -> String {
        let table = self.table(lake);
        let columns: Vec<String> = lake
            .columns
            .iter()
            .map(|(field, column)| {
                format!("CAST({} AS {kind}) AS {}", quoted(column, quote), table.fields[*field].name)
            })
            .collect();
        columns.join(",\n  ")
    }

    /// For `DuckDB`: one script, in the folder of the texts.
    pub fn duckdb(&self, small: &[SmallTable]) -> String {
        let mut script = "-- DuckDB, in this folder; the tables of the records are named behind FROM.\n".to_owned();
        for table in small {
            let columns = columns(table, ["VARCHAR", "INTEGER"], |name, kind| format!("'{name}': '{kind}'"));
            let _ = writeln!(
                script,
                "CREATE OR REPLACE TEMP TABLE esep_{0} AS SELECT * FROM read_csv('{0}.csv', header = true, columns = {{{1}}});",
                table.name, columns
            );
        }
        script += "CREATE OR REPLACE TEMP TABLE esep_engine AS SELECT 'DuckDB ' || version() AS engine, current_database() AS part;\n";
        for lake in &self.tables {
            let _ = writeln!(
                script,
                "CREATE OR REPLACE TEMP VIEW esep_{} AS SELECT\n  {},\n  {} AS source_row\nFROM {};",
                self.table(lake).table,
                self.view(lake, '"', "VARCHAR"),
                Self::order(lake, '"', "row_number() OVER ()"),
                lake.from
            );
        }
        let texts = [("facts.sql".to_owned(), "facts.csv".to_owned())].into_iter();
        for (text, result) in texts.chain(self.rests().into_iter().map(|(text, result, _)| (text, result))) {
            let _ = writeln!(script, "SET VARIABLE esep_text = (SELECT content FROM read_text('{text}'));");
            let _ = writeln!(script, "COPY (FROM query(getvariable('esep_text'))) TO '{result}' (HEADER);");
        }
        script
    }

    /// For `PostgreSQL`: a script of psql, in the folder of the texts. It makes temporary tables and views only.
    pub fn postgres(&self, small: &[SmallTable]) -> String {
        let mut script = "-- psql -X -q -v ON_ERROR_STOP=1 -f run_postgres.sql, in this folder; the tables of the records are named behind FROM.\n\
                          \\encoding UTF8\nSET client_min_messages = warning;\n"
            .to_owned();
        for table in small {
            let columns = columns(table, ["text", "integer"], |name, kind| format!("{name} {kind}"));
            let _ = writeln!(script, "CREATE TEMPORARY TABLE esep_{} ({});", table.name, columns);
            let _ = writeln!(script, "\\copy esep_{0} FROM '{0}.csv' WITH (FORMAT csv, HEADER)", table.name);
            let _ = writeln!(script, "ANALYZE esep_{};", table.name);
        }
        script += "CREATE TEMPORARY TABLE esep_engine AS SELECT 'PostgreSQL ' || current_setting('server_version') AS engine, current_database()::text AS part;\n";
        for lake in &self.tables {
            let _ = writeln!(
                script,
                "CREATE TEMPORARY VIEW esep_{} AS SELECT\n  {},\n  {} AS source_row\nFROM {};",
                self.table(lake).table,
                self.view(lake, '"', "text"),
                Self::order(lake, '"', "ctid"),
                lake.from
            );
        }
        script += "\\pset format csv\n\\pset footer off\n";
        script += "\\o facts.csv\n\\i facts.sql\n";
        for (text, result, _) in self.rests() {
            let _ = writeln!(script, "\\o {result}\n\\i {text}");
        }
        script + "\\o\n"
    }

    /// For Spark: a program of `PySpark`, in the folder of the texts.
    pub fn spark(&self, small: &[SmallTable]) -> String {
        let mut script = SPARK_HEAD.to_owned();
        for table in small {
            let columns = columns(table, ["STRING", "INT"], |name, kind| format!("{name} {kind}"));
            let _ = writeln!(script, "load(\"{}\", \"{}\")", table.name, columns);
        }
        script += "spark.createDataFrame([(\"Spark \" + spark.version, \"spark\")], \"engine STRING, part STRING\").createOrReplaceTempView(\"esep_engine\")\n";
        for lake in &self.tables {
            let _ = writeln!(
                script,
                "spark.sql(\"\"\"SELECT\n  {},\n  {} AS source_row\nFROM {}\"\"\").createOrReplaceTempView(\"esep_{}\")",
                self.view(lake, '`', "STRING"),
                Self::order(lake, '`', "monotonically_increasing_id()"),
                lake.from,
                self.table(lake).table
            );
        }
        script += "run(\"facts.sql\", \"facts.csv\")\n";
        for (text, result, _) in self.rests() {
            let _ = writeln!(script, "run(\"{text}\", \"{result}\")");
        }
        script
    }
}

/// The columns of a small table, each with its kind: of texts, of whole numbers.
fn columns(table: &SmallTable, [text, number]: [&str; 2], written: fn(&str, &str) -> String) -> String {
    let kind = |is_number: bool| if is_number { number } else { text };
    table.columns.iter().map(|(name, is_number)| written(name, kind(*is_number))).collect::<Vec<_>>().join(", ")
}

/// A name of the database in quotes.
fn quoted(name: &str, quote: char) -> String {
    format!("{quote}{}{quote}", name.replace(quote, &quote.to_string().repeat(2)))
}

/// What every program of `PySpark` begins with.
const SPARK_HEAD: &str = r#"# spark-submit run_spark.py, in this folder; the tables of the records are named behind FROM.
import csv
import os
from pyspark.sql import SparkSession

here = os.path.dirname(os.path.abspath(__file__))
# SPARK-33152: with this rule the planning of a text with many conditions takes minutes
spark = SparkSession.builder.config("spark.sql.constraintPropagation.enabled", "false").getOrCreate()


def load(name, schema):
    with open(os.path.join(here, name + ".csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    kinds = [int if column.strip().endswith(" INT") else str for column in schema.split(",")]
    typed = [[kind(value) if value or kind is str else None for kind, value in zip(kinds, row)] for row in rows]
    spark.createDataFrame(typed, schema).createOrReplaceTempView("esep_" + name)


def run(text, result):
    with open(os.path.join(here, text), encoding="utf-8") as file:
        answer = spark.sql(file.read().strip().rstrip(";"))
    with open(os.path.join(here, result), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(answer.columns)
        for row in answer.toLocalIterator():
            writer.writerow(["" if value is None else value for value in row])


"#;
