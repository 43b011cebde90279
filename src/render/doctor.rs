//! What a doctor found, for people and for programs.

use serde_json::{Value, json};

use crate::doctor::{Advice, Severity};
use crate::one_line::one_line;
use crate::plural::count;

/// The version of the shape in JSON.
pub const VERSION: u32 = 1;

/// A line for each thing, with what to do below it, and a summary.
pub fn text(advice: &[Advice]) -> String {
    let mut lines = Vec::new();
    for Advice { severity, subject, message, hint } in advice {
        lines.push(format!("{:7}  {subject}: {}", severity.as_str(), one_line(message)));
        let hint = hint.iter().flat_map(|hint| hint.lines().enumerate());
        lines.extend(hint.map(|(index, line)| match index {
            0 => format!("         hint: {}", one_line(line)),
            _ => format!("           {}", one_line(line)),
        }));
    }
    let number = |severity| advice.iter().filter(|one| one.severity == severity).count();
    let (errors, warnings) = (number(Severity::Error), number(Severity::Warning));
    lines.push(format!("\n{}, {}\n", count(errors, "error"), count(warnings, "warning")));
    lines.join("\n")
}

/// The same as one JSON object with a line break at its end.
pub fn json(environment: Option<&str>, advice: &[Advice]) -> String {
    let found = advice.iter().map(|Advice { severity, subject, message, hint }| {
        json!({"severity": severity.as_str(), "subject": subject, "message": message, "hint": hint})
    });
    let document = json!({
        "version": VERSION,
        "environment": environment,
        "findings": found.collect::<Vec<Value>>(),
    });
    format!("{document:#}\n")
}
