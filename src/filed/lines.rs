//! Lines of the variable blocks: providers with their services, services with their information systems.

use crate::values::cells::Value;

/// What is known of a line's level before its numbers are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Provider,
    Service,
}

/// Levels of the lines of one block, and how they were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Levels {
    /// Numbering or indentation tells them.
    Plain(Vec<Level>),
    /// Only sums do: every provider is the sum of the lines below it.
    BySums(Vec<Level>),
    /// Several ways, or none.
    Unknown,
}

/// One line as it stands: its number, blanks before its name, its values.
#[derive(Debug, Clone)]
pub struct Raw<'l> {
    pub number: &'l str,
    pub indent: usize,
    pub values: &'l [Value],
}

/// Tells providers from services.
pub fn levels(lines: &[Raw<'_>]) -> Levels {
    if lines.is_empty() {
        return Levels::Plain(Vec::new());
    }
    let depth = |line: &Raw<'_>| line.number.trim_end_matches('.').matches('.').count();
    let numbers: Vec<Option<usize>> = lines.iter().map(|line| (!line.number.is_empty()).then(|| depth(line))).collect();
    let indents: Vec<Option<usize>> = lines.iter().map(|line| Some(line.indent)).collect();
    // a provider is numbered and its services are not, or more deeply
    let unnumbered: Vec<Option<usize>> = numbers.iter().map(|depth| Some(usize::from(depth.is_none()))).collect();
    for evidence in [&numbers, &unnumbered, &indents] {
        if let Some(found) = by_depth(evidence) {
            return Levels::Plain(found);
        }
    }
    match by_sums(lines) {
        Some(found) => Levels::BySums(found),
        None => Levels::Unknown,
    }
}

/// Two depths, of which the first line has the smaller.
fn by_depth(depths: &[Option<usize>]) -> Option<Vec<Level>> {
    let depths: Vec<usize> = depths.iter().copied().collect::<Option<_>>()?;
    let (least, most) = (*depths.iter().min()?, *depths.iter().max()?);
    let two = least < most && depths.iter().all(|depth| *depth == least || *depth == most);
    (two && depths[0] == least)
        .then(|| depths.iter().map(|depth| if *depth == least { Level::Provider } else { Level::Service }).collect())
}

/// The only way to cut the lines into groups of which the first is the sum of the others.
fn by_sums(lines: &[Raw<'_>]) -> Option<Vec<Level>> {
    let count = lines.len();
    // ways[i]: how many ways lines from i on can be cut (2: several), and where the first group ends
    let mut ways: Vec<(u8, usize)> = vec![(0, 0); count + 1];
    ways[count] = (1, count);
    for start in (0..count).rev() {
        for end in ends(lines, start).into_iter().filter(|end| ways[*end].0 > 0).collect::<Vec<_>>() {
            ways[start] = (ways[start].0.saturating_add(ways[end].0).min(2), end);
        }
    }
    if ways[0].0 != 1 {
        return None;
    }
    let mut levels = vec![Level::Service; count];
    let mut at = 0;
    while at < count {
        levels[at] = Level::Provider;
        at = ways[at].1;
    }
    Some(levels)
}

/// Where a group that begins at a line may end: the lines behind it sum up to it, in every column.
fn ends(lines: &[Raw<'_>], start: usize) -> Vec<usize> {
    let number = |value: &Value| value.number().unwrap_or(0);
    let total: Vec<i64> = lines[start].values.iter().map(number).collect();
    let mut found = Vec::new();
    if !lines[start].values.iter().all(Value::is_sound) {
        return found;
    }
    let mut sum = vec![0; total.len()];
    for (at, line) in lines.iter().enumerate().skip(start + 1) {
        for (sum, value) in sum.iter_mut().zip(line.values) {
            *sum += number(value);
        }
        if !line.values.iter().all(Value::is_sound) || sum.iter().zip(&total).any(|(sum, total)| sum > total) {
            break;
        }
        if sum == total {
            found.push(at + 1);
        }
    }
    found
}

/// `service — system`, as the forms print it; hyphens within words are no separators.
pub fn split_system(name: &str) -> (String, Option<String>) {
    let cut = [" — ", " – ", " - "].iter().filter_map(|dash| name.rfind(dash).map(|at| (at, dash.len()))).max();
    match cut {
        Some((at, length)) => (name[..at].trim().to_owned(), Some(name[at + length..].trim().to_owned())),
        None => (name.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[(&str, usize, i64)]) -> String {
        let values: Vec<Vec<Value>> = lines.iter().map(|line| vec![Value::Number(line.2)]).collect();
        let raw: Vec<Raw<'_>> =
            lines.iter().zip(&values).map(|(line, values)| Raw { number: line.0, indent: line.1, values }).collect();
        let print = |levels: Vec<Level>| -> String {
            levels.iter().map(|level| if *level == Level::Provider { 'P' } else { 's' }).collect()
        };
        match levels(&raw) {
            Levels::Plain(levels) => print(levels),
            Levels::BySums(levels) => format!("sums {}", print(levels)),
            Levels::Unknown => "?".to_owned(),
        }
    }

    #[test]
    fn numbering_indents_and_sums_tell_levels() {
        assert_eq!(of(&[("1.1", 0, 9), ("1.1.1", 0, 1), ("1.1.2", 0, 1)]), "Pss");
        assert_eq!(of(&[("1", 0, 9), ("", 0, 1), ("2", 0, 1), ("", 0, 1)]), "PsPs");
        assert_eq!(of(&[("", 0, 9), ("", 2, 1), ("", 0, 1), ("", 2, 1)]), "PsPs");
        assert_eq!(of(&[("", 0, 9), ("", 0, 5), ("", 0, 4), ("", 0, 3), ("", 0, 3)]), "sums PssPs");
        // two ways to cut
        assert_eq!(of(&[("", 0, 5), ("", 0, 5), ("", 0, 0), ("", 0, 0)]), "?");
        // no way
        assert_eq!(of(&[("", 0, 5), ("", 0, 4)]), "?");
        assert_eq!(of(&[]), "");
    }

    #[test]
    fn systems_stand_behind_a_dash() {
        assert_eq!(
            split_system("Выдача справки — ИС «Е-акимат»"),
            ("Выдача справки".into(), Some("ИС «Е-акимат»".into()))
        );
        assert_eq!(split_system("Интернет-услуга"), ("Интернет-услуга".into(), None));
    }
}
