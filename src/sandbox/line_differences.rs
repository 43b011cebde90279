//! What each line does otherwise than the others; no other file of the sandbox compares lines.

use crate::api::line::Line;

/// The version number that `GET /` tells.
pub const fn version_number(line: Line) -> &'static str {
    match line {
        Line::Odfe => "7.10.2",
        Line::V1_3 => "1.3.14",
        Line::V2_19 => "2.19.5",
        Line::V3 => "3.8.0",
    }
}
