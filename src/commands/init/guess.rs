//! Which field a column may hold, and which table its head may be of: by likeness of words and by values.

use crate::body::mapping::numbered_field;
use crate::commands::init::column::OwnColumn;
use crate::commands::init::evidence::named;
use crate::commands::init::layout::Layout;
use crate::commands::init::supply::{Supply, supply};
use crate::definitions::Definitions;
use crate::definitions::record::{Field, FieldType, Table};
use crate::report::transliterate;
use crate::sources::head_row::with_tail;
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
    /// Too little speaks for the table: it is asked.
    pub weak: bool,
    /// What no column holds.
    pub supply: Supply,
}

/// From so many tables on that a column may stand in, it says little of any of them.
const GENERAL: usize = 5;
/// What a name or a title weighs: more than all general columns.
const NAME: f64 = 8.0;

impl Guess {
    pub fn has(&self, field: usize) -> bool {
        self.proposals.iter().any(|proposal| proposal.field == field && proposal.score >= SURE)
    }

    /// Whether nothing is left to confirm: a recognised head with nothing of the body's own.
    pub fn is_clear(&self, layout: &Layout) -> bool {
        let is_plain = self.proposals.iter().all(|one| one.known && layout.columns[one.column].short == 0);
        layout.table.is_some() && is_plain && self.foreign.is_empty() && !self.has_old_moments(layout)
    }

    /// Whether a column that is read does not say in which time its moments are.
    pub fn has_old_moments(&self, layout: &Layout) -> bool {
        self.proposals.iter().any(|one| layout.old_moments.contains(&layout.columns[one.column].header))
    }

    /// Fields that the table must have and that no column holds.
    pub fn missing(&self, table: &Table) -> Vec<usize> {
        let has = |field: usize| {
            self.has(field) || self.supply.has(field) || self.numbered && numbered_field(table) == Some(field)
        };
        let any: Vec<usize> = table.any_of.iter().filter_map(|name| table.position(name)).collect();
        let lacks_any = !any.is_empty() && !any.iter().any(|field| has(*field));
        table.required().filter(|field| !has(*field)).chain(any.first().copied().filter(|_| lacks_any)).collect()
    }
}

/// The tables that a layout may be, the likeliest first; a recognised one has only one.
pub fn guesses(layout: &Layout, definitions: &Definitions) -> Vec<Guess> {
    let is_filled = |table: &usize| layout.table == Some(*table) || !definitions.tables[*table].counted;
    let tables = (0..definitions.tables.len()).filter(is_filled);
    let scored: Vec<Scored> = tables.map(|table| scored(layout, table, definitions)).collect();
    let breadth = |column: usize| {
        let speaks = |own: &&Scored| own.all.iter().any(|one| one.column == column && one.score >= SURE);
        scored.iter().filter(speaks).count()
    };
    let general: Vec<bool> = (0..layout.columns.len()).map(|column| breadth(column) >= GENERAL).collect();
    let named = named(layout, definitions);
    let is_asked = |own: &Scored| layout.table.is_none_or(|table| table == own.table);
    let mut guesses: Vec<Guess> = Vec::new();
    for own in scored.into_iter().filter(is_asked) {
        let mut one = guess(layout, own, &general, definitions);
        one.weight += if named.contains(&one.table) { NAME } else { 0.0 };
        guesses.push(one);
    }
    guesses.retain(|guess| layout.table.is_some() || guess.weight > 1.0);
    guesses.sort_by(|one, other| other.weight.total_cmp(&one.weight).then(one.table.cmp(&other.table)));
    // services and refusals differ by their results alone
    let is_result = |guess: &Guess| definitions.tables[guess.table].is_result();
    let are_kin = |first: &Guess, other: &Guess| is_result(first) && is_result(other);
    let rival = guesses.iter().skip(1).find(|other| !are_kin(&guesses[0], other));
    let second = rival.map_or(0.0, |second| second.weight);
    if let Some(first) = guesses.first_mut().filter(|_| layout.table.is_none()) {
        let table = &definitions.tables[first.table];
        let own = first.proposals.iter().filter(|one| one.score >= SURE && !general[one.column]).count();
        let lacking = first.missing(table).len();
        let is_named = named.contains(&first.table) && lacking <= table.required().count() / 2;
        first.weak = !is_named && (lacking > 0 || own < 3 || first.weight - second < 1.0);
    }
    guesses
}

/// How the columns of a layout fit the fields of a table.
struct Scored {
    table: usize,
    all: Vec<Proposal>,
    foreign: Vec<usize>,
}

fn scored(layout: &Layout, table: usize, definitions: &Definitions) -> Scored {
    let (mut all, mut foreign) = (Vec::new(), Vec::new());
    for (index, column) in layout.named() {
        for (field, definition) in definitions.tables[table].fields.iter().enumerate() {
            let has_unit = definitions.tables[table].unit_of(field).is_some();
            let (score, like, known) = score(column, (definition, has_unit), definitions);
            if score >= NAMED {
                all.push(Proposal { column: index, field, score, like, known });
            } else if known {
                foreign.push(index);
            }
        }
    }
    all.sort_by(|a, b| b.score.total_cmp(&a.score).then((a.column, a.field).cmp(&(b.column, b.field))));
    Scored { table, all, foreign }
}

fn guess(layout: &Layout, scored: Scored, general: &[bool], definitions: &Definitions) -> Guess {
    let Scored { table: place, all, mut foreign } = scored;
    let table = &definitions.tables[place];
    let mut proposals: Vec<Proposal> = Vec::new();
    for one in all {
        if !proposals.iter().any(|taken| taken.column == one.column || taken.field == one.field) {
            proposals.push(one);
        }
    }
    let id = numbered_field(table);
    let repeated = |proposal: &Proposal| {
        let column = &layout.columns[proposal.column];
        Some(proposal.field) == id && (column.repeats || column.is_ordinal())
    };
    foreign.extend(proposals.iter().filter(|proposal| repeated(proposal)).map(|proposal| proposal.column));
    // a recognised table keeps its ids: repeats of them are findings
    let is_repeated = layout.table.is_none() && proposals.iter().any(repeated);
    if is_repeated {
        proposals.retain(|proposal| !repeated(proposal));
    } else {
        foreign.retain(|column| !proposals.iter().any(|proposal| proposal.column == *column));
    }
    proposals.sort_by_key(|proposal| proposal.column);
    let mut guess = Guess {
        table: place,
        weight: 0.0,
        proposals,
        foreign,
        numbered: false,
        weak: false,
        supply: Supply::default(),
    };
    guess.numbered = id.is_some_and(|id| !guess.has(id));
    let sure = guess.proposals.iter().filter(|one| one.score >= SURE);
    guess.supply = supply(layout, table, &sure.map(|one| (one.field, one.column)).collect(), definitions);
    let missing = guess.missing(table).len();
    let needed = table.required().count() + usize::from(!table.any_of.is_empty());
    let worth = |one: &Proposal| if general[one.column] { 0.3 * one.score } else { one.score };
    guess.weight = guess.proposals.iter().filter(|one| one.score >= SURE).map(worth).sum::<f64>()
        - 1.5 * f64::from(u32::try_from(missing).unwrap_or(9))
        + f64::from(u32::try_from(needed).unwrap_or(0)) * 0.3;
    guess
}

/// How well a column fits a field, the spelling that its header is like, and whether it is that spelling.
fn score(
    column: &OwnColumn,
    (field, has_unit): (&Field, bool),
    definitions: &Definitions,
) -> (f64, Option<String>, bool) {
    let header = folded(&column.header);
    let with_above = folded(&format!("{} {}", column.above, column.header));
    let is_day = matches!(field.kind, FieldType::Date | FieldType::Moment);
    if is_day && is_of_other_kind(&with_above, field, definitions) {
        return (0.0, None, false);
    }
    let base = with_tail(&header).map_or(header.as_str(), |(base, _)| base).to_owned();
    let is_latin = header.is_ascii();
    let hints = definitions.hints.fields.get(&field.name).into_iter().flatten().map(String::as_str);
    let own = field.headers.all().chain([field.name.as_str()]).map(|spelling| (spelling, 1.0));
    let spellings = own.chain(hints.map(|spelling| (spelling, 0.9)));
    let (mut best, mut like) = (0.0, None);
    for (spelling, trust) in spellings {
        let own = folded(spelling);
        let mut likeness = likeness(&header, &own).max(likeness(&with_above, &own)).max(0.99 * likeness(&base, &own));
        if is_latin && !own.is_ascii() {
            likeness = likeness.max(0.99 * latin(&header, &own));
        }
        let likeness = trust * likeness;
        if likeness > best {
            (best, like) = (likeness, Some(spelling.to_owned()));
        }
    }
    let known = field.headers.all().chain([field.name.as_str()]).any(|spelling| folded(spelling) == header);
    let fit = fit(column, (field, has_unit), definitions);
    // a day that cannot be read stays a day; names in a column of codes are no codes
    let is_term = is_day && column.share(column.measured) >= 0.5;
    let is_meant =
        known && !is_term && !matches!(field.kind, FieldType::Code | FieldType::Text | FieldType::Identifier);
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
fn fit(column: &OwnColumn, (field, has_unit): (&Field, bool), definitions: &Definitions) -> Option<f64> {
    if column.seen == 0 {
        return Some(0.5);
    }
    let least = |share: f64, least: f64| Some(share).filter(|share| *share >= least);
    let few = column.values.as_ref().is_some_and(|values| values.len() <= 30);
    let is_personal = column.is_personal();
    match field.kind {
        FieldType::Date | FieldType::Moment => least(column.share(column.dates), 0.5),
        FieldType::Integer => least(column.share(column.whole + if has_unit { column.measured } else { 0 }), 0.5)
            .filter(|_| column.bins == 0 && !is_personal),
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

/// Whether a header stands above days that are planned and the field's above those that came to be, or the reverse.
fn is_of_other_kind(header: &str, field: &Field, definitions: &Definitions) -> bool {
    let hints = &definitions.hints;
    let has = |text: &str, words: &[String]| {
        let text = folded(text);
        text.split(|letter: char| !letter.is_alphanumeric())
            .any(|own| words.iter().any(|word| own.starts_with(&folded(word))))
    };
    let is_planned = field.headers.all().any(|spelling| has(spelling, &hints.planned));
    if is_planned { has(header, &hints.actual) } else { has(header, &hints.planned) }
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

/// Likeness of a header in Latin letters to a spelling in others.
fn latin(header: &str, spelling: &str) -> f64 {
    let plain = |text: &str| {
        let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join(" ")
    };
    likeness(&plain(header), &plain(&transliterate(spelling)))
}

/// Words without their endings.
fn stems(text: &str) -> BTreeSet<String> {
    let text = crate::words::lang::fold(text);
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.chars().count() > 2);
    words.map(|word| word.chars().take(5).collect()).collect()
}
