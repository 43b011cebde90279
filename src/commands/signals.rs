//! The signals by which people and CI systems ask a program to end.

use std::io;

use crate::error::Error;

/// Listens to what asks for an end: Ctrl-C, and SIGTERM where there is one, which CI systems send.
pub struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    /// Listens from now on; until then a signal ends the program at once.
    pub fn listen() -> Result<Self, Error> {
        start().map_err(Error::NoSignals)
    }

    /// Waits for the next one, and gives the code of a program that ends by it.
    pub async fn next(&mut self) -> i32 {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => INTERRUPTED,
            _ = self.terminate.recv() => TERMINATED,
        }
        #[cfg(not(unix))]
        {
            // where not even that can be heard, only the system ends a program
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
            INTERRUPTED
        }
    }
}

/// 128 and the number of the signal, as shells say it.
const INTERRUPTED: i32 = 130;
#[cfg(unix)]
const TERMINATED: i32 = 143;

#[cfg(unix)]
fn start() -> io::Result<Signals> {
    use tokio::signal::unix::{SignalKind, signal};
    Ok(Signals { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "listening can fail elsewhere")]
fn start() -> io::Result<Signals> {
    Ok(Signals {})
}
