//! A project as a large team has it: a file a monitor, query strings and whole search bodies, one to three triggers
//! with actions and messages of several lines, ten destinations. The same size gives the same files.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::Result;

/// The variable in the destinations' URLs, and its value.
pub const TOKEN: (&str, &str) = ("BENCH_TOKEN", "bench0bench0bench0bench0");

const DESTINATIONS: usize = 10;
const TEAMS: [&str; 8] =
    ["checkout", "identity", "network", "payments", "platform", "search", "security", "storage"];
const SERVICES: [&str; 7] = ["api", "gateway", "worker", "ingest", "scheduler", "cache", "edge"];

/// A project in a folder.
#[derive(Debug)]
pub struct Project {
    /// The folder.
    pub dir: PathBuf,
    prefix: String,
}

impl Project {
    /// Writes a project with `size` monitors, whose names all begin with `prefix`.
    pub fn write(dir: &Path, prefix: &str, size: usize) -> Result<Self> {
        let project = Self { dir: dir.to_owned(), prefix: prefix.to_owned() };
        fs::create_dir_all(dir.join("destinations"))?;
        fs::write(dir.join("alertform.yaml"), format!("project: {}\n", prefix.trim_end_matches('-')))?;
        for number in 0..DESTINATIONS {
            let path = dir.join(format!("destinations/notify-{number}.yaml"));
            fs::write(path, destination(prefix, number))?;
        }
        for team in TEAMS {
            fs::create_dir_all(dir.join("monitors").join(team))?;
        }
        project.change(size, 0)?;
        Ok(project)
    }

    /// Writes the first `count` monitors, of which each `edition` has thresholds of its own.
    pub fn change(&self, count: usize, edition: usize) -> Result<()> {
        for number in 0..count {
            let (team, service) = (TEAMS[number % TEAMS.len()], SERVICES[number % SERVICES.len()]);
            let path = self.dir.join(format!("monitors/{team}/{service}-{number}.yaml"));
            fs::write(path, monitor(&self.prefix, number, edition)?)?;
        }
        Ok(())
    }
}

fn destination(prefix: &str, number: usize) -> String {
    let (variable, _) = TOKEN;
    let target = match number % 3 {
        // servers of line 3 take no others
        0 => format!(
            "slack:\n  url: https://hooks.slack.com/services/T024BE7LD/B{number:08}/${{{variable}}}\n"
        ),
        1 => format!(
            "chime:\n  url: https://hooks.chime.aws/incomingwebhooks/{number}?token=${{{variable}}}\n"
        ),
        _ => format!(
            "custom_webhook:\n  url: https://hooks.example.com/{number}/${{{variable}}}\n  method: POST\n  \
             header_params:\n    Content-Type: application/json\n"
        ),
    };
    format!("kind: destination\nname: {prefix}notify-{number}\n{target}")
}

/// Disabled, so that a real server runs no query and sends no message.
fn monitor(prefix: &str, number: usize, edition: usize) -> Result<String> {
    let (team, service) = (TEAMS[number % TEAMS.len()], SERVICES[number % SERVICES.len()]);
    let every = ["1m", "5m", "10m", "15m", "1h"][number % 5];
    let mut text = format!(
        "kind: monitor\nname: {prefix}{team}-{service}-{number}\nlabels: {{team: {team}, service: {service}}}\n\
         enabled: false\nschedule: {{every: {every}}}\nindex: [logs-{team}-*, logs-{service}-{}-*]\n{}triggers:\n",
        number % 40,
        query(team, service, number),
    );
    for trigger in 0..=number % 3 {
        let threshold = 10 * (trigger + 1) + number % 50 + 1000 * edition;
        write!(
            text,
            "  - name: above-{}\n    severity: {}\n    condition: ctx.results[0].hits.total.value > {threshold}\n    \
             actions:\n",
            ["some", "many", "far-too-many"][trigger],
            3 - trigger,
        )?;
        for action in 0..=(number + trigger) % 2 {
            let destination = (number + 3 * trigger + action) % DESTINATIONS;
            text.push_str(&action_text(prefix, team, service, destination));
        }
    }
    Ok(text)
}

fn query(team: &str, service: &str, number: usize) -> String {
    match number % 3 {
        0 => format!(
            "time_field: \"@timestamp\"\n\
             query: 'service.name:\"{team}-{service}\" AND level:(ERROR OR FATAL) AND NOT logger:(health OR probe)'\n"
        ),
        1 => search_body(team, service, number),
        _ => format!(
            "time_field: event.created\nwindow: 30m\nquery: >-\n  \
             event.dataset:\"{team}.{service}\" AND event.outcome:failure AND NOT source.ip:\"10.{}.0.0/16\"\n  \
             AND NOT user.name:(svc-deploy OR svc-backup OR svc-scan-{number})\n  \
             AND (http.response.status_code:[500 TO 599] OR error.type:(timeout OR refused OR reset))\n",
            number % 256,
        ),
    }
}

fn search_body(team: &str, service: &str, number: usize) -> String {
    format!(
        r#"extraction_query:
  size: 0
  track_total_hits: true
  query:
    bool:
      filter:
        - range:
            "@timestamp": {{gte: "{{{{period_end}}}}||-15m", lte: "{{{{period_end}}}}", format: epoch_millis}}
        - term: {{service.name: {team}-{service}}}
        - terms: {{host.zone: [eu-west-1a, eu-west-1b, eu-west-1c]}}
        - bool:
            should:
              - range: {{http.response.status_code: {{gte: 500}}}}
              - match_phrase: {{message: connection reset by peer {number}}}
            minimum_should_match: 1
      must_not:
        - exists: {{field: maintenance.until}}
        - prefix: {{url.path: /internal/health}}
  aggs:
    hosts:
      terms: {{field: host.name, size: 5, order: {{slowest: desc}}}}
      aggs:
        slowest:
          max: {{field: event.duration}}
"#
    )
}

fn action_text(prefix: &str, team: &str, service: &str, destination: usize) -> String {
    format!(
        "      - name: notify-{destination}
        destination: {prefix}notify-{destination}
        subject: \"[{team}] {service}: {{{{ctx.trigger.name}}}}\"
        message: |
          Monitor {{{{ctx.monitor.name}}}} of {team} just went over its threshold.
          - Trigger: {{{{ctx.trigger.name}}}}, severity {{{{ctx.trigger.severity}}}}
          - Period: {{{{ctx.periodStart}}}} to {{{{ctx.periodEnd}}}} UTC
          - Hits: {{{{ctx.results.0.hits.total.value}}}}
          What to do: https://runbooks.example.com/{team}/{service}
        throttle: 30m
"
    )
}
