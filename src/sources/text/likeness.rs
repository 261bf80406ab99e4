//! In which encoding of one byte a letter a text is Russian: by how often its letters occur.

use crate::sources::raw::Encoding;
use crate::sources::text::single_byte::{KAZAKH, Letters};

/// How often each letter from а to я stands in 1,000 letters of a Russian text; ъ is seldomer still.
const OFTEN: [f64; 32] = [
    80.0, 16.0, 45.0, 17.0, 30.0, 85.0, 9.0, 16.0, 74.0, 12.0, 35.0, 44.0, 32.0, 67.0, 110.0, 28.0, 47.0, 55.0, 63.0,
    26.0, 3.0, 10.0, 5.0, 15.0, 7.0, 4.0, 0.5, 19.0, 17.0, 3.0, 6.0, 20.0,
];
/// The letters that Kazakh has besides, where they are looked for; һ is seldom.
const KAZAKH_OFTEN: [(&str, f64); 2] = [("қғң", 20.0), ("әөүұ", 12.0)];
/// Each of the signs that stand between words.
const SIGNS_OFTEN: f64 = 10.0;
const SIGNS: [char; 14] = ['ё', 'і', '№', '«', '»', '–', '—', '“', '”', '„', '’', '…', '·', '\u{a0}'];
/// Of anything else.
const SELDOM: f64 = 1.0;
/// What a capital letter takes from the likeness: where one encoding has capitals, another has small letters.
const CAPITAL: f64 = 0.3;
/// So much likelier than Windows-1251 must another encoding be: three letters alone prove nothing.
const SURE: f64 = 3.0;
/// A letter of a Russian text is about one unit less likely in a wrong encoding; a quarter of that leaves a doubt.
const DOUBT: f64 = 0.25;
/// The least likeness of a letter, on average, where the text is none in Windows-1251: other alphabets have less.
const PLAIN: f64 = 3.0;
/// From the most usual one; KZ-1048 is asked for by its letters, not guessed.
const GUESSED: [Encoding; 5] =
    [Encoding::Windows1251, Encoding::Koi8R, Encoding::MacCyrillic, Encoding::Iso8859_5, Encoding::Cp866];

/// The likeliest encoding, and which other one is not ruled out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Likeness {
    pub encoding: Encoding,
    /// Always told where the encoding is not the usual one.
    pub other: Option<Encoding>,
}

/// How a text looks in one encoding.
struct Decoded {
    encoding: Encoding,
    letters: [Option<char>; 128],
    /// A logarithm.
    likely: f64,
}

impl Likeness {
    /// `high`: how often each byte over 0x7F stands in the text. `None`: it is no Russian or Kazakh text in any of them.
    pub fn of(high: &[(u64, u64)]) -> Option<Self> {
        let decoded: Vec<Decoded> = GUESSED.iter().filter_map(|encoding| Decoded::of(*encoding, high)).collect();
        let usual = decoded.iter().find(|text| text.encoding == Encoding::Windows1251);
        let best = decoded.iter().max_by(|one, other| one.likely.total_cmp(&other.likely))?;
        let found = match usual {
            Some(usual) if best.likely <= usual.likely + SURE => usual,
            None if best.likely < PLAIN * sum(high) => return None,
            _ => best,
        };
        let differs = |other: &&Decoded| other.differs(found, high) > 0.0;
        let doubtful = |other: &&Decoded| other.likely + DOUBT * other.differs(found, high) > found.likely;
        let others = || decoded.iter().filter(differs);
        let likeliest = |one: &&Decoded, other: &&Decoded| one.likely.total_cmp(&other.likely);
        let other = others().filter(doubtful).max_by(likeliest);
        let is_usual = found.encoding == Encoding::Windows1251;
        let second = || others().max_by(likeliest).map_or(Encoding::Windows1251, |other| other.encoding);
        let other = other.map(|other| other.encoding).or_else(|| (!is_usual).then(second));
        Some(Self { encoding: found.encoding, other })
    }
}

impl Decoded {
    /// `None`: of ten bytes two have no place in a Russian or Kazakh text, or four are no letters.
    fn of(encoding: Encoding, high: &[(u64, u64)]) -> Option<Self> {
        let Letters(letters) = Letters::of(encoding)?;
        // KZ-1048 is Windows-1251 with other letters: a Kazakh text must not seem less than what it is
        let twin = if encoding == Encoding::Windows1251 { Encoding::Kz1048 } else { encoding };
        let Letters(kazakh) = Letters::of(twin)?;
        let all = || high.iter().zip(letters.iter().zip(kazakh));
        let count = |fits: fn(char) -> bool| {
            let fitting = all().filter(|(_, (own, kazakh))| own.is_some_and(fits) || kazakh.is_some_and(fits));
            sum(fitting.map(|(count, _)| count))
        };
        if sum(high) * 8.0 > count(|letter| is_letter(letter) || SIGNS.contains(&letter)) * 10.0
            || sum(high) * 6.0 > count(is_letter) * 10.0
        {
            return None;
        }
        #[allow(clippy::cast_precision_loss)] // bytes of a file
        let likely = |letters: &[Option<char>]| -> f64 {
            high.iter().zip(letters).map(|((count, _), letter)| *count as f64 * likeness(*letter)).sum()
        };
        let likely = likely(&letters).max(likely(&kazakh));
        Some(Self { encoding, letters, likely })
    }

    /// How many letters of the text are others in the other encoding.
    fn differs(&self, other: &Self, high: &[(u64, u64)]) -> f64 {
        let pairs = self.letters.iter().zip(other.letters);
        sum(high.iter().zip(pairs).filter(|(_, (own, other))| **own != *other).map(|(count, _)| count))
    }
}

/// How many bytes.
fn sum<'a>(high: impl IntoIterator<Item = &'a (u64, u64)>) -> f64 {
    #[allow(clippy::cast_precision_loss)] // bytes of a file
    high.into_iter().map(|(count, _)| *count as f64).sum()
}

fn is_letter(letter: char) -> bool {
    let is_kazakh = |letter| KAZAKH.iter().any(|(_, own)| *own == letter);
    matches!(letter, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё' | 'і' | 'І' | '№') || is_kazakh(letter)
}

/// How likely a sign is in a Russian text: a logarithm.
fn likeness(letter: Option<char>) -> f64 {
    let Some(letter) = letter else { return SELDOM.ln() };
    let small = letter.to_lowercase().next().unwrap_or(letter);
    let place = u32::from(small).checked_sub(u32::from('а')).and_then(|place| usize::try_from(place).ok());
    let often = place.and_then(|place| OFTEN.get(place)).copied();
    let kazakh = || KAZAKH_OFTEN.iter().find(|(letters, _)| letters.contains(small)).map(|(_, often)| *often);
    let often = often.or_else(kazakh).or_else(|| SIGNS.contains(&small).then_some(SIGNS_OFTEN)).unwrap_or(SELDOM);
    often.ln() - if letter.is_uppercase() { CAPITAL } else { 0.0 }
}
