//! `render`: shows what would be sent to the server.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use serde_json::Value;

use crate::api::line::Line;
use crate::api::wire::ids::Ids;
use crate::api::wire::{channel, destination, monitor};
use crate::cli::Render as Args;
use crate::config::Config;
use crate::error::Error;
use crate::model::cover::cover;
use crate::model::resource::{Key, Resource};
use crate::output::{print_json, tell};
use crate::plural::count;
use crate::source;
use crate::source::declared::Declaration;
use crate::source::origins::Origin;
use crate::source::place::Place;

/// Prints the API's body of one resource or of all, destinations by name and secrets masked.
pub fn run(config: &Config, args: &Args) -> Result<ExitCode, Error> {
    let declared = source::load(&config.dir, &config.surroundings).map_err(Error::Files)?;
    let line = config.line.unwrap_or(Line::V2_19);
    let wanted = declared.resources.iter().filter(|declaration| {
        args.name.as_deref().is_none_or(|name| declaration.resource.name().as_str() == name)
    });
    let wanted: Vec<&Declaration> = wanted.map(AsRef::as_ref).collect();
    for line in origins(&wanted) {
        tell(&line);
    }
    let bodies: Vec<Value> = wanted.into_iter().map(|declaration| body(declaration, line)).collect();
    match (bodies.as_slice(), &args.name) {
        ([], Some(name)) if declared.elsewhere.iter().any(|key| key.name.as_str() == name) => {
            Err(Error::usage(
                format!("`{name}` is limited to other environments"),
                "`--env NAME` names one that has it; `environments` in its file lists them",
            ))
        }
        ([], Some(name)) => Err(Error::usage(
            format!("no file declares a resource named `{name}`"),
            "`alertform render` without a name shows all",
        )),
        ([one], Some(_)) => {
            print_json(&format!("{one:#}\n"))?;
            Ok(ExitCode::SUCCESS)
        }
        (all, _) => {
            print_json(&format!("{:#}\n", Value::from(all.to_vec())))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Where values stand that are not in the files of their resources, a line for each place.
fn origins(declarations: &[&Declaration]) -> Vec<String> {
    let mut found: BTreeMap<&Place, Vec<(&str, Key)>> = BTreeMap::new();
    for declaration in declarations {
        for Origin { path, place } in &declaration.origins {
            found.entry(place).or_default().push((path, declaration.resource.key()));
        }
    }
    let line = |(place, values): (&Place, Vec<(&str, Key)>)| match values.as_slice() {
        [(path, key)] => format!("{place}: `{path}` of the {key}"),
        [(path, _), rest @ ..] if rest.iter().all(|(other, _)| other == path) => {
            format!("{place}: `{path}` of {}", count(values.len(), "resource"))
        }
        [(_, key), ..] if resources(&values) == 1 => {
            let paths: Vec<String> = values.iter().map(|(path, _)| format!("`{path}`")).collect();
            format!("{place}: {} of the {key}", paths.join(", "))
        }
        _ => {
            format!("{place}: {} of {}", count(values.len(), "value"), count(resources(&values), "resource"))
        }
    };
    found.into_iter().map(line).collect()
}

fn resources(values: &[(&str, Key)]) -> usize {
    values.iter().map(|(_, key)| key).collect::<BTreeSet<_>>().len()
}

fn body(declaration: &Declaration, line: Line) -> Value {
    match &cover(&declaration.resource, &declaration.secrets) {
        Resource::Monitor(monitor) => monitor::encode(monitor, &Ids::default(), line, None),
        Resource::Destination(declared) => {
            let masked = declared.masked();
            if line.has_channels() { channel::encode(&masked) } else { destination::encode(&masked) }
        }
    }
}
