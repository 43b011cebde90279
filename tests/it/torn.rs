//! Applies that are torn: killed, cut off, or answered by what is no OpenSearch, at each request of a plan in which
//! something of every kind is made, changed and deleted.

mod cuts;
mod project;

use std::sync::Mutex;
use std::thread;

/// How many runs are under way at once: they wait more than they work.
const AT_ONCE: usize = 8;

/// Does all the work, several pieces at once; the first that fails fails the test.
fn each<T: Send>(work: Vec<T>, job: impl Fn(T) + Sync) {
    let queue = Mutex::new(work.into_iter());
    let take = || queue.lock().unwrap().next();
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(piece) = take() {
                    job(piece);
                }
            });
        }
    });
}
