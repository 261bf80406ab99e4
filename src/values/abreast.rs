//! Work on all processors; what comes of it stands in order.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{ScopedJoinHandle, available_parallelism, scope};

/// How many threads may work at once.
pub fn processors() -> usize {
    available_parallelism().map_or(1, NonZero::get)
}

/// What becomes of each of so many pieces of work, in their order.
pub fn abreast<R: Send>(pieces: usize, threads: usize, work: impl Fn(usize) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let some = || {
        let mut done = Vec::new();
        loop {
            let piece = next.fetch_add(1, Ordering::Relaxed);
            if piece >= pieces {
                return done;
            }
            done.push((piece, work(piece)));
        }
    };
    let mut done: Vec<(usize, R)> = scope(|scope| {
        let threads: Vec<_> = (0..threads.min(pieces)).map(|_| scope.spawn(some)).collect();
        let joined = threads.into_iter().map(ScopedJoinHandle::join);
        joined.flat_map(|done| done.unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    done.sort_by_key(|(piece, _)| *piece);
    done.into_iter().map(|(_, came)| came).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_piece_is_done_once_and_in_order() {
        for (pieces, threads) in [(0, 2), (1, 2), (100, 1), (100, 3), (2, 100)] {
            assert_eq!(
                abreast(pieces, threads, |piece| piece * 2),
                (0..pieces).map(|piece| piece * 2).collect::<Vec<_>>()
            );
        }
    }
}
