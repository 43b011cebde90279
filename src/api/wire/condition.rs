//! Conditions of triggers on the wire, as servers give them back: a script, and for buckets what it looks at.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::fields::{Fields, escaped, flaw, mismatch, object, text};
use super::flaw::{Defects, Flaw};

/// What a script may have.
const SCRIPT: &[&str] = &["source", "lang", "params", "options"];

/// What a script may have that is stored in the cluster.
const STORED_SCRIPT: &[&str] = &["id", "params"];

/// What the condition of a bucket-level trigger may have.
const ON_BUCKETS: &[&str] =
    &["buckets_path", "parent_bucket_path", "script", GAP_POLICY, FILTER, COMPOSITE_FILTER];

const GAP_POLICY: &str = "gap_policy";
const FILTER: &str = "filter";
const COMPOSITE_FILTER: &str = "composite_agg_filter";

/// Reads a condition that has nothing but a script, which can only be Painless.
pub fn script_alone(condition: &Fields<'_>, defects: &mut Defects) -> Option<Value> {
    defects.drop_beside(condition, &["script"]);
    let script = script(condition, defects)?;
    for (key, wanted) in [("lang", "`painless`"), ("id", "`source` in place of a stored script")] {
        if let Some(found) = script.get(key) {
            defects.flaws.push(mismatch(&format!("{}/script/{key}", condition.pointer), wanted, found));
        }
    }
    Some(object("script", script))
}

/// Reads the condition of a bucket-level trigger.
pub fn on_buckets(condition: &Fields<'_>, defects: &mut Defects) -> Option<Value> {
    defects.refuse_beside(condition, ON_BUCKETS, "a condition on buckets");
    let paths = buckets_path(condition, defects);
    let parent = defects.keep(condition.need_text("parent_bucket_path"));
    let choice = choice(condition, defects);
    let script = script(condition, defects);
    let mut read = choice?;
    read.insert("buckets_path".to_owned(), paths?);
    read.insert("parent_bucket_path".to_owned(), parent?.into());
    read.insert("script".to_owned(), script?);
    Some(Value::Object(read))
}

/// Reads which buckets a condition looks at, and what becomes of those without a value.
pub fn choice(condition: &Fields<'_>, defects: &mut Defects) -> Option<Map<String, Value>> {
    let policy = defects.keep(gap_policy(condition));
    let of_all = condition.get(FILTER).map(|value| filter(value, &condition.at(FILTER), defects));
    let by_source = condition.get(COMPOSITE_FILTER).map(|value| {
        let sources = defects.keep(Fields::of(value, &condition.at(COMPOSITE_FILTER)))?;
        let filters = sources.map.iter().map(|(source, value)| {
            let filter = filter(value, &sources.at(source), defects);
            Some((source.clone(), filter?))
        });
        let filters: Vec<Option<_>> = filters.collect();
        Some(Value::Object(filters.into_iter().collect::<Option<_>>()?))
    });
    if of_all.is_some() && by_source.is_some() {
        // the server keeps the later one
        let message = format!("`{FILTER}` and `{COMPOSITE_FILTER}` exclude each other");
        defects.flaws.push(flaw(&condition.at(COMPOSITE_FILTER), message));
    }
    let mut read = Map::new();
    read.extend(policy?.map(|policy| (GAP_POLICY.to_owned(), policy.into())));
    for (key, filter) in [(FILTER, of_all), (COMPOSITE_FILTER, by_source)] {
        if let Some(filter) = filter {
            read.insert(key.to_owned(), filter?);
        }
    }
    Some(read)
}

/// The script of a condition, which may be a mere text; without its language when that is Painless.
fn script(condition: &Fields<'_>, defects: &mut Defects) -> Option<Value> {
    if let Some(Value::String(source)) = condition.get("script") {
        return Some(json!({ "source": source }));
    }
    let script = defects.keep(condition.inner("script"))?;
    let is_stored = script.get("id").is_some();
    let (source, known, what) =
        if is_stored { ("id", STORED_SCRIPT, "a stored script") } else { ("source", SCRIPT, "a script") };
    defects.refuse_beside(&script, known, what);
    let mut read = Map::from_iter([(source.to_owned(), defects.keep(script.need_text(source))?.into())]);
    if let Some(lang) = defects.keep(script.text("lang"))?.filter(|lang| lang != "painless") {
        read.insert("lang".to_owned(), lang.into());
    }
    for key in ["params", "options"] {
        if let Some(value) = script.get(key) {
            let further = defects.keep(Fields::of(value, &script.at(key)))?;
            if key == "options" {
                defects.refuse_beside(&further, &["content_type"], "the options of a script");
            }
            if !further.map.is_empty() {
                read.insert(key.to_owned(), value.clone());
            }
        }
    }
    Some(Value::Object(read))
}

/// What the script calls what it looks at, as names of paths; a server names what has no name.
fn buckets_path(condition: &Fields<'_>, defects: &mut Defects) -> Option<Value> {
    const KEY: &str = "buckets_path";
    let pointer = condition.at(KEY);
    let named: Vec<(String, Option<String>)> = match defects.keep(condition.need(KEY))? {
        Value::Object(paths) => {
            let of = |path: &Value, key: &str| text(path, || format!("{pointer}/{}", escaped(key)));
            paths.iter().map(|(key, path)| (key.clone(), defects.keep(of(path, key)))).collect()
        }
        Value::Array(paths) => {
            let named = paths.iter().enumerate();
            let of = |path: &Value, index: usize| text(path, || format!("{pointer}/{index}"));
            named.map(|(i, path)| (format!("_value{i}"), defects.keep(of(path, i)))).collect()
        }
        Value::String(path) => vec![("_value".to_owned(), Some(path.clone()))],
        other => {
            defects.flaws.push(mismatch(&pointer, "a mapping of names to paths", other));
            return None;
        }
    };
    let named = named.into_iter().map(|(name, path)| Some((name, path?.into())));
    named.collect::<Option<_>>().map(Value::Object)
}

/// What becomes of buckets without a value, when that is not the default.
fn gap_policy(condition: &Fields<'_>) -> Result<Option<String>, Flaw> {
    match condition.text(GAP_POLICY)?.as_deref() {
        None | Some("skip") => Ok(None),
        Some(policy @ "insert_zeros") => Ok(Some(policy.to_owned())),
        Some(other) => Err(mismatch(&condition.at(GAP_POLICY), "`skip` or `insert_zeros`", &other.into())),
    }
}

/// What includes and excludes keys of buckets: lists of them, regular expressions, or one part of a number of parts.
fn filter(value: &Value, pointer: &str, defects: &mut Defects) -> Option<Value> {
    let fields = defects.keep(Fields::of(value, pointer))?;
    defects.refuse_beside(&fields, &[INCLUDE, EXCLUDE], "a filter of buckets");
    let include = fields.get(INCLUDE).map(|value| keys(value, &fields.at(INCLUDE), defects));
    let exclude = fields.get(EXCLUDE).map(|value| keys(value, &fields.at(EXCLUDE), defects));
    let problem = match (&include, &exclude) {
        (None, None) => Some("expected `include` or `exclude`"),
        (_, Some(Some(Value::Object(_)))) => Some("`exclude` takes a list or a regular expression alone"),
        (Some(Some(Value::Object(_))), Some(_)) => Some("no `exclude` goes beside a part of the buckets"),
        (Some(Some(include)), Some(Some(exclude))) if include.is_array() != exclude.is_array() => {
            Some("`include` and `exclude` are both lists or both regular expressions")
        }
        _ => None,
    };
    if let Some(problem) = problem {
        defects.flaws.push(flaw(pointer, problem));
    }
    let mut read = Map::new();
    for (key, keys) in [(INCLUDE, include), (EXCLUDE, exclude)] {
        if let Some(keys) = keys {
            read.insert(key.to_owned(), keys?);
        }
    }
    Some(Value::Object(read))
}

const INCLUDE: &str = "include";
const EXCLUDE: &str = "exclude";

/// Keys of buckets: a set of texts in order, a regular expression, or a part of all.
fn keys(value: &Value, pointer: &str, defects: &mut Defects) -> Option<Value> {
    match value {
        Value::String(_) => Some(value.clone()),
        Value::Array(items) => {
            let of =
                |(index, item): (usize, &Value)| defects.keep(text(item, || format!("{pointer}/{index}")));
            let keys: Vec<Option<String>> = items.iter().enumerate().map(of).collect();
            let keys = keys.into_iter().collect::<Option<BTreeSet<_>>>()?;
            Some(keys.into_iter().collect())
        }
        Value::Object(_) => {
            let fields = defects.keep(Fields::of(value, pointer))?;
            defects.refuse_beside(&fields, &[PARTITION, PARTITIONS], "a part of the buckets");
            let partition = defects.keep(fields.need(PARTITION).and_then(|_| fields.whole(PARTITION, 0)));
            let number = defects.keep(fields.need(PARTITIONS).and_then(|_| fields.positive(PARTITIONS)));
            if let (Some(Some(partition)), Some(Some(number))) = (partition, number)
                && partition >= number
            {
                let message = format!("`{PARTITION}` counts from 0, and is less than `{PARTITIONS}`");
                defects.flaws.push(flaw(&fields.at(PARTITION), message));
            }
            Some(json!({PARTITION: partition?, PARTITIONS: number?}))
        }
        other => {
            defects.flaws.push(mismatch(pointer, "a list or a regular expression", other));
            None
        }
    }
}

const PARTITION: &str = "partition";
const PARTITIONS: &str = "num_partitions";
