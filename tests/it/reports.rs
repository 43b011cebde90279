//! What became of an apply, in every format; and the schema that the JSON keeps.

use std::fs;
use std::path::Path;

use alertform::api::line::Line;
use serde_json::{Value, json};

use crate::cli::Cli;
use crate::cluster::{Cluster, answer};

const MONITOR: &str = "kind: monitor\nname: N\nschedule: {every: 1h}\nindex: l*\nquery: a\nwindow: none\ntriggers:\n  \
    - name: t\n    condition: 'true'\n    actions: [{name: a, destination: D, message: m}]\n";

/// A project of which one monitor is made, one is refused, and one is not tried, since its destination is refused.
fn project(cluster: &Cluster) -> Cli {
    let monitor = |name: &str, destination: &str| {
        MONITOR
            .replace("name: N", &format!("name: {name}"))
            .replace("destination: D", &format!("destination: {destination}"))
    };
    let destination = |name: &str| format!("kind: destination\nname: {name}\nslack: {{url: '${{URL}}'}}\n");
    let mut cli = Cli::new(&[
        ("alertform.yaml", "project: shop\n"),
        ("good.yaml", &destination("good")),
        ("bad.yaml", &destination("bad")),
        ("made.yaml", &monitor("made", "good")),
        ("refused.yaml", &monitor("refused", "good")),
        ("waits.yaml", &monitor("waits", "bad")),
    ]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("URL", "https://hooks.slack.com/services/T0/B0/planted-secret");
    cluster.meddle(Box::new(|_, request| {
        let body = String::from_utf8_lossy(&request.body);
        let is_refused = request.method == "POST"
            && (body.contains("\"name\":\"bad\"") || body.contains("\"name\":\"refused\""));
        let error = json!({"error": {"type": "alerting_exception", "reason": "no <b>room</b> for `it`"}, "status": 400});
        is_refused.then(|| answer(400, error.to_string()))
    }));
    cli
}

#[test]
fn what_failed_and_what_was_not_tried_is_in_every_format_with_its_place_and_reason() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    let reports = ["json", "markdown", "github", "gitlab", "chat", "text"];
    let mut arguments = vec!["apply".to_owned(), "--yes".to_owned()];
    arguments.extend(reports.map(|format| format!("--report={format}={format}.out")));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let screen = cli.run(&arguments).must_exit(1);
    let read = |format: &str| cluster.unnamed(&cli.read(&format!("{format}.out")));
    assert_eq!(read("text"), screen.stdout);
    assert_eq!(read("gitlab"), "{\"create\":2,\"update\":0,\"delete\":0}\n");
    insta::assert_snapshot!(read("chat"), @"project `shop` in CLUSTER: applied: 2 created, 0 updated, 0 deleted; 2 failed, 1 not tried | destination `bad`: POST /_plugins/_notifications/configs was answered with 400 (alerting_exception): no <b>room</b> for `it` | monitor `refused`: POST /_plugins/_alerting/monitors?refresh=false was answered with 400 (alerting_exception): no <b>room</b> for `it` | monitor `waits`: a destination that it tells was not made");
    insta::assert_snapshot!(read("github"), @r"
    ::error file=bad.yaml,line=1,col=1,title=alertform::destination `bad`: POST /_plugins/_notifications/configs was answered with 400 (alerting_exception): no <b>room</b> for `it`%0Ahint: correct what the server names, and run it again
    ::error file=refused.yaml,line=1,col=1,title=alertform::monitor `refused`: POST /_plugins/_alerting/monitors?refresh=false was answered with 400 (alerting_exception): no <b>room</b> for `it`%0Ahint: correct what the server names, and run it again
    ::warning file=waits.yaml,line=1,col=1,title=alertform::monitor `waits`: a destination that it tells was not made%0Ahint: run it again: what is done is not done again
    ::notice title=alertform::applied: 2 created, 0 updated, 0 deleted; 2 failed, 1 not tried
    ");
    insta::assert_snapshot!(read("markdown").split("\n<details>").next().unwrap(), @r"
    <!-- alertform apply shop -->
    ### applied: 2 created, 0 updated, 0 deleted; 2 failed, 1 not tried

    <code>CLUSTER</code>, line 2.19

    **Failed**

    - bad.yaml:1:1: destination <code>bad</code>: POST /&#95;plugins/&#95;notifications/configs was answered with 400 (alerting&#95;exception): no &lt;b&gt;room&lt;/b&gt; for <code>it</code><br>hint: correct what the server names, and run it again
    - refused.yaml:1:1: monitor <code>refused</code>: POST /&#95;plugins/&#95;alerting/monitors?refresh=false was answered with 400 (alerting&#95;exception): no &lt;b&gt;room&lt;/b&gt; for <code>it</code><br>hint: correct what the server names, and run it again

    **Not tried**

    - waits.yaml:1:1: monitor <code>waits</code>: a destination that it tells was not made<br>hint: run it again: what is done is not done again
    ");
    let json: Value = serde_json::from_str(&read("json")).unwrap();
    insta::assert_snapshot!(format!("{:#}", json["applied"]), @r#"
    {
      "summary": {
        "created": 2,
        "updated": 0,
        "deleted": 0,
        "failed": 2,
        "not_tried": 1
      },
      "done": [
        {
          "action": "create",
          "kind": "destination",
          "name": "good"
        },
        {
          "action": "create",
          "kind": "monitor",
          "name": "made"
        }
      ],
      "failed": [
        {
          "kind": "destination",
          "name": "bad",
          "place": {
            "file": "bad.yaml",
            "line": 1,
            "column": 1
          },
          "message": "destination `bad`: POST /_plugins/_notifications/configs was answered with 400 (alerting_exception): no <b>room</b> for `it`",
          "hint": "correct what the server names, and run it again"
        },
        {
          "kind": "monitor",
          "name": "refused",
          "place": {
            "file": "refused.yaml",
            "line": 1,
            "column": 1
          },
          "message": "monitor `refused`: POST /_plugins/_alerting/monitors?refresh=false was answered with 400 (alerting_exception): no <b>room</b> for `it`",
          "hint": "correct what the server names, and run it again"
        }
      ],
      "not_tried": [
        {
          "kind": "monitor",
          "name": "waits",
          "place": {
            "file": "waits.yaml",
            "line": 1,
            "column": 1
          },
          "message": "monitor `waits`: a destination that it tells was not made",
          "hint": "run it again: what is done is not done again"
        }
      ]
    }
    "#);
    must_keep_the_schema(&json);
    let all = reports.map(read).join("");
    assert!(!all.contains("planted"), "{all}");
}

#[test]
fn stdout_holds_the_data_alone_whatever_comes_of_it() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    let apply = ["apply", "--yes", "--format", "json"];
    let screen = cli.run(&["apply", "--format", "json"]).must_exit(1);
    assert!(screen.stderr.starts_with("plan: 5 to create"), "{screen}");
    must_be_json(&screen.stdout, |json| json["problems"][0]["message"] == "nobody is there to ask");
    must_be_json(&cli.run(&apply).must_exit(1).stdout, |json| json["applied"]["summary"]["created"] == 2);
    cluster.meddle(Box::new(|_, _| None));
    must_be_json(&cli.run(&apply).must_exit(0).stdout, |json| json["applied"]["summary"]["created"] == 3);
    must_be_json(&cli.run(&apply).must_exit(0).stdout, |json| json["applied"] == Value::Null);
    cli.edit("made.yaml", "1h", "1x");
    must_be_json(&cli.run(&apply).must_exit(1).stdout, |json| json["problems"][0]["place"]["line"] == 3);
    cli.edit("made.yaml", "1x", "2h");
    cli.edit("alertform.yaml", "shop", "shop\nlimits: {updates: 0}");
    must_be_json(&cli.run(&apply).must_exit(3).stdout, |json| json["problems"][0]["hint"] != Value::Null);
    let plan = cli.run(&["plan", "--format", "json", "--prune"]).must_exit(0);
    must_be_json(&plan.stdout, |json| json["over_limits"][0]["limit"] == "updates");
    let somewhere_else = ["plan", "--format", "json", "--url", "http://127.0.0.1:9"];
    must_be_json(&cli.run(&somewhere_else).must_exit(1).stdout, |json| json["line"] == Value::Null);
}

#[test]
fn a_report_that_cannot_be_written_is_found_before_anything_is_done() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    let reports = ["--report", "json=plan.json", "--report", "json=no/such/x.json"];
    let screen = cli.run(&[&["apply", "--yes"], &reports[..]].concat()).must_exit(1);
    assert!(screen.stderr.contains("cannot write `no/such/x.json`"), "{screen}");
    assert_eq!(cluster.take_writes(), [""; 0]);
    let screen = cli.run(&[&["apply", "--yes", "--format", "json"], &reports[..]].concat()).must_exit(1);
    assert_eq!(screen.stderr.matches("cannot write `no/such/x.json`").count(), 1, "{screen}");
    must_be_json(&screen.stdout, |json| json["problems"][0]["message"].as_str().unwrap().contains("no/such"));
    let screen = cli.run(&["plan", "--format", "json", "--out", "no/such/x"]).must_exit(1);
    must_be_json(&screen.stdout, |json| json["summary"]["create"] == 5);
    // a plan is told to whom it can be told
    let screen = cli.run(&[&["plan"], &reports[..]].concat()).must_exit(1);
    assert!(screen.stdout.starts_with("plan: 5 to create"), "{screen}");
    must_be_json(&cli.read("plan.json"), |json| json["summary"]["create"] == 5);
}

#[test]
fn a_refused_apply_tells_each_reader_why_and_keeps_the_comment_of_the_plan() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    cluster.meddle(Box::new(|_, _| None));
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli.edit("made.yaml", "1h", "2h");
    cli.write("alertform.yaml", "project: my-shop\nadopt: true\nlimits: {updates: 0}\n");
    let reports = ["--report", "json=a.json", "--report", "markdown=a.md", "--report", "github=a.txt"];
    cli.run(&[&["apply", "--yes"], &reports[..]].concat()).must_exit(3);
    must_be_json(&cli.read("a.json"), |json| {
        json["over_limits"][0]["limit"] == "updates" && json["problems"][0]["message"] != Value::Null
    });
    assert_eq!(
        cli.read("a.md").matches("`updates`").count()
            + cli.read("a.md").matches("<code>updates</code>").count(),
        1
    );
    assert!(
        cli.read("a.md").starts_with("<!-- alertform apply my.shop -->\n### plan: "),
        "{}",
        cli.read("a.md")
    );
    assert!(
        cli.read("a.txt").starts_with("::error title=alertform::over a limit: "),
        "{}",
        cli.read("a.txt")
    );
    let screen = cli.run(&["plan", "--out", "plan.saved"]).must_exit(3);
    assert!(screen.stderr.contains("allows it for one run, said when it is saved"), "{screen}");
    assert!(!cli.path("plan.saved").exists());
}

fn must_be_json(stdout: &str, holds: impl Fn(&Value) -> bool) {
    let json: Value = serde_json::from_str(stdout).unwrap_or_else(|error| panic!("{error}: {stdout}"));
    must_keep_the_schema(&json);
    assert!(holds(&json), "{json:#}");
}

/// What we write has all fields of the schema in docs, each of its type, and no other.
pub fn must_keep_the_schema(json: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/plan.schema.json");
    let mut schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    forbid_others(&mut schema);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(json).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(errors, [""; 0], "{json:#}");
}

/// Readers must bear further fields; we must not write what the schema does not say.
fn forbid_others(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            fields.values_mut().for_each(forbid_others);
            if fields.get("properties").is_some_and(Value::is_object) {
                fields.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(forbid_others),
        _ => {}
    }
}
