//! What `alertform.yaml` says of a cluster, for all environments or for one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::fields::Fields;
use super::finding::Finding;
use super::report::Report;
use super::substitution::{NOT_SET, sole_reference};
use super::variables::{self, NO_SECRET, Taken, Values};
use super::words::listed;
use super::yaml::{Content, Entry, Node};
use super::{duration, fields};
use crate::api::connection::{Aws, Held, Role};
use crate::api::line::Line;
use crate::model::limits::{EXPECTED, Limit, Most};
use crate::model::name::Name;
use crate::model::resource::Key;
use crate::model::secret::Secret;

/// What a project says of a cluster. Paths start at the project's folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The project's name, which our mark in the cluster holds: lower-case letters, digits and hyphens.
    pub project: Option<String>,
    /// Where the cluster is.
    pub url: Option<String>,
    /// Where other servers of the same cluster are.
    pub other_urls: Vec<String>,
    /// Whether that is where Dashboards is, through which the cluster is reached.
    pub dashboards: Option<bool>,
    /// The line of servers, when it is not to be asked for.
    pub line: Option<Line>,
    /// Who asks.
    pub username: Option<String>,
    /// The password: a file that holds it, or what was filled in for it; it never stands here itself.
    pub password: Option<Held>,
    /// A bearer token, likewise; somebody may renew its file.
    pub token: Option<Held>,
    /// What fingerprints of secrets are made with, likewise.
    pub fingerprint_key: Option<Held>,
    /// What else is said in each request, by the names of the headers in small letters.
    pub headers: BTreeMap<String, Secret>,
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
    pub limits: BTreeMap<Limit, Most>,
    /// What no run deletes, disables, or ends alerts of.
    pub protected: BTreeSet<Key>,
}

const KNOWN: [&str; 23] = [
    "project",
    "url",
    "dashboards",
    "line",
    "username",
    "password",
    "password_file",
    "token",
    "token_file",
    "fingerprint_key",
    "fingerprint_key_file",
    "headers",
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

impl Settings {
    /// Whether they say who asks.
    pub fn say_who_asks(&self) -> bool {
        let Self { username, password, token, aws, .. } = self;
        let says_header = self.headers.contains_key("authorization");
        says_header || username.is_some() || password.is_some() || token.is_some() || aws.is_some()
    }
}

/// What else stands where settings do, by its keys.
pub fn known(beside: &[&'static str]) -> Vec<&'static str> {
    [&KNOWN, beside].concat()
}

/// Where settings stand.
#[derive(Clone, Copy, Debug)]
pub enum Scope {
    /// At the root of the file.
    All,
    /// In an environment, before which no variable goes.
    Environment,
}

/// What is shown nowhere.
const MAY_BE_SECRET: [&str; 4] = ["password", "token", "fingerprint_key", "headers"];

/// Whether what is filled in at a key may be secret.
pub fn may_be_secret(key: &str) -> bool {
    MAY_BE_SECRET.contains(&key)
}

/// Fills in what stands in settings, of which nothing that is secret by its name may be shown; what is wrong with that, and
/// what is not set.
pub fn fill(node: &mut Node, values: Values<'_>, report: &Report) -> Vec<Finding> {
    let own = Report::default();
    let Content::Mapping(entries) = &mut node.content else { return Vec::new() };
    for Entry { key, place: _, value } in entries {
        let Taken { secrets, .. } = variables::fill(value, values, &own);
        if !secrets.is_empty() && !may_be_secret(key) {
            let message = format!("what is filled in for `{key}` is a secret, and would be shown");
            let hint = match key.strip_suffix("_file") {
                Some(itself) => format!("`{itself}` takes a secret itself, `{key}` the path of its file"),
                None => NO_SECRET.to_owned(),
            };
            report.unknown(&value.place, Finding::at(&value.place, message).hint(hint));
            // nothing else is said of it
            value.content = Content::Null;
        }
    }
    let unset = own.take_errors().into_iter();
    unset
        .map(|finding| {
            if finding.message.ends_with(NOT_SET) {
                let hint = "settings take variables of the process, and none of `alertform.yaml`: set it for this run";
                finding.hint(hint)
            } else {
                finding
            }
        })
        .collect()
}

/// Takes out what must not be shown and is no substitution, before anything is filled in.
pub fn refuse_secrets(node: &mut Node, scope: Scope, report: &Report) {
    let Content::Mapping(entries) = &mut node.content else { return };
    let is_secret = |key: &str| ["password", "token", "fingerprint_key"].contains(&key);
    let is_clear =
        |node: &Node| node.content != Content::Null && !node.as_text().is_some_and(is_one_substitution);
    for entry in entries.extract_if(.., |entry| is_secret(&entry.key) && is_clear(&entry.value)) {
        let (what, variable) = (&entry.key, entry.key.to_uppercase());
        let set = match scope {
            Scope::All => format!("set `ALERTFORM_{variable}`, "),
            Scope::Environment => String::new(),
        };
        let hint = format!(
            "{set}name a variable: `{what}: ${{NAME}}`, or a file: `{what}_file: /run/secrets/{what}`"
        );
        let finding = Finding::at(&entry.place, format!("a {what} does not belong in the settings"));
        report.error(finding.hint(hint));
    }
    let may_be_shown = |entry: &Entry| !is_secret(&entry.key) && entry.key != "headers";
    entries.iter_mut().filter(|entry| !may_be_shown(entry)).for_each(|entry| entry.value.hide());
}

/// Whether a text is a substitution and nothing else: a default would be the secret itself.
fn is_one_substitution(text: &str) -> bool {
    sole_reference(text.trim()).is_some_and(|inner| !inner.contains('{') && !inner.contains(":-"))
}

/// Reads the settings at `node`, which `what` names, as far as they can be read; beside them stand other keys.
pub fn read(
    node: &Node,
    what: &str,
    beside: &[&'static str],
    dir: &Path,
    report: &Report,
) -> Option<Settings> {
    let fields = Fields::of(node, what, &known(beside), report)?;
    let text = |key: &str| {
        let node = fields.get(key)?;
        fields::filled_text(node, key, report).map(str::to_owned)
    };
    let path = |key: &str| text(key).map(|path| dir.join(path));
    let mut urls = fields.texts("url").into_iter().flatten();
    let held = |key: &str| {
        let file = format!("{key}_file");
        if let (Some(_), Some(_)) = (fields.get(key), fields.get(&file)) {
            fields.refuse(&file, format!("`{key}` and `{file}` exclude each other"), "keep one of them");
        }
        let given = text(key).map(|text| Held::Given(Secret::new(text)));
        given.or_else(|| path(&file).map(Held::File))
    };
    Some(Settings {
        project: text("project").filter(|project| is_project(project, &fields)),
        url: urls.next(),
        other_urls: urls.collect(),
        line: line(&fields, report),
        username: text("username"),
        password: held("password"),
        token: held("token"),
        fingerprint_key: held("fingerprint_key"),
        headers: headers(&fields, report),
        aws: aws(&fields, report),
        connect_to: text("connect_to"),
        ca: path("ca"),
        client_certificate: path("client_certificate"),
        client_key: path("client_key"),
        timeout: timeout(&fields, report),
        retries: fields.whole("retries", 0..=100),
        concurrency: fields.whole("concurrency", 1..=256),
        dashboards: fields.flag("dashboards"),
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

/// What the client says itself, or HTTP does.
const OWN_HEADERS: [&str; 8] = [
    "accept",
    "connection",
    "content-length",
    "content-type",
    "host",
    "te",
    "transfer-encoding",
    "user-agent",
];

fn headers(fields: &Fields<'_>, report: &Report) -> BTreeMap<String, Secret> {
    let mut headers = BTreeMap::new();
    for (name, node) in fields.text_map("headers") {
        let lower = name.to_lowercase();
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        if !is_name || OWN_HEADERS.contains(&lower.as_str()) {
            let message = if is_name {
                format!("`{name}` is said by alertform itself")
            } else {
                format!("`{name}` is no name of a header")
            };
            report.error(Finding::at(&node.place, message).hint("as `headers: {X-Api-Key: \"${API_KEY}\"}`"));
            continue;
        }
        let text = fields::scalar_text(node).unwrap_or_default();
        if text.is_empty() || text.contains(['\n', '\r']) {
            let message = format!("the value of the header `{name}` is no line");
            report.error(Finding::at(&node.place, message).hint("it is one line, and not empty"));
        } else if headers.insert(lower, Secret::new(text)).is_some() {
            report.error(
                Finding::at(&node.place, format!("the header `{name}` is there twice")).hint("keep one"),
            );
        }
    }
    headers
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

fn limits(fields: &Fields<'_>, report: &Report) -> BTreeMap<Limit, Most> {
    let mut limits = BTreeMap::new();
    let known = Limit::ALL.map(Limit::as_str);
    let Some(inner) = fields.get("limits").and_then(|node| Fields::of(node, "`limits`", &known, report))
    else {
        return limits;
    };
    for limit in Limit::ALL {
        let Some(node) = inner.get(limit.as_str()) else { continue };
        match fields::scalar_text(node).and_then(|text| text.parse().ok()) {
            Some(most) => {
                limits.insert(limit, most);
            }
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
