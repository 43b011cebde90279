//! canonical(decode(encode(x))) == canonical(x), on every line that can hold x.

use std::collections::HashMap;

use alertform::api::line::Line;
use alertform::api::wire::directory::Directory;
use alertform::api::wire::flaw::Flaw;
use alertform::api::wire::ids::Ids;
use alertform::api::wire::limits::{self, Severity};
use alertform::api::wire::{canonical, channel, destination, email, monitor};
use alertform::model::destination::Destination;
use alertform::model::monitor::{Monitor, TriggerForm};
use alertform::model::reference::{Refer, keys_of};
use alertform::model::resource::{Kind, Resource};
use alertform::source::{Surroundings, load};
use proptest::prelude::*;
use serde_json::Value;

use super::config;
use super::layout::files;
use super::projects::project;
use crate::source::project::folder;

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn a_destination_comes_back_from_the_wire(destination in super::destinations::destination()) {
        come_back(&[Resource::Destination(destination)])?;
    }

    #[test]
    fn a_monitor_comes_back_from_the_wire(monitor in super::monitors::monitor()) {
        come_back(&[Resource::Monitor(monitor)])?;
    }

    #[test]
    fn a_workflow_comes_back_from_the_wire(workflow in super::monitors::workflow()) {
        come_back(&[Resource::Monitor(workflow)])?;
    }
}

proptest! {
    #![proptest_config(config(20))]

    #[test]
    fn what_a_project_declares_comes_back_from_the_wire(
        project in prop::sample::select(Line::ALL.to_vec()).prop_flat_map(project)
    ) {
        let files = files(&project.documents());
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
        let declared = load(folder(&files).path(), &Surroundings::default())
            .map_err(|findings| TestCaseError::fail(format!("{findings:#?}")))?;
        let resources = declared.resources.iter().map(|declaration| declaration.resource.clone());
        come_back(&resources.collect::<Vec<_>>())?;
    }
}

/// Sends each resource to each line and reads it again; what it refers to has ids there.
fn come_back(resources: &[Resource]) -> Result<(), TestCaseError> {
    for line in Line::ALL {
        for resource in resources {
            let is_refused =
                limits::check(resource, line).iter().any(|limit| limit.severity == Severity::Refused);
            if is_refused || !is_whole(resource) {
                continue;
            }
            let sent = canonical::resource(resource, line);
            prop_assert_eq!(&canonical::resource(&sent, line), &sent, "line {}", line);
            let got = match resource {
                Resource::Destination(one) => Resource::Destination(through(one, |one| {
                    let decoded = decode_destination(one.kind(), &encode_destination(&one, line), line);
                    decoded.map(|decoded| canonical::destination(decoded, line))
                })?),
                Resource::Monitor(one) => Resource::Monitor(through(one, |one| monitor_of(&one, line))?),
            };
            prop_assert_eq!(got, sent, "line {}", line);
        }
    }
    Ok(())
}

/// Whether triggers are of the kind that the type of their monitor wants: no server takes others.
fn is_whole(resource: &Resource) -> bool {
    let Resource::Monitor(monitor) = resource else { return true };
    let wanted = TriggerForm::of(monitor.monitor_type.as_str()).map(TriggerForm::kind);
    monitor.triggers.iter().all(|trigger| Some(&trigger.kind) == wanted.as_ref())
}

/// Gives what comes back as `there` sends it with ids for names.
fn through<R: Refer + Clone>(
    one: &R,
    there: impl FnOnce(R) -> Result<R, Vec<Flaw>>,
) -> Result<R, TestCaseError> {
    let keys = keys_of(one).into_iter();
    let ids: HashMap<_, _> = keys.map(|key| (format!("id-of-{key:?}").replace(']', ")"), key)).collect();
    let directory = Directory::of(ids);
    let got = there(directory.with_ids(one.clone()));
    got.map(|got| directory.with_names(got)).map_err(|flaws| TestCaseError::fail(format!("{flaws:?}")))
}

fn monitor_of(one: &Monitor, line: Line) -> Result<Monitor, Vec<Flaw>> {
    let document = as_text(&monitor::encode(one, &Ids::default(), line, None));
    let live = monitor::decode_live(one.kind(), &document, line)?.monitor;
    let declared = monitor::decode(one.kind(), &document)?.monitor;
    assert_eq!(canonical::monitor(declared, line), live, "line {line}");
    Ok(live)
}

fn encode_destination(one: &Destination, line: Line) -> Value {
    as_text(&if line.has_channels() { channel::encode(one) } else { destination::encode(one) })
}

fn decode_destination(kind: Kind, document: &Value, line: Line) -> Result<Destination, Vec<Flaw>> {
    let decoded = match kind {
        _ if line.has_channels() => channel::decode(document),
        Kind::EmailAccount => email::decode_account(document),
        Kind::EmailGroup => email::decode_group(document),
        Kind::Destination | Kind::Monitor | Kind::Workflow => destination::decode(document),
    };
    decoded.map_err(|flaw| vec![flaw])
}

fn as_text(document: &Value) -> Value {
    serde_json::from_str(&document.to_string()).unwrap()
}
