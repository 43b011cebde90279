//! Applies that are torn: killed, cut off, or answered by what is no OpenSearch, at each request of a plan in which
//! something of every kind is made, changed and deleted.

mod cuts;
mod faults;
mod project;
mod vanished;

use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How many runs are under way at once: they wait more than they work.
const AT_ONCE: usize = 8;

/// Does all the work, several pieces at once; the test fails when all are done.
fn each<T: Send>(work: Vec<T>, job: impl Fn(T) + Sync) {
    let queue = Mutex::new(work.into_iter());
    let take = || queue.lock().unwrap().next();
    let failed = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(piece) = take() {
                    let outcome = panic::catch_unwind(AssertUnwindSafe(|| job(piece)));
                    failed.fetch_add(usize::from(outcome.is_err()), Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(failed.into_inner(), 0, "so many pieces of work failed, each for the reason above");
}
