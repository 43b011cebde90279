//! Which documents a query finds; the query has every default written out.

use serde_json::Value;

use super::Failure;
use super::fields::{self, Kind};
use crate::sandbox::words::{self, Join};

/// Says whether a query finds a document.
pub fn matches(query: &Value, id: &str, document: &Value) -> Result<bool, Failure> {
    let Some((name, options)) = query.as_object().and_then(|entries| entries.iter().next()) else {
        return Ok(true);
    };
    match name.as_str() {
        "match_all" => Ok(true),
        "match_none" => Ok(false),
        "bool" => boolean(options, id, document),
        "constant_score" => matches(&options["filter"], id, document),
        "exists" => Ok(fields::exists(text(&options["field"]), document)),
        "ids" => Ok(options["values"].as_array().is_some_and(|ids| ids.iter().any(|other| other == id))),
        "query_string" | "simple_query_string" => Ok(query_string(options, document)),
        _ => {
            let (field, options) = field_of(options).ok_or_else(|| Failure::Unknown(name.clone()))?;
            one_field(name, field, options, id, document)
        }
    }
}

fn one_field(name: &str, field: &str, options: &Value, id: &str, document: &Value) -> Result<bool, Failure> {
    let id = Value::String(id.to_owned());
    let there = if field == "_id" { vec![&id] } else { fields::values(field, document) };
    let any = |found: &dyn Fn(&str) -> bool| there.iter().any(|value| found(&plain(value)));
    Ok(match name {
        "term" => is_term(field, &there, &options["value"]),
        "terms" => options.as_array().into_iter().flatten().any(|wanted| is_term(field, &there, wanted)),
        "match" if fields::kind(field) == Some(Kind::Text) => {
            let join = if options["operator"] == "AND" { Join::All } else { Join::Any };
            any(&|value| words::finds(&words::words(&plain(&options["query"])).join(" "), join, &[value]))
        }
        "match" => is_term(field, &there, &options["query"]),
        "match_phrase" => {
            let wanted = words::words(&plain(&options["query"]));
            let phrase = |value: &str| words::words(value).windows(wanted.len()).any(|run| run == wanted);
            !wanted.is_empty() && any(&phrase)
        }
        "prefix" => terms(field, &there).iter().any(|term| term.starts_with(&plain(&options["value"]))),
        "wildcard" => {
            let pattern = plain(&options["wildcard"]);
            terms(field, &there).iter().any(|term| words::wildcard(&pattern, term))
        }
        "range" => there.iter().any(|value| in_range(value, options)),
        _ => return Err(Failure::Unknown(name.to_owned())),
    })
}

fn boolean(options: &Value, id: &str, document: &Value) -> Result<bool, Failure> {
    let clauses = |name: &str| options[name].as_array().cloned().unwrap_or_default();
    let count = |name: &str| -> Result<usize, Failure> {
        let found: Result<Vec<bool>, Failure> =
            clauses(name).iter().map(|query| matches(query, id, document)).collect();
        Ok(found?.into_iter().filter(|found| *found).count())
    };
    let needed = |name: &str| Ok(count(name)? == clauses(name).len());
    let should = clauses("should").len();
    let alone = clauses("must").is_empty() && clauses("filter").is_empty() && should > 0;
    let least = plain(&options["minimum_should_match"]).parse().unwrap_or(usize::from(alone));
    Ok(needed("must")? && needed("filter")? && count("must_not")? == 0 && count("should")? >= least)
}

fn query_string(options: &Value, document: &Value) -> bool {
    let named: Vec<&str> = options["fields"].as_array().into_iter().flatten().map(text).collect();
    let named: Vec<&str> = named.into_iter().map(|field| field.split('^').next().unwrap_or(field)).collect();
    let texts: Vec<String> =
        named.iter().flat_map(|field| fields::values(field, document)).map(plain).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let join = if options["default_operator"] == "and" { Join::All } else { Join::Any };
    words::finds(text(&options["query"]), join, &texts)
}

/// The one field of a query's options, beside its boost and name.
fn field_of(options: &Value) -> Option<(&str, &Value)> {
    let mut entries =
        options.as_object()?.iter().filter(|(key, _)| !matches!(key.as_str(), "boost" | "_name"));
    entries.next().map(|(field, options)| (field.as_str(), options))
}

/// A term is a whole text, or one word of a field of words.
fn is_term(field: &str, there: &[&Value], wanted: &Value) -> bool {
    terms(field, there).contains(&plain(wanted))
}

fn terms(field: &str, there: &[&Value]) -> Vec<String> {
    let texts = there.iter().map(|value| plain(value));
    match fields::kind(field) {
        Some(Kind::Text) => texts.flat_map(|text| words::words(&text)).collect(),
        _ => texts.collect(),
    }
}

fn in_range(value: &Value, options: &Value) -> bool {
    let number = |value: &Value| plain(value).parse::<f64>().ok();
    let Some(value) = number(value) else { return false };
    let above = number(&options["from"])
        .is_none_or(|from| if options["include_lower"] == false { value > from } else { value >= from });
    let below = number(&options["to"])
        .is_none_or(|to| if options["include_upper"] == false { value < to } else { value <= to });
    above && below
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn finds(query: &Value) -> bool {
        let document = json!({"monitor": {
            "name": "Disk full", "type": "monitor", "enabled": false, "schema_version": 3, "ui_metadata": {"name": "x"}
        }});
        matches(query, "m1", &document) == Ok(true)
    }

    #[test]
    fn terms_are_whole_texts_and_words_are_small() {
        assert!(finds(&json!({"term": {"monitor.name.keyword": {"value": "Disk full"}}})));
        assert!(finds(&json!({"term": {"monitor.name": {"value": "disk"}}})));
        assert!(!finds(&json!({"term": {"monitor.name": {"value": "Disk full"}}})));
        assert!(finds(&json!({"term": {"monitor.enabled": {"value": false}}})));
        assert!(finds(&json!({"terms": {"_id": ["m0", "m1"], "boost": 1.0}})));
        assert!(
            !finds(&json!({"terms": {"_id": ["m0"]}}))
                && !finds(&json!({"term": {"name": {"value": "disk"}}}))
        );
    }

    #[test]
    fn what_is_not_indexed_does_not_exist() {
        assert!(
            finds(&json!({"exists": {"field": "monitor"}}))
                && !finds(&json!({"exists": {"field": "workflow"}}))
        );
        assert!(!finds(&json!({"exists": {"field": "monitor.ui_metadata"}})));
    }

    #[test]
    fn a_bool_needs_a_should_only_where_nothing_else_is_needed() {
        let (yes, no) = (json!({"match_all": {}}), json!({"match_none": {}}));
        assert!(finds(&json!({"bool": {"must": [yes], "should": [no]}})));
        assert!(!finds(&json!({"bool": {"should": [no]}})) && finds(&json!({"bool": {"should": [no, yes]}})));
        assert!(!finds(&json!({"bool": {"must_not": [yes]}})) && finds(&json!({"bool": {}})));
        assert!(!finds(&json!({"bool": {"must": [yes, no]}})));
    }

    #[test]
    fn an_unknown_query_is_told_and_not_answered() {
        let unknown =
            matches(&json!({"geo_shape": {"monitor.name": {}}}), "m1", &json!({"monitor": {"name": "a"}}));
        assert_eq!(unknown, Err(Failure::Unknown("geo_shape".to_owned())));
    }
}
