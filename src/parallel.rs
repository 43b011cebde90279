//! Work on all cores, for ten thousand monitors at once; what comes out has the order of what went in.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread::{available_parallelism, scope};

/// How many values are worth a thread.
const LEAST: usize = 16;

/// Gives `work` of stretches of `items`, a stretch a core; few items are one stretch, on this thread.
pub fn stretches<T: Sync, R: Send>(items: &[T], work: impl Fn(&[T]) -> R + Sync) -> Vec<R> {
    let cores = available_parallelism().map_or(1, NonZero::get);
    let length = items.len().div_ceil(cores).max(LEAST);
    let work = &work;
    scope(|scope| {
        let mut stretches = items.chunks(length);
        let first = stretches.next().unwrap_or_default();
        let others: Vec<_> = stretches.map(|stretch| scope.spawn(move || work(stretch))).collect();
        let mut results = vec![work(first)];
        for other in others {
            // a panic there is a panic here
            results.push(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        results
    })
}

/// Gives `work` of each item.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let stretches = stretches(items, |stretch| stretch.iter().map(&work).collect::<Vec<R>>());
    stretches.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_kept_however_many_there_are() {
        for length in [0, 1, LEAST, 7 * LEAST + 3] {
            let items: Vec<usize> = (0..length).collect();
            assert_eq!(map(&items, |item| item + 1), (1..=length).collect::<Vec<_>>());
        }
    }
}
