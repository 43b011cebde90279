//! `alertform.yaml` at the root of a project: settings, and no resource.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::fields::Fields;
use super::files::SETTINGS;
use super::finding::Finding;
use super::place::Place;
use super::report::Report;
use super::words::listed;
use super::yaml::{self, Content, Node};
use super::{duration, fields};
use crate::api::connection::{Aws, Role};
use crate::api::line::Line;
use crate::model::limits::{EXPECTED, Limit, Limits};
use crate::model::name::Name;
use crate::model::resource::Key;

/// What a project says of its cluster; flags and the environment go before it. Paths start at the project's folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The project's name, which our mark in the cluster holds: lower-case letters, digits and hyphens.
    pub project: Option<String>,
    /// Where the cluster is.
    pub url: Option<String>,
    /// The line of servers, when it is not to be asked for.
    pub line: Option<Line>,
    /// Who asks.
    pub username: Option<String>,
    /// A file with the password; the password itself never stands here.
    pub password_file: Option<PathBuf>,
    /// A file with a bearer token, which somebody may renew.
    pub token_file: Option<PathBuf>,
    /// How requests are signed for AWS; `aws: {}` lets its own tools say all.
    pub aws: Option<Aws>,
    /// The host and port to connect to instead of those of the URL.
    pub connect_to: Option<String>,
    /// The authorities to trust, in PEM.
    pub ca: Option<PathBuf>,
    /// The client's certificate, in PEM.
    pub client_certificate: Option<PathBuf>,
    /// The key of the client's certificate, in PEM.
    pub client_key: Option<PathBuf>,
    /// How long one request may take.
    pub timeout: Option<Duration>,
    /// How often a request is tried again.
    pub retries: Option<u32>,
    /// How many requests are under way at once.
    pub concurrency: Option<u32>,
    /// Whether live objects of a declared name without our mark are taken over.
    pub adopt: Option<bool>,
    /// How much may be done in one run.
    pub limits: Limits,
    /// What no run deletes, disables, or ends alerts of.
    pub protected: BTreeSet<Key>,
}

const KNOWN: &[&str] = &[
    "project",
    "url",
    "line",
    "username",
    "password_file",
    "token_file",
    "aws",
    "connect_to",
    "ca",
    "client_certificate",
    "client_key",
    "timeout",
    "retries",
    "concurrency",
    "adopt",
    "limits",
    "protected",
];

/// Loads the settings of the project in `dir`; all are absent when there is no such file.
pub fn load(dir: &Path) -> Result<Settings, Vec<Finding>> {
    let file: Arc<str> = Arc::from(SETTINGS);
    let start = Place { file: Arc::clone(&file), line: 1, column: 1 };
    let text = match fs::read_to_string(dir.join(SETTINGS)) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return if dir.join("alertform.yml").exists() {
                let message = "`alertform.yml` is not read";
                Err(vec![Finding::about_all(message).hint("name it `alertform.yaml`")])
            } else {
                Ok(Settings::default())
            };
        }
        Err(error) => {
            let message = format!("cannot read the file: {error}");
            return Err(vec![Finding::at(&start, message)]);
        }
    };
    let report = Report::default();
    let parsed = yaml::parse(&text, &file);
    parsed.findings.into_iter().for_each(|finding| report.error(finding));
    let settings = match parsed.documents.as_slice() {
        [] => Settings::default(),
        [node] if node.content == Content::Null => Settings::default(),
        [node] => read(node, dir, &report).unwrap_or_default(),
        [_, second, ..] => {
            report.error(Finding::at(&second.place, "a second document in the settings").hint("keep one"));
            Settings::default()
        }
    };
    let errors = report.into_findings().errors;
    if errors.is_empty() { Ok(settings) } else { Err(errors) }
}

fn read(node: &Node, dir: &Path, report: &Report) -> Option<Settings> {
    let mut node = node.clone();
    if let Content::Mapping(entries) = &mut node.content {
        for entry in entries.extract_if(.., |entry| ["password", "token"].contains(&entry.key.as_str())) {
            let (what, variable) = (&entry.key, entry.key.to_uppercase());
            let hint =
                format!("set `ALERTFORM_{variable}`, or name a file: `{what}_file: /run/secrets/{what}`");
            let finding = Finding::at(&entry.place, format!("a {what} does not belong in the settings"));
            report.error(finding.hint(hint));
        }
    }
    let fields = Fields::of(&node, "the settings", KNOWN, report)?;
    let text = |key: &str| {
        let node = fields.get(key)?;
        fields::filled_text(node, key, report).map(str::to_owned)
    };
    let path = |key: &str| text(key).map(|path| dir.join(path));
    Some(Settings {
        project: text("project").filter(|project| is_project(project, &fields)),
        url: text("url"),
        line: line(&fields, report),
        username: text("username"),
        password_file: path("password_file"),
        token_file: path("token_file"),
        aws: aws(&fields, report),
        connect_to: text("connect_to"),
        ca: path("ca"),
        client_certificate: path("client_certificate"),
        client_key: path("client_key"),
        timeout: timeout(&fields, report),
        retries: fields.whole("retries", 0..=100),
        concurrency: fields.whole("concurrency", 1..=256),
        adopt: fields.flag("adopt"),
        limits: limits(&fields, report),
        protected: protected(&fields, report),
    })
}

fn aws(fields: &Fields<'_>, report: &Report) -> Option<Aws> {
    const KNOWN: [&str; 5] = ["region", "profile", "role_arn", "external_id", "session_name"];
    let inner = Fields::of(fields.get("aws")?, "`aws`", &KNOWN, report)?;
    let text = |key: &str| fields::filled_text(inner.get(key)?, key, report).map(str::to_owned);
    let arn = text("role_arn");
    for key in ["external_id", "session_name"] {
        if arn.is_none() && inner.get(key).is_some() {
            inner.refuse(key, format!("`{key}` without a role"), "it says how `role_arn` is assumed");
        }
    }
    let role =
        arn.map(|arn| Role { arn, external_id: text("external_id"), session_name: text("session_name") });
    Some(Aws { region: text("region"), profile: text("profile"), role })
}

fn is_project(project: &str, fields: &Fields<'_>) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_project = project.chars().all(is_plain);
    if !is_project {
        let message = format!("`{project}` is no name of a project");
        fields.refuse("project", message, "expected lower-case letters, digits and hyphens: `ops-alerts`");
    }
    is_project
}

fn limits(fields: &Fields<'_>, report: &Report) -> Limits {
    let mut limits = Limits::default();
    let known = Limit::ALL.map(Limit::as_str);
    let Some(inner) = fields.get("limits").and_then(|node| Fields::of(node, "`limits`", &known, report))
    else {
        return limits;
    };
    for limit in Limit::ALL {
        let Some(node) = inner.get(limit.as_str()) else { continue };
        match fields::scalar_text(node).and_then(|text| text.parse().ok()) {
            Some(most) => limits.set(limit, most),
            None => inner.expected(node, limit.as_str(), EXPECTED),
        }
    }
    limits
}

/// Resources by kind and name, each as `destination ops-slack`.
fn protected(fields: &Fields<'_>, report: &Report) -> BTreeSet<Key> {
    let read = |node: &Node| {
        let key = node.as_text().and_then(|text| {
            let (word, name) = text.split_once(' ')?;
            let kind = word.parse().ok()?;
            (!name.trim().is_empty()).then(|| Key { kind, name: Name::new(name.trim()) })
        });
        if key.is_none() {
            let message = format!("expected a kind and a name in `protected`, found {}", node.describe());
            report.error(Finding::at(&node.place, message).hint("as `destination ops-slack`"));
        }
        key
    };
    fields.items("protected").iter().filter_map(read).collect()
}

/// `1.3` and `3` are numbers for YAML, and lines for us.
fn line(fields: &Fields<'_>, report: &Report) -> Option<Line> {
    let node = fields.get("line")?;
    let line = fields::scalar_text(node).and_then(|text| text.parse().ok());
    if line.is_none() {
        let words = Line::ALL.map(Line::as_str);
        let message = format!("expected one of {} for `line`", listed(&words));
        report.error(Finding::at(&node.place, format!("{message}, found {}", node.describe())));
    }
    line
}

fn timeout(fields: &Fields<'_>, report: &Report) -> Option<Duration> {
    let node = fields.get("timeout")?;
    let timeout = node.as_text().and_then(|text| duration::limit(text).ok());
    if timeout.is_none() {
        let message = format!("expected a duration for `timeout`, found {}", node.describe());
        report.error(Finding::at(&node.place, message).hint(duration::EXAMPLE));
    }
    timeout
}
