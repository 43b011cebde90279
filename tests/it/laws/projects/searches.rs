//! Search bodies: what people write in many spellings, and the recorded ones put together anew.

use alertform::api::line::Line;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::laws::texts::text;
use crate::recordings::declarable_bodies;

/// A search body that servers of `line` take.
pub fn body(line: Line) -> BoxedStrategy<Value> {
    let recorded: Vec<Value> = declarable_bodies(line).into_iter().map(|(_, body)| body).collect();
    let part = |key: &str| -> Vec<Value> {
        recorded.iter().filter_map(|body| body.get(key)).filter(|part| part.is_object()).cloned().collect()
    };
    let (queries, aggregations, sorts) = (part("query"), part("aggs"), part("sort"));
    let sorts: Vec<Value> =
        sorts.into_iter().chain([json!([{"took": "desc"}, "_doc"]), json!("took")]).collect();
    let aggregations = prop_oneof![
        1 => prop::sample::select(aggregations).boxed(),
        1 => prop::collection::btree_map("[a-z]{1,5}", aggregation(), 1..3).prop_map(|aggs| json!(aggs)).boxed(),
    ];
    let parts = (
        prop::option::weighted(0.8, query(queries)),
        prop::option::of((prop::sample::select(vec!["aggs", "aggregations"]), aggregations)),
        prop::option::of(0..50_u32),
        prop::option::weighted(0.2, prop::sample::select(sorts)),
        prop::option::of(prop_oneof![
            any::<bool>().prop_map(Value::Bool),
            (1..20_000).prop_map(|n| json!(n))
        ]),
        prop::option::weighted(
            0.2,
            prop::sample::select(vec![json!(false), json!(["a", "b.*"]), json!({"excludes": "x"})]),
        ),
    );
    let together = parts.prop_map(|(query, aggs, size, sort, hits, source)| {
        let mut body = Map::new();
        let (aggs_key, aggs) = aggs.map_or(("aggs", None), |(key, aggs)| (key, Some(aggs)));
        let parts = [
            ("size", size.map(|size| json!(size))),
            ("query", query),
            (aggs_key, aggs),
            ("sort", sort),
            ("track_total_hits", hits),
            ("_source", source),
        ];
        body.extend(parts.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
        Value::Object(body)
    });
    prop_oneof![1 => prop::sample::select(recorded), 3 => together].boxed()
}

/// The search body of a bucket-level monitor, whose composite aggregation is called `by`.
pub fn composite(line: Line) -> BoxedStrategy<Value> {
    let source = prop_oneof![
        Just(json!({"terms": {"field": "service"}})),
        Just(json!({"terms": {"field": "host.name", "missing_bucket": true, "order": "desc"}})),
        Just(json!({"date_histogram": {"field": "@timestamp", "fixed_interval": "1h"}})),
        Just(json!({"histogram": {"field": "took", "interval": 5}})),
    ];
    let sources = prop::collection::vec(source, 1..3);
    let inner = prop::option::of(aggregation());
    (body(line), sources, prop::option::of(1..500_u32), inner)
        .prop_map(|(body, sources, size, inner)| {
            let sources: Vec<Value> =
                sources.into_iter().enumerate().map(|(n, source)| json!({format!("s{n}"): source})).collect();
            let mut composite = json!({ "sources": sources });
            if let Some(size) = size {
                composite["size"] = size.into();
            }
            let mut by = json!({ "composite": composite });
            if let Some(inner) = inner {
                by["aggs"] = json!({ "inner": inner });
            }
            let mut searched = json!({"size": 0});
            if let Some(query) = body.get("query") {
                searched["query"] = query.clone();
            }
            searched["aggregations"] = json!({ "by": by });
            searched
        })
        .boxed()
}

fn query(recorded: Vec<Value>) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![4 => leaf().boxed(), 3 => prop::sample::select(recorded).boxed()];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let clauses = || prop::collection::vec(inner.clone(), 0..3);
        prop_oneof![
            3 => (clauses(), clauses(), clauses(), clauses(), prop::option::of(1..3_u8)).prop_map(
                |(must, filter, should, must_not, least)| {
                    let mut boolean = Map::new();
                    let kinds = [("must", must), ("filter", filter), ("should", should), ("must_not", must_not)];
                    for (key, mut clauses) in kinds {
                        match clauses.len() {
                            0 => {}
                            // one may stand without its list
                            1 if key != "should" => _ = boolean.insert(key.to_owned(), clauses.remove(0)),
                            _ => _ = boolean.insert(key.to_owned(), clauses.into()),
                        }
                    }
                    if let Some(least) = least {
                        boolean.insert("minimum_should_match".to_owned(), least.into());
                    }
                    json!({ "bool": boolean })
                }
            ),
            1 => (inner.clone(), prop::option::of(0.1..9.0_f32)).prop_map(|(filter, boost)| {
                let mut constant = json!({ "filter": filter });
                if let Some(boost) = boost {
                    constant["boost"] = json!((boost * 10.0).round() / 10.0);
                }
                json!({ "constant_score": constant })
            }),
            1 => clauses().prop_map(|queries| {
                if queries.is_empty() { json!({"match_all": {}}) } else { json!({"dis_max": {"queries": queries}}) }
            }),
            1 => inner.clone().prop_map(|query| json!({"nested": {"path": "spans", "query": query}})),
            1 => (inner.clone(), inner.clone()).prop_map(|(positive, negative)| {
                json!({"boosting": {"positive": positive, "negative": negative, "negative_boost": 0.5}})
            }),
        ]
    })
}

fn leaf() -> impl Strategy<Value = Value> {
    let field = || prop::sample::select(vec!["level", "service.name", "http.status", "user id", "日付"]);
    let word = || prop_oneof![2 => "[A-Za-z]{1,8}", 1 => text()];
    let number = prop_oneof![
        (-9_i64..100_000).prop_map(|number| json!(number)),
        (0..1_000_i32).prop_map(|number| json!(f64::from(number) / 8.0)),
        Just(serde_json::from_str("1e3").unwrap()),
        Just(serde_json::from_str("5.0").unwrap()),
    ];
    let scalar = || prop_oneof![word().prop_map(Value::String), any::<bool>().prop_map(Value::Bool)];
    let bound = prop_oneof![number.clone(), Just(json!("now-1d/d")), Just(json!("{{period_end}}||-5m"))];
    prop_oneof![
        (field(), scalar()).prop_map(|(field, value)| json!({"term": {field: value}})),
        (field(), number, 0..5_u8)
            .prop_map(|(field, value, boost)| json!({"term": {field: {"value": value, "boost": boost}}})),
        (field(), prop::collection::vec(scalar(), 0..3))
            .prop_map(|(field, values)| json!({"terms": {field: values}})),
        (field(), prop::sample::select(vec!["gt", "gte", "lt", "lte", "from", "to"]), bound)
            .prop_map(|(field, side, bound)| json!({"range": {field: {side: bound}}})),
        (field(), word()).prop_map(|(field, text)| json!({"match": {field: text}})),
        (field(), word(), prop::sample::select(vec!["and", "OR"])).prop_map(
            |(field, text, operator)| json!({"match": {field: {"query": text, "operator": operator}}})
        ),
        (field(), word()).prop_map(|(field, text)| json!({"match_phrase": {field: text}})),
        field().prop_map(|field| json!({"exists": {"field": field}})),
        (field(), word()).prop_map(|(field, text)| json!({"wildcard": {field: {"value": text}}})),
        (field(), word()).prop_map(|(field, text)| json!({"prefix": {field: text}})),
        prop::collection::vec(word(), 0..3).prop_map(|ids| json!({"ids": {"values": ids}})),
        (word(), field())
            .prop_map(|(text, field)| json!({"query_string": {"query": text, "default_field": field}})),
        Just(json!({"match_all": {}})),
    ]
}

fn aggregation() -> impl Strategy<Value = Value> {
    let metric = prop_oneof![
        prop::sample::select(vec!["avg", "max", "cardinality", "value_count"])
            .prop_map(|kind| json!({kind: {"field": "took"}})),
        Just(json!({"percentiles": {"field": "took", "percents": [95, 99.9]}})),
        Just(json!({"top_hits": {"size": 1, "sort": [{"@timestamp": {"order": "desc"}}]}})),
    ];
    metric.prop_recursive(2, 6, 2, |inner| {
        let inner = prop::collection::btree_map("[a-z]{1,5}", inner, 0..3);
        let bucket = prop_oneof![
            (1..100_u32).prop_map(|size| json!({"terms": {"field": "service", "size": size}})),
            Just(json!({"terms": {"field": "service", "order": [{"_count": "desc"}, {"_key": "asc"}]}})),
            Just(json!({"date_histogram": {"field": "@timestamp", "calendar_interval": "1d"}})),
            leaf().prop_map(|query| json!({ "filter": query })),
            Just(json!({"range": {"field": "took", "ranges": [{"to": 100}, {"from": 100, "to": 2e3}]}})),
        ];
        (bucket, inner, prop::sample::select(vec!["aggs", "aggregations"])).prop_map(
            |(mut bucket, inner, key)| {
                if !inner.is_empty() {
                    bucket[key] = json!(inner);
                }
                bucket
            },
        )
    })
}
