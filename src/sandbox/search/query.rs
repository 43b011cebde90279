//! Whether a document matches a query, in the server's expanded spelling.

use std::cmp::Ordering;

use serde_json::Value;

use super::super::words::{self, Join};
use super::sort::compare_values;
use super::{Failure, fields};

/// Whether a document matches.
pub fn matches(query: &Value, id: &str, document: &Value) -> Result<bool, Failure> {
    let Some((kind, options)) = query.as_object().and_then(|query| query.iter().next()) else {
        return Ok(true);
    };
    match kind.as_str() {
        "match_all" => Ok(true),
        "match_none" => Ok(false),
        "bool" => matches_bool(options, id, document),
        "constant_score" => matches(&options["filter"], id, document),
        "exists" => Ok(fields::exists(text(options, "field"), id, document)),
        "ids" => Ok(listed(&options["values"]).any(|value| value.as_str() == Some(id))),
        "query_string" | "simple_query_string" => query_string(options, document),
        _ => {
            let Some((field, options)) = under_field(options) else {
                return Err(unsupported(kind));
            };
            matches_field(kind, field, options, id, document)
        }
    }
}

fn matches_field(
    kind: &str,
    field: &str,
    options: &Value,
    id: &str,
    document: &Value,
) -> Result<bool, Failure> {
    let terms = || fields::terms(field, id, document);
    let whole = |key: &str| options.get(key).unwrap_or(options).clone();
    Ok(match kind {
        "term" => terms().iter().any(|value| same(value, &whole("value"))),
        "terms" => listed(options).any(|wanted| terms().iter().any(|value| same(value, wanted))),
        "prefix" => {
            let wanted = as_text(&whole("value"));
            terms().iter().any(|value| as_text(value).starts_with(&wanted))
        }
        "wildcard" => {
            let pattern = as_text(&whole("wildcard"));
            terms().iter().any(|value| words::wildcard(&pattern, &as_text(value)))
        }
        "range" => terms().iter().any(|value| in_range(value, options)),
        "match" | "match_phrase" => {
            let wanted = as_text(&whole("query"));
            let texts = fields::texts(field, document);
            if texts.is_empty() {
                return Ok(terms().iter().any(|value| as_text(value) == wanted));
            }
            texts.iter().any(|text| match_words(&wanted, text, kind, options))
        }
        _ => return Err(unsupported(kind)),
    })
}

fn match_words(wanted: &str, text: &str, kind: &str, options: &Value) -> bool {
    let (wanted, there) = (words::words(wanted), words::words(text));
    if kind == "match_phrase" {
        return !wanted.is_empty() && there.windows(wanted.len()).any(|run| run == wanted);
    }
    let all = options.get("operator").and_then(Value::as_str) == Some("AND");
    let mut found = wanted.iter().map(|word| there.contains(word));
    if all { !wanted.is_empty() && found.all(|found| found) } else { found.any(|found| found) }
}

fn matches_bool(options: &Value, id: &str, document: &Value) -> Result<bool, Failure> {
    let clauses = |key: &str| {
        let results = options.get(key).into_iter().flat_map(listed).map(|query| matches(query, id, document));
        results.collect::<Result<Vec<bool>, Failure>>()
    };
    let required = [clauses("must")?, clauses("filter")?].concat();
    let should = clauses("should")?;
    let least = match options.get("minimum_should_match").and_then(Value::as_str) {
        Some(number) => number
            .parse::<usize>()
            .map_err(|_| Failure::Unsupported(format!("`minimum_should_match` of `{number}`")))?,
        None => usize::from(required.is_empty() && !should.is_empty()),
    };
    let enough = should.iter().filter(|matched| **matched).count() >= least;
    Ok(enough && required.iter().all(|matched| *matched) && !clauses("must_not")?.contains(&true))
}

/// Words and wildcards; the rest of that language is beyond the sandbox.
fn query_string(options: &Value, document: &Value) -> Result<bool, Failure> {
    let query = text(options, "query");
    let has_syntax = query.contains([':', '(', ')', '"', '~', '^', '[', '{', '+', '!', '|', '&', '\\', '/'])
        || query.split_whitespace().any(|word| matches!(word, "AND" | "OR" | "NOT") || word.starts_with('-'));
    if has_syntax {
        return Err(Failure::Unsupported(format!("the syntax of the query string `{query}`")));
    }
    let mut names: Vec<String> = options
        .get("fields")
        .into_iter()
        .flat_map(listed)
        .filter_map(Value::as_str)
        .map(|field| field.split('^').next().unwrap_or(field).to_owned())
        .collect();
    names.extend(options.get("default_field").and_then(Value::as_str).map(str::to_owned));
    if names.is_empty() {
        return Err(Failure::Unsupported("a query string without fields".to_owned()));
    }
    let found: Vec<String> = names
        .iter()
        .flat_map(|name| {
            let whole = fields::exact(name, "", document).into_iter().map(|value| as_text(&value));
            fields::texts(name, document).into_iter().chain(whole).collect::<Vec<_>>()
        })
        .collect();
    let texts: Vec<&str> = found.iter().map(String::as_str).collect();
    let join = match options.get("default_operator").and_then(Value::as_str) {
        Some("and" | "AND") => Join::All,
        _ => Join::Any,
    };
    Ok(query.trim() == "*" || words::finds(query, join, &texts))
}

fn in_range(value: &Value, options: &Value) -> bool {
    let bound = |key: &str| options.get(key).filter(|bound| !bound.is_null());
    let includes = |key: &str| options.get(key) != Some(&Value::Bool(false));
    let above = bound("from").is_none_or(|from| match compare_loosely(value, from) {
        Ordering::Greater => true,
        Ordering::Equal => includes("include_lower"),
        Ordering::Less => false,
    });
    let below = bound("to").is_none_or(|to| match compare_loosely(value, to) {
        Ordering::Less => true,
        Ordering::Equal => includes("include_upper"),
        Ordering::Greater => false,
    });
    above && below
}

/// Numbers may be asked for in quotes.
fn compare_loosely(value: &Value, bound: &Value) -> Ordering {
    match (value, bound) {
        (Value::Number(_), Value::String(text)) => {
            text.parse::<i64>().map_or(Ordering::Less, |number| compare_values(value, &number.into()))
        }
        _ => compare_values(value, bound),
    }
}

fn same(value: &Value, wanted: &Value) -> bool {
    value == wanted || as_text(value) == as_text(wanted)
}

fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn listed(value: &Value) -> impl Iterator<Item = &Value> {
    let items = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
    items.iter()
}

/// `{"field": …, "boost": 1.0}`: the field is the key that is no option.
fn under_field(options: &Value) -> Option<(&str, &Value)> {
    let fields = options
        .as_object()?
        .iter()
        .find(|(key, _)| !matches!(key.as_str(), "boost" | "_name" | "value_type"))?;
    Some((fields.0, fields.1))
}

fn text<'a>(options: &'a Value, key: &str) -> &'a str {
    options.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn unsupported(kind: &str) -> Failure {
    Failure::Unsupported(format!("the query `{kind}`"))
}
