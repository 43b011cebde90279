//! Schedules, and the durations that they are made of.

use alertform::api::line::Line;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A schedule of each sort; seconds are line 3's alone.
pub fn schedule(line: Line) -> impl Strategy<Value = Value> {
    let every = if line == Line::V3 { "[1-9][0-9]?[smhd]" } else { "[1-9][0-9]?[mhd]" };
    let zones = ["UTC", "Z", "+09:00", "Asia/Tokyo", "UTC-03:30", "America/Argentina/Buenos_Aires"];
    let zone = prop::option::of(prop::sample::select(zones.to_vec()));
    prop_oneof![
        3 => every.prop_map(|every| json!({ "every": every })),
        1 => ("[0-5]?[0-9] ([0-9]|\\*|1,3) \\*(/2)? (\\*|JAN) (1-5|SUN|\\*)", zone).prop_map(|(cron, zone)| {
            let mut schedule = json!({ "cron": cron });
            if let Some(zone) = zone {
                schedule["timezone"] = zone.into();
            }
            schedule
        }),
    ]
}
