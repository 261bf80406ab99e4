//! The slow counter, written from the design alone, and the program agree on every cell.

use super::bench::Case;
use super::slow::{count, generate};
use esep::body::organisation::Zeros;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Record sets to compare; more with `ESEP_SETS`.
const SETS: u64 = 260;

#[test]
fn the_slow_counter_agrees_on_every_cell() {
    let sets = std::env::var("ESEP_SETS").ok().and_then(|sets| sets.parse().ok()).unwrap_or(SETS);
    let (compared, cells) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let threads = 2;
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (compared, cells) = (&compared, &cells);
            scope.spawn(move || {
                for seed in (1..=sets).filter(|seed| seed % threads == thread) {
                    if let Some(count) = compare(seed) {
                        compared.fetch_add(1, Ordering::Relaxed);
                        cells.fetch_add(count, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    let (compared, cells) = (compared.into_inner(), cells.into_inner());
    println!("{compared} record sets, {cells} cells agree");
    assert!(compared as u64 >= sets * 9 / 10, "only {compared} of {sets} sets were compared");
}

/// Compares one set; `None` when the as-of date lies before the quarter, which the program refuses.
fn compare(seed: u64) -> Option<usize> {
    let dir = tempfile::tempdir().expect("a folder");
    let set = generate::record_set(seed, dir.path());
    let mut case = Case::new(dir.path(), &set.form, &set.period);
    case.as_of = Some(set.as_of);
    let zeros = if seed.is_multiple_of(5) { Zeros::Dash } else { Zeros::Zero };
    // the shipped second counter is put to the same test
    case.paranoid = true;
    if zeros == Zeros::Dash {
        case.organisation.push_str("zeros = \"-\"\n");
    }
    if esep::values::period::Quarter::parse(&set.period).unwrap().first() >= set.as_of {
        assert!(case.try_run().is_err(), "seed {seed}: a quarter that has not begun is refused");
        return None;
    }
    std::fs::read_dir(dir.path()).unwrap().next()?.unwrap();
    let ran = case.run();
    let slow = count::cells(dir.path(), &set.form, &set.period, set.as_of, zeros == Zeros::Dash);
    let fast = ran.cells();
    let slow_cells: BTreeSet<String> = slow.lines().into_iter().collect();
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).take(5).cloned().collect::<Vec<_>>();
    assert!(
        fast == slow_cells,
        "seed {seed} {} {} as of {}\nonly the program: {:#?}\nonly the slow counter: {:#?}",
        set.form,
        set.period,
        set.as_of,
        only(&fast, &slow_cells),
        only(&slow_cells, &fast)
    );
    let accepted: u64 = slow.ledger.values().map(|line| line[1]).sum();
    assert_eq!(ran.ledger()[1], accepted, "seed {seed}: accepted records");
    Some(fast.len())
}
