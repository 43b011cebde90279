//! `render`: shows what would be sent to the server.

use std::process::ExitCode;

use serde_json::Value;

use crate::api::line::Line;
use crate::api::wire::ids::Ids;
use crate::api::wire::{channel, destination, monitor};
use crate::cli::Render as Args;
use crate::config::Config;
use crate::error::Error;
use crate::model::cover::cover;
use crate::model::resource::Resource;
use crate::output::print_json;
use crate::source;
use crate::source::declared::Declaration;

/// Prints the API's body of one resource or of all, destinations by name and secrets masked.
pub fn run(config: &Config, args: &Args) -> Result<ExitCode, Error> {
    let declared = source::load(&config.dir, &config.variables).map_err(Error::Files)?;
    let line = config.line.unwrap_or(Line::V2_19);
    let wanted = declared.resources.iter().filter(|declaration| {
        args.name.as_deref().is_none_or(|name| declaration.resource.name().as_str() == name)
    });
    let bodies: Vec<Value> = wanted.map(|declaration| body(declaration, line)).collect();
    match (bodies.as_slice(), &args.name) {
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

fn body(declaration: &Declaration, line: Line) -> Value {
    match &cover(&declaration.resource, &declaration.secrets) {
        Resource::Monitor(monitor) => monitor::encode(monitor, &Ids::default(), line, None),
        Resource::Destination(declared) => {
            let masked = declared.masked();
            if line.has_channels() { channel::encode(&masked) } else { destination::encode(&masked) }
        }
    }
}
