//! What each line does otherwise with workflows, which 2.9 brought.

use super::monitors::check_trigger_count;
use crate::api::line::Line;
use crate::sandbox::fault::Fault;

/// Refuses too many triggers: since 3.6 made the limit of monitors a setting, it is that of workflows too.
pub fn check_triggers(line: Line, count: usize) -> Result<(), Fault> {
    match line {
        Line::V3 => check_trigger_count(line, count),
        Line::Odfe | Line::V1_3 | Line::V2_19 => Ok(()),
    }
}

/// The ten of the delegates that the check of delegates sees, of those found in the order of their last writes: it
/// forgets to ask for more. Which ten is up to how the index merges its segments: 2.19 was recorded to miss the last but
/// one of eleven.
pub fn first_ten<T>(line: Line, mut found: Vec<T>) -> Vec<T> {
    if line == Line::V2_19
        && found.len() > 10
        && let Some(newest) = found.pop()
    {
        found.insert(9, newest);
    }
    found.truncate(10);
    found
}
