//! The plan that is made of what is declared and what lives, case by case.

use serde_json::{Value, json};

use super::*;
use crate::api::live::{DestinationRevision, LiveDestination};
use crate::api::wire::config_id;
use crate::api::wire::directory::Directory;
use crate::api::wire::ids::Ids;
use crate::api::wire::mark::{self, Mark};
use crate::api::wire::monitor::{decode, encode};
use crate::model::destination::{Destination, Target};
use crate::model::previous::Previous;
use crate::model::secret::Secret;
use crate::owner::Witnesses;
use crate::plan::{Delete, Stay};
use crate::source::place::Place;
use crate::source::places::Places;

const PROJECT: &str = "shop";

fn monitor(name: &str, message: &str, destination: &str) -> Monitor {
    let action = json!({"name": "a", "destination": destination, "message_template": message});
    let trigger = json!({
        "name": "t", "severity": "1", "condition": {"script": {"source": "true"}}, "actions": [action],
    });
    let schedule = json!({"period": {"interval": 1, "unit": "HOURS"}});
    decode(Kind::Monitor, &json!({"name": name, "schedule": schedule, "triggers": [trigger]}))
        .unwrap()
        .monitor
}

fn destination(name: &str) -> Destination {
    let target = Target::Slack { url: Secret::new("https://hooks.slack.com/services/x") };
    Destination { name: name.into(), description: String::new(), enabled: true, target }
}

fn declared(resources: impl IntoIterator<Item = Resource>) -> Declared {
    let place = Place { file: "all.yaml".into(), line: 1, column: 1 };
    let declaration = |resource| {
        Arc::new(Declaration {
            resource,
            labels: Vec::new(),
            origins: Vec::new(),
            protected: false,
            body: None,
            places: Places::new(place.clone()),
            item: None,
            secrets: Vec::new(),
            previous: Previous::default(),
        })
    };
    let mut resources: Vec<_> = resources.into_iter().map(declaration).collect();
    resources.sort_by_key(|declaration| declaration.resource.key());
    Declared { resources, ..Declared::default() }
}

/// The project of most tests: `m` tells `ops`.
fn ops_and_m() -> Declared {
    declared([Resource::Destination(destination("ops")), Resource::Monitor(monitor("m", "hello", "ops"))])
}

fn live(id: &str, name: &str) -> LiveDestination {
    let revision = DestinationRevision::Channel { last_updated_time_ms: 1 };
    LiveDestination { id: id.to_owned(), revision, destination: destination(name), unknown: Vec::new() }
}

fn live_destinations(live: impl IntoIterator<Item = LiveDestination>) -> Destinations {
    Destinations { live: live.into_iter().collect(), ..Destinations::default() }
}

fn ops() -> Key {
    Key { kind: Kind::Destination, name: "ops".into() }
}

/// The destination that we made for `ops`.
fn our_ops() -> LiveDestination {
    live(&config_id::of(PROJECT, &ops()), "ops")
}

/// A hit of a search: the monitor tells the destination with the id `told`, and bears the mark of `project`, if any.
fn hit(id: &str, monitor: &Monitor, told: &str, project: Option<&str>) -> Value {
    let keys = keys_of(monitor).into_iter().map(|key| (told.to_owned(), key));
    let monitor = Directory::of(keys).with_ids(monitor.clone());
    let mark = project.map(|project| Mark {
        project: project.to_owned(),
        version: 1,
        id: None,
        sent: 0,
        inputs: String::new(),
        fields: String::new(),
        destinations: Vec::new(),
        protected: false,
        secrets: 0,
    });
    let ui_metadata = mark.map(|mark| json!({mark::KEY: mark.write()}));
    let source = encode(&monitor, &Ids::default(), Line::V3, ui_metadata);
    json!({"_id": id, "_version": 1, "_seq_no": 1, "_primary_term": 1, "_source": source, "sort": [1]})
}

fn plan_with(
    declared: &Declared,
    live: &Destinations,
    hits: &[Value],
    strangers: Strangers,
    orphans: Orphans,
) -> Plan {
    let terms = Terms {
        environment: None,
        server: "cluster:9200".to_owned(),
        line: Line::V3,
        project: PROJECT.to_owned(),
        strangers,
        orphans,
        limits: crate::model::limits::Limits::default(),
    };
    let pages = hits.iter().map(|hit| Page::of(Line::V3, std::slice::from_ref(hit)).unwrap());
    diff(declared, live, pages, terms)
}

fn plan(declared: &Declared, live: &Destinations, hits: &[Value]) -> Plan {
    plan_with(declared, live, hits, Strangers::Ask, Orphans::Keep)
}

/// The changes in words.
fn changes(plan: &Plan) -> Vec<String> {
    let words = plan.changes.iter().map(|change| match change {
        Change::Create(create) => format!("create {}", create.after.resource.key()),
        Change::Update(update) => format!("update {} of {:?}", update.pair.key(), update.owner),
        Change::Delete(delete) => {
            let Delete { before } = &**delete;
            format!("delete {}", before.key())
        }
    });
    words.collect()
}

#[test]
fn what_is_not_there_is_made() {
    let plan = plan(&ops_and_m(), &Destinations::default(), &[]);
    assert_eq!(changes(&plan), ["create destination `ops`", "create monitor `m`"]);
    assert_eq!(plan.owned, BTreeSet::from([ops()]));
}

#[test]
fn what_is_as_declared_and_ours_is_left_alone() {
    let hits = [hit("1", &monitor("m", "hello", "ops"), "alertform_shop_ops", Some(PROJECT))];
    let plan = plan(&ops_and_m(), &live_destinations([our_ops()]), &hits);
    assert_eq!(changes(&plan), [""; 0]);
    assert_eq!((plan.unchanged, plan.unmarked.len()), (2, 0));
}

#[test]
fn what_differs_is_updated_whoever_owns_it() {
    let live = live_destinations([our_ops()]);
    for (project, owner) in [(Some(PROJECT), "Ours"), (None, "Nobody"), (Some("kiosk"), "Project(\"kiosk\")")]
    {
        let hits = [hit("1", &monitor("m", "goodbye", "ops"), "alertform_shop_ops", project)];
        let plan = plan(&ops_and_m(), &live, &hits);
        assert_eq!(changes(&plan), [format!("update monitor `m` of {owner}")]);
    }
}

#[test]
fn what_is_as_declared_and_nobodys_is_named_or_taken_over() {
    let live = live_destinations([live("x1", "ops")]);
    let hits = [hit("1", &monitor("m", "hello", "ops"), "x1", None)];
    let asked = plan(&ops_and_m(), &live, &hits);
    assert_eq!((changes(&asked).len(), asked.unchanged, asked.unmarked.len()), (0, 2, 2));
    let adopted = plan_with(&ops_and_m(), &live, &hits, Strangers::Adopt, Orphans::Keep);
    assert_eq!(changes(&adopted), ["update monitor `m` of Nobody"]);
    let witnessed = adopted.witnessed(&monitor("m", "hello", "ops"), &adopted.directory);
    assert_eq!(witnessed, Witnesses::from(["x1".to_owned()]));
}

#[test]
fn namesakes_are_a_problem_that_names_both_ids() {
    let monitor = monitor("m", "hello", "ops");
    let hits = ["1", "2"].map(|id| hit(id, &monitor, "alertform_shop_ops", Some(PROJECT)));
    let plan = plan(&ops_and_m(), &live_destinations([our_ops()]), &hits);
    assert_eq!(changes(&plan), [""; 0]);
    assert_eq!(plan.problems[0].message, "monitor `m` is in the cluster 2 times, with the ids `1` and `2`");
}

#[test]
fn a_monitor_that_comes_twice_counts_in_its_later_state() {
    let (early, late) = (monitor("m", "goodbye", "ops"), monitor("m", "hello", "ops"));
    let hits = [early, late].map(|monitor| hit("1", &monitor, "alertform_shop_ops", Some(PROJECT)));
    let plan = plan(&ops_and_m(), &live_destinations([our_ops()]), &hits);
    assert_eq!((changes(&plan).len(), plan.unchanged), (0, 2));
}

#[test]
fn orphans_are_kept_or_pruned_and_stay_while_others_tell_them() {
    let live = live_destinations([our_ops()]);
    let ours = hit("1", &monitor("m", "hello", "ops"), "alertform_shop_ops", Some(PROJECT));
    let theirs = hit("2", &monitor("theirs", "hello", "ops"), "alertform_shop_ops", None);
    let only = declared([Resource::Destination(destination("other"))]);
    let made = "create destination `other`";

    let kept = plan(&only, &live, std::slice::from_ref(&ours));
    assert_eq!(changes(&kept), [made]);
    assert!(kept.orphans.iter().all(|orphan| orphan.reason == Stay::Unasked) && kept.orphans.len() == 2);

    let pruned = plan_with(&only, &live, std::slice::from_ref(&ours), Strangers::Ask, Orphans::Prune);
    assert_eq!(changes(&pruned), [made, "delete destination `ops`", "delete monitor `m`"]);

    let told = plan_with(&only, &live, &[ours, theirs], Strangers::Ask, Orphans::Prune);
    assert_eq!(changes(&told), [made, "delete monitor `m`"]);
    assert_eq!(told.orphans[0].reason, Stay::Told("theirs".into()));
}

#[test]
fn the_order_of_pages_makes_no_difference() {
    let declared = declared((0..4).map(|i| Resource::Monitor(monitor(&format!("m{i}"), "hello", "gone"))));
    let mut hits: Vec<Value> = (0..4)
        .map(|i| hit(&format!("id{i}"), &monitor(&format!("m{i}"), "goodbye", "gone"), "gone", Some(PROJECT)))
        .collect();
    let forwards = changes(&plan(&declared, &Destinations::default(), &hits));
    hits.reverse();
    assert_eq!(changes(&plan(&declared, &Destinations::default(), &hits)), forwards);
}
