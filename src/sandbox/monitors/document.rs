//! Inputs of document-level monitors: queries that each new document is held against.

use serde_json::{Value, json};

use super::super::fault::Fault;
use super::super::reader::Reader;
use super::super::state::State;
use super::fields;
use super::input::Input;

/// Characters that a tag must not have.
const BAD_IN_TAG: [char; 7] = [' ', '[', ']', '{', '}', '(', ')'];

/// Reads the input that begins here.
pub fn parse(reader: &mut Reader, state: &mut State) -> Result<Input, Fault> {
    let (mut description, mut indices, mut queries, mut fan_out) =
        (String::new(), Vec::new(), Vec::new(), true);
    fields::object(reader, |reader, key| {
        match key {
            "description" => description = reader.text()?,
            "indices" => indices = fields::texts(reader)?,
            "queries" => fields::array(reader, |reader| {
                queries.push(parse_query(reader, state)?);
                Ok(())
            })?,
            "fan_out_enabled" => fan_out = reader.boolean()?,
            _ => {}
        }
        Ok(())
    })?;
    let shown = json!({"doc_level_input": {
        "description": description,
        "indices": indices,
        "queries": queries,
        "fan_out_enabled": fan_out,
    }});
    Ok(Input { kind: "doc_level_input", indices, shown })
}

fn parse_query(reader: &mut Reader, state: &mut State) -> Result<Value, Fault> {
    let mut id = state.mint_id();
    let (mut name, mut query) = (None, None);
    let (mut listed, mut tags, mut names) = (Vec::new(), Vec::new(), Vec::new());
    fields::object(reader, |reader, key| {
        match key {
            "id" => id = reader.text()?,
            "name" => {
                let text = reader.text()?;
                check_length(&text)?;
                name = Some(text);
            }
            "query" => query = Some(reader.text()?),
            "fields" => listed = fields::texts(reader)?,
            "tags" => {
                tags = fields::texts(reader)?;
                tags.iter().try_for_each(|tag| check_tag(tag))?;
            }
            "query_field_names" => names = fields::texts(reader)?,
            _ => {}
        }
        Ok(())
    })?;
    let name = name.ok_or_else(|| Fault::uninitialized("name"))?;
    let query = query.ok_or_else(|| Fault::uninitialized("query"))?;
    Ok(json!({
        "id": id,
        "name": name,
        "fields": listed,
        "query": query,
        "tags": tags,
        "query_field_names": names,
    }))
}

/// Refuses names that no index for such queries could have.
pub fn check_names(input: &Input) -> Result<(), Fault> {
    let queries = input.shown.pointer("/doc_level_input/queries").and_then(Value::as_array);
    for name in queries.into_iter().flatten().filter_map(|query| query.get("name")?.as_str()) {
        let bad_start = name.starts_with(['_', '+', '-']);
        if bad_start
            || name.contains("..")
            || name.contains(['^', '*', '?', '<', '>', '|', '#', '\\', '/', '"'])
        {
            let reason = "Doc level query name may not start with [_, +, -], contain '..', or contain: ";
            return Err(Fault::illegal_argument(format!("{reason}^*?<>|#")));
        }
    }
    Ok(())
}

fn check_length(name: &str) -> Result<(), Fault> {
    if (1..=256).contains(&name.chars().count()) {
        return Ok(());
    }
    let reason = format!("The query name, {name}, should be between 1 - 256 characters.");
    Err(Fault::illegal_argument(reason))
}

fn check_tag(tag: &str) -> Result<(), Fault> {
    if !tag.contains(BAD_IN_TAG) {
        return Ok(());
    }
    let listed: Vec<String> = BAD_IN_TAG.iter().map(|bad| format!("'{bad}'")).collect();
    let reason = format!("The query tag, {tag}, contains an invalid character: [{}]", listed.join(","));
    Err(Fault::illegal_argument(reason))
}
