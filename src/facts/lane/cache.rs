//! What rows of one layout mean and count as, remembered by their spans.

use crate::definitions::Definitions;
use crate::definitions::record::FieldType;
use crate::facts::deriver::Deriver;
use crate::facts::fact::Fact;
use crate::facts::lane::columns::KnownEntries;
use crate::facts::lane::plain;
use crate::facts::lane::span::{ASK, LaneRow, LaneSpan, kind, plain_raw};
use crate::facts::results::{DUE, Hearer, PARTIES, QUANTITY, RECEIVED, ResultKind, ResultRow, Said, done_at};
use crate::facts::source::SourceColumn;
use crate::facts::unneeded::lacking;
use crate::records::row;
use crate::records::row::fingerprint;
use crate::records::typed::{Typed, cut};
use crate::sources::parquet::Group;
use crate::sources::raw::Raw;
use crate::values::digest::{QuickHash, Secret};
use crate::values::moment::Moment;
use anyhow::Result;
use memchr::memchr;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Spans of a row, at most.
const SPANS: usize = 15;
/// Kinds of rows, at most.
const KINDS: usize = 1 << 14;

/// Kinds of the spans of a row, and the fields, as bits, that are given beside them.
type Key = ([u16; SPANS], u64);

/// The rows of one layout of one table.
#[derive(Debug)]
pub struct Lane<'d> {
    definitions: &'d Definitions,
    forms: Vec<String>,
    /// Position of the table.
    table: usize,
    spans: Vec<LaneSpan>,
    /// Columns that are read one by one.
    singles: Vec<(usize, Single)>,
    /// By party, the spans that name it.
    parties: [Option<(usize, usize)>; 4],
    /// The numbers of parties that two spans name.
    pairs: HashMap<(usize, u32, u32), u32, QuickHash>,
    quantity: Option<usize>,
    /// Fields: receipt, deadline, end.
    days: [Option<usize>; 3],
    kinds: HashMap<Key, Option<RowKind>, QuickHash>,
    /// Sources and entries whose check digit was found wrong: that is said once.
    told: HashSet<(usize, usize, u32), QuickHash>,
    met: Vec<u32>,
    /// Of rows that are looked at ahead of their turn.
    prints: Vec<u128>,
    moments: Vec<Option<Moment>>,
    space: Vec<u8>,
}

/// What rows of one key have in common.
#[derive(Debug, Clone, Copy)]
struct RowKind {
    kind: ResultKind,
    said: Said,
    /// Of rows without a column for it.
    quantity: i64,
}

/// A column that is read by itself.
#[derive(Debug, Clone, Copy)]
enum Single {
    /// The id of the record: nearly every one is new.
    Id(usize),
    Moment(usize),
    /// Only whether it is given matters.
    Remark(usize),
    Unknown,
    Nameless,
}

impl<'d> Lane<'d> {
    /// `None`: rows of this table or layout are not remembered.
    pub fn new(definitions: &'d Definitions, table: usize, forms: &[String], columns: &[SourceColumn]) -> Option<Self> {
        let definition = &definitions.tables[table];
        let [key] = definition.key.as_slice() else { return None };
        let key = definition.position(key).filter(|_| definition.is_result())?;
        let is_party = |name: &str| PARTIES.iter().any(|fields| fields.contains(&name));
        let (mut spans, mut singles, mut last): (Vec<LaneSpan>, _, _) = (Vec::new(), Vec::new(), None);
        for (column, what) in columns.iter().enumerate() {
            let single = match what {
                SourceColumn::Field(field) => match definition.fields[*field].kind {
                    _ if *field == key => Single::Id(*field),
                    FieldType::Date | FieldType::Moment => Single::Moment(*field),
                    FieldType::Text | FieldType::Identifier if !is_party(&definition.fields[*field].name) => {
                        Single::Remark(*field)
                    }
                    _ => {
                        let kind = kind(&definition.fields[*field].name);
                        if last != Some(kind) {
                            spans.push(LaneSpan::new(column));
                        }
                        if let Some(span) = spans.last_mut() {
                            span.columns.end = column + 1;
                            span.fields.push(*field);
                        }
                        last = Some(kind);
                        continue;
                    }
                },
                SourceColumn::Unknown => Single::Unknown,
                SourceColumn::Nameless => Single::Nameless,
            };
            last = None;
            singles.push((column, single));
        }
        let field = |name: &str| definition.position(name);
        let span =
            |name: &&str| spans.iter().position(|span| field(name).is_some_and(|own| span.fields.contains(&own)));
        let parties = PARTIES.map(|fields| {
            let own: Vec<usize> = fields.iter().filter_map(span).collect();
            own.first().copied().zip(own.last().copied())
        });
        let (fields, quantity) = (definition.fields.len(), span(&QUANTITY));
        (spans.len() <= SPANS && fields <= 64).then(|| Self {
            definitions,
            forms: forms.to_vec(),
            table,
            parties,
            pairs: HashMap::default(),
            quantity,
            days: [RECEIVED, DUE, done_at(&definition.table)].map(field),
            kinds: HashMap::default(),
            told: HashSet::default(),
            met: vec![0; spans.len()],
            prints: Vec::new(),
            moments: vec![None; fields],
            space: Vec::new(),
            spans,
            singles,
        })
    }

    /// Looks up the entries of the spans of some rows, one row behind another: the processor then waits for the memory of
    /// many at a time. What anything is to be told of is left to each row.
    pub fn look_ahead(&mut self, rows: impl Iterator<Item = impl LaneRow>, secret: &Secret, found: &mut Vec<u32>) {
        self.prints.clear();
        for mut row in rows {
            self.prints.extend(self.spans.iter().map(|span| row.print(&span.columns, secret)));
        }
        found.clear();
        found.resize(self.prints.len(), ASK);
        let step = self.spans.len().max(1);
        for (place, span) in self.spans.iter().enumerate() {
            let prints = self.prints.iter().skip(place).step_by(step);
            for (entry, print) in found.iter_mut().skip(place).step_by(step).zip(prints) {
                *entry = span.look_up(*print);
            }
        }
        for (place, span) in self.spans.iter().enumerate() {
            for entry in found.iter_mut().skip(place).step_by(step) {
                *entry = if span.is_quiet(*entry) { *entry } else { ASK };
            }
        }
    }

    /// The same of rows of a group.
    pub fn look_up(&self, group: &Group<'_>, rows: Range<usize>, known: &mut KnownEntries) {
        known.begin(rows, self.spans.len());
        for (place, span) in self.spans.iter().enumerate() {
            known.look_up(group, (place, span.columns.clone()), |entry| span.is_quiet(entry));
        }
    }

    /// Counts a row of a source; the fingerprint of its id. `None`: nothing was counted, the row is to go the road.
    pub fn take(
        &mut self,
        row: &mut impl LaneRow,
        source: usize,
        secret: &Secret,
        deriver: &mut Deriver<'d>,
    ) -> Result<Option<u64>> {
        let Some((kinds, is_sound)) = self.read_spans(row, secret, deriver) else { return Ok(None) };
        let Some((id, given)) = self.read_singles(row) else { return Ok(None) };
        if deriver.asked.may_want(id) || deriver.has_odd_days(self.table, |field| self.moments[field]) {
            return Ok(None);
        }
        let found = match self.kinds.get(&(kinds, given)) {
            Some(found) => *found,
            None => self.learn((kinds, given), deriver),
        };
        let (Some(RowKind { kind, said, quantity }), Some(received)) = (found, self.day(0)) else { return Ok(None) };
        // a wrong check digit is told of the first row that counts
        if !is_sound && self.is_untold(source) {
            return Ok(None);
        }
        let quantity = self.quantity.map_or(quantity, |span| self.spans[span].entry(self.met[span]).quantity);
        let numbers = [0, 1, 2, 3].map(|party| self.party(party, deriver));
        let [service, system, provider, unit] = numbers;
        let fact = Fact { service, system, provider, unit, quantity, ..Fact::default() };
        let row = ResultRow { source, fact, received, due: self.day(1), completed: self.day(2) };
        let Some(fed) = deriver.result(&kind, &row, Hearer::Nobody(said))? else { return Ok(None) };
        deriver.feed(source, fed);
        if let Some(why) = deriver.unfed.filter(|_| !fed) {
            deriver.unfed_rows.note(source, why, 1);
        }
        for (span, number) in self.spans.iter_mut().zip(&self.met) {
            span.count(*number);
        }
        if !self.pairs.is_empty() {
            deriver.meet_again([0, 1, 2, 3].map(|party| if self.is_paired(party) { numbers[party] } else { 0 }), 1);
        }
        Ok(Some(id))
    }

    /// Whether a wrong check digit of the row at hand is met for the first time in a source.
    fn is_untold(&mut self, source: usize) -> bool {
        let mut is_untold = false;
        for (place, (span, number)) in self.spans.iter().zip(&self.met).enumerate() {
            is_untold |= !span.entry(*number).is_sound && self.told.insert((source, place, *number));
        }
        is_untold
    }

    /// Notes what each span is; their kinds, and whether no check digit is wrong.
    #[inline]
    fn read_spans(
        &mut self,
        row: &mut impl LaneRow,
        secret: &Secret,
        deriver: &mut Deriver<'d>,
    ) -> Option<([u16; SPANS], bool)> {
        let asked = (&self.definitions.tables[self.table], self.definitions, self.forms.as_slice());
        let (mut kinds, mut is_sound) = ([0; SPANS], true);
        for (place, span) in self.spans.iter_mut().enumerate() {
            let number = span.find((row, place), secret, asked, (self.table, deriver))?;
            let entry = span.entry(number);
            is_sound &= entry.is_sound;
            (kinds[place], self.met[place]) = (entry.kind, number);
        }
        Some((kinds, is_sound))
    }

    /// Reads the other columns: the fingerprint of the id, and which fields are given.
    #[inline]
    fn read_singles(&mut self, row: &impl LaneRow) -> Option<(u64, u64)> {
        let asked = (&self.definitions.tables[self.table], self.definitions);
        let (mut id, mut given) = (0, 0);
        for (column, single) in &self.singles {
            if let Single::Moment(field) = single {
                self.moments[*field] = None;
            }
            if row.is_empty(*column) {
                continue;
            }
            match *single {
                Single::Id(field) => {
                    let text = row.text(*column, &mut self.space);
                    if !plain::is_plain_id(text, &asked.0.fields[field].written) {
                        return None;
                    }
                    id = fingerprint(text);
                    given |= 1 << field;
                }
                Single::Moment(field) => {
                    let moment = if let Some(moment) = row.moment(*column) {
                        Some(cut(&asked.0.fields[field], moment))
                    } else {
                        let raw = plain_raw(row.text(*column, &mut self.space))?;
                        row::value(asked, field, &raw, &self.forms).ok()?.moment()
                    };
                    self.moments[field] = moment;
                    given |= u64::from(moment.is_some()) << field;
                }
                Single::Remark(field) => {
                    let raw = plain_raw(row.text(*column, &mut self.space))?;
                    let value = row::value(asked, field, &raw, &self.forms).ok()?;
                    given |= u64::from(!value.is_missing()) << field;
                }
                Single::Unknown => {
                    let text = row.text(*column, &mut self.space);
                    std::str::from_utf8(text).ok().filter(|_| memchr(0, text).is_none())?;
                }
                Single::Nameless => return None,
            }
        }
        Some((id, given))
    }

    /// What rows of a key count as; `None`: something is to be told of them.
    #[cold]
    fn learn(&mut self, key: Key, deriver: &mut Deriver<'d>) -> Option<RowKind> {
        if self.kinds.len() >= KINDS {
            return None;
        }
        let found = self.judge(key.1, deriver);
        self.kinds.insert(key, found);
        found
    }

    fn judge(&self, given: u64, deriver: &mut Deriver<'d>) -> Option<RowKind> {
        let (definition, table) = (&self.definitions.tables[self.table], self.table);
        let mut values = vec![Typed::Missing; definition.fields.len()];
        for (span, number) in self.spans.iter().zip(&self.met) {
            span.fill(*number, &mut values);
        }
        let in_span = |field: usize| self.spans.iter().any(|span| span.fields.contains(&field));
        for (field, value) in values.iter_mut().enumerate().filter(|(field, _)| !in_span(*field)) {
            *value = if given >> field & 1 == 0 {
                row::value((definition, self.definitions), field, &Raw::Empty, &self.forms).ok()?
            } else if definition.fields[field].kind.is_moment() {
                Typed::Moment(Moment { minutes: 0, timed: false })
            } else {
                Typed::Text("".into())
            };
        }
        let mut faults = Vec::new();
        row::check_together((definition, self.definitions), &values, &self.forms, &mut faults);
        let reason = definition.position("refusal_reason");
        let brevity = deriver.brevity(table, reason);
        let is_listed = (0..values.len()).any(|field| brevity.listed >> field & 1 == 1 && !values[field].is_missing());
        if !faults.is_empty() || is_listed || lacking(&deriver.unneeded, table, &values).next().is_some() {
            return None;
        }
        let has = |field: usize| brevity.whole >> field & 1 == 1 && !values[field].is_missing();
        let code = reason.filter(|_| brevity.coded).and_then(|field| Some((table, (field, values[field].code()?))));
        let quantity = definition.position(QUANTITY).and_then(|field| values[field].integer()).unwrap_or(1);
        let said = Said { has_words: (0..values.len()).any(has), reason: code };
        Some(RowKind { kind: deriver.result_kind(table, &values), said, quantity })
    }

    fn day(&self, place: usize) -> Option<Moment> {
        self.days[place].and_then(|field| self.moments[field])
    }

    fn is_paired(&self, party: usize) -> bool {
        self.parties[party].is_some_and(|(first, last)| first != last)
    }

    /// The deriver's number of a party of the row at hand.
    #[inline]
    fn party(&mut self, party: usize, deriver: &mut Deriver<'d>) -> u32 {
        let Some((first, last)) = self.parties[party] else { return 0 };
        let (one, other) = (self.met[first], self.met[last]);
        if first == last {
            return self.spans[first].entry(one).parties[party];
        }
        if let Some(number) = self.pairs.get(&(party, one, other)) {
            return *number;
        }
        let mut values = vec![Typed::Missing; self.moments.len()];
        self.spans[first].fill(one, &mut values);
        self.spans[last].fill(other, &mut values);
        let fact = deriver.parties(self.table, &values, 0);
        let number = [fact.service, fact.system, fact.provider, fact.unit][party];
        self.pairs.insert((party, one, other), number);
        number
    }

    /// Tells the deriver how many records each spelling of a party had.
    pub fn finish(&self, deriver: &mut Deriver<'d>) {
        for (place, span) in self.spans.iter().enumerate() {
            let is_own = |party: usize| self.parties[party] == Some((place, place));
            for entry in span.entries() {
                let own = |party: usize| if is_own(party) { entry.parties[party] } else { 0 };
                deriver.meet_again([0, 1, 2, 3].map(own), entry.rows);
            }
        }
    }
}
