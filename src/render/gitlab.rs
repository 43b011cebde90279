//! A plan as the report of a job on GitLab, whose merge request shows how many resources change.

use serde_json::json;

use crate::plan::{Counts, Plan};

/// The counts, under the names that the report `terraform` of a job has for them.
pub fn plan(plan: &Plan) -> String {
    let Counts { create, update, delete } = plan.counts();
    format!("{}\n", json!({"create": create, "update": update, "delete": delete}))
}
