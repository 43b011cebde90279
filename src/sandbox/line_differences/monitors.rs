//! What each line does otherwise with monitors.

use serde_json::{Value, json};

use super::super::exchange::Response;
use super::super::fault::Fault;
use super::super::monitors::trigger::{Kind, Trigger};
use super::super::refusal::Refusal;
pub use super::{
    has_mapping_types, java_root, parsing_class, search_failure_class, shows_user, status_exception_class,
};
use crate::api::line::Line;

/// The index that holds monitors, destinations, email accounts and groups.
pub const CONFIG_INDEX: &str = ".opendistro-alerting-config";

/// The class of an error in an object that is parsed by its fields.
pub const fn x_content_parse_class(line: Line) -> &'static str {
    match line {
        Line::Odfe => "org.elasticsearch.common.xcontent.XContentParseException",
        Line::V1_3 => "org.opensearch.common.xcontent.XContentParseException",
        Line::V2_19 | Line::V3 => "org.opensearch.core.xcontent.XContentParseException",
    }
}

/// Whether faults in a monitor's body come in an `alerting_exception`, as from 2.4 on.
pub const fn wraps_faults(line: Line) -> bool {
    matches!(line, Line::V2_19 | Line::V3)
}

/// Whether actions have an `action_execution_policy`, as from 1.1 on.
pub const fn has_policies(line: Line) -> bool {
    !matches!(line, Line::Odfe)
}

/// The units that a monitor's interval may have; 3.4 added seconds.
pub const fn schedule_units(line: Line) -> &'static [&'static str] {
    match line {
        Line::Odfe | Line::V1_3 | Line::V2_19 => &["MINUTES", "HOURS", "DAYS"],
        Line::V3 => &["SECONDS", "MINUTES", "HOURS", "DAYS"],
    }
}

/// Whether the cron library knows `@daily` and its like, which Unix cron is then refused to have.
pub const fn knows_cron_nicknames(line: Line) -> bool {
    matches!(line, Line::V2_19 | Line::V3)
}

/// How the cron library begins to say that a field is wrong.
pub fn failed_cron(line: Line, expression: &str) -> String {
    match line {
        Line::Odfe => format!("Failed to parse '{expression}'."),
        Line::V1_3 | Line::V2_19 | Line::V3 => "Failed to parse cron expression.".to_owned(),
    }
}

/// Whether monitors have a `monitor_type`, as from 1.1 on.
pub const fn has_monitor_types(line: Line) -> bool {
    !matches!(line, Line::Odfe)
}

/// The user of a server without users.
pub fn nobody() -> Value {
    json!({"name": "", "backend_roles": [], "roles": [], "custom_attribute_names": [], "user_requested_tenant": null})
}

/// Whether monitors have `data_sources`, an `owner` and so on, as from 2.4 on.
pub const fn has_data_sources(line: Line) -> bool {
    matches!(line, Line::V2_19 | Line::V3)
}

/// Whether monitors have a `target`, as from 3.7 on.
pub const fn has_targets(line: Line) -> bool {
    matches!(line, Line::V3)
}

/// The version that the server gives to what it writes.
pub const fn schema_version(line: Line) -> i32 {
    match line {
        Line::Odfe => 3,
        Line::V1_3 => 4,
        Line::V2_19 | Line::V3 => 8,
    }
}

/// The wrappers of triggers that the line knows; Open Distro knows none.
pub const fn trigger_kinds(line: Line) -> &'static [Kind] {
    match line {
        Line::Odfe => &[],
        Line::V1_3 => &[Kind::Query, Kind::Bucket],
        Line::V2_19 => &[Kind::Query, Kind::Bucket, Kind::Document, Kind::Remote, Kind::Chained],
        Line::V3 => &[Kind::Query, Kind::Bucket, Kind::Document, Kind::Remote, Kind::Ppl, Kind::Chained],
    }
}

/// The wrappers of inputs that the line knows.
pub const fn input_kinds(line: Line) -> &'static [&'static str] {
    match line {
        Line::Odfe => &["search"],
        Line::V1_3 => &["search", "uri"],
        Line::V2_19 => &["search", "uri", "doc_level_input", "remote_monitor_input"],
        Line::V3 => &["search", "uri", "doc_level_input", "remote_monitor_input", "ppl_input"],
    }
}

/// Refuses a type of monitor: 1.3 knows a few by name, later lines take whatever looks like one.
pub fn check_monitor_type(line: Line, name: &str) -> Result<(), Fault> {
    const KNOWN: [&str; 3] = ["query_level_monitor", "bucket_level_monitor", "cluster_metrics_monitor"];
    let in_pattern = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    match line {
        Line::Odfe => Ok(()),
        Line::V1_3 if KNOWN.contains(&name) => Ok(()),
        Line::V1_3 => {
            Err(Fault::illegal_state(format!("Monitor type should be one of [{}]", KNOWN.join(", "))))
        }
        Line::V2_19 | Line::V3 if (5..=25).contains(&name.len()) && name.bytes().all(in_pattern) => Ok(()),
        Line::V2_19 | Line::V3 => {
            Err(Fault::illegal_state("Monitor type should follow pattern [a-zA-Z0-9_]{5,25}"))
        }
    }
}

/// The fault of a monitor without a name or a schedule.
pub fn missing_property(line: Line, property: &str) -> Fault {
    match line {
        Line::Odfe => Fault::uninitialized(property),
        Line::V1_3 | Line::V2_19 | Line::V3 => Fault::illegal_argument(format!("Monitor {property} is null")),
    }
}

/// How a trigger is named that does not fit its monitor: 1.x prints all of it.
pub fn named_in_mismatch(line: Line, trigger: &Trigger) -> String {
    match line {
        Line::Odfe | Line::V1_3 => format!("{}.id", trigger.printed),
        Line::V2_19 | Line::V3 => trigger.id.clone(),
    }
}

/// Refuses too many triggers; 3.6 made the limit a setting.
pub fn check_trigger_count(line: Line, count: usize) -> Result<(), Fault> {
    match line {
        _ if count <= 10 => Ok(()),
        Line::Odfe | Line::V1_3 | Line::V2_19 => {
            Err(Fault::illegal_argument("Monitors can only support up to 10 triggers."))
        }
        Line::V3 => Err(Fault::illegal_argument(
            "The current cluster settings only allow up to 10 triggers per monitor.",
        )),
    }
}

/// The fault of an input of an unknown kind. Later lines take it for one that they know, and stumble.
pub fn unknown_input(line: Line, name: &str, row: usize, column: usize) -> Fault {
    match line {
        Line::Odfe | Line::V1_3 => Fault::new(
            400,
            "named_object_not_found_exception",
            "org.opensearch.common.xcontent.NamedObjectNotFoundException",
            format!("[{row}:{column}] unknown field [{name}]"),
        ),
        Line::V2_19 => Fault::new(
            500,
            "null_pointer_exception",
            "java.lang.NullPointerException",
            "Cannot read the array length because \"value\" is null",
        ),
        Line::V3 => Fault::illegal_argument("Required value was null."),
    }
}

/// Whether an `owner` other than `alerting` is refused, as from 2.4 to 2.19.
pub const fn checks_owner(line: Line) -> bool {
    matches!(line, Line::V2_19)
}

/// Whether cluster metrics can come from other clusters, as from 2.12 on.
pub const fn asks_other_clusters(line: Line) -> bool {
    matches!(line, Line::V2_19 | Line::V3)
}

/// How parameters are joined to a path: 1.3 forgets the slash.
pub fn path_params(line: Line, params: &str) -> String {
    match line {
        Line::V2_19 | Line::V3 if !params.is_empty() && !params.starts_with('/') => format!("/{params}"),
        _ => params.to_owned(),
    }
}

/// Refuses an `api_type` that is not the path's, as from 3.6 on.
pub fn check_api_type(line: Line, sent: &str, found: &str, path: &str) -> Result<(), Fault> {
    if line != Line::V3 || sent.is_empty() || sent == found {
        return Ok(());
    }
    let reason = format!("The provided api_type [{sent}] does not match the path [{path}].");
    Err(Fault::illegal_argument(reason))
}

/// The word in a `User-Agent` that makes `ui_metadata` visible.
pub const fn dashboards_word(line: Line) -> &'static str {
    match line {
        Line::Odfe => "Kibana",
        Line::V1_3 | Line::V2_19 | Line::V3 => "OpenSearch-Dashboards",
    }
}

/// The version that a new monitor shows: from 2.4 on the client's own, or 0.
pub const fn created_schema_version(line: Line, sent: i32) -> i32 {
    match line {
        Line::Odfe | Line::V1_3 => schema_version(line),
        Line::V2_19 | Line::V3 => sent,
    }
}

/// Whether searches see each write at once: 2.x writes a metadata document with a refresh, 3.x ignores the parameter.
pub const fn refreshes_always(line: Line) -> bool {
    matches!(line, Line::V2_19 | Line::V3)
}

/// Whether reads by id tell that nothing was ever written.
pub const fn needs_config_index(line: Line) -> bool {
    !matches!(line, Line::V3)
}

/// Whether a deletion says that there was no such monitor, as from 2.4 on.
pub const fn delete_tells_missing(line: Line) -> bool {
    matches!(line, Line::V2_19 | Line::V3)
}

/// Whether monitors tell which workflows use them, as from 2.9 on.
pub const fn has_workflows(line: Line) -> bool {
    matches!(line, Line::V2_19 | Line::V3)
}

/// The refusal of an index that does not exist.
pub fn index_not_found(line: Line, name: &str) -> Refusal {
    Refusal::alerting_caused(
        404,
        format!("Configured indices are not found: [{name}]"),
        format!("{}.index.IndexNotFoundException: no such index [{name}]", java_root(line)),
    )
}

/// A refusal that chose its own status.
pub fn status_refusal(line: Line, status: u16, reason: &str) -> Refusal {
    Refusal::alerting(status, reason, status_exception_class(line))
}

/// The refusal of a document that is no monitor: the server stumbles while it reads it.
pub fn lost_in_transport(line: Line) -> Refusal {
    let class = format!("{}.transport.RemoteTransportException", java_root(line));
    Refusal::alerting(500, "[n1][127.0.0.1:9300][indices:data/read/get[s]]", &class)
}

/// Why a write's revision is no good by itself, and how a stale one is refused.
pub fn conflict(line: Line, id: &str, fault: Fault) -> Refusal {
    match (line, fault.kind) {
        (Line::V3, "action_request_validation_exception") => {
            Fault::illegal_argument("Both ifSeqNo and ifPrimaryTerm must be set or unassigned.").wrapped()
        }
        (Line::V3, _) => {
            let reason = format!("Document version conflict putting {id} in index {CONFIG_INDEX}");
            status_refusal(line, 409, &reason)
        }
        _ => Refusal::alerting(fault.status, fault.reason, fault.class),
    }
}

/// The refusal of a sequence number below zero.
pub fn negative_seq_no(line: Line, seq_no: i64) -> Refusal {
    match line {
        Line::Odfe | Line::V1_3 => lost_in_transport(line),
        Line::V2_19 | Line::V3 => {
            Fault::illegal_argument(format!("sequence numbers must be non negative. got [{seq_no}]."))
                .wrapped()
        }
    }
}

/// Whether a search must have a query, as up to 2.3.
pub const fn search_needs_query(line: Line) -> bool {
    matches!(line, Line::Odfe | Line::V1_3)
}

/// Whether any index can be searched through the route of monitors, as before 1.1.
pub const fn searches_any_index(line: Line) -> bool {
    matches!(line, Line::Odfe)
}

/// Whose monitors a search is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchedOwners {
    /// Only those that belong to alerting.
    Alerting,
    /// All, since the query asks for owners itself.
    All,
}

impl SearchedOwners {
    /// Looks for the name of the field in the text of a search, as the servers do.
    pub fn of_query(text: &str) -> Self {
        if text.contains("monitor.owner") { SearchedOwners::All } else { SearchedOwners::Alerting }
    }
}

/// Whether a document is searched at all: Open Distro searches all, 1.1 monitors, 2.9 workflows too, both by owner.
pub fn is_searched(line: Line, owners: SearchedOwners, document: &Value) -> bool {
    let owned = || {
        let owner = document.pointer("/monitor/owner").and_then(Value::as_str);
        owners == SearchedOwners::All || owner.is_none_or(|owner| owner == "alerting")
    };
    match line {
        Line::Odfe => true,
        Line::V1_3 => document.get("monitor").is_some(),
        Line::V2_19 | Line::V3 => {
            (document.get("monitor").is_some() || document.get("workflow").is_some()) && owned()
        }
    }
}

/// What a search answers when nothing was ever written: 3.3 made it an empty list.
pub fn search_without_index(line: Line) -> Result<Response, Refusal> {
    match line {
        Line::Odfe | Line::V1_3 | Line::V2_19 => Err(index_not_found(line, CONFIG_INDEX)),
        Line::V3 => Ok(Response::json(
            200,
            json!({
                "_scroll_id": "",
                "took": 0,
                "timed_out": false,
                "terminated_early": false,
                "num_reduce_phases": 0,
                "_shards": {"total": 0, "successful": 0, "skipped": 0, "failed": 0},
                "hits": {"total": {"value": 0, "relation": "eq"}, "max_score": 0.0, "hits": []},
                "suggest": {},
                "profile": {"shards": []},
            }),
        )),
    }
}

/// The refusal of a search that fails where the documents are.
pub fn search_failed(line: Line) -> Refusal {
    match line {
        Line::Odfe | Line::V1_3 | Line::V2_19 => {
            Refusal::alerting(500, "all shards failed", search_failure_class(line))
        }
        Line::V3 => status_refusal(line, 500, &format!("Failed to search indices [{CONFIG_INDEX}]")),
    }
}

/// What running a monitor by id answers when nothing was ever written.
pub fn execute_without_index(line: Line) -> Refusal {
    match line {
        Line::Odfe | Line::V1_3 | Line::V2_19 => index_not_found(line, CONFIG_INDEX),
        Line::V3 => {
            let reason = format!("Failed to get data object from index {CONFIG_INDEX}");
            status_refusal(line, 500, &reason)
        }
    }
}
