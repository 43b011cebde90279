//! A plan as the report of a job on GitLab, whose merge request shows how many resources change.

use serde_json::json;

use crate::plan::Counts;

/// The counts, of what is planned or of what was done, under the names that the report `terraform` of a job has for them.
pub fn counts(Counts { create, update, delete }: Counts) -> String {
    format!("{}\n", json!({"create": create, "update": update, "delete": delete}))
}
