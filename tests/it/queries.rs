//! The server's rewriting of search bodies against the recordings of all four lines, and the laws of the three uses.

#![expect(clippy::unwrap_used, reason = "a recording that cannot be read is a failure by itself")]

use std::fmt::Write as _;

use alertform::api::line::Line;
use alertform::api::wire::dsl::{canonical, expand, rewrite, shorten};
use serde_json::Value;

use crate::recordings::ODD;
use recording::{Answer, Pair};

mod mutation;
mod recording;

/// Fails with all complaints, if there are any.
fn nothing_wrong(checked: usize, wrong: &[String]) {
    let mut text = String::new();
    for line in wrong.iter().take(40) {
        writeln!(text, "{line}").unwrap();
    }
    assert!(wrong.is_empty(), "{} of {checked} are wrong:\n{text}", wrong.len());
    println!("{checked} checked");
    assert!(checked > 500, "only {checked} were checked");
}

/// Checks each pair of each line, and fails with all complaints.
fn for_each_pair(check: impl Fn(&Pair, Line) -> Option<String>) {
    let mut wrong = Vec::new();
    let mut checked = 0;
    for (line, pairs) in recording::all() {
        for pair in &pairs {
            checked += 1;
            if let Some(complaint) = check(pair, line) {
                wrong.push(format!("{line}: {}: {complaint}", pair.name));
            }
        }
    }
    nothing_wrong(checked, &wrong);
}

#[test]
fn each_body_is_rewritten_as_the_server_rewrote_it() {
    for_each_pair(|pair, line| match (&pair.answer, rewrite(&pair.sent, line)) {
        (Answer::Returned(returned), Ok(rewritten)) if rewritten == *returned => None,
        (Answer::Returned(returned), Ok(rewritten)) => {
            Some(format!("\n  got  {rewritten}\n  want {returned}"))
        }
        (Answer::Returned(_), Err(refusal)) => Some(format!("refused: {refusal}")),
        (Answer::Refused { status, kind, reason }, Err(refusal)) => {
            let said = recording::sense(&refusal.reason);
            let same = refusal.status == *status && refusal.kind == *kind && said == recording::sense(reason);
            (!same)
                .then(|| format!("\n  got  {} {refusal}\n  want {status} {kind}: {reason}", refusal.status))
        }
        (Answer::Refused { reason, .. }, Ok(rewritten)) => {
            Some(format!("\n  got  {rewritten}\n  want {reason}"))
        }
    });
}

#[test]
fn a_returned_body_comes_back_unchanged() {
    for_each_pair(|pair, line| {
        let Answer::Returned(returned) = &pair.answer else {
            return None;
        };
        let again = rewrite(returned, line);
        (again.as_ref() != Ok(returned)).then(|| format!("\n  got  {again:?}\n  want {returned}"))
    });
}

#[test]
fn what_was_sent_and_what_came_back_have_one_canonical_form() {
    for_each_pair(|pair, line| {
        let Answer::Returned(returned) = &pair.answer else {
            return None;
        };
        let (sent, returned) = (canonical(&pair.sent, line), canonical(returned, line));
        (sent != returned).then(|| format!("\n  sent     {sent}\n  returned {returned}"))
    });
}

#[test]
fn the_canonical_form_is_the_same_on_all_lines_that_take_the_body_for_the_same() {
    let mut wrong = Vec::new();
    let mut checked = 0;
    for (_, pairs) in recording::all() {
        for pair in pairs {
            checked += 1;
            let forms = Line::ALL.map(|line| canonical(&pair.sent, line).to_string());
            if forms.iter().any(|form| *form != forms[0]) {
                wrong.push(format!("{}: {forms:#?}", pair.name));
            }
        }
    }
    wrong.retain(|text| !recording::LINES_DIFFER.iter().any(|name| text.starts_with(&format!("{name}:"))));
    nothing_wrong(checked, &wrong);
}

#[test]
fn the_laws_hold_for_each_recorded_body() {
    for_each_pair(|pair, line| recording::broken_law(&pair.sent, line));
}

#[test]
fn the_laws_hold_for_each_mutation() {
    let mut wrong = Vec::new();
    let mut checked = 0;
    // each body once, whichever lines were asked about it, and each mutation on one line
    let mut pairs: Vec<Pair> = recording::all().into_iter().flat_map(|(_, pairs)| pairs).collect();
    pairs.sort_by(|one, other| one.name.cmp(&other.name));
    pairs.dedup_by(|one, other| one.name == other.name);
    for pair in pairs {
        for mutated in mutation::wild(&pair.sent) {
            let line = Line::ALL[checked % Line::ALL.len()];
            checked += 1;
            if let Some(complaint) = recording::broken_law(&mutated, line) {
                wrong.push(format!("{line}: {}: {mutated}: {complaint}", pair.name));
            }
        }
    }
    nothing_wrong(checked, &wrong);
}

#[test]
fn no_mutation_is_forgotten_but_where_the_server_forgets_it() {
    let mut wrong = Vec::new();
    let mut checked = 0;
    for (line, pairs) in recording::all() {
        for pair in &pairs {
            let original = canonical(&pair.sent, line);
            let rewritten = rewrite(&pair.sent, line).ok();
            for mutated in mutation::meaningful(&pair.sent) {
                checked += 1;
                if canonical(&mutated, line) != original {
                    continue;
                }
                let again = rewrite(&mutated, line).ok();
                let coerced = rewritten.is_none() && recording::COERCED.contains(&pair.name.as_str());
                if !coerced && (again.is_none() || again != rewritten) {
                    wrong.push(format!("{line}: {}: {mutated}", pair.name));
                }
            }
        }
    }
    nothing_wrong(checked, &wrong);
}

#[test]
fn what_no_table_knows_is_kept_while_all_around_it_is_rewritten() {
    let body: Value = serde_json::from_str(
        r#"{"query":{"bool":{"filter":[{"knn":{"v":{"vector":[1,2],"k":5}}},{"term":{"a":{"value":1,"new":2}}}],
            "should":{"neural":{"f":{"query_text":"x"}}}}},"colour":"red","aggs":{"a":{"mine":{"x":1},"aggs":{"b":{"avg":{"field":"f"}}}}}}"#,
    )
    .unwrap();
    let expanded = expand(&body, Line::V2_19);
    let want: Value = serde_json::from_str(
        r#"{"query":{"bool":{"filter":[{"knn":{"v":{"vector":[1,2],"k":5}}},{"term":{"a":{"value":1,"new":2,"boost":1.0}}}],
            "should":[{"neural":{"f":{"query_text":"x"}}}],"adjust_pure_negative":true,"boost":1.0}},"colour":"red",
            "aggregations":{"a":{"mine":{"x":1},"aggregations":{"b":{"avg":{"field":"f"}}}}}}"#,
    )
    .unwrap();
    assert_eq!(expanded, want);
    assert_eq!(expand(&shorten(&expanded), Line::V2_19), want);
}

#[test]
fn the_canonical_form_has_no_more_keys_than_a_person_wrote() {
    for_each_pair(|pair, line| {
        let form = canonical(&pair.sent, line);
        let known = pair.name.starts_with(ODD) || recording::SHORTER_AS_SENT.contains(&pair.name.as_str());
        (!known && recording::keys(&form) > recording::keys(&pair.sent))
            .then(|| format!("\n  {form}\n  {}", pair.sent))
    });
}
