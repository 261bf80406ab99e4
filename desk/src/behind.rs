//! What stands behind the numbers of the last run: its records are read once, as soon as it has ended, for every question
//! that is asked of them.

use crate::refusal::Refusal;
use crate::{mends, stamp, store};
use anyhow::{Result, anyhow};
use esep::commands::explain::kept::Kept;
use esep::commands::explain::opened::Opened;
use esep::commands::explain::sources::Sources;
use esep::definitions::Definitions;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The records of a run, whatever form is asked for.
#[derive(Debug)]
pub struct RunRecords {
    /// As the run's mapping teaches them.
    pub definitions: Definitions,
    pub kept: Kept,
}

/// Read by who comes first; whoever asks meanwhile waits.
type Held = Arc<OnceLock<Option<Arc<RunRecords>>>>;

/// The records of the run that was asked about last.
#[derive(Debug, Default)]
pub struct Behind {
    /// And of which inputs.
    now: Mutex<Option<(String, Held)>>,
}

impl Behind {
    /// The records behind a report in a quarter's folder, as they lie there now.
    ///
    /// # Errors
    /// They or the report cannot be read.
    pub fn of(&self, place: &Path, report: &Path, definitions: &Definitions) -> Result<Arc<RunRecords>, Refusal> {
        let none = || Refusal::new(422, "refused_no_records");
        let opened = Opened::open(report, None, definitions).map_err(|_| none())?;
        let files = stamp::files(&place.join("records"))?;
        let mended = store::version(&place.join(mends::FILE))?;
        let made = (place, &opened.filed.period, &opened.made);
        let key = format!("{made:?} {mended}\n{files}");
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let held = match now.as_ref().filter(|(of, _)| *of == key) {
            Some((_, held)) => Arc::clone(held),
            None => Arc::clone(&now.insert((key, Held::default())).1),
        };
        drop(now);
        let found = held.get_or_init(|| read(place, &opened, definitions).ok().map(Arc::new)).clone();
        if found.is_none() {
            // another program may have held a file: who asks again is answered anew
            let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
            now.take_if(|(_, own)| Arc::ptr_eq(own, &held));
        }
        found.ok_or_else(none)
    }
}

fn read(place: &Path, opened: &Opened<'_>, definitions: &Definitions) -> Result<RunRecords> {
    let mapping = opened.made.mapping.as_ref().map(|used| used.mapping.teach(definitions)).transpose();
    let definitions = mapping.map_err(|_| anyhow!("mapping"))?.unwrap_or_else(|| definitions.clone());
    let mends = Some(place.join(mends::FILE)).filter(|file| !opened.made.mends.is_empty() && file.is_file());
    let looked = ([place.join("records")], mends.into_iter().collect::<Vec<_>>());
    let sources = Sources::find((&opened.made, &opened.file), (&looked.0, &looked.1), &definitions)?;
    let opened = Opened::open(&opened.file, None, &definitions)?;
    let kept = Kept::whole(sources, &opened, &definitions)?;
    Ok(RunRecords { definitions, kept })
}
