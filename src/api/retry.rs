//! When a request is sent again, and after how long: pure, so that each case can be tested.

use std::time::Duration;

use super::request::Repeat;

/// How often a request is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retries {
    /// At most so many times after the first.
    pub most: u32,
    /// The wait before the second time; it doubles from then on.
    pub first_wait: Duration,
}

/// How one attempt ended, as far as another one is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The request did not leave, and may leave later.
    Unsent,
    /// The request left, and no answer arrived.
    Lost,
    /// An answer arrived.
    Answered {
        /// Its status.
        status: u16,
        /// How long the server wants to be left alone.
        retry_after: Option<Duration>,
    },
    /// It would end the same again, as with a certificate that is not trusted.
    Final,
}

/// One wait, and all waits of one request together, are at most this long.
const LONGEST: Duration = Duration::from_secs(60);

/// Without a word of the server, one wait is at most this long.
const LONGEST_UNASKED: Duration = Duration::from_secs(10);

/// The wait before the request is sent again, or `None` when it is not.
///
/// `attempt` counts the attempts that were made before this one, `waited` is how long they waited together, and
/// `chance`, from 0 to 1, spreads clients that failed at the same time.
pub fn wait(
    retries: Retries,
    repeat: Repeat,
    ending: Ending,
    attempt: u32,
    waited: Duration,
    chance: f64,
) -> Option<Duration> {
    if attempt >= retries.most || !may_repeat(repeat, ending) {
        return None;
    }
    let whole = retries.first_wait.saturating_mul(2_u32.saturating_pow(attempt)).min(LONGEST_UNASKED);
    let spread = whole.mul_f64(0.5 + 0.5 * chance.clamp(0.0, 1.0));
    let wait = match ending {
        Ending::Answered { retry_after: Some(asked), .. } => spread.max(asked),
        _ => spread,
    };
    (waited.saturating_add(wait) <= LONGEST).then_some(wait)
}

/// Whether sending again can neither do harm nor be in vain: a 500 may be the end of something that was half done, and
/// never goes away by itself.
const fn may_repeat(repeat: Repeat, ending: Ending) -> bool {
    let harmless = matches!(repeat, Repeat::Harmless);
    match ending {
        Ending::Unsent => true,
        Ending::Lost | Ending::Answered { status: 429 | 502 | 503 | 504, .. } => harmless,
        Ending::Final | Ending::Answered { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RETRIES: Retries = Retries { most: 3, first_wait: Duration::from_millis(200) };

    const fn answered(status: u16) -> Ending {
        Ending::Answered { status, retry_after: None }
    }

    const fn asked(status: u16, seconds: u64) -> Ending {
        Ending::Answered { status, retry_after: Some(Duration::from_secs(seconds)) }
    }

    #[test]
    fn what_is_repeated() {
        for (ending, harmless, never) in [
            (Ending::Unsent, true, true),
            (Ending::Lost, true, false),
            (Ending::Final, false, false),
            (answered(200), false, false),
            (answered(404), false, false),
            (answered(409), false, false),
            (answered(429), true, false),
            (asked(429, 1), true, false),
            (answered(500), false, false),
            (asked(500, 1), false, false),
            (answered(502), true, false),
            (answered(503), true, false),
            (asked(503, 1), true, false),
            (answered(504), true, false),
        ] {
            let once = |repeat| wait(RETRIES, repeat, ending, 0, Duration::ZERO, 1.0).is_some();
            assert_eq!(once(Repeat::Harmless), harmless, "{ending:?}, harmless");
            assert_eq!(once(Repeat::Never), never, "{ending:?}, never");
        }
    }

    #[test]
    fn waits_double_spread_and_end() {
        let after =
            |attempt, chance| wait(RETRIES, Repeat::Harmless, Ending::Lost, attempt, Duration::ZERO, chance);
        assert_eq!(after(0, 1.0), Some(Duration::from_millis(200)));
        assert_eq!(after(0, 0.0), Some(Duration::from_millis(100)));
        assert_eq!(after(1, 1.0), Some(Duration::from_millis(400)));
        assert_eq!(after(2, 1.0), Some(Duration::from_millis(800)));
        assert_eq!(after(3, 1.0), None);
    }

    #[test]
    fn the_server_says_how_long_within_reason() {
        let after = |seconds, waited| wait(RETRIES, Repeat::Harmless, asked(429, seconds), 0, waited, 1.0);
        assert_eq!(after(7, Duration::ZERO), Some(Duration::from_secs(7)));
        assert_eq!(after(61, Duration::ZERO), None);
        assert_eq!(after(7, Duration::from_secs(55)), None);
    }
}
