//! What each line does otherwise than the others; no other file of the sandbox compares lines.

pub mod casts;
pub mod monitors;
pub mod workflows;

use serde_json::{Value, json};

use super::index::Refresh;
use super::refusal::Refusal;
use crate::api::line::Line;

/// The `version` object of `GET /`.
pub fn version(line: Line) -> Value {
    let (number, lucene, wire, index) = match line {
        Line::Odfe => ("7.10.2", "8.7.0", "6.8.0", "6.0.0-beta1"),
        Line::V1_3 => ("1.3.14", "8.10.1", "6.8.0", "6.0.0-beta1"),
        Line::V2_19 => ("2.19.5", "9.12.3", "7.10.0", "7.0.0"),
        Line::V3 => ("3.8.0", "10.5.0", "2.19.0", "2.0.0"),
    };
    let (brand, brand_name) = match line {
        Line::Odfe => ("build_flavor", "oss"),
        Line::V1_3 | Line::V2_19 | Line::V3 => ("distribution", "opensearch"),
    };
    json!({
        brand: brand_name,
        "number": number,
        "build_type": "zip",
        "build_hash": "sandbox",
        "build_date": "1970-01-01T00:00:00Z",
        "build_snapshot": false,
        "lucene_version": lucene,
        "minimum_wire_compatibility_version": wire,
        "minimum_index_compatibility_version": index,
    })
}

/// The `tagline` of `GET /`.
pub const fn tagline(line: Line) -> &'static str {
    match line {
        Line::Odfe => "You Know, for Search",
        Line::V1_3 | Line::V2_19 | Line::V3 => "The OpenSearch Project: https://opensearch.org/",
    }
}

/// The settings that say whether monitors run, as the statistics tell them.
pub const fn sweeper_settings(line: Line) -> &'static [&'static str] {
    match line {
        Line::Odfe => &["opendistro.scheduled_jobs.enabled"],
        Line::V1_3 | Line::V2_19 | Line::V3 => {
            &["opendistro.scheduled_jobs.enabled", "plugins.scheduled_jobs.enabled"]
        }
    }
}

/// The words in which a line's JSON reader finds fault.
#[derive(Clone, Copy, Debug)]
pub struct JsonWords {
    /// What the place of a fault is said to be in.
    pub source: &'static str,
    /// Whether the place is a byte offset, not a line and a column.
    pub by_offset: bool,
    /// How far behind an unexpected character the fault is said to be.
    pub character_shift: usize,
    /// Whether the fault of an unknown word is said to be where the word begins.
    pub token_at_start: bool,
    /// What a key is called.
    pub field_name: &'static str,
    /// What stands before and after the name of a key that comes twice.
    pub duplicate: (&'static str, &'static str),
    /// How "cannot" is spelled.
    pub cannot: &'static str,
    /// How the 32 bit integer is named.
    pub int: &'static str,
    /// The class of most faults.
    pub class: &'static str,
    /// The `type` of their cause.
    pub cause: Option<&'static str>,
    /// The class, the `type` and the cause's `type` of an unexpected end.
    pub end: (&'static str, &'static str, Option<&'static str>),
    /// The class of a number that is too large.
    pub coercion_class: &'static str,
    /// The status of such a number where nothing wraps its fault: 3.1 made it the client's mistake.
    pub coercion_status: u16,
    /// The class of what is no number or no boolean, when it is not as most faults.
    pub mistyped_class: Option<&'static str>,
}

const JACKSON_2: JsonWords = JsonWords {
    source: "REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)",
    by_offset: false,
    character_shift: 0,
    token_at_start: false,
    field_name: "field name",
    duplicate: ("Duplicate field '", "'"),
    cannot: "can not",
    int: "int",
    class: "com.fasterxml.jackson.core.JsonParseException",
    cause: None,
    end: ("com.fasterxml.jackson.core.io.JsonEOFException", "json_e_o_f_exception", None),
    coercion_class: "com.fasterxml.jackson.core.exc.InputCoercionException",
    coercion_status: 500,
    mistyped_class: None,
};

/// Gives the words of a line: 3.x has another generation of the JSON library, Open Distro and 1.x an old one.
pub const fn json_words(line: Line) -> JsonWords {
    match line {
        Line::Odfe => JsonWords {
            source: "(org.elasticsearch.common.io.stream.InputStreamStreamInput)",
            character_shift: 1,
            ..JACKSON_2
        },
        Line::V1_3 => JsonWords {
            source: "(org.opensearch.common.io.stream.InputStreamStreamInput)",
            character_shift: 1,
            ..JACKSON_2
        },
        Line::V2_19 => JACKSON_2,
        Line::V3 => JsonWords {
            by_offset: true,
            token_at_start: true,
            field_name: "property name",
            duplicate: ("Duplicate Object property \"", "\""),
            cannot: "cannot",
            int: "`int`",
            class: "org.opensearch.tools.jackson.core.JsonParseException",
            cause: Some("stream_read_exception"),
            end: (
                "org.opensearch.tools.jackson.core.UnexpectedEndOfInputException",
                "unexpected_end_of_input_exception",
                Some("unexpected_end_of_input_exception"),
            ),
            coercion_class: "org.opensearch.tools.jackson.core.InputCoercionException",
            coercion_status: 400,
            mistyped_class: Some("org.opensearch.tools.jackson.core.InputCoercionException"),
            ..JACKSON_2
        },
    }
}

/// The class of an error in what a body says.
pub const fn parsing_class(line: Line) -> &'static str {
    match line {
        Line::Odfe => "org.elasticsearch.common.ParsingException",
        Line::V1_3 => "org.opensearch.common.ParsingException",
        Line::V2_19 | Line::V3 => "org.opensearch.core.common.ParsingException",
    }
}

/// The class of an error in how a body is written.
pub const fn parse_exception_class(line: Line) -> &'static str {
    match line {
        Line::Odfe => "org.elasticsearch.ElasticsearchParseException",
        Line::V1_3 | Line::V2_19 | Line::V3 => "org.opensearch.OpenSearchParseException",
    }
}

/// The package of the server's Java classes.
pub const fn java_root(line: Line) -> &'static str {
    match line {
        Line::Odfe => "org.elasticsearch",
        Line::V1_3 | Line::V2_19 | Line::V3 => "org.opensearch",
    }
}

/// The class of a refusal that chose its own status.
pub const fn status_exception_class(line: Line) -> &'static str {
    match line {
        Line::Odfe => "org.elasticsearch.ElasticsearchStatusException",
        Line::V1_3 | Line::V2_19 | Line::V3 => "org.opensearch.OpenSearchStatusException",
    }
}

/// The class of a stale revision.
pub const fn version_conflict_class(line: Line) -> &'static str {
    match line {
        Line::Odfe => "org.elasticsearch.index.engine.VersionConflictEngineException",
        Line::V1_3 | Line::V2_19 | Line::V3 => "org.opensearch.index.engine.VersionConflictEngineException",
    }
}

/// The class of a request whose parts do not go together.
pub const fn request_validation_class(line: Line) -> &'static str {
    match line {
        Line::Odfe => "org.elasticsearch.action.ActionRequestValidationException",
        Line::V1_3 | Line::V2_19 | Line::V3 => "org.opensearch.action.ActionRequestValidationException",
    }
}

/// The class of a search in which every shard failed.
pub const fn search_failure_class(line: Line) -> &'static str {
    match line {
        Line::Odfe => "org.elasticsearch.action.search.SearchPhaseExecutionException",
        Line::V1_3 | Line::V2_19 | Line::V3 => "org.opensearch.action.search.SearchPhaseExecutionException",
    }
}

/// The `schema_version` that the alerting plugin writes into destinations, email accounts and groups.
pub const fn destination_schema(line: Line) -> u64 {
    match line {
        Line::Odfe => 3,
        Line::V1_3 => 4,
        Line::V2_19 => 5,
        Line::V3 => 8,
    }
}

/// Whether documents carry the user who wrote them, without security an empty one.
pub const fn shows_user(line: Line) -> bool {
    matches!(line, Line::Odfe)
}

/// What a read of destinations says, and blames, when nothing was ever written.
pub fn no_destinations_index(line: Line) -> (String, String) {
    let index = "[.opendistro-alerting-config]";
    match line {
        Line::Odfe | Line::V1_3 | Line::V2_19 => (
            format!("Configured indices are not found: {index}"),
            format!("{}.index.IndexNotFoundException: no such index {index}", java_root(line)),
        ),
        Line::V3 => (
            format!("Failed to search indices {index}"),
            format!("{}: Failed to search indices {index}", status_exception_class(line)),
        ),
    }
}

/// When a list of channels sees a write: 2.x writes without a refresh, 3.x waits for it.
pub const fn channel_refresh(line: Line) -> Refresh {
    match line {
        Line::V3 => Refresh::Now,
        Line::Odfe | Line::V1_3 | Line::V2_19 => Refresh::Later,
    }
}

/// The types of channels that a line knows, beyond those that all have.
pub const fn late_channel_types(line: Line) -> &'static [&'static str] {
    match line {
        Line::V3 => &["mattermost"],
        Line::Odfe | Line::V1_3 | Line::V2_19 => &[],
    }
}

/// The refusal of a channel whose id is in use.
pub fn channel_exists(line: Line, id: &str, version: u64) -> Refusal {
    let reason = match line {
        Line::V3 => format!("Document version conflict putting {id} in index {CHANNELS_INDEX}"),
        Line::Odfe | Line::V1_3 | Line::V2_19 => {
            format!("[{id}]: version conflict, document already exists (current version [{version}])")
        }
    };
    Refusal::exception(409, "status_exception", reason)
}

/// The refusal of a channel whose id is longer than 512 bytes.
pub fn channel_id_too_long(line: Line, id: &str) -> Refusal {
    let limit = format!("must be no longer than 512 bytes but was: {}", id.len());
    let reason = format!("Validation Failed: 1: id [{id}] is too long, {limit};");
    match line {
        Line::V3 => {
            let put = format!("Failed to put data object in index {CHANNELS_INDEX}");
            Refusal::exception(500, "status_exception", put)
                .caused_by(json!({"type": "action_request_validation_exception", "reason": reason}))
        }
        Line::Odfe | Line::V1_3 | Line::V2_19 => Refusal::exception(400, "status_exception", reason),
    }
}

/// The refusal of a search of channels that failed for the given reason: 3.x tells it, the others do not.
pub fn channel_search_failed(line: Line, failure: &SearchFailure) -> Refusal {
    if line != Line::V3 {
        return Refusal::exception(500, "status_exception", "all shards failed");
    }
    let SearchFailure { kind, reason, at_index, cause } = failure;
    let mut root = json!({"type": kind, "reason": reason});
    if *at_index {
        root["index"] = CHANNELS_INDEX.into();
        root["index_uuid"] = "ChannelsOfTheSandbox00".into();
    }
    let mut full = root.clone();
    if let Some((kind, reason)) = cause {
        full["caused_by"] = json!({"type": kind, "reason": reason});
    }
    let node = "TheOnlyNodeOfSandbox00";
    let shard = if *at_index { full.clone() } else { root.clone() };
    let phase = json!({
        "type": "search_phase_execution_exception",
        "reason": "all shards failed",
        "phase": "query",
        "grouped": true,
        "failed_shards": [{"shard": 0, "index": CHANNELS_INDEX, "node": node, "reason": shard}],
        "caused_by": full,
    });
    Refusal::exception(500, "status_exception", format!("Failed to search indices [{CHANNELS_INDEX}]"))
        .rooted_in(root)
        .caused_by(phase)
}

/// Why a search failed on its shard.
#[derive(Debug)]
pub struct SearchFailure {
    /// The `type`.
    pub kind: &'static str,
    /// The `reason`.
    pub reason: String,
    /// Whether the index is named with it.
    pub at_index: bool,
    /// The `type` and `reason` of the cause.
    pub cause: Option<(&'static str, String)>,
}

/// Where the notifications plugin keeps its channels.
pub const CHANNELS_INDEX: &str = ".opensearch-notifications-config";

/// Whether documents still show the one type that a mapping has.
pub const fn has_mapping_types(line: Line) -> bool {
    matches!(line, Line::Odfe | Line::V1_3)
}
