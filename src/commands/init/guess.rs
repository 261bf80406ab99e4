//! Which field a column may hold, and which table its head may be of: by likeness of words and by values.

use crate::body::mapping::numbered_field;
use crate::commands::init::column::OwnColumn;
use crate::commands::init::layout::Layout;
use crate::definitions::Definitions;
use crate::definitions::record::{Field, FieldType, Table};
use crate::sources::survey::folded;
use std::collections::BTreeSet;

/// From here on a proposal is written so that it holds once it is confirmed; below it is only named.
pub const SURE: f64 = 0.62;
/// From here on a proposal is named.
const NAMED: f64 = 0.42;

/// A proposal: this column holds this field.
#[derive(Debug, Clone)]
pub struct Proposal {
    pub column: usize,
    pub field: usize,
    pub score: f64,
    /// The spelling that the header is like.
    pub like: Option<String>,
    /// The header is a spelling of the field itself.
    pub known: bool,
}

/// What a layout seems to be.
#[derive(Debug, Clone)]
pub struct Guess {
    pub table: usize,
    pub weight: f64,
    pub proposals: Vec<Proposal>,
    /// Columns that are known spellings, but hold something else.
    pub foreign: Vec<usize>,
    /// The records have no number of their own, or one that is repeated.
    pub numbered: bool,
}

impl Guess {
    pub fn has(&self, field: usize) -> bool {
        self.proposals.iter().any(|proposal| proposal.field == field && proposal.score >= SURE)
    }

    /// Fields that the table must have and that no column holds.
    pub fn missing(&self, table: &Table) -> Vec<usize> {
        let has = |field: usize| self.has(field) || self.numbered && numbered_field(table) == Some(field);
        let any: Vec<usize> = table.any_of.iter().filter_map(|name| table.position(name)).collect();
        let lacks_any = !any.is_empty() && !any.iter().any(|field| has(*field));
        table.required().filter(|field| !has(*field)).chain(any.first().copied().filter(|_| lacks_any)).collect()
    }
}

/// The tables that a layout may be, the likeliest first; a recognised one has only one.
pub fn guesses(layout: &Layout, definitions: &Definitions) -> Vec<Guess> {
    let tables = match layout.table {
        Some(table) => table..table + 1,
        None => 0..definitions.tables.len(),
    };
    let mut guesses: Vec<Guess> = tables.map(|table| guess(layout, table, definitions)).collect();
    guesses.retain(|guess| layout.table.is_some() || !definitions.tables[guess.table].counted);
    guesses.retain(|guess| layout.table.is_some() || guess.weight > 1.0);
    guesses.sort_by(|one, other| other.weight.total_cmp(&one.weight).then(one.table.cmp(&other.table)));
    guesses
}

fn guess(layout: &Layout, place: usize, definitions: &Definitions) -> Guess {
    let table = &definitions.tables[place];
    let (mut all, mut foreign) = (Vec::new(), Vec::new());
    for (index, column) in layout.columns.iter().enumerate().filter(|(_, column)| !column.header.is_empty()) {
        for (field, definition) in table.fields.iter().enumerate() {
            let (score, like, known) = score(column, definition, definitions);
            if score >= NAMED {
                all.push(Proposal { column: index, field, score, like, known });
            } else if known {
                foreign.push(index);
            }
        }
    }
    all.sort_by(|a, b| b.score.total_cmp(&a.score).then((a.column, a.field).cmp(&(b.column, b.field))));
    let mut proposals: Vec<Proposal> = Vec::new();
    for one in all {
        if !proposals.iter().any(|taken| taken.column == one.column || taken.field == one.field) {
            proposals.push(one);
        }
    }
    let id = numbered_field(table);
    let repeated = |proposal: &Proposal| Some(proposal.field) == id && layout.columns[proposal.column].repeats;
    foreign.extend(proposals.iter().filter(|proposal| repeated(proposal)).map(|proposal| proposal.column));
    // a recognised table keeps its ids: repeats of them are findings
    let is_repeated = layout.table.is_none() && proposals.iter().any(repeated);
    if is_repeated {
        proposals.retain(|proposal| !repeated(proposal));
    } else {
        foreign.retain(|column| !proposals.iter().any(|proposal| proposal.column == *column));
    }
    proposals.sort_by_key(|proposal| proposal.column);
    let mut guess = Guess { table: place, weight: 0.0, proposals, foreign, numbered: false };
    guess.numbered = id.is_some_and(|id| !guess.has(id));
    let missing = guess.missing(table).len();
    let needed = table.required().count() + usize::from(!table.any_of.is_empty());
    guess.weight = guess.proposals.iter().filter(|one| one.score >= SURE).map(|one| one.score).sum::<f64>()
        - 1.5 * f64::from(u32::try_from(missing).unwrap_or(9))
        + f64::from(u32::try_from(needed).unwrap_or(0)) * 0.3
        + if is_named(layout, table) { 2.0 } else { 0.0 };
    guess
}

/// A file or sheet name that has the name of the table in it.
fn is_named(layout: &Layout, table: &Table) -> bool {
    let names: Vec<BTreeSet<String>> = table.names.all().chain([table.table.as_str()]).map(stems).collect();
    layout.sources.iter().any(|source| {
        let own = stems(&format!("{} {}", source.name, source.sheet.as_deref().unwrap_or_default()));
        names.iter().any(|name| !name.is_empty() && name.is_subset(&own))
    })
}

/// How well a column fits a field, the spelling that its header is like, and whether it is that spelling.
fn score(column: &OwnColumn, field: &Field, definitions: &Definitions) -> (f64, Option<String>, bool) {
    let header = folded(&column.header);
    let hints = definitions.hints.fields.get(&field.name).into_iter().flatten().map(String::as_str);
    let own = field.headers.all().chain([field.name.as_str()]).map(|spelling| (spelling, 1.0));
    let spellings = own.chain(hints.map(|spelling| (spelling, 0.9)));
    let (mut best, mut like) = (0.0, None);
    for (spelling, trust) in spellings {
        let likeness = trust * likeness(&header, &folded(spelling));
        if likeness > best {
            (best, like) = (likeness, Some(spelling.to_owned()));
        }
    }
    let known = best >= 1.0;
    let fit = fit(column, field, definitions);
    // a day that cannot be read stays a day; names in a column of codes are no codes
    let is_meant = known && !matches!(field.kind, FieldType::Code | FieldType::Text | FieldType::Identifier);
    let score = match fit {
        Some(_) if known => 1.0,
        None if is_meant => 1.0,
        None => 0.0,
        Some(fit) => 0.65 * best + 0.35 * fit,
    };
    // values that only one code list knows say enough
    let alone = || column.codes.iter().filter(|known| column.share(**known) >= 0.9).count() == 1;
    let speaks = field.kind == FieldType::Code && fit.is_some_and(|fit| fit >= 0.9) && (best >= 0.2 || alone());
    (if speaks { score.max(SURE) } else { score }, like, known)
}

/// How far the values are of the field's type; `None`: they are not.
fn fit(column: &OwnColumn, field: &Field, definitions: &Definitions) -> Option<f64> {
    if column.seen == 0 {
        return Some(0.5);
    }
    let least = |share: f64, least: f64| Some(share).filter(|share| *share >= least);
    let few = column.values.as_ref().is_some_and(|values| values.len() <= 30);
    let is_personal = column.is_personal(definitions);
    match field.kind {
        FieldType::Date | FieldType::Moment => least(column.share(column.dates), 0.5),
        FieldType::Integer => least(column.share(column.whole), 0.5).filter(|_| column.bins == 0 && !is_personal),
        FieldType::Boolean => few.then_some(0.5),
        FieldType::Code => {
            let place = definitions.codelists.iter().position(|list| Some(&list.list) == field.list.as_ref())?;
            let share = column.share(column.codes[place]);
            let is_text = column.share(column.dates.max(column.whole)) < 0.2;
            Some(share.max(0.4)).filter(|_| few && is_text && (share > 0.5 || !is_personal))
        }
        FieldType::Identifier if field.bin => least(column.share(column.bins), 0.5),
        _ if is_personal && !field.private => None,
        FieldType::Identifier if field.name == "unit" => {
            Some(column.share(column.units).max(if few { 0.5 } else { 0.2 }))
        }
        _ if column.share(column.dates) > 0.5 => None,
        FieldType::Text if column.share(column.whole) > 0.5 => Some(0.1),
        _ => Some(0.5),
    }
}

/// Likeness of two spellings, 0 to 1: letters, or stems of words.
fn likeness(one: &str, other: &str) -> f64 {
    if one == other {
        return 1.0;
    }
    let letters = strsim::normalized_damerau_levenshtein(one, other);
    let (first, second) = (stems(one), stems(other));
    let (shared, all) = (first.intersection(&second).count(), first.union(&second).count());
    #[allow(clippy::cast_precision_loss)] // a handful of words
    let words = if all == 0 { 0.0 } else { shared as f64 / all as f64 };
    letters.max(words).min(0.95)
}

/// Words without their endings.
fn stems(text: &str) -> BTreeSet<String> {
    let text = crate::words::lang::fold(text);
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.chars().count() > 2);
    words.map(|word| word.chars().take(5).collect()).collect()
}
