//! `schedule`: `{every: 15m}` or `{cron: "0 9 * * 1-5", timezone: Asia/Tokyo}`.

use super::resource::Notes;
use crate::model::part::Part;
use crate::model::schedule::Schedule;
use crate::source::fields::Fields;
use crate::source::finding::Finding;
use crate::source::report::Report;
use crate::source::yaml::{Content, Node};
use crate::source::{cron, duration, timezone};

const HINT: &str = "say `{every: 15m}` or `{cron: \"0 9 * * 1-5\", timezone: Asia/Tokyo}`";

/// Reads the schedule that a monitor or a workflow needs, and takes down where it stands.
pub fn of(fields: &Fields<'_>, notes: &mut Notes, report: &Report) -> Option<Schedule> {
    let node = fields.need("schedule", "add one: `schedule: {every: 15m}`")?;
    notes.places.note(Part::Schedule, &node.place);
    read(node, report)
}

/// Reads a schedule.
fn read(node: &Node, report: &Report) -> Option<Schedule> {
    if !matches!(node.content, Content::Mapping(_)) {
        let message = format!("expected a mapping for `schedule`, found {}", node.describe());
        report.error(Finding::at(&node.place, message).hint(HINT));
        return None;
    }
    let fields = Fields::of(node, "a schedule", &["every", "cron", "timezone"], report)?;
    match (fields.get("every"), fields.get("cron")) {
        (Some(every), None) => {
            if fields.get("timezone").is_some() {
                fields.refuse("timezone", "`timezone` has no effect beside `every`", "remove it");
            }
            let duration = every.as_text().and_then(duration::parse);
            if duration.is_none() {
                let message = format!("expected a duration for `every`, found {}", every.describe());
                report.error(Finding::at(&every.place, message).hint(duration::EXAMPLE));
            }
            let (every, unit) = duration?;
            Some(Schedule::every(every, unit))
        }
        (None, Some(_)) => {
            let expression = fields.need_text("cron", HINT)?.to_owned();
            let timezone = match fields.get("timezone") {
                None => "UTC".to_owned(),
                Some(_) => fields.need_text("timezone", HINT)?.to_owned(),
            };
            let nodes = (fields.get("cron")?, fields.get("timezone").unwrap_or(node));
            check(Schedule::Cron { expression, timezone }, nodes, report)
        }
        (Some(_), Some(_)) => {
            fields.refuse("cron", "`every` and `cron` exclude each other", HINT);
            None
        }
        (None, None) => {
            report.error(Finding::at(&node.place, "a schedule without `every` and `cron`").hint(HINT));
            None
        }
    }
}

/// Checks a schedule as the server would, and takes the time zone's own spelling; the nodes are those of the expression
/// and the time zone.
pub fn check(
    schedule: Schedule,
    (expression_node, timezone_node): (&Node, &Node),
    report: &Report,
) -> Option<Schedule> {
    let Schedule::Cron { expression, timezone } = schedule else {
        return Some(schedule);
    };
    let checked = cron::check(&expression);
    if let Err(what) = &checked {
        let message = if expression_node.is_filled {
            "the server refuses the cron expression that was filled in".to_owned()
        } else {
            format!("the server refuses the cron expression `{expression}`: {what}")
        };
        report.error(Finding::at(&expression_node.place, message).hint(cron::EXAMPLE));
    }
    let canonical = timezone::canonical(&timezone);
    if canonical.is_none() {
        let message = if timezone_node.is_filled {
            "the server does not know the time zone that was filled in".to_owned()
        } else {
            format!("the server knows no time zone `{timezone}`")
        };
        report.error(Finding::at(&timezone_node.place, message).hint(timezone::EXAMPLE));
    }
    checked.ok()?;
    Some(Schedule::Cron { expression, timezone: canonical? })
}
