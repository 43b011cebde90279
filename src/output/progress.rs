//! How far an apply is: a bar on a terminal that can move its cursor, lines elsewhere.

use std::io::{IsTerminal, stderr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};

use super::{harmless, tell};

/// How far something is: a bar where stderr is a terminal, else nothing. It goes with the value.
pub struct Progress(());

/// The bar that is shown; lines are written above it.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Writes where no bar is in the way.
pub fn above_the_bar(write: impl FnOnce()) {
    match &*bar() {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

fn bar() -> MutexGuard<'static, Option<ProgressBar>> {
    BAR.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Progress {
    /// Begins with nothing done of `all`.
    pub fn start(all: usize) -> Self {
        if stderr().is_terminal() {
            let shown = ProgressBar::new(all.try_into().unwrap_or(u64::MAX));
            let style = ProgressStyle::with_template("[{bar:30}] {pos} of {len}  {wide_msg}");
            // what keeps a bar from being shown keeps nothing else
            shown.set_style(
                style.map_or_else(|_| ProgressStyle::default_bar(), |style| style.progress_chars("=> ")),
            );
            // a terminal that cannot move its cursor gets lines
            *bar() = Some(shown).filter(|shown| !shown.is_hidden());
        }
        Self(())
    }

    /// One more is done. Where there is no bar it is told in a line.
    pub fn done(&self, what: &str) {
        let is_shown = match &*bar() {
            Some(bar) => {
                bar.set_message(harmless(what).into_owned());
                bar.inc(1);
                true
            }
            None => false,
        };
        if !is_shown {
            tell(what);
        }
    }

    /// One more has come to an end that is told in a line, bar or not.
    pub fn failed(&self, what: &str) {
        if let Some(bar) = &*bar() {
            bar.inc(1);
        }
        tell(what);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = bar().take() {
            bar.finish_and_clear();
        }
    }
}
