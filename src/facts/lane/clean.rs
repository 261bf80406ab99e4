//! A row that is plainly clean, in brief: no text is copied, no rule is asked twice.

use crate::definitions::spelling::looks;
use crate::facts::deriver::Deriver;
use crate::facts::lane::brief::Brief;
use crate::facts::lane::plain;
use crate::facts::lane::rules::{FieldKind, Fields, Rules, bit};
use crate::facts::lane::spellings::{MISSING, Memo};
use crate::facts::source::SourceColumn;
use crate::facts::wordings::Brevity;
use crate::records::typed;
use crate::records::typed::Typed;
use crate::sources::raw::Raw;
use crate::values::digest::QuickHash;
use crate::values::moment::Moment;
use std::collections::{HashMap, HashSet};
use xxhash_rust::xxh3::xxh3_64;

/// What a thread remembers of the rows of one table.
#[derive(Debug)]
pub struct Clean<'d> {
    rules: Rules<'d>,
    memos: Vec<Memo>,
    numbers: Vec<u32>,
    moments: Vec<Moment>,
    parties: Parties,
    in_progress: Option<usize>,
    /// Position of the table.
    table: usize,
    brevity: Brevity,
}

/// What a row gives, so far.
#[derive(Debug, Default, Clone, Copy)]
pub struct Given {
    fields: Fields,
    /// Fingerprint of the id.
    id: u64,
}

/// A clean row.
#[derive(Debug)]
pub struct CleanRow {
    /// Fingerprint of the id.
    pub id: u64,
    pub brief: Brief,
}

/// The fingerprint of a record's only key field; ids that look the same have the same.
pub fn fingerprint(id: &[u8]) -> u64 {
    if id.is_ascii() {
        return xxh3_64(id);
    }
    std::str::from_utf8(id).map_or_else(|_| xxh3_64(id), |text| xxh3_64(looks(text).as_bytes()))
}

impl<'d> Clean<'d> {
    pub fn new(rules: Rules<'d>, in_progress: Option<usize>, table: usize, deriver: &Deriver<'_>) -> Self {
        let fields = rules.kinds.len();
        Self {
            brevity: deriver.brevity(table, rules.places.reason),
            memos: rules.memos(),
            rules,
            table,
            numbers: vec![MISSING; fields],
            moments: vec![Moment { minutes: 0, timed: false }; fields],
            parties: Parties::default(),
            in_progress,
        }
    }

    pub fn is_refusal(&self) -> bool {
        self.rules.is_refusal
    }

    pub fn kind(&self, field: usize) -> FieldKind {
        self.rules.kinds[field]
    }

    /// Reads the fields of a row; `None`: not plainly clean.
    pub fn read<'c>(
        &mut self,
        cells: impl Iterator<Item = (SourceColumn, &'c [u8])>,
        source: usize,
        deriver: &mut Deriver<'_>,
    ) -> Option<CleanRow> {
        let mut given = Given::default();
        for (column, text) in cells {
            self.take(&mut given, column, text)?;
        }
        self.close(given, source, deriver)
    }

    /// Takes a field of a row.
    #[inline]
    pub fn take(&mut self, given: &mut Given, column: SourceColumn, text: &[u8]) -> Option<()> {
        if text.is_empty() {
            return Some(());
        }
        let field = match column {
            SourceColumn::Field(field) => field,
            SourceColumn::Unknown if text.is_ascii() || std::str::from_utf8(text).is_ok() => return Some(()),
            SourceColumn::Unknown | SourceColumn::Nameless => return None,
        };
        match self.rules.kinds[field] {
            FieldKind::Id => {
                given.id = fingerprint(text);
                let written = &self.rules.table.fields[field].written;
                given.fields |= plain::is_plain_id(text, written).then_some(bit(field))?;
            }
            FieldKind::Spelling => {
                let number = self.number(field, text)?;
                self.set_number(given, field, number);
            }
            FieldKind::Moment { day_only } => match plain::moment(text) {
                Some(moment) => self.set_moment(given, field, moment, day_only),
                None => {
                    if let Typed::Moment(moment) = self.parse(field, text)? {
                        self.set_moment(given, field, moment, false);
                    }
                }
            },
            FieldKind::Remark => given.fields |= Fields::from(self.remark(field, text)?) << field,
        }
        Some(())
    }

    /// The row of the fields that were taken.
    pub fn close(&mut self, mut given: Given, source: usize, deriver: &mut Deriver<'_>) -> Option<CleanRow> {
        let own = given.fields;
        for place in 0..self.rules.defaults.len() {
            let (field, default) = self.rules.defaults[place];
            if own & bit(field) == 0 {
                let number = self.number(field, default.as_bytes())?;
                self.set_number(&mut given, field, number);
            }
        }
        let all = given.fields;
        if all & self.brevity.listed != 0 {
            return None;
        }
        let code = |field: usize| self.memos[field].value(self.numbers[field]).code();
        if !self.rules.hold(own, all, code) {
            return None;
        }
        let brief = self.brief(all, source, deriver)?;
        Some(CleanRow { id: given.id, brief })
    }

    /// The number of a spelling; `None`: not plainly a value.
    pub fn number(&mut self, field: usize, text: &[u8]) -> Option<u32> {
        self.memos[field].number(text, &self.rules.table.fields[field], self.rules.lists[field])
    }

    #[inline]
    pub fn set_number(&mut self, given: &mut Given, field: usize, number: u32) {
        self.numbers[field] = number;
        given.fields |= Fields::from(number != MISSING) << field;
    }

    #[inline]
    pub fn set_moment(&mut self, given: &mut Given, field: usize, moment: Moment, day_only: bool) {
        self.moments[field] = if day_only { plain::day_of(moment) } else { moment };
        given.fields |= bit(field);
    }

    fn remark(&self, field: usize, text: &[u8]) -> Option<bool> {
        Some(!self.parse(field, text)?.is_missing())
    }

    fn parse<'a>(&self, field: usize, text: &'a [u8]) -> Option<Typed<'a>> {
        let raw = Raw::Text(std::str::from_utf8(text).ok().filter(|text| !typed::has_unseen(text))?);
        typed::parse(&self.rules.table.fields[field], self.rules.lists[field], &raw).ok()
    }

    /// The row as the deriver wants it; parties get their numbers.
    fn brief(&mut self, given: Fields, source: usize, deriver: &mut Deriver<'_>) -> Option<Brief> {
        let places = self.rules.places;
        let has = |field: Option<usize>| field.filter(|field| given & bit(*field) != 0);
        let number = |field: Option<usize>| has(field).map_or(MISSING, |field| self.numbers[field]);
        let value = |field: Option<usize>| has(field).map(|field| self.memos[field].value(self.numbers[field]));
        let code = |field: Option<usize>| value(field).and_then(Typed::code);
        let moment = |field: Option<usize>| has(field).map(|field| self.moments[field]);
        let mut brief = Brief {
            source,
            table: self.table,
            has_words: given & self.brevity.whole != 0,
            told_reason: has(places.reason).filter(|_| self.brevity.coded),
            // the deriver hears of codes from both tables
            service_code: number(places.code) * 2 + u32::from(self.rules.is_refusal),
            channel: code(places.channel),
            form: code(places.form),
            applicant: code(places.applicant),
            outcome: code(places.outcome),
            reason: code(places.reason),
            cause: code(places.cause),
            has_act: has(places.act).is_some(),
            received: moment(places.received),
            due: moment(places.due),
            completed: moment(places.completed),
            term_value: value(places.term_value).and_then(Typed::integer),
            term_unit: code(places.term_unit),
            quantity: value(places.quantity).and_then(Typed::integer).unwrap_or(1),
            ..Brief::default()
        };
        let is_issued = brief.outcome.is_some() && brief.outcome != self.in_progress;
        if is_issued && brief.completed.is_none() {
            return None;
        }
        let text = |field: Option<usize>| has(field).map_or("", |field| self.memos[field].text(self.numbers[field]));
        let (bin, provider) = (number(places.bin), number(places.provider));
        let (service, system, unit) = (number(places.name), number(places.system), number(places.unit));
        if bin != MISSING && self.parties.is_untold(source, bin, || text(places.bin)) {
            return None;
        }
        let (code, parties) = (number(places.code), &mut self.parties);
        brief.service =
            parties.number(SERVICE, code, service, || deriver.number_service(text(places.code), text(places.name)));
        brief.provider = parties
            .number(PROVIDER, bin, provider, || deriver.number_provider(text(places.bin), text(places.provider)));
        brief.system = parties.number(SYSTEM, MISSING, system, || deriver.number_system(text(places.system)));
        brief.unit = parties.number(UNIT, unit, MISSING, || deriver.number_unit(text(places.unit)));
        if let Some(received) = brief.received.filter(|_| brief.due.is_none() && brief.term_value.is_none()) {
            deriver.learn_term(brief.service_code, text(places.code), received);
        }
        Some(brief)
    }
}

/// Kinds of parties.
const SERVICE: usize = 0;
const PROVIDER: usize = 1;
const SYSTEM: usize = 2;
const UNIT: usize = 3;

/// The deriver's numbers of codes and names.
#[derive(Debug, Default)]
struct Parties {
    /// By kind: numbers of the spellings of code and name → the deriver's.
    known: [HashMap<u64, u32, QuickHash>; 4],
    /// Whether a BIN is sound, by its number here.
    sound: HashMap<u32, bool, QuickHash>,
    /// Sources and BINs whose check digit was found wrong: that is said once.
    told: HashSet<(usize, u32), QuickHash>,
}

impl Parties {
    fn number(&mut self, kind: usize, code: u32, name: u32, number: impl FnOnce() -> u32) -> u32 {
        if code == MISSING && name == MISSING {
            return 0;
        }
        let key = u64::from(code) << 32 | u64::from(name);
        if let Some(number) = self.known[kind].get(&key) {
            return *number;
        }
        *self.known[kind].entry(key).or_insert_with(number)
    }

    /// Whether a wrong check digit is met for the first time in a source.
    fn is_untold<'t>(&mut self, source: usize, number: u32, bin: impl FnOnce() -> &'t str) -> bool {
        if self.sound.get(&number) == Some(&true) {
            return false;
        }
        let sound = *self.sound.entry(number).or_insert_with(|| crate::values::business_number::is_sound(bin()));
        !sound && self.told.insert((source, number))
    }
}
