//! Which table a Parquet file holds.

use crate::sources::header::{HeadRow, Heads, Verdict};
use crate::sources::judgement;
use crate::sources::options::Options;
use crate::sources::origin::Origin;
use crate::sources::packed::Fault;
use crate::sources::parquet::Parquet;
use crate::sources::raw::{Format, FoundTable};
use crate::words::finding::Finding;
use std::io;

/// Finds the table of a file; `prove`: all of it is read once, so that damage is told before anything is counted.
pub(crate) fn discover(
    origin: &Origin<'_>,
    heads: &Heads<'_>,
    options: &Options,
    prove: bool,
    findings: &mut Vec<Finding>,
) -> io::Result<Vec<FoundTable>> {
    let opened = Parquet::open(origin.path).and_then(|parquet| {
        if prove {
            parquet.prove()?;
        }
        Ok(parquet)
    });
    let parquet = match opened {
        Ok(parquet) => parquet,
        Err(error) => {
            let Some(Fault::Parquet { reason }) = Fault::of(&error) else { return Err(error) };
            findings.push(Finding::new("parquet_unreadable", origin.place()).with("reason", reason));
            return Ok(Vec::new());
        }
    };
    let head = HeadRow { line: 0, cells: parquet.headers() };
    let mapped = heads.of(origin.name, None, std::slice::from_ref(&head));
    let heads = mapped.as_ref().unwrap_or(heads);
    match heads.recognise(std::slice::from_ref(&head), &[origin.stem()]) {
        Verdict::Found(found) => {
            findings.extend(parquet.about_moments(&found, origin.place()));
            findings.extend(judgement::about(heads, &found, &origin.place(), false));
            return Ok(origin.table(found, None, Format::Parquet, options, findings).into_iter().collect());
        }
        Verdict::Ambiguous { line, tables } => {
            findings.push(judgement::ambiguous(heads, line, &tables, &origin.place()));
        }
        Verdict::Unknown(_) if heads.is_left_out() => findings.extend(heads.left_out(&origin.place())),
        Verdict::Unknown(near) => findings.push(judgement::unknown(heads, near.as_ref(), &origin.place())),
    }
    Ok(Vec::new())
}
