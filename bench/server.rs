//! The cluster that is measured against: a sandbox in a process of its own, or a real server, on which nothing is
//! touched but what bears this run's prefix and the limit of monitors, which is set back.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use alertform::api::line::Line;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::options::Options;
use super::script::Script;
use super::{Result, floor};

/// What servers allow unless told otherwise.
const DEFAULT_LIMIT: usize = 1000;

/// A cluster that answers.
pub struct Server {
    /// Where.
    pub url: String,
    /// What every name begins with.
    pub prefix: String,
    line: Line,
    sandbox: Option<Child>,
    limit: Limit,
    client: Client,
    runtime: Runtime,
}

/// The cluster's limit of monitors.
enum Limit {
    /// As we found it.
    AsFound,
    /// Raised by us, from this.
    Raised { before: Value, to: usize },
}

impl Server {
    /// Starts a sandbox, or looks at the real server.
    pub fn start(options: &Options) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let mut server = Self {
            url: options.url.clone().unwrap_or_default(),
            prefix: format!("bench-{now}-"),
            line: options.line,
            sandbox: None,
            limit: Limit::AsFound,
            client: floor::client(options.url.as_deref().unwrap_or_default(), "alertform-bench")?,
            runtime,
        };
        match &options.url {
            None => server.start_sandbox()?,
            Some(url) => {
                let (status, _) = server.ask(Method::GET, "/", None)?;
                if status != 200 {
                    return Err(format!("{url} answered {status}").into());
                }
            }
        }
        Ok(server)
    }

    /// Brings the cluster to where nothing of ours is in it.
    pub fn empty(&mut self) -> Result<()> {
        if self.sandbox.is_none() {
            return self.delete_ours();
        }
        self.start_sandbox()?;
        match &self.limit {
            Limit::Raised { to, .. } => self.set_limit(&json!(to)),
            Limit::AsFound => Ok(()),
        }
    }

    /// Raises the limit of monitors, if `size` more of them may not fit.
    pub fn make_room_for(&mut self, size: usize) -> Result<()> {
        // a real cluster has others' monitors too
        let to = size + 2 * DEFAULT_LIMIT;
        let before = match &self.limit {
            Limit::Raised { to: already, .. } if *already >= to => return Ok(()),
            Limit::Raised { before, .. } => before.clone(),
            Limit::AsFound => self.limit_now()?,
        };
        self.set_limit(&json!(to))?;
        self.limit = Limit::Raised { before, to };
        Ok(())
    }

    /// Guards the writes of `script` by the revisions that the monitors have now.
    pub fn renew_guards(&self, script: &mut Script) -> Result<()> {
        let requests = script.stages.iter_mut().flat_map(|stage| &mut stage.requests);
        for put in requests.filter(|request| request.method == "PUT" && request.path.contains("if_seq_no=")) {
            let (path, query) = put.path.split_once('?').unwrap_or((&put.path, ""));
            let (_, monitor) = self.ask(Method::GET, path, None)?;
            let guard =
                format!("if_seq_no={}&if_primary_term={}", monitor["_seq_no"], monitor["_primary_term"]);
            let kept = query.split('&').filter(|pair| !pair.starts_with("if_"));
            put.path =
                format!("{path}?{}", [guard.as_str()].into_iter().chain(kept).collect::<Vec<_>>().join("&"));
        }
        Ok(())
    }

    /// Leaves the cluster as it was found.
    pub fn leave(&mut self) -> Result<()> {
        if self.sandbox.is_some() {
            return Ok(());
        }
        self.delete_ours()?;
        match std::mem::replace(&mut self.limit, Limit::AsFound) {
            Limit::Raised { before, .. } => self.set_limit(&before),
            Limit::AsFound => Ok(()),
        }
    }

    fn start_sandbox(&mut self) -> Result<()> {
        self.stop_sandbox();
        let mut child = Command::new(env!("CARGO_BIN_EXE_alertform"))
            .args(["sandbox", "--listen", "127.0.0.1:0", "--line", self.line.as_str()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut first = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut first)?;
        }
        self.sandbox = Some(child);
        first.trim().clone_into(&mut self.url);
        if self.url.is_empty() { Err("the sandbox did not start".into()) } else { Ok(()) }
    }

    fn stop_sandbox(&mut self) {
        if let Some(mut child) = self.sandbox.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    fn delete_ours(&self) -> Result<()> {
        loop {
            let mut paths = self.our_monitors()?;
            paths.extend(self.our_destinations()?);
            if paths.is_empty() {
                return Ok(());
            }
            for path in paths {
                let (status, answer) = self.ask(Method::DELETE, &path, None)?;
                // lists lag behind: what is gone may still be listed
                if status >= 300 && status != 404 {
                    return Err(format!("DELETE {path} answered {status}: {answer}").into());
                }
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    fn our_monitors(&self) -> Result<Vec<String>> {
        let alerting = self.line.alerting();
        let search = json!({"size": 1000, "query": {"prefix": {"monitor.name.keyword": self.prefix}}});
        let (_, page) = self.ask(Method::POST, &format!("{alerting}/monitors/_search"), Some(&search))?;
        let hits = page["hits"]["hits"].as_array().into_iter().flatten();
        let ids = hits.filter_map(|hit| hit["_id"].as_str());
        Ok(ids.map(|id| format!("{alerting}/monitors/{id}")).collect())
    }

    fn our_destinations(&self) -> Result<Vec<String>> {
        let alerting = self.line.alerting();
        let (list, key, id, single) = if self.line.has_channels() {
            let configs = "/_plugins/_notifications/configs".to_owned();
            (format!("{configs}?max_items=1000"), "config_list", "config_id", configs)
        } else {
            let destinations = format!("{alerting}/destinations");
            (format!("{destinations}?size=1000"), "destinations", "id", destinations)
        };
        let (_, page) = self.ask(Method::GET, &list, None)?;
        let ours = page[key].as_array().into_iter().flatten().filter(|entry| {
            let name = entry["config"]["name"].as_str().or(entry["name"].as_str());
            name.is_some_and(|name| name.starts_with(&self.prefix))
        });
        Ok(ours.filter_map(|entry| Some(format!("{single}/{}", entry[id].as_str()?))).collect())
    }

    fn limit_now(&self) -> Result<Value> {
        let (_, settings) = self.ask(Method::GET, "/_cluster/settings?flat_settings=true", None)?;
        Ok(settings["persistent"][self.limit_name()].clone())
    }

    fn set_limit(&self, limit: &Value) -> Result<()> {
        let body = json!({"persistent": {self.limit_name(): limit}});
        match self.ask(Method::PUT, "/_cluster/settings", Some(&body))? {
            (200, _) => Ok(()),
            (status, answer) => Err(format!("PUT /_cluster/settings answered {status}: {answer}").into()),
        }
    }

    const fn limit_name(&self) -> &'static str {
        match self.line {
            Line::Odfe => "opendistro.alerting.monitor.max_monitors",
            Line::V1_3 | Line::V2_19 | Line::V3 => "plugins.alerting.monitor.max_monitors",
        }
    }

    fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Result<(u16, Value)> {
        self.runtime.block_on(async {
            let mut request = self.client.request(method, format!("{}{path}", self.url));
            if let Ok(username) = std::env::var("ALERTFORM_USERNAME") {
                request = request.basic_auth(username, std::env::var("ALERTFORM_PASSWORD").ok());
            }
            if let Some(body) = body {
                request = request.header("content-type", "application/json").body(body.to_string());
            }
            let answer = request.send().await?;
            let status = answer.status().as_u16();
            Ok((status, serde_json::from_slice(&answer.bytes().await?).unwrap_or_default()))
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop_sandbox();
    }
}
