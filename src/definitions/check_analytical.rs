//! What the texts of the analytical reports name exists, and has its languages.

use crate::definitions::all::Definitions;
use crate::definitions::analytical::{Analytical, Block, Chart, OfUnits};
use crate::definitions::dimension::{COUNTED, TOLD};
use crate::definitions::form::Form;
use crate::definitions::slot::{self, Piece, Terms};
use crate::words::lang::{Lang, Text};
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeSet;

impl Analytical {
    /// Every slot, row, column, table and field exists, every text has its languages and no number of its own.
    pub(crate) fn check(&self, definitions: &Definitions) -> Result<()> {
        let mut ids = BTreeSet::new();
        for section in self.sections() {
            ensure!(ids.insert(&section.id), "section {:?} stands twice", section.id);
            whole(&section.title).and_then(|()| whole(&section.ask)).with_context(|| section.id.clone())?;
        }
        for text in self.names.values().chain([&self.title, &self.about]) {
            whole(text)?;
        }
        for part in &self.parts {
            whole(&part.title).with_context(|| part.id.clone())?;
        }
        for text in self.asked_by.values() {
            ensure!(!text.is_incomplete(), "asked_by lacks a language");
        }
        let forms: Vec<&Form> = definitions.forms.iter().filter(|form| self.forms.contains(&form.form)).collect();
        ensure!(!forms.is_empty(), "no form {:?}", self.forms);
        let row = |name: &str| name.split_once('/').map_or_else(|| name.to_owned(), |(_, row)| row.to_owned());
        self.names.keys().try_for_each(|name| known(&row(name), &forms))?;
        for section in self.sections() {
            section.answered_by.iter().try_for_each(|of| known(of, &forms)).with_context(|| section.id.clone())?;
            for asked in &section.asks {
                known(&asked.of, &forms).with_context(|| section.id.clone())?;
                asked.fields.iter().try_for_each(|field| of_table(field, definitions))?;
            }
        }
        self.blocks().try_for_each(|block| check_block(block, &forms, definitions))
    }
}

/// A text in all languages, without a number: numbers come from cells.
fn whole(text: &Text) -> Result<()> {
    ensure!(!text.is_incomplete(), "a text lacks a language: {:?}", text.get(Lang::Ru));
    for lang in Lang::ALL {
        for piece in slot::pieces(text.get(lang))? {
            let Piece::Words(words) = piece else { continue };
            ensure!(!words.contains(|sign: char| sign.is_ascii_digit()), "{words:?}: a number that is no slot");
        }
    }
    Ok(())
}

/// Some form has the rows and columns.
fn known(of: &str, forms: &[&Form]) -> Result<()> {
    if TOLD.iter().map(|(name, _)| name).chain(&COUNTED).any(|name| *name == of) {
        return Ok(());
    }
    slot::terms(of)?.iter().try_for_each(|term| {
        let has = forms.iter().any(|form| {
            let row = form.row_position(&term.row);
            let column = |row| term.column.as_ref().is_none_or(|column| form.grid_of(row).column(column).is_some());
            row.is_some_and(column)
        });
        ensure!(has, "no row {:?} with column {:?}", term.row, term.column);
        Ok(())
    })
}

fn check_block(block: &Block, forms: &[&Form], definitions: &Definitions) -> Result<()> {
    let rows = |rows: &[String]| rows.iter().try_for_each(|row| known(row, forms));
    let chart = |chart: &Option<Chart>| chart.as_ref().map_or(Ok(()), |chart| whole(&chart.title));
    match block {
        Block::Say { of, beside, text, .. } => {
            known(of, forms)?;
            beside.iter().try_for_each(|of| known(of, forms))?;
            whole(text)?;
            Lang::ALL.iter().try_for_each(|lang| sentence(text.get(*lang), *lang, forms))
        }
        Block::Rows { title, rows: named, share_of, chart: drawn, .. } => {
            share_of.iter().try_for_each(|of| known(of, forms))?;
            whole(title).and_then(|()| rows(named)).and_then(|()| chart(drawn))
        }
        Block::Lines { title, rows: named, more, chart: drawn, .. } => {
            more.iter().try_for_each(|more| whole(&more.head))?;
            whole(title).and_then(|()| rows(named)).and_then(|()| chart(drawn))
        }
        Block::Columns { title, rows: named, of, columns, chart: drawn, .. } => {
            for row in named {
                columns.iter().chain([of]).try_for_each(|column| known(&format!("{row}:{column}"), forms))?;
            }
            whole(title).and_then(|()| chart(drawn))
        }
        Block::Texts { title, head, fields: read, rows: named, of, chart: drawn } => {
            read.iter().try_for_each(|field| of_table(field, definitions))?;
            of.iter().try_for_each(|of| known(of, forms))?;
            whole(head).and_then(|()| whole(title)).and_then(|()| rows(named)).and_then(|()| chart(drawn))
        }
        Block::List { title, none, table, date, fields: named, heads } => {
            ensure!(heads.len() == named.len(), "{table}: a head for each field");
            fields(table, named, definitions)?;
            fields(table, std::slice::from_ref(date), definitions)?;
            heads.iter().chain([title, none]).try_for_each(whole)
        }
        Block::Units { title, columns, chart: drawn } => {
            columns.iter().try_for_each(|column| check_column(column, forms))?;
            whole(title).and_then(|()| chart(drawn))
        }
        Block::Apart { title, columns, .. } => {
            columns.iter().try_for_each(|column| check_column(column, forms))?;
            whole(title)
        }
        Block::Course { title, none, absent, list, columns, .. } => {
            for column in columns {
                ensure!(list.columns().contains(&column.of.as_str()), "{list:?}: no column {:?}", column.of);
                whole(&column.head)?;
            }
            [none, absent].into_iter().flatten().chain([title]).try_for_each(whole)
        }
        Block::Compare { items } => items.iter().try_for_each(|item| {
            known(&item.of, forms)?;
            item.over.iter().try_for_each(|over| known(over, forms))?;
            whole(&item.name)
        }),
    }
}

fn check_column(column: &OfUnits, forms: &[&Form]) -> Result<()> {
    known(&column.of, forms)?;
    column.over.iter().try_for_each(|over| known(over, forms))?;
    whole(&column.head)
}

/// Every piece of a sentence can be filled, every word has the forms that its language needs.
fn sentence(text: &str, lang: Lang, forms: &[&Form]) -> Result<()> {
    let need = lang.forms();
    for piece in slot::pieces(text)? {
        let terms: Terms = piece.terms().into_owned();
        for term in &terms {
            let column = term.column.as_ref().map_or(String::new(), |column| format!(":{column}"));
            known(&format!("{}{column}", term.row), forms)?;
        }
        match piece {
            Piece::Word(_, words) => ensure!(words.len() == need, "{text:?}: {need} forms of {words:?}"),
            Piece::Bent(..) => ensure!(lang == Lang::Kk, "{text:?}: only Kazakh numbers are bent"),
            _ => {}
        }
    }
    Ok(())
}

/// A `table.field` that may be printed.
fn of_table(field: &str, definitions: &Definitions) -> Result<()> {
    let (table, name) = field.split_once('.').with_context(|| format!("{field:?}: table.field"))?;
    fields(table, &[name.to_owned()], definitions)
}

/// The table has the fields, and none of them is private.
fn fields(table: &str, names: &[String], definitions: &Definitions) -> Result<()> {
    let place = definitions.table(table).with_context(|| format!("no table {table:?}"))?;
    for name in names {
        let table = &definitions.tables[place];
        let field = table.position(name).with_context(|| format!("{}: no field {name:?}", table.table))?;
        if table.fields[field].private {
            bail!("{}.{name} is never printed", table.table);
        }
    }
    Ok(())
}
