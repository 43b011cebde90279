//! `ppl`: a query in the Piped Processing Language, and the conditions of the triggers that look at its rows.

use serde_json::{Value, json};

use crate::model::json::Json;
use crate::model::monitor::Input;
use crate::source::fields::Fields;

/// The word for the number of rows in a condition, as the server calls this type of trigger.
const NUMBER: &str = "number_of_results";

/// The operators of a server; the longer of two with one beginning comes first.
const OPERATORS: [&str; 6] = [">=", "<=", "==", "!=", ">", "<"];

/// The input that a query stands for.
pub fn compile(query: &str) -> Input {
    Input::Other(Json::sorted(json!({"ppl_input": {"query": query}})))
}

/// The query that an input was compiled from, if it was.
pub fn query(input: &Input) -> Option<String> {
    let Input::Other(value) = input else { return None };
    let query = value.value().pointer("/ppl_input/query")?.as_str()?.to_owned();
    (!query.trim().is_empty() && compile(&query) == *input).then_some(query)
}

/// Reads the condition of a trigger: the number of rows, or a `where` that some of them must pass.
pub fn condition(fields: &Fields<'_>, condition: &str) -> Option<Json> {
    let body = body(condition);
    if body.is_none() {
        let hint = format!("such as `{NUMBER} > 10`, or `where errors > 10`");
        fields.refuse("condition", "expected a number of results or a `where` for `condition`", hint);
    }
    body
}

/// The condition that the body of a trigger says, if the friendly form can say it.
pub fn said(trigger: &Json) -> Option<String> {
    let value = trigger.value();
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let said = match text("type")? {
        NUMBER => format!("{NUMBER} {} {}", text("num_results_condition")?, value.get("num_results_value")?),
        _ => text("custom_condition")?.to_owned(),
    };
    (body(&said).as_ref() == Some(trigger)).then_some(said)
}

fn body(condition: &str) -> Option<Json> {
    let condition = condition.trim();
    if condition.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case("where")) {
        return Some(Json::sorted(json!({"type": "custom", "custom_condition": condition})));
    }
    let rest = condition.strip_prefix(NUMBER)?.trim_start();
    let operator = OPERATORS.into_iter().find(|operator| rest.starts_with(operator))?;
    let number: u32 = rest[operator.len()..].trim().parse().ok()?;
    Some(Json::sorted(
        json!({"type": NUMBER, "num_results_condition": operator, "num_results_value": number}),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_said_as_it_was_read() {
        for condition in ["number_of_results > 3", "number_of_results != 0", "where n > 3 and svc = 'a'"] {
            let read = body(condition).unwrap();
            assert_eq!(said(&read).as_deref(), Some(condition));
        }
        for condition in ["", "number_of_results", "number_of_results > x", "n > 3", "number_of_results > -1"]
        {
            assert_eq!(body(condition), None, "{condition}");
        }
    }
}
