//! Workbook archives before they are unpacked for reading: how many members, how large, how honest.

use crate::sources::bounds::Bounds;
use crate::sources::workbook::ods_size::OdsSize;
use crate::sources::workbook::open::{Kind, Sound};
use crate::words::finding::{Finding, Place};
use memchr::{memchr_iter, memmem};
use std::io::{Read, Seek, SeekFrom};
use zip::ZipArchive;
use zip::result::ZipError;

/// Unpacks every member once, keeping nothing, and stops at the first bound that is passed.
///
/// # Errors
/// The finding that refuses the workbook.
pub(crate) fn inspect(mut file: impl Read + Seek, bounds: &Bounds, place: &Place) -> Result<Sound, Box<Finding>> {
    let refuse = |name: &'static str| Box::new(Finding::new(name, place.clone()));
    let broken = |fault: &dyn std::fmt::Display| Box::new(refuse("workbook_unreadable").with("reason", fault));
    let over = |found: u64, bound: u64| (found > bound).then_some((found, bound));
    let refuse_over =
        |name: &'static str, pair: (u64, u64)| Box::new(refuse(name).with("found", pair.0).with("bound", pair.1));
    let claimed = claimed_members(&mut file).map_err(|fault| broken(&fault))?;
    if let Some(pair) = over(claimed, bounds.members) {
        return Err(refuse_over("archive_members", pair));
    }
    let mut archive = ZipArchive::new(file).map_err(|fault| broken(&fault))?;
    if let Some(pair) = over(archive.len() as u64, bounds.members) {
        return Err(refuse_over("archive_members", pair));
    }
    let is_ods = is_ods(&archive);
    let mut sound =
        Sound { kind: if is_ods { Kind::Ods } else { Kind::Xlsx }, merged: false, hidden: false, percents: false };
    let mut total = 0_u64;
    for index in 0..archive.len() {
        let member = archive.by_index(index).map_err(|fault| match fault {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => refuse("workbook_protected"),
            fault => broken(&fault),
        })?;
        let declared = member.size();
        let role = Role::of(member.name_raw(), is_ods);
        let bound = if role.is_held() { bounds.held_bytes } else { bounds.member_bytes };
        let exceeded = over(declared, bound).or_else(|| over(total.saturating_add(declared), bounds.archive_bytes));
        if let Some(pair) = exceeded {
            return Err(refuse_over("archive_size", pair));
        }
        let room = bound.min(bounds.archive_bytes - total);
        let mut meter = Meter::new(role, bounds);
        let real = meter.run(member.take(room + 1)).map_err(|fault| broken(&fault))?;
        if real > room {
            return Err(refuse_over("archive_size", (real, room)));
        }
        if let Some((name, pair)) = meter.refused() {
            return Err(refuse_over(name, pair));
        }
        if role == Role::Content && meter.ods.is_torn() {
            return Err(broken(&"content.xml"));
        }
        total += real;
        sound.merged |= meter.merges > 0 || meter.ods.is_laid_out();
        sound.hidden |= meter.hidden;
        sound.percents |= meter.ods.has_percents();
    }
    Ok(sound)
}

/// An archive that is no ODS is taken for an XLSX.
pub(crate) fn is_ods<R: Read + Seek>(archive: &ZipArchive<R>) -> bool {
    ["content.xml", "mimetype"].iter().all(|name| archive.index_for_name(name).is_some())
}

/// The number of members that the archive's end states: the directory takes memory before it can be asked.
fn claimed_members(file: &mut (impl Read + Seek)) -> std::io::Result<u64> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(1 << 17)))?;
    let mut tail = Vec::new();
    file.take(1 << 17).read_to_end(&mut tail)?;
    file.seek(SeekFrom::Start(0))?;
    let number = |mark: &[u8], at: usize, width: usize| {
        let start = tail.windows(4).rposition(|window| window == mark)? + at;
        let bytes = tail.get(start..start + width)?;
        Some(bytes.iter().rev().fold(0, |number: u64, byte| number << 8 | u64::from(*byte)))
    };
    let short = number(b"PK\x05\x06", 10, 2).unwrap_or_default();
    // 0xFFFF: the long form of the directory's end has the number
    Ok(if short == 0xFFFF { number(b"PK\x06\x06", 32, 8).unwrap_or(short) } else { short })
}

/// A merged area, and a row or column that is hidden.
const MERGE: &[u8] = b"mergeCell ";
const HIDDEN: &[u8] = b" hidden=\"";
/// By which PNG, JPEG, GIF, BMP, TIFF, EMF and WMF begin.
const PICTURES: [&[u8]; 8] =
    [b"\x89PNG", b"\xFF\xD8\xFF", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\x01\0\0\0", b"\xD7\xCD\xC6\x9A"];
/// Letters before the name of an element, and a colon.
const PREFIX: usize = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Texts of an XLSX, held in memory.
    Strings,
    /// The sheets of an ODS, held in memory.
    Content,
    /// Styles of an ODS.
    Styles,
    /// Styles, names and relations of an XLSX: each is an object in memory.
    Objects,
    Other,
}

/// Members whose every element the reader of an XLSX keeps.
const OBJECTS: [&[u8]; 3] = [b"styles.xml", b"workbook.xml", b"theme1.xml"];

impl Role {
    fn is_held(self) -> bool {
        !matches!(self, Self::Other | Self::Styles)
    }

    fn of(name: &[u8], is_ods: bool) -> Self {
        let name = name.to_ascii_lowercase();
        match name.as_slice() {
            b"content.xml" if is_ods => Self::Content,
            b"styles.xml" if is_ods => Self::Styles,
            name if name.ends_with(b"sharedstrings.xml") => Self::Strings,
            name if !is_ods && (name.ends_with(b".rels") || OBJECTS.iter().any(|own| name.ends_with(own))) => {
                Self::Objects
            }
            _ => Self::Other,
        }
    }
}

/// Looks at the bytes of one member as they pass.
struct Meter<'b> {
    bounds: &'b Bounds,
    role: Role,
    head: Vec<u8>,
    /// A picture has no tags.
    is_picture: bool,
    /// Bytes since the last `<`: a text or tag that the XML reader holds as a whole.
    token: u64,
    longest: u64,
    /// Elements, and those of them that are a shared string.
    elements: u64,
    strings: u64,
    /// Merged cells, and whether rows or columns are hidden.
    merges: u64,
    hidden: bool,
    ods: OdsSize,
}

impl<'b> Meter<'b> {
    fn new(role: Role, bounds: &'b Bounds) -> Self {
        let ods = OdsSize::default();
        let (head, token, longest, elements, strings, merges, hidden) = (Vec::new(), 0, 0, 0, 0, 0, false);
        Self { bounds, role, head, is_picture: false, token, longest, elements, strings, merges, hidden, ods }
    }

    fn run(&mut self, mut member: impl Read) -> std::io::Result<u64> {
        let mut buffer = vec![0; 1 << 16];
        // the end of the last piece goes before the next: a word may be cut
        let mut tail: Vec<u8> = Vec::new();
        let mut unpacked = 0;
        loop {
            let read = member.read(&mut buffer)?;
            if read == 0 {
                self.longest = self.longest.max(self.token);
                return Ok(unpacked);
            }
            let bytes = &buffer[..read];
            if unpacked == 0 {
                self.is_picture = PICTURES.iter().any(|sign| bytes.starts_with(sign));
            }
            unpacked += read as u64;
            self.measure(bytes);
            if self.role == Role::Strings && self.head.len() < 1 << 16 {
                self.head.extend_from_slice(bytes);
            }
            if matches!(self.role, Role::Content | Role::Styles) {
                self.ods.feed(bytes);
            }
            if self.role == Role::Other {
                tail.extend_from_slice(bytes);
                self.merges += memmem::find_iter(&tail, MERGE).count() as u64;
                self.hidden |= memmem::find(&tail, HIDDEN).is_some();
                tail.drain(..tail.len().saturating_sub(MERGE.len() - 1));
            }
            if self.exceeded().is_some() {
                return Ok(unpacked);
            }
        }
    }

    fn measure(&mut self, bytes: &[u8]) {
        let is_counted = self.role == Role::Strings || self.role == Role::Objects;
        let mut begun = 0;
        for at in memchr_iter(b'<', bytes) {
            self.longest = self.longest.max(self.token + (at + 1 - begun) as u64);
            (self.token, begun) = (0, at + 1);
            if is_counted {
                self.count(&bytes[at + 1..]);
            }
        }
        self.token += (bytes.len() - begun) as u64;
        self.longest = self.longest.max(self.token);
    }

    /// Counts the element that begins here; one that the end of a piece cuts in two counts as any.
    fn count(&mut self, tag: &[u8]) {
        self.elements += u64::from(tag.first() != Some(&b'/'));
        let is_string =
            |name: &[u8]| name.starts_with(b"si") && name.get(2).is_none_or(|next| b"> /\t\r\n".contains(next));
        let own = || tag.iter().take(PREFIX).position(|byte| *byte == b':').is_some_and(|at| is_string(&tag[at + 1..]));
        self.strings += u64::from(self.role == Role::Strings && (is_string(tag) || own()));
    }

    fn exceeded(&self) -> Option<(&'static str, (u64, u64))> {
        let checks = [
            // what bears the sign of a picture may be a sheet all the same: then the reader would hold so much at most
            (
                "archive_token",
                self.longest,
                if self.is_picture { self.bounds.held_bytes } else { self.bounds.token_bytes },
            ),
            ("sheet_dimensions", self.ods.cells(), self.bounds.dense_cells),
            ("archive_size", self.ods.weight(), self.bounds.held_bytes),
            ("strings_declared", self.strings, self.bounds.strings),
            ("workbook_objects", if self.role == Role::Objects { self.elements } else { 0 }, self.bounds.objects),
            ("workbook_objects", self.merges.max(self.ods.objects()), self.bounds.objects),
        ];
        let exceeded = checks.into_iter().find(|(_, found, bound)| found > bound);
        exceeded.map(|(name, found, bound)| (name, (found, bound)))
    }

    /// As `exceeded`, for a member that was read as a whole.
    fn refused(&self) -> Option<(&'static str, (u64, u64))> {
        let declared = || if self.role == Role::Strings { declared_strings(&self.head) } else { 0 };
        self.exceeded().or_else(|| {
            let (declared, bound) = (declared(), self.bounds.strings);
            (declared > bound).then_some(("strings_declared", (declared, bound)))
        })
    }
}

/// `uniqueCount` of the list of shared strings; a list whose head is not to be seen claims everything.
fn declared_strings(head: &[u8]) -> u64 {
    let head = String::from_utf8_lossy(head);
    let Some(list) = head.find("<sst").or_else(|| head.find(":sst")) else {
        return if head.len() < 1 << 16 { 0 } else { u64::MAX };
    };
    let Some(end) = head[list..].find('>') else { return u64::MAX };
    let tag = &head[list..list + end];
    let Some(count) = tag.find("uniqueCount") else { return 0 };
    let digits: String =
        tag[count..].chars().skip_while(|letter| !letter.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u64::MAX) }
}
