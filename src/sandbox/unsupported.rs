//! What the sandbox cannot do, said in plain words.

use super::exchange::{Request, Response};
use super::refusal::Refusal;
use super::state::State;

/// Refuses what would need a search engine.
pub fn needs_a_cluster(_state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let reason = format!(
        "the sandbox holds configuration and runs no queries and sends no messages: {} {} needs a real cluster",
        request.method,
        request.raw_path()
    );
    Err(Refusal::exception(501, "sandbox_unsupported_exception", reason))
}
