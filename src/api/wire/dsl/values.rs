//! Where an aggregation takes its values from.

use super::refusal::{Class, Fault};
use super::schema::{Field, Kind, Need, field};
use super::script::SCRIPT;
use super::zone::ZONE_OR_HOURS;

/// A field or a script, and what to make of it.
pub const VALUES: &[Field] = &[
    field("field", Kind::Text),
    field("missing", Kind::Scalar),
    field("format", Kind::Text),
    field("value_type", Kind::Text).also(&["valueType"]),
    field("time_zone", ZONE_OR_HOURS),
    field("script", SCRIPT),
];

/// The need for one of them.
pub const SOURCE: Need = Need {
    any: &["field", "script"],
    fault: || {
        Fault::new(Class::Argument, "Required one of fields [field, script], but none were specified. ")
    },
};
