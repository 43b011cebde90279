//! parse(print(x)) == x, for resources of all shapes and texts of all kinds.

use std::collections::{BTreeMap, BTreeSet};

use alertform::model::destination::{Destination, SesAccount, Target};
use alertform::model::monitor::{Monitor, MonitorType};
use alertform::model::reference::keys_of;
use alertform::model::resource::{Key, Kind, Resource};
use alertform::model::schedule::{Schedule, Unit};
use alertform::model::secret::Secret;
use alertform::source::load;
use alertform::source::print::{Variables, print};
use proptest::prelude::*;

use crate::laws::destinations::destination;
use crate::laws::monitors::{monitor, workflow};
use crate::source::project::folder;

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_printed_destination_reads_as_itself(destination in destination()) {
        reads_as_itself(Resource::Destination(destination))?;
    }

    #[test]
    fn a_printed_workflow_reads_as_itself(workflow in workflow()) {
        reads_as_itself(Resource::Monitor(workflow))?;
    }

    #[test]
    fn a_printed_monitor_reads_as_itself(monitor in monitor()) {
        reads_as_itself(Resource::Monitor(monitor))?;
    }
}

fn reads_as_itself(resource: Resource) -> Result<(), TestCaseError> {
    let mut variables = Variables::default();
    let mut text = print(&resource, &mut variables);
    for key in keys_of(&resource).into_iter().collect::<BTreeSet<_>>() {
        text.push_str("---\n");
        text.push_str(&print(&stub(key), &mut variables));
    }
    let secrets = variables.into_secrets().into_iter();
    let variables: std::collections::BTreeMap<String, String> =
        secrets.map(|(name, secret)| (name, secret.expose().to_owned())).collect();
    let dir = folder(&[("a.yaml", &text)]);
    let declared = load(dir.path(), &variables.clone().into())
        .map_err(|findings| TestCaseError::fail(format!("{}\n{text}", findings[0])))?;
    let key = resource.key();
    let read = declared.resources.iter().find(|declaration| declaration.resource.key() == key);
    prop_assert_eq!(read.map(|declaration| &declaration.resource), Some(&resource), "{}", text);
    Ok(())
}

/// Something of a kind and a name that says as little as can be.
fn stub(Key { kind, name }: Key) -> Resource {
    let recipients = vec!["a@example.com".to_owned()];
    let target = match kind {
        Kind::EmailAccount => Target::SesAccount(SesAccount {
            region: "us-east-1".to_owned(),
            role_arn: None,
            from_address: "a@example.com".to_owned(),
        }),
        Kind::EmailGroup => Target::EmailGroup { recipients },
        Kind::Destination => Target::Slack { url: Secret::new("https://hooks.slack.com/services/x") },
        Kind::Monitor | Kind::Workflow => {
            return Resource::Monitor(Monitor {
                name,
                monitor_type: MonitorType::query_level(),
                enabled: true,
                schedule: Schedule::every(1, Unit::Minutes),
                inputs: Vec::new(),
                triggers: Vec::new(),
                other: BTreeMap::new(),
            });
        }
    };
    Resource::Destination(Destination { name, description: String::new(), enabled: true, target })
}
