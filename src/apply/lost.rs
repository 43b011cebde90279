//! Writes whose answer was lost: what became of them is looked for before they are repeated, so that nothing is made
//! twice and nothing of others is overwritten.

use crate::api::client::Client;
use crate::error::Error;

/// Writes by `send`; where nobody knows whether the server did, `look` says what it finds done, and what is not done is
/// sent again, as often as other requests are.
pub async fn write<T>(
    client: &Client,
    send: impl AsyncFn() -> Result<T, Error>,
    look: impl AsyncFn() -> Result<Option<T>, Error>,
) -> Result<T, Error> {
    let mut attempt = 0;
    loop {
        let error = match send().await {
            Err(error) if error.may_have_happened() => error,
            outcome => return outcome,
        };
        // where it is sent again, a server that was cut off has done by then what it was about to do
        let may_repeat = client.pause_after(&error, attempt).await;
        match look().await {
            Ok(Some(done)) => return Ok(done),
            Ok(None) if may_repeat => attempt += 1,
            // nobody could look
            Ok(None) | Err(Error::Failure(_) | Error::Refusal(_)) => return Err(error),
            Err(found) => return Err(found),
        }
    }
}
