//! What a doctor says of a cluster whose security plugin lets a user do some things and not others, answered as recorded;
//! and what a plan says of it by itself.

use alertform::api::line::Line;
use alertform::sandbox::exchange::{Rendered, Request};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::cli::Cli;
use crate::cluster::{Cluster, answer, foreign};

/// A user as the security plugin knows it.
#[derive(Clone)]
struct User {
    roles: &'static [&'static str],
    backend_roles: &'static [&'static str],
    /// What it has no permission for, by the last parts of the names.
    lacks: Vec<&'static str>,
    /// Who wrote every monitor last.
    runner: &'static str,
    is_filtered: bool,
}

const PERMISSIONS: [(&str, &str, &str); 17] = [
    ("GET", "/_cat/plugins", "cluster:monitor/nodes/info"),
    ("GET", "/_cluster/settings", "cluster:monitor/state"),
    ("GET", "/_plugins/_alerting/monitors/alerts", "cluster:admin/opendistro/alerting/alerts/get"),
    ("POST", "/_plugins/_alerting/monitors/_search", "cluster:admin/opendistro/alerting/monitor/search"),
    ("POST", "/_plugins/_alerting/monitors", "cluster:admin/opendistro/alerting/monitor/write"),
    ("GET", "/_plugins/_alerting/monitors/", "cluster:admin/opendistro/alerting/monitor/get"),
    ("PUT", "/_plugins/_alerting/monitors/", "cluster:admin/opendistro/alerting/monitor/write"),
    ("DELETE", "/_plugins/_alerting/monitors/", "cluster:admin/opendistro/alerting/monitor/delete"),
    ("GET", "/_plugins/_alerting/workflows/", "cluster:admin/opensearch/alerting/workflow/get"),
    ("PUT", "/_plugins/_alerting/workflows/", "cluster:admin/opensearch/alerting/workflow/write"),
    ("DELETE", "/_plugins/_alerting/workflows/", "cluster:admin/opensearch/alerting/workflow/delete"),
    ("GET", "/_plugins/_notifications/features", "cluster:admin/opensearch/notifications/features"),
    ("GET", "/_plugins/_notifications/configs", "cluster:admin/opensearch/notifications/configs/get"),
    ("POST", "/_plugins/_notifications/configs", "cluster:admin/opensearch/notifications/configs/create"),
    ("PUT", "/_plugins/_notifications/configs/", "cluster:admin/opensearch/notifications/configs/update"),
    ("DELETE", "/_plugins/_notifications/configs/", "cluster:admin/opensearch/notifications/configs/delete"),
    ("GET", "/", "cluster:monitor/main"),
];

impl User {
    fn answer(&self, request: &Request) -> Option<Rendered> {
        let path = request.uri.split('?').next().unwrap();
        let json = |status, value: Value| Some(answer(status, value.to_string()));
        if path == "/_plugins/_security/authinfo" {
            let user = json!({"user_name": "ci", "backend_roles": self.backend_roles, "roles": self.roles});
            return json(200, user);
        }
        let is_asked = |method: &str, route: &str| {
            request.method == method && (path == route || (route.len() > 1 && path.starts_with(route)))
        };
        let needed = PERMISSIONS.iter().find(|(method, route, _)| is_asked(method, route));
        if let Some((_, _, permission)) = needed
            && self.lacks.iter().any(|end| permission.ends_with(end))
        {
            let reason = format!(
                "no permissions for [{permission}] and User [name=ci, backend_roles=[], requestedTenant=null]"
            );
            let error = json!({"type": "security_exception", "reason": reason});
            return json(
                403,
                json!({"error": {"root_cause": [error], "type": "security_exception", "reason": reason}, "status": 403}),
            );
        }
        if path == "/_cat/plugins" {
            let plugin = |name: &str| json!({"component": name, "version": "2.19.4.0"});
            return json(200, json!(["opensearch-alerting", "opensearch-security"].map(plugin)));
        }
        if path == "/_cluster/settings" && request.uri.contains("filter_path") {
            let filter = self.is_filtered.to_string();
            return json(
                200,
                json!({"defaults": {
                    "plugins": {"alerting": {"filter_by_backend_roles": filter, "monitor": {"max_monitors": "4"}}},
                    "opensearch": {"notifications": {"general": {"filter_by_backend_roles": filter}}},
                }}),
            );
        }
        if path == "/_cluster/settings" {
            return json(200, json!({"defaults": {"plugins.alerting.monitor.max_monitors": "4"}}));
        }
        None
    }

    /// Lets a cluster know this user.
    fn enter(self, cluster: &Cluster) {
        cluster.meddle(Box::new(move |_, request| {
            let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
            if body.get("docvalue_fields").is_none() {
                return self.answer(request);
            }
            let ids = body.pointer("/query/bool/filter/1/terms/_id").unwrap().as_array().unwrap().clone();
            let hit = |id: &Value| json!({"_id": id, "fields": {"monitor.user.name.keyword": [self.runner]}});
            let hits: Vec<Value> = ids.iter().map(hit).collect();
            Some(answer(200, json!({"hits": {"hits": hits}}).to_string()))
        }));
    }
}

const ADMIN: User = User {
    roles: &["all_access"],
    backend_roles: &["admin"],
    lacks: Vec::new(),
    runner: "ci",
    is_filtered: false,
};

const PROJECT: &str = "\
kind: destination
name: room
custom_webhook: {url: 'https://room.example.com'}
---
kind: monitor
name: errors
schedule: {every: 5m}
index: logs-*
time_field: '@timestamp'
query: level:ERROR
triggers:
  - name: t
    condition: ctx.results[0].hits.total.value > 1
    actions: [{name: a, destination: room, message: m}]
";

fn applied() -> (Cluster, Cli) {
    let cluster = Cluster::start(Line::V2_19);
    cluster.send("PUT", "/logs-1", "");
    let mut cli = Cli::new(&[("alertform.yaml", "project: shop\n"), ("monitors/a.yaml", PROJECT)]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.run(&["apply", "--yes"]).must_exit(0);
    (cluster, cli)
}

#[test]
fn a_cluster_that_is_well() {
    let (cluster, cli) = applied();
    ADMIN.enter(&cluster);
    cluster.take_requests();
    assert_snapshot!(cluster.unnamed(&cli.run(&["doctor"]).must_exit(0).to_string()), @r"
    fine     connection: `CLUSTER` answers: version 2.19.5, line 2.19
    fine     plugins: opensearch-alerting 2.19.4.0, opensearch-security 2.19.4.0
    fine     user: `ci`, roles: all_access; backend roles: admin
    fine     rights: all that plan needs
    fine     rights: all that was asked for, of what apply needs
    note     rights: nobody asked whether this user may search the indices that monitors read
             hint: an apply says so of each; `indices:data/read/search` on them lets it
    note     rights: nobody asked for cluster:admin/opensearch/alerting/workflow/write: the server's answer says nothing of it
             hint: the least role for apply has it
    note     rights: nobody asked for cluster:admin/opensearch/notifications/configs/create: asking would make a channel
             hint: the least role for apply has it
    fine     visibility: all is shown: 1 monitor, 1 destination
    fine     limits: 1 of the 4 monitors that there may be
    fine     channels: all that enabled monitors tell, and all that e-mails use, is there and enabled
    fine     errors: no monitor is in error
    fine     run-as: no monitor would change its rights by an apply of `ci`

    0 errors, 0 warnings
    ");
    // nothing that it asks makes anything
    let asked = cluster.take_requests();
    let writes = asked.iter().filter(|request| !request.starts_with("GET") && !request.contains("_search"));
    assert!(writes.clone().all(|request| request.ends_with("/alertform-doctor-asks")), "{asked:?}");
    assert_eq!(writes.count(), 6);
    cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
}

#[test]
fn the_least_role_is_printed_for_what_is_missing() {
    let (cluster, cli) = applied();
    let user = User {
        roles: &["alerting_read_access"],
        backend_roles: &[],
        lacks: vec![
            "monitor/main",
            "workflow/get",
            "monitor/write",
            "configs/update",
            "alerts/get",
            "monitor/state",
            "nodes/info",
        ],
        ..ADMIN
    };
    user.clone().enter(&cluster);
    let screen = cluster.unnamed(&cli.run(&["doctor", "--line=2.19"]).must_exit(2).to_string());
    assert_snapshot!(screen, @r#"
    fine     connection: `CLUSTER` answers: line 2.19
    note     plugins: the plugins cannot be listed
             hint: `cluster:monitor/state` with `cluster:monitor/nodes/info` lists them; the API of alerting answers
    fine     user: `ci`, roles: alerting_read_access; backend roles: none
    warning  rights: plan lacks cluster:monitor/main, cluster:monitor/state
             hint: the least role for plan:
               PUT _plugins/_security/api/roles/alertform_plan
               {
                 "cluster_permissions": [
                   "cluster:monitor/main",
                   "cluster:admin/opendistro/alerting/monitor/search",
                   "cluster:admin/opensearch/notifications/configs/get",
                   "cluster:admin/opensearch/notifications/features",
                   "cluster:monitor/state"
                 ]
               }
    warning  rights: apply lacks cluster:admin/opendistro/alerting/monitor/write, cluster:admin/opensearch/alerting/workflow/get, cluster:admin/opensearch/notifications/configs/update
             hint: the least role for apply, with the indices of monitors that are declared or there: see that they are all that yours read; cluster metrics want `*`:
               PUT _plugins/_security/api/roles/alertform_apply
               {
                 "cluster_permissions": [
                   "cluster:monitor/main",
                   "cluster:admin/opendistro/alerting/monitor/search",
                   "cluster:admin/opendistro/alerting/monitor/get",
                   "cluster:admin/opendistro/alerting/monitor/write",
                   "cluster:admin/opendistro/alerting/monitor/delete",
                   "cluster:admin/opensearch/alerting/workflow/get",
                   "cluster:admin/opensearch/notifications/configs/get",
                   "cluster:admin/opensearch/notifications/features",
                   "cluster:admin/opensearch/alerting/workflow/write",
                   "cluster:admin/opensearch/alerting/workflow/delete",
                   "cluster:admin/opensearch/notifications/configs/create",
                   "cluster:admin/opensearch/notifications/configs/update",
                   "cluster:admin/opensearch/notifications/configs/delete",
                   "cluster:monitor/state"
                 ],
                 "index_permissions": [
                   {
                     "index_patterns": [
                       "logs-*"
                     ],
                     "allowed_actions": [
                       "indices:data/read/search"
                     ]
                   }
                 ]
               }
    note     rights: nobody asked whether this user may search the indices that monitors read
             hint: an apply says so of each; `indices:data/read/search` on them lets it
    note     rights: nobody asked for cluster:admin/opensearch/alerting/workflow/write: the server's answer says nothing of it
             hint: the least role for apply has it
    note     rights: nobody asked for cluster:admin/opensearch/notifications/configs/create: asking would make a channel
             hint: the least role for apply has it
    note     rights: without cluster:admin/opendistro/alerting/alerts/get
             hint: with it a plan says how many active alerts a change ends, and this which monitors are in error
    warning  visibility: lists may be filtered by backend roles: 1 monitor, 1 destination
             hint: look with a user that has `all_access`; what is hidden and declared would be made a second time
    note     limits: 1 monitor; how many there may be cannot be read
             hint: `plugins.alerting.monitor.max_monitors` is 1,000 unless it was set
    fine     channels: all that enabled monitors tell, and all that e-mails use, is there and enabled
    note     errors: this user may not see alerts, and so not which monitors are in error
             hint: `cluster:admin/opendistro/alerting/alerts/get` shows them
    fine     run-as: no monitor would change its rights by an apply of `ci`

    0 errors, 3 warnings
    --- exit code 2
    "#);
    let json = cli.run(&["doctor", "--line=2.19", "--format=json"]).must_exit(2).stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    let severities: Vec<String> =
        json["findings"].as_array().unwrap().iter().map(|one| one["severity"].to_string()).collect();
    assert_eq!(severities.iter().filter(|severity| *severity == "\"warning\"").count(), 3, "{json:#}");
    // who may not even list has that said
    User { lacks: vec!["monitor/search"], ..user }.enter(&cluster);
    let screen = cli.run(&["doctor"]).must_exit(1).stdout;
    assert!(screen.contains("error    cluster: what lives there cannot be read: "), "{screen}");
}

#[test]
fn what_does_not_work_is_named() {
    let (cluster, cli) = applied();
    cli.edit("monitors/a.yaml", "name: room\n", "name: room\nenabled: false\n");
    cli.run(&["apply", "--yes"]).must_exit(0);
    let mut lost = foreign("lost");
    let action = json!({
        "name": "a", "destination_id": "gone", "message_template": {"source": "m"}, "throttle_enabled": false,
        "subject_template": {"source": "s"},
    });
    let condition = json!({"script": {"source": "return true", "lang": "painless"}});
    lost["triggers"] = json!([{"query_level_trigger":
        {"name": "t", "severity": "1", "condition": condition, "actions": [action]}}]);
    lost["enabled"] = true.into();
    cluster.send("POST", "/_plugins/_alerting/monitors", &lost.to_string());
    cluster.send("POST", "/_plugins/_alerting/monitors", &foreign("third").to_string());
    cluster.send("POST", "/_plugins/_alerting/monitors", &foreign("fourth").to_string());
    User { runner: "alice", backend_roles: &["red"], roles: &["some"], is_filtered: true, ..ADMIN }
        .enter(&cluster);
    assert_snapshot!(cluster.unnamed(&cli.run(&["doctor"]).must_exit(1).to_string()), @r"
    fine     connection: `CLUSTER` answers: version 2.19.5, line 2.19
    fine     plugins: opensearch-alerting 2.19.4.0, opensearch-security 2.19.4.0
    fine     user: `ci`, roles: some; backend roles: red
    fine     rights: all that plan needs
    fine     rights: all that was asked for, of what apply needs
    note     rights: nobody asked whether this user may search the indices that monitors read
             hint: an apply says so of each; `indices:data/read/search` on them lets it
    note     rights: nobody asked for cluster:admin/opensearch/alerting/workflow/write: the server's answer says nothing of it
             hint: the least role for apply has it
    note     rights: nobody asked for cluster:admin/opensearch/notifications/configs/create: asking would make a channel
             hint: the least role for apply has it
    warning  visibility: lists show only what shares a backend role with this user, of workflows nothing: 4 monitors, 1 destination
             hint: look with a user that has `all_access`; what is hidden and declared would be made a second time
    error    limits: 4 of the 4 monitors that there may be
             hint: raise `plugins.alerting.monitor.max_monitors`
    error    channels: `gone` is not there, and monitor `lost` tells it
             hint: declare the destination, or take it out of the actions; a list that is filtered may hide it
    warning  channels: `room` is disabled, and monitor `errors` tells it
             hint: enable it, or take it out of the actions: nobody hears of these alerts
    fine     errors: no monitor is in error
    note     run-as: monitors run with the rights of `alice`: monitor `errors`, monitor `fourth`, monitor `lost`, monitor `third`
             hint: a monitor has the rights of who wrote it last: one that an apply changes would have those of `ci`, which must be allowed to search its indices

    2 errors, 2 warnings
    --- exit code 1
    ");
}

#[test]
fn an_e_mail_whose_account_is_gone_is_named() {
    // from 2.0 on the e-mail goes with its account
    let cluster = Cluster::start(Line::V1_3);
    let mail = "\
kind: email_account
name: post
smtp_account: {host: h, port: 25, method: none, from_address: a@example.com}
---
kind: destination
name: mail
email: {account: post, recipients: [a@example.com]}
";
    let mut cli = Cli::new(&[("alertform.yaml", "project: shop\n"), ("monitors/a.yaml", mail)]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.run(&["apply", "--yes"]).must_exit(0);
    let accounts = "/_plugins/_alerting/destinations/email_accounts";
    let found = cluster.send("POST", &format!("{accounts}/_search"), r#"{"query": {"match_all": {}}}"#);
    let id = found["hits"]["hits"][0]["_id"].as_str().unwrap().to_owned();
    cluster.send("DELETE", &format!("{accounts}/{id}"), "");
    let screen = cluster.unnamed(&cli.run(&["doctor"]).must_exit(1).to_string()).replace(&id, "ID");
    assert!(
        screen
            .contains("error    channels: email_account `ID` is not there, and destination `mail` uses it\n"),
        "{screen}"
    );
}

#[test]
fn a_plan_says_by_itself_what_may_be_hidden_and_whose_rights_change() {
    let (cluster, cli) = applied();
    let more = PROJECT
        .replace("name: errors", "name: more")
        .replace("name: room", "name: other")
        .replace("destination: room", "destination: other");
    cli.write("monitors/b.yaml", &more);
    cli.edit("monitors/a.yaml", "> 1\n", "> 2\n");
    let warnings = |user: User| {
        user.enter(&cluster);
        let json = cli.run(&["plan", "--line=2.19", "--format=json"]).must_exit(0).stdout;
        let json: Value = serde_json::from_str(&json).unwrap();
        let warnings = json["warnings"].as_array().unwrap().iter();
        warnings.map(|warning| format!("{}\n  {}\n", warning["message"], warning["hint"])).collect::<String>()
    };
    assert_eq!(warnings(ADMIN), "");
    let user = User { runner: "alice", backend_roles: &["red"], roles: &["some"], ..ADMIN };
    assert_snapshot!(warnings(user.clone()), @r#"
    "1 monitor runs with the rights of `alice`, and would with those of `ci`: monitor `errors`"
      "a monitor has the rights of who wrote it last: see that `ci` may search its indices, or apply as `alice`"
    "#);
    assert_snapshot!(warnings(User { is_filtered: true, runner: "ci", ..user.clone() }), @r#"
    "the server lists only what shares a backend role with `ci` (it has `red`): what is to be created (2) may be there already, and would be twice"
      "`filter_by_backend_roles` is on: look with a user that has `all_access`"
    "#);
    // who may not read the setting is warned, whatever is listed
    let unsure = User { lacks: vec!["monitor/state"], runner: "ci", ..user };
    assert_snapshot!(warnings(unsure.clone()), @r#"
    "the server may list only what shares a backend role with `ci` (it has `red`): what is to be created (2) may be there already, and would be twice"
      "with `cluster:monitor/state` this user would know whether it does (`filter_by_backend_roles`); else look with one that has `all_access`"
    "#);
    // each plugin filters its own lists
    cli.write("monitors/b.yaml", more.split_once("---").unwrap().0);
    assert_snapshot!(warnings(unsure), @r#"
    "the server may list only what shares a backend role with `ci` (it has `red`): what is to be created (1) may be there already, and would be twice"
      "with `cluster:monitor/state` this user would know whether it does (`filter_by_backend_roles`); else look with one that has `all_access`"
    "#);
}

#[test]
fn a_channel_that_may_be_hidden_is_not_called_deleted() {
    const LIST: &str = "/_plugins/_notifications/configs?";
    let (cluster, cli) = applied();
    let plan = |user: User| {
        cluster.meddle(Box::new(move |_, request| {
            let nothing =
                json!({"start_index": 0, "total_hits": 0, "total_hit_relation": "eq", "config_list": []});
            let is_list = request.method == "GET" && request.uri.starts_with(LIST);
            if is_list { Some(answer(200, nothing.to_string())) } else { user.answer(request) }
        }));
        cli.run(&["plan", "--line=2.19"]).must_exit(0).stdout
    };
    assert!(plan(ADMIN).contains("deleted in the cluster"));
    let filtered = plan(User { is_filtered: true, roles: &["some"], backend_roles: &["red"], ..ADMIN });
    assert!(filtered.contains("may be there already") && !filtered.contains("deleted in the"), "{filtered}");
}

#[test]
fn a_cluster_that_nobody_reaches_is_a_finding() {
    let cli = Cli::new(&[]);
    assert_snapshot!(cli.run(&["doctor", "--url=http://127.0.0.1:1", "--retries=0"]).must_exit(1), @r"
    error    connection: `127.0.0.1:1` refused the connection
             hint: is the server running, and is this its port?

    1 error, 0 warnings
    --- exit code 1
    ");
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        cli.run(&["doctor", "--url", &cluster.url]).must_exit(0);
    }
}

#[test]
fn whatever_answers_there_is_findings_in_json_too() {
    let cli = Cli::new(&[]);
    let severities = |cli: &Cli, arguments: &[&str]| {
        let screen = cli.run(&[&["doctor", "--format=json", "--retries=0"], arguments].concat()).must_exit(1);
        let json: Value = serde_json::from_str(&screen.stdout).unwrap();
        json["findings"].as_array().unwrap().iter().filter(|one| one["severity"] == "error").count()
    };
    let cluster = Cluster::start(Line::V2_19);
    for (path, status, body) in [
        ("/", 200, r#"{"version":{"number":"8.11.0"}}"#),
        ("/", 200, r#"{"version":{"number":"banana"}}"#),
        ("/_plugins", 200, "[1,2"),
        (
            "/_plugins",
            400,
            r#"{"error":"no handler found for uri [/_plugins/_alerting/monitors/_search] and method [POST]","status":400}"#,
        ),
    ] {
        cluster.meddle(Box::new(move |_, request| {
            (request.uri == path || path != "/" && request.uri.starts_with(path))
                .then(|| answer(status, body))
        }));
        assert!(severities(&cli, &["--url", &cluster.url]) > 0, "{body}");
    }
    let screen = cli.run(&["doctor", "--url", &cluster.url]).must_exit(1).stdout;
    assert!(
        screen
            .contains("the Alerting plugin, or from 2.0 on the Notifications plugin, is not on this server"),
        "{screen}"
    );
    // who may nothing at all is no proof that there are no users
    cluster.meddle(Box::new(|_, _| Some(answer(403, r#"{"error":{"type":"security_exception","reason":"no permissions for [x] and User [name=joe]"},"status":403}"#))));
    let screen = cli.run(&["doctor", "--url", &cluster.url, "--line=2.19"]).must_exit(1).stdout;
    assert!(
        screen.contains("the server does not say who asks") && !screen.contains("knows no users"),
        "{screen}"
    );
    cli.write("alertform.yaml", "environments:\n  a: {url: '${GONE}'}\n");
    assert_eq!(severities(&cli, &["--env=a"]), 1);
    assert!(
        cli.run(&["doctor"]).must_exit(1).stderr.contains("the project has environments, and none is named")
    );
}
