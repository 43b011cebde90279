//! `doctor`: looks at a cluster and at who asks it, and says what to do; changes nothing.

use std::collections::BTreeMap;
use std::process::ExitCode;

use serde_json::Value;

use super::cluster::{Cluster, Purpose, connect};
use super::make::load;
use crate::api::live::{Destinations, Found};
use crate::api::rights::{self, There};
use crate::api::security::{self, Asker};
use crate::api::{probe, read};
use crate::cli::{Doctor as Args, DoctorFormat};
use crate::config::Config;
use crate::doctor::{Advice, Facts, Severity, Unread, examine};
use crate::error::Error;
use crate::model::monitor::Input;
use crate::output::{print, print_json};
use crate::render::doctor;
use crate::source::declared::Declared;
use crate::source::finding::Finding;

/// Exits with 0 when nothing needs a look, 2 when there are warnings, 1 when there are errors.
pub async fn run(config: &Config, args: &Args) -> Result<ExitCode, Error> {
    let advice = match connect(config, Purpose::Read).await {
        Ok(cluster) => examine(&gather(&cluster, config).await),
        Err(error) => error.findings().into_iter().map(unreached).collect(),
    };
    match args.format {
        DoctorFormat::Text => print(&doctor::text(&advice))?,
        DoctorFormat::Json => print_json(&doctor::json(config.environment(), &advice))?,
    }
    Ok(match advice.iter().map(|one| one.severity).max() {
        Some(Severity::Error) => ExitCode::from(1),
        Some(Severity::Warning) => ExitCode::from(2),
        Some(Severity::Note | Severity::Fine) | None => ExitCode::SUCCESS,
    })
}

fn unreached(finding: Finding) -> Advice {
    let place = finding.place.map(|place| format!("{place}: ")).unwrap_or_default();
    Advice {
        severity: Severity::Error,
        subject: "connection",
        message: format!("{place}{}", finding.message),
        hint: finding.hint,
    }
}

/// Finds out what can be found out; what cannot is left out, and its absence is told.
async fn gather(cluster: &Cluster, config: &Config) -> Facts {
    let Cluster { client, line } = cluster;
    let line = *line;
    let asker = security::asker(client, line).await;
    let reading = read::cluster(client, line, |destinations, pages| (destinations, read::all(pages)));
    let live: Result<(Destinations, Vec<Found>), Unread> = reading.await.map_err(|error| Unread {
        hint: if error.is_unknown_to_server() {
            Some(
                "the Alerting plugin, or from 2.0 on the Notifications plugin, is not on this server"
                    .to_owned(),
            )
        } else {
            error.hint()
        },
        reason: error.to_string(),
    });
    // files that are broken, or none, say nothing of indices
    let declared = load(config).await.ok();
    let monitors = declared.iter().flat_map(Declared::monitors).map(|(monitor, _)| monitor);
    let living = live.iter().flat_map(|(_, found)| found).filter_map(|found| match found {
        Found::Monitor(live) => Some(&live.monitor),
        Found::Unreadable(_) | Found::Notice { .. } => None,
    });
    let indices = monitors.chain(living).flat_map(|monitor| &monitor.inputs).flat_map(indices).collect();
    let there = There {
        monitors: live.as_ref().is_ok_and(|(_, found)| !found.is_empty()),
        destinations: live.as_ref().is_ok_and(|(destinations, _)| !destinations.live.is_empty()),
    };
    let ids: Vec<String> =
        live.iter().flat_map(|(_, found)| found).map(|found| found.id().to_owned()).collect();
    let (rights, runners) = match asker {
        Asker::Hidden | Asker::Nobody => (Ok(Vec::new()), BTreeMap::new()),
        Asker::Known(_) => {
            (rights::held(client, line, there).await, security::runners(client, line, &ids).await)
        }
    };
    Facts {
        server: client.server().to_owned(),
        line,
        version: probe::version(client).await,
        plugins: probe::plugins(client).await,
        filters: security::filters(client).await,
        most_monitors: probe::most_monitors(client).await,
        in_error: read::alerts_in_error(client, line).await,
        asker,
        indices,
        unread_rights: rights.as_ref().err().map(ToString::to_string),
        rights: rights.unwrap_or_default(),
        live,
        runners,
    }
}

/// The indices that an input reads, so far as it names them.
fn indices(input: &Input) -> Vec<String> {
    let Input::Other(body) = input else { return input.indices().to_vec() };
    let body = body.value();
    if body.get("uri").is_some() {
        // cluster metrics have none, which servers take for all
        return vec!["*".to_owned()];
    }
    let listed = body.pointer("/doc_level_input/indices").and_then(Value::as_array).into_iter().flatten();
    listed.filter_map(Value::as_str).map(str::to_owned).collect()
}
