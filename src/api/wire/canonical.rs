//! The canonical form, in which declared and live resources are compared with `==`.

mod input;

pub use input::path_of;

use serde_json::Value;

use super::channel::joined;
use super::dsl;
use crate::api::line::Line;
use crate::model::destination::{CustomWebhook, Destination, Email, Endpoint, Target};
use crate::model::json::Json;
use crate::model::monitor::{Input, Monitor};
use crate::model::resource::Resource;

/// The form that `line` makes of a resource, in its shortest spelling.
#[must_use]
pub fn resource(resource: &Resource, line: Line) -> Resource {
    match resource {
        Resource::Destination(destination) => {
            Resource::Destination(self::destination(destination.clone(), line))
        }
        Resource::Monitor(monitor) => Resource::Monitor(self::monitor(monitor.clone(), line)),
    }
}

/// The form that `line` makes of a monitor, its search body in the shortest spelling.
#[must_use]
pub fn monitor(mut monitor: Monitor, line: Line) -> Monitor {
    for input in &mut monitor.inputs {
        match input {
            Input::Search { indices: _, body } => *body = self::body(&body.value(), line),
            Input::Other(other) => *other = self::input(other.value(), line),
            Input::Composite(_) => {}
        }
    }
    monitor
}

/// The form that `line` makes of a search body, in the shortest spelling.
pub fn body(body: &Value, line: Line) -> Json {
    Json::sorted(dsl::canonical(body, line))
}

/// The form that `line` makes of an input that is no search, its wrapper included, in the shortest spelling.
pub fn input(input: Value, line: Line) -> Json {
    Json::sorted(input::canonical(input, line))
}

/// The form that `line` makes of a destination: what it cannot hold is gone, which [`super::limits`] reports.
#[must_use]
pub fn destination(mut destination: Destination, line: Line) -> Destination {
    if let Target::Email(Email { recipients, .. }) | Target::EmailGroup { recipients } =
        &mut destination.target
    {
        // all of them get it, in whatever order
        recipients.sort_unstable();
    }
    if !line.has_channels() {
        destination.description = String::new();
        return destination;
    }
    if let Target::CustomWebhook(webhook) = &mut destination.target {
        let CustomWebhook { endpoint, method: _, header_params: _, username: _, password: _ } =
            &mut **webhook;
        *endpoint = Endpoint::Url(joined(endpoint));
    }
    destination
}
